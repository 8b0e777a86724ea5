"""/settings 设置: which days are worked, from when until when, in which zone; a year's holidays come in as a file."""

import json
from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.playground.message import Message as Shown
from bot.shared.message import Button, Message
from bot.teams import actions as teams
from tests.team import Someone, Team

COMPLAINT = "/complaint 张先生 13800138000 电梯坏了，答应两天内答复"
"""Said on Thursday 11 June, so Saturday is the last day; a Saturday off moves it to Monday."""


@pytest.fixture
async def office(team: Team) -> AsyncIterator[Team]:
    """Thursday 11 June 2026, 10:00. 小王 works in another team, 小赵 owns the bot."""
    assert team.bot
    async with team.bot.database.transaction() as tx:
        for name, role, where in (("小王", "agent", "客服二组"), ("小赵", "owner", "客服一组")):
            await teams.enrol(tx, telegram_id=team[name].id, name=name, role=role, team=where, now=team.clock.now())
    await team["小赵"].types("/start")
    team["小赵"].hears("岗位：机主")
    yield team


async def opens(someone: Someone, *presses: str) -> Shown:
    """/settings and these buttons; the message as it is then."""
    await someone.types("/settings")
    message = someone.hears("")
    for label in presses:
        await someone.presses(label, on=message)
    return message


async def sends(someone: Someone, name: str, data: bytes) -> None:
    """A document, as from the paper clip of the chat."""
    await someone._team.playground.world.send_file(someone.id, "document", name, data, chat=someone.id)
    await someone._team.rest()


async def due(someone: Someone, said: str, words: str = COMPLAINT) -> None:
    """Log a complaint; this is the time that is read."""
    await someone.types(words)
    someone.hears("请核对后登记", said)
    await someone.presses("取消")


# A day


async def test_a_working_saturday_moves_the_teams_promises_and_no_other_teams(office: Team) -> None:
    chen = office["陈主管"]
    await due(office["小李"], "6月15日（周一）18:00")
    screen = await opens(chen, "日历", "13˙")
    chen.sees(screen, "6月13日（周六） · 客服一组", "休息（周末）")
    assert await chen.presses("上班", on=screen) == "已改"
    chen.sees(screen, "已改：6月13日（周六）", "上班 09:00–12:00、13:30–18:00（本团队设定）", "只对之后记的承诺生效")
    await due(office["小李"], "6月13日（周六）18:00")
    await due(office["小王"], "6月15日（周一）18:00")


async def test_what_was_promised_keeps_its_time_and_the_supervisor_hears_how_many_fall_on_the_day(office: Team) -> None:
    li, chen = office["小李"], office["陈主管"]
    await li.types("/promise 明天下午三点前给张先生回电")
    card = li.hears("记为承诺")
    await li.presses("记下")
    screen = await opens(chen, "日历", "12", "休息")
    chen.sees(screen, "已改：6月12日（周五）", "休息（本团队设定）", "原来：上班", "有 1 件承诺的时限在这天")
    li.sees(card, "明天 15:00（周五")
    await office.until("14:30", days=1)
    li.hears("🟡 还剩 30 分钟")


async def test_a_holiday_says_what_it_is_and_can_be_worked_and_given_back(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "日历")
    chen.sees(screen, "日历 · 客服一组", "19–21日 端午节放假", "周一至周五 09:00–12:00、13:30–18:00")
    await chen.presses("19休", on=screen)
    chen.sees(screen, "休息（端午节放假 · 官方）")
    assert chen.buttons(screen) == ["上班", "半天/改时间", "上一步"]
    await chen.presses("上班", on=screen)
    chen.sees(screen, "上班 09:00–12:00、13:30–18:00（本团队设定）", "原来：休息（端午节放假 · 官方）")
    assert await chen.presses("恢复原来的", on=screen) == "已恢复"
    chen.sees(screen, "已改：6月19日（周五）", "休息（端午节放假 · 官方）")
    assert "恢复原来的" not in chen.buttons(screen)


