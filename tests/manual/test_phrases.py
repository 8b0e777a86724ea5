"""Asking for the right wording."""

from tests.team import Team


async def test_an_agent_types_what_happened_and_gets_wording_to_copy(team: Team) -> None:
    li = team["小李"]
    await li.types("客户等了很久")
    answer = li.hears("让客户久等", "对不起，让您久等了", "不要说：")
    assert "复制 ①" in li.buttons(answer)
    assert {"先生", "女士"} <= set(li.buttons(answer))


async def test_the_customers_name_is_put_into_the_wording(team: Team) -> None:
    li = team["小李"]
    await li.types("张先生等太久了")
    answer = li.hears("让客户久等", "张先生")
    assert "先生" not in li.buttons(answer)
