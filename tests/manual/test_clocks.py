"""The clocks of a complaint: what was promised to the customer, and what the norms ask for beside it."""

from bot.shared.message import Message, press
from tests.team import Someone, Team

TOMORROW = "张先生 电梯坏了，答应明天下午3点前答复"
TODAY = "张先生 电梯坏了，答应今天下午3点前答复"


async def logged(team: Team, line: str = TOMORROW):
    """小李 logs it at 10:00; 陈主管 hears of it at once."""
    li, chen = team["小李"], team["陈主管"]
    await li.types(f"/complaint {line}")
    card = li.hears("请核对后登记")
    await li.presses("登记")
    chen.hears("⚪ 新投诉：#0611-01 张先生 电梯坏了", "小李 登记", "请点“收到”，时限 今天 11:00")
    return li.sees(card, "#0611-01")


async def received(team: Team) -> None:
    assert await team["陈主管"].presses("收到") == "已收到，不再往上报"


async def test_the_card_shows_all_clocks_the_earliest_first(team: Team) -> None:
    card = await logged(team)
    team["小李"].sees(
        card, "明天 15:00（周五", "规范：登记上报 待收到 · 首次答复 今天 15:15 · 办结 今天 18:00",
    )  # fmt: skip
    assert team["小李"].buttons(card) == ["已答复", "记进展", "延期", "转部门", "上报主管", "为什么"]


# 上报: the supervisor has to hear of it within the hour


async def test_the_supervisor_says_received_and_nobody_above_hears(team: Team) -> None:
    card = await logged(team)
    await team.until("10:20")
    await received(team)
    team["陈主管"].sees(team["陈主管"].said()[-1], "✅ 陈主管 今天 10:20 收到：登记上报 #0611-01")
    team["小李"].sees(card, "登记上报 ✓")
    await team.until("15:00")
    team["小李"].hears("首次答复 #0611-01")  # 80 % of its working time has gone


async def test_received_may_be_typed(team: Team) -> None:
    await logged(team)
    await team["陈主管"].types("收到")
    team["陈主管"].hears("已收到，不再往上报")
    await team.until("11:30")


async def test_a_report_nobody_received_goes_one_level_up_after_an_hour(team: Team) -> None:
    await logged(team)
    await team.until("10:59")
    await team.until("11:00")
    team["周副总"].hears("🔴 登记已 1 小时，没人点“收到”：#0611-01 张先生 电梯坏了")
    await team["周副总"].presses("收到")
    team["陈主管"].sees(team["陈主管"].said()[-1], "✅ 周副总 今天 11:00 收到")
    await team.until("13:00")


async def test_a_supervisor_who_logs_it_need_not_be_told(team: Team) -> None:
    chen = team["陈主管"]
    await chen.types(f"/complaint {TOMORROW}")
    card = chen.hears("请核对后登记")
    await chen.presses("登记")
    assert "登记上报" not in chen.sees(card, "#0611-01", "首次答复 今天 15:15").text


# 首次答复: half a working day


async def test_the_earliest_clock_is_what_the_owner_is_reminded_of(team: Team) -> None:
    li = team["小李"]
    await logged(team)
    await received(team)
    await team.until("14:29")
    await team.until("15:15")
    li.hears("🟡 还剩 45 分钟：首次答复 #0611-01 张先生 电梯坏了", "规范：半个工作日内，时限 今天 15:15。")
    due = li.hears("🔴 到时间了：首次答复 #0611-01")
    assert li.buttons(due) == ["已答复", "记进展", "延期", "转部门", "上报主管", "为什么"]


async def test_a_first_answer_stops_its_clock_and_the_promise_stands(team: Team) -> None:
    li = team["小李"]
    card = await logged(team)
    await received(team)
    await li.presses("已答复")
    assert await li.presses("先答复了，时间不变") == "已记为首次答复"
    li.sees(card, "🟢 #0611-01", "明天 15:00", "首次答复 ✓")
    await team.until("17:00")
    li.hears("办结 #0611-01")
    await team.until("18:00")
    li.hears("🔴 到时间了：办结 #0611-01", "办不完请转部门，或记下进展。")
    await team.until("18:20")
    li.hears("🔴 已超时 10 分钟：办结")
    li.hears("🔴 已超时 20 分钟：办结", "已通知 陈主管")
    team["陈主管"].hears("🔴 已超时 20 分钟：办结 #0611-01", "规范：当天内")
    await team.until("14:30", days=1)
    li.hears("🟡 还剩 30 分钟：#0611-01", "承诺的答复时限：今天 15:00")


async def test_an_unanswered_complaint_climbs_by_the_norms_clock_too(team: Team) -> None:
    li = team["小李"]
    await logged(team)
    await received(team)
    await team.until("15:35")
    li.hears("🟡 还剩 45 分钟：首次答复")
    li.hears("🔴 到时间了：首次答复")
    li.hears("🔴 已超时 10 分钟：首次答复")
    li.hears("🔴 已超时 20 分钟：首次答复 #0611-01", "已通知 陈主管")
    chen = team["陈主管"]
    notice = chen.hears("🔴 已超时 20 分钟：首次答复 #0611-01", "规范：半个工作日内，时限 今天 15:15。")
    await chen.presses("我来处理")
    chen.sees(notice, "⚪ 陈主管 今天 15:35 接手：首次答复 #0611-01")
    li.hears("⚪ 陈主管 今天 15:35 接手")
    await chen.presses("已答复", on=notice)
    await chen.presses("已解决并告知", on=notice)
    li.hears("✅ 陈主管 已答复客户")
    await team.passes(days=2)