async def test_half_a_day_by_a_button_or_typed(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "日历", "12", "半天/改时间")
    assert chen.buttons(screen) == ["09:00–12:00", "13:30–18:00", "上一步"]
    await chen.presses("09:00–12:00", on=screen)
    chen.sees(screen, "上班 09:00–12:00（本团队设定）")
    await due(office["小李"], "明天 12:00", "投诉 张先生 电梯坏了，答应明天下班前答复")
    await chen.presses("半天/改时间", on=screen)
    await chen.types("上午")
    chen.hears("没看懂“上午”", "9:00-12:00 13:30-18:00")
    await chen.types("10点到16点")
    chen.hears("已改：6月12日（周五）", "上班 10:00–16:00（本团队设定）")
    await due(office["小李"], "明天 16:00", "投诉 张先生 电梯坏了，答应明天下班前答复")


async def test_of_two_who_change_one_day_the_last_counts(office: Team) -> None:
    chen, zhou = office["陈主管"], office["周副总"]
    chens, zhous = await opens(chen, "日历", "13˙"), await opens(zhou, "日历", "13˙")
    await chen.presses("上班", on=chens)
    await zhou.presses("半天/改时间", on=zhous)
    await zhou.presses("09:00–12:00", on=zhous)
    zhou.sees(zhous, "上班 09:00–12:00（本团队设定）")
    await chen.presses("上一步", on=chens)
    await chen.presses("13班", on=chens)
    chen.sees(chens, "上班 09:00–12:00（本团队设定）")
    await due(office["小李"], "6月13日（周六）12:00")


async def test_months_turn_and_days_that_are_over_only_say_what_they_were(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "日历")
    await chen.presses("‹", on=screen)
    chen.sees(screen, "1–5日 劳动节放假；9日 劳动节调休上班")
    await chen.presses("9班", on=screen)
    chen.sees(screen, "5月9日（周六）", "劳动节调休上班 · 官方", "这天已经过去，不能再改")
    assert chen.buttons(screen) == ["上一步"]
    await chen.presses("上一步", on=screen)
    chen.sees(screen, "劳动节放假")
    await chen.presses("上一步", on=screen)
    chen.sees(screen, "设置 · 客服一组")


async def test_what_to_set_can_follow_the_command(office: Team) -> None:
    chen = office["陈主管"]
    for words, told in (
        ("/settings 日历", "日历 · 客服一组"),
        ("设置 工作时间", "工作时间 · 客服一组"),
        ("设置 時區", "时区 · 客服一组"),
        ("设置 别的", "设置 · 客服一组"),
    ):
        await chen.types(words)
        chen.hears(told)


async def test_buttons_that_only_say_something_do_nothing(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "日历")
    before = chen.sees(screen).text
    for label in ("一", "2026年6月"):
        assert await chen.presses(label, on=screen) == ""
    assert chen.sees(screen).text == before


async def test_a_day_button_that_was_left_over_says_so(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "日历", "12")
    await office.passes(days=2)
    assert await chen.presses("休息", on=screen) == "这天已经过去，不能再改。"


# Who may


async def test_agents_look_and_are_sent_to_their_supervisor(office: Team) -> None:
    li = office["小李"]
    for words in ("/settings", "日历"):
        await li.types(words)
        screen = li.hears("日历 · 客服一组", "要调整请找主管")
    await li.presses("19休", on=screen)
    li.sees(screen, "休息（端午节放假 · 官方）", "要调整请找主管")
    assert li.buttons(screen) == ["上一步"]
    for data in ("w.work:1:20260619", "w.hours:1:20260619", "w.undo:1", "w.zoned:1:Asia/Tokyo", "w.open:1"):
        assert await pressed(li, data) == "日历由主管来改。要调整请找主管。"
    await due(office["小李"], "6月15日（周一）18:00")


