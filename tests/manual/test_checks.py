"""Minding your words: what is wrong, why, and the sentence to send instead."""

from tests.team import Team


async def test_a_draft_is_checked_and_put_right(team: Team) -> None:
    li = team["小李"]
    await li.types("/check 这个我不知道，您再等等吧")
    answer = li.hears("不能这样说", "不知道", "改成这样发：")
    assert "复制" in li.buttons(answer)


async def test_a_fine_draft_may_go(team: Team) -> None:
    li = team["小李"]
    await li.types("检查 您好，请问有什么可以帮您？")
    li.hears("可以发，没有忌语")


async def test_replying_checks_any_message(team: Team) -> None:
    li = team["小李"]
    number = await team.playground.world.say(li.id, "这事不归我管", forward_from="小王")
    await team.rest()
    li.hears("")
    await li.types("检查", reply_to=team.playground.world.message(li.id, number))
    li.hears("不能这样说")


async def test_inline_gives_the_better_sentence_first(team: Team) -> None:
    li = team["小李"]
    offered = await li.searches("?这个我不知道")
    assert offered and "不知道" not in offered[0]


async def test_inline_offers_wordings_to_send_anywhere(team: Team) -> None:
    li = team["小李"]
    offered = await li.searches("道歉")
    assert any("抱歉" in text or "对不起" in text for text in offered)
    assert await li.searches("")  # the first minute of any conversation