async def test_the_owner_may_ask_for_help_before_any_clock_is_due(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await logged(team)
    await received(team)
    assert await li.presses("上报主管") == "正在通知主管"
    chen.hears("🟡 小李 请求协助：#0611-01")
    li.hears("已通知 陈主管")


async def test_a_norms_limit_is_not_moved(team: Team) -> None:
    li = team["小李"]
    card = await logged(team, TODAY)
    await received(team)
    await li.presses("已答复")
    await li.types("师傅已到现场，下午修好")
    li.hears("办结 今天 18:00")
    await li.types("/extend 0611-01")
    li.hears("手头没有待答复的承诺")
    assert team.bot
    old = Message(text="旧卡片", buttons=((press("延期", "p.extend", 4, 1),),))
    number = await team.bot.telegram.send(li.id, old)
    li.hears("旧卡片")
    told = await li.presses("延期", on=team.playground.world.message(li.id, number))
    assert told == "规范的时限不能延期。办不完请转部门，或记下进展。"
    li.sees(card, "办结 今天 18:00")


async def test_a_settled_case_is_looked_up_by_its_number(team: Team) -> None:
    li = team["小李"]
    await logged(team)
    await li.presses("已答复")
    await li.presses("已解决并告知")
    await li.types("/my 0611-01")
    li.hears("✅ #0611-01")
    await li.types("/my 0611-99")
    li.hears("没有 #0611-99，请核对编号")


# The promise covers the norms that end with it or later


async def test_an_earlier_promise_speaks_alone(team: Team) -> None:
    li = team["小李"]
    await logged(team, TODAY)
    await received(team)
    await team.until("15:19")
    li.hears("🟡 还剩 30 分钟：#0611-01", "承诺的答复时限：今天 15:00")
    li.hears("🔴 到时间了：#0611-01")
    li.hears("🔴 已超时 10 分钟：#0611-01")
    await team.until("15:25")
    li.hears("🔴 已超时 20 分钟：#0611-01", "已通知 陈主管")
    team["陈主管"].hears("🔴 已超时 20 分钟未答复：#0611-01")


# 办结, and 转部门


async def test_answered_is_not_settled(team: Team) -> None:
    li = team["小李"]
    card = await logged(team, TODAY)
    await received(team)
    await li.presses("已答复")
    await li.types("师傅已到现场，下午修好")
    li.hears("🟢 #0611-01", "师傅已到现场", "办结 今天 18:00")
    li.sees(card, "办结 今天 18:00")
    assert li.buttons(card) == ["已办结", "记进展", "转部门"]
    assert await li.presses("已办结", on=card) == "已办结"
    assert not li.buttons(card)
    await team.passes(days=2)


async def test_solved_and_told_settles_everything(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    card = await logged(team)
    await li.presses("已答复")
    await li.presses("已解决并告知")
    li.sees(card, "✅ #0611-01")
    assert not li.buttons(card)
    chen.sees(chen.said()[-1], "✅ 小李 今天 10:00 已处理：登记上报")
    assert not chen.buttons(chen.said()[-1])  # nothing is left to say 收到 to
    await team.passes(days=4)


async def test_a_transferred_complaint_has_three_days(team: Team) -> None:
    li = team["小李"]
    card = await logged(team)
    await received(team)
    await li.presses("转部门")
    li.sees(card, "转给哪个部门？")
    await li.types("工程部")
    li.hears("#0611-01", "首次答复 今天 15:15", "转部门后办结 6月15日（周一）18:00", "已转工程部")
    assert "转部门" not in li.buttons(card)


async def test_a_complaint_logged_before_closing_has_half_a_working_day(team: Team) -> None:
    li = team["小李"]
    await team.until("17:50")
    await li.types("/complaint 张先生 电梯坏了，答应明天下午3点前答复")
    card = li.hears("请核对后登记")
    await li.presses("登记")
    team["陈主管"].hears("⚪ 新投诉")
    li.sees(card, "办结 明天 14:05")


async def test_my_list_names_the_earliest_clock(team: Team) -> None:
    li = team["小李"]
    await logged(team)
    await li.types("/my")
    li.hears("待答复 1 件", "🟢 #0611-01 张先生 电梯坏了 · 首次答复 今天 15:15 · 明天 15:00")


async def test_a_promise_typed_without_a_complaint_has_one_clock(team: Team) -> None:
    li: Someone = team["小李"]
    await li.types("/promise 明天下午三点前给张先生回电")
    draft = li.hears("记为承诺")
    await li.presses("记下")
    assert "规范" not in li.sees(draft, "#0611-01").text