async def test_a_supervisor_changes_nobody_elses_calendar(office: Team) -> None:
    chen = office["陈主管"]
    for data in ("w.rest:2:20260612", "w.rest:0:20260612", "w.cal:2", "w.undo:0", "w.zoned:2:Asia/Tokyo"):
        assert await pressed(chen, data) == "这是别的团队的日历。发“设置”看本团队的。"
    for data in ("w.rest:1:20261399", "w.rest:1", "w.zoned:1:Nowhere", "w.zoned:1"):
        assert await pressed(chen, data) == "这个按钮已经不能用了，请发 /settings。"
    await due(office["小王"], "明天 18:00", "投诉 张先生 电梯坏了，答应明天下班前答复")


async def pressed(someone: Someone, data: str) -> str:
    """A button with this in it, as of an old screen or forged; what pops up."""
    assert someone._team.bot
    screen = Message(text="旧", buttons=((Button(text="旧按钮", data=data),),))
    await someone._team.bot.telegram.send(someone.id, screen)
    return await someone.presses("旧按钮", on=someone.hears("旧"))


async def test_the_owner_sets_a_day_for_all_teams_or_for_one(office: Team) -> None:
    owner, chen = office["小赵"], office["陈主管"]
    screen = await opens(owner)
    owner.sees(screen, "看哪个团队的？")
    assert owner.buttons(screen) == ["全部团队", "客服一组", "客服二组"]
    for label in ("全部团队", "日历", "13˙", "上班"):
        await owner.presses(label, on=screen)
    owner.sees(screen, "6月13日（周六） · 全部团队", "全部团队设定")
    for name in ("小李", "小王"):
        await due(office[name], "6月13日（周六）18:00")
    one = await opens(chen, "日历", "13班")
    chen.sees(one, "全部团队设定")
    await chen.presses("休息", on=one)
    chen.sees(one, "休息（本团队设定）", "原来：上班 09:00–12:00、13:30–18:00（全部团队设定）")
    await due(office["小李"], "6月15日（周一）18:00")
    await due(office["小王"], "6月13日（周六）18:00")
    await owner.presses("上一步", on=screen)
    await owner.presses("13班", on=screen)
    owner.sees(screen, "另有设定、不跟着变：客服一组")
    await owner.types("/settings")
    screen = owner.hears("看哪个团队的？")
    for label in ("客服二组", "日历", "13班", "休息"):
        await owner.presses(label, on=screen)
    await due(office["小王"], "6月15日（周一）18:00")


# The hours


async def test_the_hours_are_typed_echoed_and_confirmed(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "工作时间")
    chen.sees(screen, "周一至周五 09:00–12:00、13:30–18:00")
    assert chen.buttons(screen) == ["改", "上一步"]
    await chen.presses("改", on=screen)
    await chen.types("周一至周五早九晚五")
    chen.hears("没看懂", "写法例如")
    await chen.types("周一至周五 9:00-12:00 13:30-18:00，周六 9:00-12:00")
    echo = chen.hears("请核对工作时间", "周一至周五 09:00–12:00、13:30–18:00\n周六 09:00–12:00")
    await due(office["小李"], "6月15日（周一）18:00")  # not yet
    assert await chen.presses("确定", on=echo) == "已改"
    chen.sees(echo, "已改：工作时间 · 客服一组", "只对之后记的承诺生效")
    await due(office["小李"], "6月13日（周六）12:00")
    await due(office["小王"], "6月15日（周一）18:00")


async def test_an_echo_that_was_typed_over_does_not_count(office: Team) -> None:
    chen = office["陈主管"]
    await opens(chen, "工作时间", "改")
    await chen.types("每天 8:00-20:00")
    first = chen.hears("请核对工作时间", "每天 08:00–20:00")
    await chen.types("每天 8:00-18:00")
    second = chen.hears("请核对工作时间", "每天 08:00–18:00")
    assert "已过期，什么都没有改" in await chen.presses("确定", on=first)
    await chen.presses("确定", on=second)
    assert "已过期，什么都没有改" in await chen.presses("确定", on=first)
    chen.sees(second, "每天 08:00–18:00")
    await due(office["小李"], "6月13日（周六）18:00")


