"""Overdue and unanswered: the supervisor, then the deputy general manager, until somebody takes it on."""

from tests.manual.test_promises import logged
from tests.team import Team


async def overdue(team: Team) -> None:
    """张先生's promise of 15:00 is broken; everybody up to the supervisor has been told."""
    li = team["小李"]
    await logged(li)
    await team.until("15:20")
    li.hears("还剩 30 分钟")
    li.hears("到时间了")
    li.hears("已超时 10 分钟")
    li.hears("🔴 已超时 20 分钟：#0611-01", "已通知 陈主管（客服主管）")


async def test_the_climb_goes_level_by_level(team: Team) -> None:
    await overdue(team)
    team["陈主管"].hears(
        "🔴 已超时 20 分钟未答复：#0611-01 张先生 电梯坏了", "责任人 小李（14:30、15:00、15:10 已提醒，未回应）",
        "若无人接手，今天 15:40 上报主管副总经理",
    )  # fmt: skip
    await team.until("15:39")
    team["周副总"].hears_nothing()
    await team.until("15:40")
    team["周副总"].hears("🔴 已超时 40 分钟未答复：#0611-01")
    team["小李"].hears("已通知 周副总（主管副总经理）")


async def test_taking_it_on_stops_the_climb_and_is_seen_everywhere(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    notice = chen.hears("已超时 20 分钟未答复")
    assert await chen.presses("我来处理") == "已接手，不再往上报"
    chen.sees(notice, "⚪ 陈主管 今天 15:20 接手：#0611-01")
    li.hears("⚪ 陈主管 今天 15:20 接手：#0611-01")
    await team.until("15:49")
    await team.until("15:50")
    chen.hears("接手后仍未答复：#0611-01")
    await chen.presses("已答复")
    await chen.types("已致歉并安排维修")
    chen.hears("✅ #0611-01", "陈主管")
    li.hears("✅ 陈主管 已答复客户：#0611-01")
    await team.passes(days=1)


async def test_answering_ends_it_for_all(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    notice = chen.hears("已超时 20 分钟未答复")
    await li.presses("已答复")
    await li.presses("已解决并告知")
    chen.sees(notice, "✅ #0611-01", "超时 20 分钟")
    assert not chen.buttons(notice)
    await team.passes(days=1)


async def test_received_as_a_reply_or_a_nod_counts_like_the_button(team: Team) -> None:
    await overdue(team)
    chen = team["陈主管"]
    notice = chen.hears("已超时 20 分钟未答复")
    await chen.types("收到", reply_to=notice)
    chen.hears("已接手，不再往上报")
    team["小李"].hears("⚪ 陈主管")
    await team.until("15:45")


async def test_a_nod_counts_too(team: Team) -> None:
    await overdue(team)
    chen = team["陈主管"]
    notice = chen.hears("已超时 20 分钟未答复")
    await chen.reacts("👌", to=notice)
    chen.hears("已接手，不再往上报")
    team["小李"].hears("⚪ 陈主管")


async def test_urging_reaches_the_owner_at_once(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    chen.hears("已超时 20 分钟未答复")
    assert await chen.presses("催责任人") == "已催 小李"
    li.hears("🔴 陈主管 催办：#0611-01")


async def test_the_owner_may_raise_it_before_it_is_due(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    card = await logged(li)
    assert await li.presses("上报主管") == "正在通知主管"
    chen.hears("🟡 小李 请求协助：#0611-01")
    li.hears("🟢 已上报：#0611-01", "已通知 陈主管（客服主管）")
    li.sees(card, "已上报 陈主管")
    await chen.presses("我来处理")
    li.hears("⚪ 陈主管 今天 10:00 接手")


async def test_an_extension_calls_the_climb_off(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    notice = chen.hears("已超时 20 分钟未答复")
    await li.presses("延期")
    await li.presses("联系不上客户")
    await li.presses("明天上午")
    await li.presses("确定")
    li.hears("请现在就告诉客户", "暂时没联系上您")
    chen.sees(notice, "🟢 #0611-01", "明天 12:00")
    assert not chen.buttons(notice)
    await team.until("18:00")


async def test_a_lead_who_cannot_be_reached_is_passed_over_at_once(team: Team) -> None:
    await team.playground.world.block(team["陈主管"].id)
    li = team["小李"]
    await logged(li)
    await team.until("15:21")
    for words in ("还剩 30 分钟", "到时间了", "已超时 10 分钟", "已通知 周副总"):
        li.hears(words)
    team["周副总"].hears("🔴 已超时 20 分钟未答复")


async def test_a_notice_that_telegram_refuses_goes_to_the_next_level_at_once(team: Team) -> None:
    chen, li = team["陈主管"], team["小李"]
    team.playground.world.fail_next("sendMessage", 403, "Forbidden: bot was blocked by the user", chat=chen.id)
    await logged(li)
    await team.until("15:21")
    for words in ("还剩 30 分钟", "到时间了", "已超时 10 分钟", "已通知 陈主管", "已通知 周副总"):
        li.hears(words)
    team["周副总"].hears("🔴 已超时 20 分钟未答复")


async def test_the_top_is_told_again_when_nobody_moves(team: Team) -> None:
    await overdue(team)
    team["陈主管"].hears("已超时 20 分钟")
    await team.until("16:10")
    team["周副总"].hears("已超时 40 分钟")
    team["周副总"].hears("已超时 1 小时 10 分")
    team["小李"].hears("周副总")
    team["小李"].hears("周副总")


async def test_plain_received_takes_on_the_one_that_waits(team: Team) -> None:
    await overdue(team)
    chen = team["陈主管"]
    notice = chen.hears("已超时 20 分钟未答复")
    await chen.types("收到")
    chen.hears("已接手")
    chen.sees(notice, "⚪ 陈主管")
    team["小李"].hears("⚪ 陈主管")


async def test_only_the_newest_notice_has_buttons(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await team.until("15:00")
    before = li.hears("还剩 30 分钟")
    due = li.hears("到时间了")
    await team.until("15:10")
    after = li.hears("已超时 10 分钟")
    assert not li.buttons(before) and not li.buttons(due)
    assert "已答复" in li.buttons(after)


async def test_urging_twice_is_told_once(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    chen.hears("已超时 20 分钟未答复")
    assert await chen.presses("催责任人") == "已催 小李"
    assert await chen.presses("催责任人") == "刚催过 小李"
    li.hears("🔴 陈主管 催办")


async def test_taken_on_in_time_the_taker_hears_when_it_is_due(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await logged(li)
    await li.presses("上报主管")
    chen.hears("请求协助")
    li.hears("已通知 陈主管")
    await chen.presses("我来处理")
    li.hears("⚪ 陈主管")
    await team.until("15:00")
    chen.hears("接手后仍未答复")
    li.hears("还剩 30 分钟")
    li.hears("到时间了")
