"""The right time in one tap: likely times as buttons, the neighbours of a time, and the calendar keyboard."""

import pytest

from bot.playground.message import Message
from tests.team import Someone, Team

COMPLAINT = "/complaint 张先生 电梯坏了，答应明天下午3点前答复"
PROMISE = "/promise 明天下午三点前给张先生回电"
QUICK = ["30 分钟", "今天下班前", "明天上午", "明天下班前"]


def rows(someone: Someone, message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in someone.sees(message).buttons]


async def taps(someone: Someone, *labels: str) -> None:
    for label in labels:
        assert await someone.presses(label) == ""


async def extending(someone: Someone, time: str) -> Message:
    """延期 of a logged promise, up to the echo of a typed time."""
    await someone.types("/promise 今天下班前给张先生回电")
    someone.hears("今天 18:00")
    await someone.presses("记下")
    await taps(someone, "延期", "配件未到")
    await someone.types(time)
    return someone.hears("新时间")


async def echoed(team: Team, flow: str) -> Message:
    """明天 15:00, echoed and not confirmed, in each of the three flows."""
    li = team["小李"]
    if flow == "延期":
        return await extending(li, "明天下午三点")
    await li.types(COMPLAINT if flow == "投诉" else PROMISE)
    return li.hears("明天 15:00（周五")


three_flows = pytest.mark.parametrize("flow", ["投诉", "承诺", "延期"])
MAIN = {
    "投诉": ["登记", "改时间", "改内容", "取消"],
    "承诺": ["记下", "改时间", "取消"],
    "延期": ["确定", "改时间", "取消"],
}


# A question about a time comes with its likely answers


async def test_ten_oclock_is_two_buttons(team: Team) -> None:
    li = team["小李"]
    await team.until("10:30")
    await li.types("/complaint 张先生 电梯坏了，十点答复")
    card = li.hears("还缺答复时间，内容已存为草稿", "“十点”是上午还是晚上？")
    assert rows(li, card)[0][:2] == ["今天 22:00", "明天 10:00（周五）"]
    assert "自选" in rows(li, card)[-1]
    await taps(li, "明天 10:00（周五）")
    li.sees(card, "请核对后登记", "答复  明天 10:00（周五", "选定 6月12日（周五）10:00")
    await taps(li, "晚1小时")
    li.sees(card, "答复  明天 11:00（周五", "改为 6月12日（周五）11:00")


@pytest.mark.parametrize(
    ("answer", "due"), [("晚上", "今天 22:00"), ("明天", "明天 10:00"), ("后天", "6月13日（周六）10:00")]
)
async def test_the_hour_that_was_typed_is_not_lost_when_the_answer_names_a_day(
    team: Team, answer: str, due: str
) -> None:
    li = team["小李"]
    await team.until("10:30")
    await li.types("/promise 十点给张先生回电")
    li.hears("“十点”是上午还是晚上？")
    await li.types(answer)
    li.hears("记为承诺", due)


async def test_what_is_no_time_leaves_the_likely_answers(team: Team) -> None:
    li = team["小李"]
    await team.until("10:30")
    await li.types("/promise 十点给张先生回电")
    li.hears("“十点”是上午还是晚上？")
    await li.types("啥")
    again = li.hears("没看懂时间“啥”，再写一次或选一个：")
    assert "今天 22:00" in li.buttons(again)
    await li.types("下午五点")
    li.hears("今天 17:00")