async def test_hours_of_a_season_and_back_to_the_default(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "工作时间", "改")
    await chen.types("周一至周五 9:00-18:00\n6月1日至9月30日：周一至周五 8:30-17:00")
    echo = chen.hears("6月1日至9月30日：周一至周五 08:30–17:00")
    await chen.presses("确定", on=echo)
    tomorrow = "投诉 张先生 电梯坏了，答应明天下班前答复"
    await due(office["小李"], "明天 17:00", tomorrow)
    await chen.presses("恢复默认", on=echo)
    chen.sees(echo, "恢复默认 · 客服一组", "会变成：", "周一至周五 09:00–12:00、13:30–18:00")
    await chen.presses("恢复默认", on=echo)
    chen.sees(echo, "已改：工作时间")
    assert chen.buttons(echo) == ["改", "上一步"]
    await due(office["小李"], "明天 18:00", tomorrow)
    chen.sees(screen, "几点上班、几点下班？")


async def test_ready_hours_are_echoed_too_and_leaving_the_question_frees_the_keyboard(office: Team) -> None:
    chen = office["陈主管"]
    screen = await opens(chen, "工作时间", "改", "全天 24 小时")
    chen.sees(screen, "请核对工作时间", "每天 全天")
    await chen.presses("重写", on=screen)
    await chen.presses("上一步", on=screen)
    await chen.types("催单")
    chen.hears("催单")  # a wording, as ever
    chen.sees(screen, "周一至周五 09:00–12:00、13:30–18:00")


# The zone


async def test_the_team_moves_to_another_zone(office: Team) -> None:
    chen, li = office["陈主管"], office["小李"]
    await li.types("/promise 今天下午三点前给张先生回电")
    li.hears("今天 15:00")
    await li.presses("记下")
    screen = await opens(chen, "时区")
    chen.sees(screen, "北京，现在 6月11日（周四）10:00")
    await chen.presses("其他地方", on=screen)
    await chen.types("火星")
    chen.hears("没认出“火星”")
    await chen.types("巴黎")
    chen.hears("时区改为 巴黎", "那里现在 6月11日（周四）04:00")
    await chen.presses("时区", on=await opens(chen))
    screen = chen.said()[-1]
    await chen.presses("东京", on=screen)
    chen.sees(screen, "时区改为 东京", "那里现在 6月11日（周四）11:00")
    await chen.presses("确定", on=screen)
    chen.sees(screen, "已改：时区 · 客服一组", "东京，现在")
    await li.types("/my")
    li.hears("今天 16:00")  # the same instant
    await due(office["小王"], "今天 16:00", "投诉 张先生 电梯坏了，答应今天下午4点前答复")
    await office.until("14:30")
    li.hears("🟡 还剩 30 分钟")


# A year's file

REST = ("元旦 01-01 01-03", "清明节 04-03 04-05", "劳动节 05-01 05-05", "端午节 06-09 06-11",
        "中秋节 09-15 09-17", "国庆节 10-01 10-07")  # fmt: skip


def notice(year: int = 2027, spring: str = "春节 02-05 02-12") -> bytes:
    """A year's arrangement as the holiday-cn project publishes it; a made-up one."""
    days = []
    for line in (spring, *REST):
        name, first, last = line.split()
        month, begin, end = int(first[:2]), int(first[3:]), int(last[3:])
        days += [
            {"name": name, "date": f"{year}-{month:02}-{day:02}", "isOffDay": True} for day in range(begin, end + 1)
        ]
    saturday = next(day for day in range(22, 29) if date(year, 2, day).weekday() == 5)
    days += [{"name": "春节", "date": f"{year}-02-{saturday}", "isOffDay": False}]
    return json.dumps({"year": year, "days": days}, ensure_ascii=False).encode()


