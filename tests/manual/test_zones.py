"""Readers in other zones: times are typed by the team's clock and read by both, the reader's own first."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.app import Norms
from tests.team import GROUP, SHANGHAI, Someone, Team, team_at_work

LINE = "张先生 13800138000 电梯坏了，答应今天下午3点前答复"
PROMISE = "/promise 今天下午3点前给张先生回电"


async def lives_in(someone: Someone, city: str) -> None:
    await someone.types(f"/时区 {city}")
    someone.hears("之后的时间按", "打字写的时间仍按团队时间读")


async def test_an_agent_in_london_sets_the_zone_under_help(team: Team) -> None:
    li = team["小李"]
    await li.types("帮助")
    screen = li.hears("直接打字就能找话术")
    await li.presses("时区", on=screen)
    li.sees(screen, "现在只按团队时间显示", "人在别处")
    assert li.buttons(screen)[:4] == ["北京", "东京", "新加坡", "曼谷"]
    await li.presses("伦敦", on=screen)
    li.sees(screen, "之后的时间按伦敦时间显示（现在 03:00，UTC+1）", "旁边注明团队时间", "打字写的时间仍按团队时间读")
    await li.presses("换时区", on=screen)
    li.sees(screen, "现在按伦敦时间显示（03:00，UTC+1）")
    await li.presses("与团队一致", on=screen)
    li.sees(screen, "之后只按团队时间显示")


async def test_an_agent_in_london_sees_both_times_and_is_told_at_the_right_one(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await lives_in(li, "伦敦")
    await li.types(PROMISE)
    card = li.hears("答复 今天 08:00（还剩 5 小时；团队时间 15:00）")
    await li.presses("记下")
    li.sees(card, "#0611-01", "答复时限 今天 08:00（还剩 5 小时；团队时间 15:00）")
    await team.until("14:29")
    li.hears_nothing()
    await team.until("14:30")
    li.hears("🟡 还剩 30 分钟", "承诺的答复时限：今天 08:00（团队时间 15:00）。")
    await team.until("15:00")
    li.hears("🔴 到时间了")
    await team.until("15:10")
    li.hears("🔴 已超时 10 分钟")
    await team.until("15:20")
    told = chen.hears("承诺的答复时限：今天 15:00", "责任人 小李（14:30、15:00、15:10 已提醒，未回应）")
    assert "团队时间" not in told.text  # a supervisor where the team is sees one time
    li.hears("🔴 已超时 20 分钟", "已通知 陈主管")
    await chen.presses("我来处理")
    chen.sees(told, "⚪ 陈主管 今天 15:20 接手")
    li.hears("⚪ 陈主管 今天 08:20（团队时间 15:20） 接手")
    await chen.types("/my")
    chen.hears("手头没有待答复的承诺")
    await chen.presses("已答复", on=told)
    await chen.presses("已解决并告知", on=told)
    li.hears("✅ 陈主管 已答复客户")
    li.sees(card, "今天 08:20（团队时间 15:20） 已答复")
    chen.sees(told, "今天 15:20 已答复")


async def test_a_supervisor_in_london_reads_when_the_owner_was_reminded(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await lives_in(chen, "伦敦")
    await li.types(PROMISE)
    li.hears("答复 今天 15:00（还剩 5 小时）")
    await li.presses("记下")
    await team.until("15:20")
    for words in ("还剩 30 分钟", "到时间了", "已超时 10 分钟", "已通知 陈主管"):
        assert "团队时间" not in li.hears(words).text
    chen.hears(
        "承诺的答复时限：今天 08:00（团队时间 15:00）。",
        "责任人 小李（07:30、08:00、08:10；团队时间 14:30、15:00、15:10 已提醒，未回应）",
    )


async def test_what_is_typed_is_read_by_the_teams_clock_and_echoed_with_both(team: Team) -> None:
    li = team["小李"]
    await lives_in(li, "纽约")  # where it is still Wednesday evening
    await li.types("/promise 明天上午9点前给张先生回电")
    li.hears("答复 明天 21:00（周四，还剩 23 小时；团队时间 6月12日 09:00）", "读自“明天上午9点前”")


async def test_what_the_customer_is_told_stays_in_the_teams_time(team: Team) -> None:
    li = team["小李"]
    await lives_in(li, "伦敦")
    await li.types(PROMISE)
    card = li.hears("答复 今天 08:00")
    await li.presses("记下")
    await li.presses("延期", on=card)
    await li.presses("配件未到", on=card)
    await li.types("明天下午三点前")
    li.hears("新时间 明天 08:00（周五，还剩 1 天 5 小时；团队时间 15:00）")
    await li.presses("确定")
    wording = li.hears("请现在就告诉客户", "明天 15:00").text
    assert "08:00" not in wording and "团队时间" not in wording
    await li.types("客户等了很久")
    found = li.hears("10:30前一定给您回电")
    assert "团队时间" not in found.text


@pytest.mark.parametrize(
    ("start", "place", "due", "echoed", "reminded"),
    [
        ("2026-03-28", "伦敦", "3月30日下午三点", "3月30日（周一）08:00", "今天 08:00"),  # +1 h on 29 March
        ("2026-10-24", "伦敦", "10月26日下午三点", "10月26日（周一）07:00", "今天 07:00"),  # -1 h on 25 October
        ("2026-03-07", "纽约", "3月9日下午三点", "3月9日（周一）03:00", "今天 03:00"),  # +1 h on 8 March
        ("2026-10-31", "纽约", "11月2日下午三点", "11月2日（周一）02:00", "今天 02:00"),  # -1 h on 1 November
    ],
)
async def test_across_the_change_of_the_readers_clock(
    tmp_path: Path, norms: Norms, start: str, place: str, due: str, echoed: str, reminded: str
) -> None:
    saturday = datetime.fromisoformat(f"{start}T10:00").replace(tzinfo=SHANGHAI)
    async with team_at_work(tmp_path, norms, start=saturday) as team:
        li = team["小李"]
        await lives_in(li, place)
        await li.types(f"/promise {due}前给张先生回电")
        li.hears(f"答复 {echoed}（还剩 2 天 5 小时；团队时间 15:00）")
        await li.presses("记下")
        await team.until("14:29", days=2)
        li.hears_nothing()
        await team.until("14:30")
        li.hears("🟡 还剩 30 分钟", f"承诺的答复时限：{reminded}（团队时间 15:00）")
        await team.until("15:00")
        li.hears("🔴 到时间了", f"承诺的答复时限：{reminded}（团队时间 15:00）")


@pytest.mark.parametrize("same", ["Asia/Chongqing", "上海", "东八区", "新加坡"])
async def test_where_the_clock_shows_the_same_there_is_one_time(team: Team, same: str) -> None:
    li = team["小李"]
    await lives_in(li, same)
    await li.types(f"/complaint {LINE}")
    assert "团队时间" not in li.hears("请核对后登记", "今天 15:00（还剩 5 小时）").text


@pytest.mark.parametrize(
    ("words", "called"),
    [("东京", "按东京时间显示（现在 11:00，UTC+9）"), ("Seattle", "按洛杉矶时间显示（现在 19:00，UTC-7）"),
     ("UTC+9", "按 UTC+9 时间显示（现在 11:00，UTC+9）"), ("Europe/Paris", "按巴黎时间显示（现在 04:00，UTC+2）")],
)  # fmt: skip
async def test_a_place_may_be_typed(team: Team, words: str, called: str) -> None:
    li = team["小李"]
    await li.types("时区")
    li.hears("人在别处，就选所在的城市，或直接打字")
    await li.types(words)
    li.hears(called)


async def test_a_place_that_is_not_known_is_asked_for_again(team: Team) -> None:
    li = team["小李"]
    await li.types("/zone")
    li.hears("人在别处")
    await li.types("火星")
    li.hears("没认出“火星”是哪里", "如：巴黎、Seattle、UTC+9、东八区")
    await li.types("美国")
    li.hears("美国有几个时区，请写城市")
    await li.types("纽约")
    li.hears("之后的时间按纽约时间显示（现在 22:00，UTC-4）")
    await li.types("客户等了很久")  # is looked for again, not read as a place
    li.hears("抱歉让您久等了")


async def test_nothing_changes_on_the_way_back(team: Team) -> None:
    li = team["小李"]
    await lives_in(li, "伦敦")
    await li.types("帮助")
    screen = li.hears("直接打字就能找话术")
    await li.presses("时区", on=screen)
    await li.presses("上一步", on=screen)
    li.sees(screen, "直接打字就能找话术")
    await li.types("客户等了很久")
    li.hears("抱歉让您久等了")
    await li.types("时区")
    li.hears("现在按伦敦时间显示（03:00，UTC+1）")
    await li.types("取消")
    li.hears("已取消，什么都没有改")
    await li.types("时区")
    li.hears("现在按伦敦时间显示")
    await li.types("与团队一致")
    li.hears("之后只按团队时间显示")


async def test_a_question_asked_since_still_stands(team: Team) -> None:
    li = team["小李"]
    await li.types("时区")
    screen = li.hears("人在别处")
    await li.types("/promise 给张先生回电")
    li.hears("什么时候答复？")
    await li.presses("伦敦", on=screen)
    li.sees(screen, "之后的时间按伦敦时间显示")
    await li.types("今天下午三点")
    li.hears("今天 08:00（还剩 5 小时；团队时间 15:00）")


async def test_a_zone_that_is_none_breaks_no_message(team: Team) -> None:
    li = team["小李"]
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await tx.connection.execute("UPDATE people SET zone = 'Mars/Base' WHERE telegram_id = ?", (li.id,))
    await li.types(f"/complaint {LINE}")
    assert "团队时间" not in li.hears("请核对后登记", "今天 15:00（还剩 5 小时）").text
    await li.types("时区")
    li.hears("现在只按团队时间显示")


async def test_the_zone_stays_through_a_restart_and_a_new_post(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await lives_in(li, "伦敦")
    await team.stops()
    await team.starts()
    await chen.types("/invite 客服主管")
    chen.hears("要由上一级来邀请")
    await team["周副总"].types("/invite 客服主管")
    link = team["周副总"].hears("邀请链接").text.split("start=")[1]
    await li.types(f"/start {link}")
    li.hears("岗位：客服主管")
    await li.types(f"/complaint {LINE}")
    li.hears("今天 08:00（还剩 5 小时；团队时间 15:00）")


async def test_a_group_is_no_place_for_ones_own_zone(team: Team) -> None:
    li = team["小李"]
    await team["陈主管"].types("/start", in_group=True)
    await li.types("/help", in_group=True)
    await li.types("/时区 伦敦", in_group=True)
    taken, helped, private = [m for m in team.playground.world.messages(GROUP) if m.sender not in (li.id, 1003)]
    assert "这个群已接入" in taken.text
    assert [button.text for row in helped.buttons for button in row] == ["繁體中文"]
    assert "这个命令请到私聊里用：/zone" in private.text
