"""Telegram has its moods: it asks to wait, breaks down, cuts the line, refuses. What was to be said is said all the
same, and when it may have been said already, it says so."""

import pytest

from bot.shared.message import Message, press
from tests.manual.test_promises import logged
from tests.team import Team

AGAIN = "（可能重复：上次发送时中断）"
BLOCKED = "Forbidden: bot was blocked by the user"
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def asked_to_wait(team: Team, method: str, seconds: int, *, chat: int) -> None:
    words = f"Too Many Requests: retry after {seconds}"
    team.playground.world.fail_next(method, 429, words, {"retry_after": seconds}, chat=chat)


def calls(team: Team, method: str, chat: int) -> list[int]:
    """How Telegram answered each call of a method for a chat."""
    ledger = team.playground.world.ledger
    return [
        c.status for c in ledger if c.method.lower() == method.lower() and str(c.params.get("chat_id")) == str(chat)
    ]


# Told to wait


async def test_told_to_wait_the_reminder_comes_as_soon_as_it_may(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    asked_to_wait(team, "sendMessage", 7, chat=li.id)
    await team.until("14:30")
    li.hears_nothing()
    await team.passes(seconds=6)
    li.hears_nothing()
    await team.passes(seconds=1)
    assert "可能重复" not in li.hears("🟡 还剩 30 分钟：#0611-01").text
    await team.until("14:59")


async def test_told_to_wait_in_one_chat_the_others_hear_at_once(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await logged(li)
    await team.until("15:10")
    for words in ("还剩 30 分钟", "到时间了", "已超时 10 分钟"):
        li.hears(words)
    asked_to_wait(team, "sendMessage", 30, chat=li.id)
    await team.until("15:20")
    chen.hears("已超时 20 分钟未答复")
    li.hears_nothing()
    await team.passes(seconds=30)
    li.hears("已通知 陈主管")


async def test_told_to_wait_what_was_said_first_is_still_heard_first(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await logged(li)
    await li.presses("上报主管")
    notice = chen.hears("请求协助")
    li.hears("已上报")
    asked_to_wait(team, "sendMessage", 20, chat=li.id)
    await chen.presses("催责任人", on=notice)
    await chen.presses("我来处理", on=notice)
    li.hears_nothing()
    await team.passes(seconds=20)
    li.hears("🔴 陈主管 催办")
    li.hears("⚪ 陈主管 今天 10:00 接手")


async def test_told_to_wait_with_an_answer_it_is_given_later(team: Team) -> None:
    li = team["小李"]
    asked_to_wait(team, "sendMessage", 3, chat=li.id)
    await li.types("客户等了很久")
    await team.passes(seconds=3)
    li.hears("让客户久等")


async def test_told_to_wait_with_a_card_it_is_put_right_later(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 张先生 电梯坏了，答应今天下午3点前答复")
    card = li.hears("请核对后登记")
    asked_to_wait(team, "editMessageText", 5, chat=li.id)
    assert await li.presses("登记") == "已登记 #0611-01"
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    li.sees(card, "请核对后登记")
    await team.passes(seconds=5)
    li.sees(card, "🟢 #0611-01")


async def test_told_to_wait_with_fetching_it_goes_on_fetching(team: Team) -> None:
    li = team["小李"]
    team.playground.world.fail_next("getUpdates", 429, "Too Many Requests: retry after 0", {"retry_after": 0})
    await li.types("客户等了很久")
    li.hears("让客户久等")
    await li.types("催单")
    li.hears("①")


# Broken


async def test_broken_down_it_tries_again_and_again_until_somebody_hears(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    team.playground.world.fail_next("sendMessage", 500, "Internal Server Error", times=3, chat=li.id)
    await team.until("14:30")
    for pause in (1, 2, 5):
        li.hears_nothing()
        await team.passes(seconds=pause)
    li.hears("🟡 还剩 30 分钟：#0611-01", AGAIN)
    assert calls(team, "sendMessage", li.id)[-4:] == [500, 500, 500, 200]


async def test_a_line_cut_before_the_message_was_taken(team: Team) -> None:
    """The bot cannot know: it says the thing again and says so. The reader hears it once."""
    li = team["小李"]
    await logged(li)
    team.playground.world.fail_next("sendMessage", 0, chat=li.id)
    await team.until("14:30")
    li.hears_nothing()
    await team.passes(seconds=1)
    li.hears("🟡 还剩 30 分钟：#0611-01", AGAIN)


async def test_a_line_cut_after_the_message_was_taken(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    team.playground.world.fail_next("sendMessage", 0, chat=li.id, after=True)
    await team.until("14:30")
    assert AGAIN not in li.hears("🟡 还剩 30 分钟：#0611-01").text
    await team.passes(seconds=1)
    second = li.hears("🟡 还剩 30 分钟：#0611-01", AGAIN)
    await li.presses("已答复", on=second)
    await li.presses("已解决并告知", on=second)
    await team.passes(days=1)  # answered on the repetition: nothing more is said


async def test_a_lead_told_twice_by_a_cut_line_can_take_it_on_from_either(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await logged(li)
    team.playground.world.fail_next("sendMessage", 0, chat=chen.id, after=True)
    assert await li.presses("上报主管") == "正在通知主管"
    first = chen.hears("请求协助")
    await team.passes(seconds=1)
    chen.hears("请求协助", AGAIN)
    li.hears("已上报")
    assert await chen.presses("我来处理", on=first) == "已接手，不再往上报"
    li.hears("⚪ 陈主管")


async def test_a_line_cut_after_a_receipt_was_taken_registers_once(team: Team) -> None:
    li = team["小李"]
    team.playground.world.fail_next("sendMessage", 0, chat=li.id, after=True)
    await li.types("/complaint 张先生 电梯坏了，答应今天下午3点前答复")
    first = li.hears("请核对后登记")
    await team.passes(seconds=1)
    second = li.hears("请核对后登记", AGAIN)
    assert await li.presses("登记", on=first) == "已登记 #0611-01"
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    assert await li.presses("登记", on=second) == "已经登记为 #0611-01，不用再点。"
    assert team.bot
    async with team.bot.database.reading() as tx:
        ((promises,),) = await tx.connection.execute_fetchall("SELECT COUNT(*) FROM promises WHERE clock = 'promise'")
    assert promises == 1


async def test_a_line_cut_while_a_card_is_changed_is_nothing_to_read_about(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 张先生 电梯坏了，答应今天下午3点前答复")
    card = li.hears("请核对后登记")
    team.playground.world.fail_next("editMessageText", 0, chat=li.id, after=True)
    await li.presses("登记")
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    await team.passes(seconds=1)
    assert "可能重复" not in li.sees(card, "🟢 #0611-01").text
    assert calls(team, "editMessageText", li.id) == [0, 400]  # the second time there was nothing to change


# Refused


async def test_a_supervisor_who_blocked_the_bot_is_passed_over_and_the_team_can_see_it(team: Team) -> None:
    li, chen, zhou = team["小李"], team["陈主管"], team["周副总"]
    await logged(li)
    team.playground.world.fail_next("sendMessage", 403, BLOCKED, chat=chen.id)
    await li.presses("上报主管")
    zhou.hears("🟡 小李 请求协助：#0611-01")
    li.hears("已通知 陈主管")
    li.hears("已通知 周副总")
    await zhou.types("/team")
    zhou.hears("陈主管（停用了机器人，通知不到）")
    assert calls(team, "sendMessage", chen.id).count(403) == 1
    await zhou.presses("我来处理")
    li.hears("⚪ 周副总")


async def test_an_owner_who_blocked_the_bot_does_not_stop_the_climb(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await logged(li)
    await team.playground.world.block(li.id)
    await team.until("15:20")
    chen.hears("🔴 已超时 20 分钟未答复：#0611-01")


async def test_an_edit_that_changes_nothing_is_done(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 张先生 电梯坏了，答应今天下午3点前答复")
    li.hears("请核对后登记")
    team.playground.world.fail_next("editMessageText", 400, UNCHANGED, chat=li.id)
    assert await li.presses("登记") == "已登记 #0611-01"
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    await team.passes(minutes=5)
    assert calls(team, "editMessageText", li.id) == [400]
    await li.types("/my")
    li.hears("待答复 1 件")


@pytest.mark.parametrize("label", ["登记", "改时间"])
async def test_a_press_answered_too_late_has_done_its_work(team: Team, label: str) -> None:
    li, world = team["小李"], team.playground.world
    await li.types("/complaint 张先生 电梯坏了，答应今天下午3点前答复")
    card = li.hears("请核对后登记")
    world.fail_next("answerCallbackQuery", 400, TOO_OLD)
    await world.press(li.id, card.id, label=label)
    await team.rest()
    li.sees(card, "🟢 #0611-01" if label == "登记" else "改答复时间")
    if label == "登记":
        team["陈主管"].hears("⚪ 新投诉：#0611-01")


async def test_a_press_on_an_old_button_answered_too_late_changes_nothing(team: Team) -> None:
    li, world = team["小李"], team.playground.world
    card = await logged(li)
    await li.presses("已答复")
    await li.presses("已解决并告知")
    assert team.bot
    number = await team.bot.telegram.send(li.id, Message(text="旧", buttons=((press("已答复", "p.done", 1, 1),),)))
    li.hears("旧")
    world.fail_next("answerCallbackQuery", 400, TOO_OLD)
    await world.press(li.id, number, label="已答复")
    await team.rest()
    li.sees(card, "✅ #0611-01")