async def test_a_supervisor_imports_a_year_for_the_team(office: Team) -> None:
    chen, li = office["陈主管"], office["小李"]
    await office.until("10:00", days=183)  # 11 December 2026
    screen = await opens(chen)
    chen.sees(screen, "2027年放假安排未录入，按周末推算。公布后把 .ics、.csv 或 .json 文件发到这里就能录入。")
    await sends(chen, "2027.json", notice())
    preview = chen.hears("2027.json：放假安排", "2027年：放假 32 天，调休上班 1 天", "给客服一组用")
    assert chen.buttons(preview) == ["导入", "取消"]
    await chen.presses("日历", on=screen)
    chen.sees(screen, "2027年放假安排未录入")  # read, not yet taken in
    shown = office.playground.world.message(preview.chat, preview.id)
    assert await chen.presses("导入", on=preview) == "已导入"
    chen.sees(preview, "✅ 已导入，客服一组现在就按它算", "只对之后记的承诺生效")
    await chen.presses("看日历", on=preview)
    assert "未录入" not in chen.sees(preview, "日历 · 客服一组", "1–3日 元旦放假").text
    assert "已经处理过了" in await pressed(chen, shown.buttons[0][0].value)
    await li.types("日历")
    assert "未录入" not in li.hears("日历 · 客服一组").text
    await office["小王"].types("日历")
    office["小王"].hears("日历 · 客服二组", "2027年放假安排未录入，按周末推算。公布后由主管录入。")


async def test_the_owners_file_is_for_all_teams_and_says_what_it_replaces(office: Team) -> None:
    owner = office["小赵"]
    await sends(owner, "2026.json", notice(2026, "春节 02-15 02-22"))
    preview = owner.hears("2026年：放假 32 天", "2026年已经录入过，导入后整年换成这份，变的是", "等", "给全部团队用")
    await owner.presses("导入", on=preview)
    owner.sees(preview, "已导入，全部团队现在就按它算")
    await owner.presses("看日历", on=preview)
    for name in ("小李", "小王"):
        await office[name].types("日历")
        office[name].hears("9–11日 端午节放假")


async def test_a_file_with_mistakes_is_told_by_line_and_nothing_is_taken(office: Team) -> None:
    chen = office["陈主管"]
    await sends(
        chen, "2027.csv", "日期,类型,名称\n2027-01-01,休,元旦\n2027-02-30,休,春节\n2027-03-03,班,春节\n".encode()
    )
    told = chen.hears(
        "2027.csv", "第 3 行：“2027-02-30”不是日期", "第 4 行：2027-03-03 是周三", "没有导入。改好后再发一次"
    )
    assert chen.buttons(told) == []


async def test_files_that_are_no_calendar(office: Team) -> None:
    chen, li = office["陈主管"], office["小李"]
    await sends(chen, "日历.ics", b"hello")
    chen.hears("这个 .ics 文件读不了")
    await sends(chen, "话术.csv", "情境,话术1\n停车缴费,停车费在出口扫码就能付。\n".encode())
    chen.hears("话术.csv：读到 1 条。")  # a file of phrases, as ever
    await sends(chen, "巨大.ics", b"x" * 600_000)
    chen.hears("文件太大")
    await sends(li, "2027.json", notice())
    li.hears("日历由主管来改。要调整请找主管。")
    await sends(li, "2027.txt", notice())
    li.hears("这里只能处理文字")


async def test_a_file_that_was_put_away_is_put_away(office: Team) -> None:
    chen = office["陈主管"]
    await office.until("10:00", days=183)
    await sends(chen, "2027.json", notice())
    preview = chen.hears("2027.json")
    await chen.presses("取消", on=preview)
    chen.sees(preview, "没有导入：2027.json")
    screen = await opens(chen)
    chen.sees(screen, "2027年放假安排未录入")


async def test_what_was_set_outlives_a_restart(office: Team) -> None:
    chen = office["陈主管"]
    await opens(chen, "日历", "13˙", "上班")
    await office.stops()
    await office.starts()
    await due(office["小李"], "6月13日（周六）18:00")