async def test_a_vague_word_is_named_and_the_norms_default_is_one_tap(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 李女士 空调漏水，答应尽快答复")
    card = li.hears("还缺答复时间", "“尽快”没有确切时间。规范默认：半个工作日内。")
    assert rows(li, card) == [["按规范 今天 15:15"], QUICK[:2], QUICK[2:], ["自选", "取消"]]
    await taps(li, "按规范 今天 15:15")
    li.sees(card, "请核对后登记", "答复  今天 15:15", "选定 6月11日（周四）15:15")


async def test_a_vague_new_time_of_an_extension_gets_the_default_too(team: Team) -> None:
    li = team["小李"]
    await extending(li, "明天下午三点")
    await taps(li, "改时间")
    await li.types("尽快")
    question = li.hears("#0611-01", "“尽快”没有确切时间。规范默认：半个工作日内。")
    await taps(li, "按规范 今天 15:15")
    li.sees(question, "新时间 今天 15:15", "改为 6月11日（周四）15:15")


async def test_a_promise_without_a_time_gets_the_limit_its_matter_has(team: Team) -> None:
    li = team["小李"]
    await li.types("/promise 给李女士回拨未接来电")
    card = li.hears("记为承诺", "规范：未接来电回拨 1小时内。什么时候答复？")
    await taps(li, "按规范 今天 11:00")
    li.sees(card, "答复 今天 11:00")


# Every echo of a time offers its neighbours


@three_flows
async def test_the_neighbours_of_a_time_are_one_tap_away(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    li.sees(echo, "读自“明天下午")
    assert rows(li, echo) == [MAIN[flow], ["今天", "后一天", "早1小时", "晚1小时"], ["自选"]]
    await taps(li, "今天")
    now = li.sees(echo, "今天 15:00", "改为 6月11日（周四）15:00")
    assert "读自" not in now.text
    assert rows(li, echo) == [MAIN[flow], ["明天", "早1小时", "晚1小时", "自选"]]
    await taps(li, "晚1小时", "明天")
    li.sees(echo, "明天 16:00（周五", "改为 6月12日（周五）16:00")


@three_flows
async def test_a_day_of_rest_is_kept_flagged_and_moved_in_one_tap(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await taps(li, "后一天")
    li.sees(echo, "6月13日（周六）15:00", "6月13日（周六）是休息日")
    assert "改到 6月15日（周一）" in rows(li, echo)[-1]
    await taps(li, "改到 6月15日（周一）")
    now = li.sees(echo, "6月15日（周一）15:00")
    assert "休息日" not in now.text


@three_flows
async def test_a_double_tap_shifts_once(team: Team, flow: str) -> None:
    li, world = team["小李"], team.playground.world
    echo = await echoed(team, flow)
    shifted = next(b.value for row in li.sees(echo).buttons for b in row if b.text == "晚1小时")
    for _tap in range(2):
        await world.press(li.id, echo.id, label="晚1小时")
    await team.rest()
    li.sees(echo, "明天 16:00", "改为 6月12日（周五）16:00")
    assert shifted not in [b.value for row in li.sees(echo).buttons for b in row]


@three_flows
async def test_a_neighbour_that_has_passed_says_so_and_changes_nothing(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await taps(li, "今天")
    await team.until("14:00")
    if flow == "延期":  # the question is forgotten after ten minutes
        assert await li.presses("早1小时") == "这一步已过期，时间没有改。请再点一次“延期”。"
        return
    assert await li.presses("早1小时") == "这个时间已经过了，请另选一个。"
    li.sees(echo, "今天 15:00")


@three_flows
async def test_what_was_chosen_is_what_counts(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await taps(li, "后一天", "改到 6月15日（周一）", "早1小时")
    await li.presses(MAIN[flow][0])
    li.sees(echo, "🟢 #0611-01", "6月15日（周一）14:00")
    if flow == "延期":
        li.hears("请现在就告诉客户", "6月15日 14:00前")
    if flow == "投诉":
        team["陈主管"].hears("新投诉", "6月15日（周一）14:00")


@three_flows
async def test_a_stale_echo_changes_nothing_any_more(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await li.types("后天上午十点")
    li.hears("6月13日（周六）10:00")
    if flow == "延期":
        li.sees(echo, "明天 15:00")  # each echo stands for its own time until one is confirmed
        await li.presses("确定")
        li.hears("请现在就告诉客户")
        assert "时间已经改过" in await li.presses("晚1小时", on=echo)
        li.sees(echo, "🟢 #0611-01")
        return
    li.sees(echo, "已更新，请看下面最新的一条")
    assert not li.buttons(echo)


# 自选: the calendar keyboard


@three_flows
async def test_any_time_can_be_picked_on_the_calendar(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await taps(li, "自选")
    li.sees(echo, "选哪一天？", "˙ 休息日", "休 放假")
    shown = rows(li, echo)
    assert shown[:3] == [["–", "2026年6月", "›"], list("一二三四五六日"), ["–", "–", "–", "11", "12", "13˙", "14˙"]]
    assert shown[3] == ["15", "16", "17", "18", "19休", "20休", "21休"]
    await taps(li, "17")
    li.sees(echo, "6月17日（周三）几点？")
    assert rows(li, echo)[0] == ["09:00", "09:30", "10:00", "10:30"]
    assert rows(li, echo)[-1] == ["下班 18:00", "其他钟点", "上一步"]
    await taps(li, "16:30")
    li.sees(echo, "6月17日（周三）16:30", "改为 6月17日（周三）16:30")
    assert rows(li, echo)[0] == MAIN[flow]  # still to be confirmed


@three_flows
async def test_every_page_has_its_way_back_and_nothing_is_lost(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await taps(li, "自选", "›", "31", "其他钟点", "20点")
    li.sees(echo, "7月31日（周五）几点？")
    assert rows(li, echo) == [["20:00", "20:15", "20:30", "20:45"], ["上一步"]]
    await taps(li, "上一步")
    assert rows(li, echo)[0] == ["0点", "1点", "2点", "3点", "4点", "5点"]
    await taps(li, "上一步")
    assert rows(li, echo)[0] == ["09:00", "09:30", "10:00", "10:30"]
    await taps(li, "上一步")
    assert rows(li, echo)[0] == ["‹", "2026年7月", "›"]
    await taps(li, "上一步")
    li.sees(echo, "明天 15:00（周五", "读自“明天下午")
    assert rows(li, echo)[0] == MAIN[flow]


@three_flows
async def test_a_year_without_a_table_says_so(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await taps(li, "自选", *["›"] * 7)
    li.sees(echo, "2027年放假安排未录入，按周末推算")
    assert rows(li, echo)[0][1] == "2027年1月"
    await taps(li, "5", "下班 18:00")
    li.sees(echo, "2027年1月5日（周二）18:00", "2027年放假安排未录入，按周末推算")


@three_flows
async def test_typing_works_while_the_calendar_is_open(team: Team, flow: str) -> None:
    li = team["小李"]
    await echoed(team, flow)
    await taps(li, "自选", "17")
    await li.types("尽快")
    li.hears("“尽快”没有确切时间")
    await li.types("后天上午十点")
    li.hears("6月13日（周六）10:00")


@three_flows
async def test_changing_the_time_keeps_the_old_one_until_there_is_a_new(team: Team, flow: str) -> None:
    li = team["小李"]
    echo = await echoed(team, flow)
    await taps(li, "改时间")
    assert rows(li, echo) == [QUICK[:2], QUICK[2:], ["自选", "上一步", "取消"]]
    await taps(li, "上一步")
    li.sees(echo, "明天 15:00（周五", "读自“明天下午")
    await taps(li, "改时间", "今天下班前")
    li.sees(echo, "今天 18:00", "读自“今天下班前”")


async def test_back_from_the_calendar_the_question_is_the_same(team: Team) -> None:
    li = team["小李"]
    await team.until("10:30")
    await li.types("/complaint 张先生 电梯坏了，十点答复")
    card = li.hears("“十点”是上午还是晚上？")
    before = rows(li, card)
    await taps(li, "自选", "上一步")
    li.sees(card, "还缺答复时间", "“十点”是上午还是晚上？")
    assert rows(li, card) == before


async def test_names_and_blanks_of_the_calendar_do_nothing(team: Team) -> None:
    li = team["小李"]
    echo = await echoed(team, "承诺")
    await taps(li, "自选", "2026年6月", "三", "–")
    li.sees(echo, "选哪一天？")


async def test_a_calendar_from_yesterday_says_so(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 张先生 电梯坏了")
    card = li.hears("还缺答复时间")
    await taps(li, "自选")
    await team.until("10:00", days=1)
    assert await li.presses("11") == "6月11日（周四）不能选，请另选一天。"
    await taps(li, "12", "下班 18:00")
    li.sees(card, "请核对后登记", "今天 18:00")


async def test_a_calendar_of_a_settled_draft_says_so(team: Team) -> None:
    li = team["小李"]
    card = await echoed(team, "投诉")
    await taps(li, "自选")
    calendar = li.sees(card)
    twelve = next(b for row in calendar.buttons for b in row if b.text == "12")
    await taps(li, "上一步")
    await li.presses("取消")
    assert team.bot
    from bot.shared.message import Message as Said
    from bot.shared.message import press

    verb, *args = (twelve.value).split(":")
    number = await team.bot.telegram.send(li.id, Said(text="旧", buttons=((press("12", verb, *args),),)))
    li.hears("旧")
    assert await li.presses("12", on=team.playground.world.message(li.id, number)) == (
        "这条草稿已经取消。要登记投诉，请发 /complaint。"
    )
