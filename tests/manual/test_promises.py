"""Reminders before, at and after the promised time; 已答复, 延期, 进展."""

from bot.shared.message import Message, press
from tests.team import Someone, Team


async def logged(someone: Someone, line: str = "张先生 电梯坏了，今天下午3点前答复"):
    """A promise without a complaint, so that no other clock speaks; those are in test_clocks.py."""
    await someone.types(f"/promise {line}")
    card = someone.hears("记为承诺")
    await someone.presses("记下")
    return someone.sees(card, "#0611-01")


async def test_the_owner_is_reminded_before_at_and_after(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await team.until("14:29")
    li.hears_nothing()
    await team.until("14:30")
    li.hears("🟡 还剩 30 分钟：#0611-01 张先生 电梯坏了", "承诺的答复时限：今天 15:00")
    await team.until("15:00")
    li.hears("🔴 到时间了：#0611-01")
    await team.until("15:10")
    li.hears("🔴 已超时 10 分钟：#0611-01")
    await team.until("15:19")


async def test_a_short_promise_is_reminded_at_half_time(team: Team) -> None:
    li = team["小李"]
    await logged(li, "张先生 电梯坏了，30分钟内答复")
    await team.until("10:14")
    li.hears_nothing()
    await team.until("10:15")
    li.hears("🟡 还剩 15 分钟")


async def test_answered_asks_what_was_said_and_ends_the_reminders(team: Team) -> None:
    li = team["小李"]
    card = await logged(li)
    await team.until("14:30")
    reminder = li.hears("🟡 还剩 30 分钟")
    await li.presses("已答复", on=reminder)
    li.sees(reminder, "怎么答复客户的？")
    await li.types("师傅已修好，客户表示满意")
    li.hears("✅ #0611-01 张先生 电梯坏了", "今天 14:30 已答复 · 小李 · 在时限内", "师傅已修好")
    li.sees(card, "✅", "师傅已修好")
    await team.passes(days=2)


async def test_answered_without_a_solution_needs_a_new_time(team: Team) -> None:
    li = team["小李"]
    card = await logged(li)
    await li.presses("已答复")
    await li.presses("未解决，给了新时间")
    li.sees(card, "新的答复时间？")
    await li.presses("明天上午")
    li.sees(card, "新时间 明天 12:00（周五", "读自“明天上午”")
    await li.presses("确定")
    li.sees(card, "明天 12:00（周五", "已延期 1 次")
    await team.until("11:30", days=1)
    li.hears("🟡 还剩 30 分钟", "今天 12:00")


async def test_the_new_time_may_come_with_the_command(team: Team) -> None:
    li = team["小李"]
    card = await logged(li)
    await li.types("/extend 0611-01 后天上午十点前")
    li.hears("为什么延期？")
    await li.types("配件未到")
    echo = li.hears("新时间 6月13日（周六）10:00")
    li.sees(card, "今天 15:00")
    await li.presses("确定")
    li.sees(echo, "🟢 #0611-01", "6月13日（周六）10:00", "已延期 1 次")
    li.hears("请现在就告诉客户：", "6月13日 10:00前")


async def test_an_extension_asks_for_reason_and_time_and_gives_the_apology(team: Team) -> None:
    li = team["小李"]
    card = await logged(li)
    await li.presses("延期")
    li.sees(card, "为什么延期？")
    await li.presses("配件未到")
    li.sees(card, "新的答复时间？")
    await li.types("后天上午十点前")
    echo = li.hears("新时间 6月13日（周六）10:00", "读自")
    await li.presses("确定")
    li.sees(echo, "🟢 #0611-01", "6月13日（周六）10:00", "已延期 1 次")
    wording = li.hears("请现在就告诉客户：", "张先生", "抱歉", "原因是配件未到", "6月13日 10:00前")
    assert li.buttons(wording) == ["复制"]
    await team.until("15:30")  # the old deadline says nothing any more


async def test_a_time_that_is_not_understood_is_asked_again(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await li.presses("延期")
    await li.presses("等其他部门")
    await li.types("过两天吧")
    li.hears("#0611-01", "？")
    await li.types("明天上午十点")
    li.hears("新时间 明天 10:00")
    await li.presses("改时间")
    await li.presses("取消")


async def test_progress_is_kept_and_shown_with_the_next_reminder(team: Team) -> None:
    li = team["小李"]
    card = await logged(li)
    await li.presses("记进展")
    await li.types("配件已到，待安装")
    li.hears("进展 今天 10:00：配件已到，待安装")
    li.sees(card, "配件已到")
    await team.until("14:30")
    li.hears("🟡 还剩 30 分钟", "上次进展 今天 10:00：配件已到，待安装")


async def test_an_old_button_shows_how_things_stand(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await team.until("14:30")
    reminder = li.hears("🟡 还剩 30 分钟")
    await li.types("/my")
    mine = li.hears("待答复 1 件", "🟡 #0611-01 张先生 电梯坏了")
    await li.presses("#0611-01", on=mine)
    await li.presses("已答复", on=mine)
    await li.presses("已解决并告知", on=mine)
    li.sees(reminder, "✅ #0611-01")
    assert not li.buttons(reminder)
    assert team.bot
    kept = Message(text="一张很久以前的卡片", buttons=((press("已答复", "p.done", 1, 1),),))
    number = await team.bot.telegram.send(li.id, kept)
    old = li.hears("一张很久以前的卡片")
    assert await li.presses("已答复", on=team.playground.world.message(li.id, number)) == "#0611-01 已经答复过了。"
    li.sees(old, "✅ #0611-01")


async def test_a_promise_without_a_complaint(team: Team) -> None:
    li = team["小李"]
    await li.types("/promise 明天下午三点前给张先生回电")
    draft = li.hears("记为承诺：", "张先生", "明天 15:00（周五")
    await li.presses("记下")
    li.sees(draft, "🟢 #0611-01", "张先生")
    await team.until("14:30", days=1)
    li.hears("🟡 还剩 30 分钟")


async def test_a_wording_becomes_a_promise_with_one_tap(team: Team) -> None:
    li = team["小李"]
    await li.types("张先生催单")
    answer = li.hears("张先生")
    label = next(label for label in li.buttons(answer) if label.startswith("记为承诺"))
    await li.presses(label)
    draft = li.hears("记为承诺：张先生", "今天 10:30")
    await li.presses("记下")
    li.sees(draft, "🟡 #0611-01 张先生", "还剩 30 分钟")


async def test_others_cannot_touch_it(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await logged(li)
    await wang.types("/done 0611-01")
    wang.hears("找不到这条记录")
