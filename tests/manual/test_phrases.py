"""Asking for the right wording."""

from tests.team import Team


async def test_an_agent_types_what_happened_and_gets_wording_to_copy(team: Team) -> None:
    li = team["小李"]
    await li.types("客户等了很久")
    answer = li.hears("① ", "抱歉让您久等了", "10:30前", "不要说：")
    assert "复制 ①" in li.buttons(answer)
    assert {"先生", "女士"} <= set(li.buttons(answer))


async def test_the_customers_name_is_put_into_the_wording(team: Team) -> None:
    li = team["小李"]
    await li.types("张先生等太久了")
    answer = li.hears("等", "张先生")
    assert "先生" not in li.buttons(answer)


async def test_the_customers_title_by_a_button(team: Team) -> None:
    li = team["小李"]
    await li.types("久等")
    answer = li.hears("① ", "抱歉让您久等了")
    await li.presses("女士", on=answer)
    li.sees(answer, "女士，抱歉让您久等了")


async def test_another_three(team: Team) -> None:
    li = team["小李"]
    await li.types("要退款")
    answer = li.hears("① ", "退款")
    first = answer.text
    await li.presses("换一批", on=answer)
    assert li.sees(answer).text != first


async def test_the_offered_time_is_one_that_people_work_at(team: Team) -> None:
    li = team["小李"]
    await team.until("19:40")
    await li.types("久等")
    li.hears("明天 09:30前一定给您回电")


async def test_greetings_follow_the_hour(team: Team) -> None:
    li = team["小李"]
    await li.types("问候")
    morning = li.hears("好")
    assert "晚上好" not in morning.text


async def test_pinyin_traditional_and_the_customers_own_words_find_it(team: Team) -> None:
    li = team["小李"]
    for typed in ("jiudeng", "讓客戶久等", "等了半天都没人理我"):
        await li.types(typed)
        li.hears("等")


async def test_a_sentence_from_the_customer_can_be_forwarded(team: Team) -> None:
    li = team["小李"]
    await team.playground.world.say(li.id, "你们到底什么时候给我退款", forward_from="王女士")
    await team.rest()
    li.hears("退款")


async def test_in_another_chat_the_wording_is_sent_by_a_tap(team: Team) -> None:
    li = team["小李"]
    world = team.playground.world
    offered = await world.inline(li.id, "久等", chat=-1001)
    await world.choose(li.id, offered.query_id, offered.results[0].id, -1001)
    assert world.messages(-1001)[-1].text == offered.results[0].text
