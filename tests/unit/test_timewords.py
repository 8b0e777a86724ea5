"""What agents type and when the bot understands it to be due. Unless said otherwise it is Monday 8 June 2026, 10:00."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as some
from opencc import OpenCC

from bot.promises.calendar_file import read_calendar
from bot.promises.timewords import Reading, as_json, read_time

CALENDAR = read_calendar(
    yaml.safe_load((Path(__file__).parent.parent.parent / "phrasebook" / "calendar.yaml").read_text(encoding="utf-8"))
)
MONDAY = "06-08 10:00"


def read(text: str, now: str = MONDAY) -> Reading:
    return read_time(text, now=datetime.fromisoformat(f"2026-{now}").replace(tzinfo=CALENDAR.zone), calendar=CALENDAR)


def due(text: str, now: str = MONDAY) -> str:
    reading = read(text, now)
    return f"{reading.due:%m-%d %H:%M}" if reading.due else f"{reading.ask or reading.error}"


UNDERSTOOD = [
    # 1. by the clock
    ("一刻钟内", "06-08 10:15"), ("90分钟后", "06-08 11:30"), ("一个半小时内", "06-08 11:30"), ("一点五小时内", "06-08 11:30"),
    ("3小时20分钟", "06-08 13:20"), ("最迟仨钟头", "06-08 13:00"), ("2~3小时内", "06-08 13:00"), ("30min内", "06-08 10:30"),
    # 2. days, weeks, months
    ("三天内", "06-11 18:00"), ("5天内", "06-15 18:00"), ("两周之内", "06-22 18:00"), ("半个月内", "06-23 18:00"), ("一个月内", "07-08 18:00"),
    ("三天后上午10点", "06-11 10:00"),
    # 3, 4. working days and hours
    ("3个工作日内", "06-11 18:00"), ("1-3个工作日", "06-11 18:00"), ("半个工作日内", "06-08 15:15"), ("5个工作小时", "06-08 16:30"),
    ("下个工作日上午10点", "06-09 10:00"),
    # 5, 6. days
    ("今天内", "06-08 18:00"), ("明天之前", "06-09 18:00"), ("大后天", "06-11 18:00"), ("15号前", "06-15 18:00"), ("5号前", "07-05 18:00"),
    ("6月12日", "06-12 18:00"), ("二〇二六年六月十二日", "06-12 18:00"), ("2026-06-12 15:00", "06-12 15:00"), ("6/12前", "06-12 18:00"),
    ("月底前", "06-30 18:00"), ("下个月5号", "07-05 18:00"), ("6月12日（周五）18:00", "06-12 18:00"), ("6月15日24时", "06-16 00:00"),
    # 7, 8. parts of the day and hours
    ("明天上午", "06-09 12:00"), ("明天下午", "06-09 18:00"), ("今晚", "06-09 00:00"), ("今晚12点前", "06-09 00:00"), ("明晚八点", "06-09 20:00"),
    ("下班前半小时", "06-08 17:30"), ("中午下班前", "06-08 12:00"), ("明早上班前", "06-09 09:00"), ("明天下午上班前", "06-09 13:30"),
    ("3点前", "06-08 15:00"), ("明天9点", "06-09 09:00"), ("三点零五分前", "06-08 15:05"), ("六点一刻", "06-08 18:15"), ("3pm前", "06-08 15:00"),
    ("明天8点到9点", "06-09 09:00"), ("下午2点-4点", "06-08 16:00"), ("中午12点半", "06-08 12:30"), ("凌晨2点前", "06-09 02:00"),
    # 9. weeks
    ("周五下午三点", "06-12 15:00"), ("星期三十点", "06-10 10:00"), ("下周一", "06-15 18:00"), ("本周内", "06-12 18:00"), ("下周内", "06-18 18:00"),
    ("本周一定答复", "06-12 18:00"),
    # 10. holidays
    ("端午前", "06-18 18:00"), ("端午节后第二个工作日", "06-23 18:00"), ("国庆节后上班第一天", "10-08 18:00"),
    # writing
    ("明天下午3点钱回复", "06-09 15:00"), ("1O:3O前", "06-08 10:30"), ("1 个 工作日 内", "06-09 18:00"), ("明天 下午 3 点 前", "06-09 15:00"),
    ("陆月拾贰日下午叁点", "06-12 15:00"), ("廿五号下午", "06-25 18:00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), UNDERSTOOD)
def test_understood(text: str, expected: str) -> None:
    assert due(text) == expected


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("06-05 19:40", "今天内答复", "06-06 00:00"),
        ("06-11 16:45", "半个工作日内", "06-12 11:30"),
        ("06-11 16:45", "15点前答复", "06-12 15:00"),
        ("06-10 22:30", "凌晨1点前", "06-11 01:00"),
        ("06-10 23:50", "20分钟内", "06-11 00:10"),
        ("09-30 16:00", "五天内", "10-08 18:00"),
        ("09-30 16:00", "48小时内", "10-02 16:00"),
        ("09-30 16:00", "节后三个工作日内", "10-10 18:00"),
        ("10-10 09:30", "本周内答复", "10-10 18:00"),
        ("12-30 10:00", "1月5号", "01-05 18:00"),
    ],
)
def test_understood_at_another_time(now: str, text: str, expected: str) -> None:
    assert due(text, now) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复", "06-09 15:00"),
        ("昨天报修没人来，今天上午又打电话，答应下午4点前回复", "06-08 16:00"),
        ("客户周三报修，周五下午答复", "06-12 18:00"),
        ("上次答应3天内答复没答复，这次明天中午前一定回", "06-09 12:00"),
        ("等了2小时没人管，半小时内到场", "06-08 10:30"),
        ("每天晚上10点楼上吵，明天下午3点前答复", "06-09 15:00"),
        ("投诉3点：噪音、卫生、停车，明天下班前答复", "06-09 18:00"),
        ("1801 10分钟内到", "06-08 10:10"),
        ("12栋8号漏水 15号前答复", "06-15 18:00"),
        ("五一路15号停电，8号电梯也坏了，明天下午5点前答复", "06-09 17:00"),
        ("赔1280.5元，三日内到账", "06-11 18:00"),
        ("订单20260612001，尾号8003，后天中午前答复", "06-10 12:00"),
        ("车牌粤B12345堵门，20分钟内处理", "06-08 10:20"),
        ("24小时热线打不通，1小时内答复", "06-08 11:00"),
        ("尽快处理，明天下午2点前答复", "06-09 14:00"),
        ("原定今天下午3点，改到明天上午10点", "06-09 10:00"),
        ("先1小时内到场，明天下班前给结果", "06-09 18:00"),
        ("5月份物业费多收了，明天上午答复", "06-09 12:00"),
        ("三天两头坏，三天内修好", "06-11 18:00"),
    ],
)
def test_a_whole_message(text: str, expected: str) -> None:
    assert due(text) == expected


ASKED = [
    # 11. vague
    "尽快答复", "一会儿回电", "个把小时", "这两天答复", "过两天", "两三天内", "十来分钟", "ASAP", "半天内", "到时候再说", "第一时间答复",
    # 10. no agreed day
    "国庆后", "春节期间", "月初", "12月中旬", "周末答复", "下周答复", "年后",
    # 12. two times
    "明天下午3点或4点", "1小时内联系客户，明天下班前给方案", "明天上午答复客户，后天师傅上门",
    # which hour, which day
    "9点前答复", "12月3日（周五）", "周一答复", "三四点", "3点多", "明天一早", "下午9点", "05:30前", "9.30前", "下午3点后", "31号前",
    # counted from when
    "师傅上门后2小时内答复", "收到配件后，3个工作日内处理", "明天起3天内", "第3天", "报修24小时内",
    "周五上门，次日答复", "到货后第二天答复", "明天上午师傅上门，下午5点前答复", "昨天说三天内答复",
    # not a promise
    "已经等了2小时", "24小时未答复", "明天答复不了", "如果明天下午3点前没答复就升级", "1 5分钟内", "3天前答复", "一周三次", "6月10号到6月12号停水",
    "客户生日6月20日", "周一到周五",
    # nothing
    "", "电梯坏了", "工单#20260612 已完成", "12栋8号 漏水", "我的电话是888-000-9999", "一时疏忽", "快一点",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_asked(text: str) -> None:
    reading = read(text)
    assert reading.ask and not reading.due and not reading.error


@pytest.mark.parametrize(
    "text",
    [
        "昨天下午3点", "上周五", "今天上午8点半", "25点前", "8点75分", "2月30日前", "11月31号", "13月5号", "24:30前", "2026-05-01",
        "每天下午5点前答复", "每周五答复",
    ],
)  # fmt: skip
def test_impossible_past_or_a_habit(text: str) -> None:
    reading = read(text)
    assert reading.error and not reading.due and not reading.ask


def test_no_time_at_all() -> None:
    assert read("电梯坏了") == Reading(ask="什么时候答复？")


def test_more_than_a_year_ahead_is_asked() -> None:
    assert read("2028年6月12日").ask == "“2028年6月12日”在一年以后，确定吗？具体哪一天？"


def test_how_it_was_read_and_where() -> None:
    text = "张先生 电梯坏了，答应 明天下午３點前 答复"
    reading = read(text)
    assert reading.says == "读自“明天下午３點前”"
    assert reading.span is not None and text[slice(*reading.span)] == "明天下午３點前"
    assert as_json(reading) == {
        "due": "2026-06-09T15:00:00+08:00", "ask": None, "error": None, "says": "读自“明天下午３點前”", "span": [12, 19],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("now", "text", "note"),
    [
        ("09-28 10:00", "10月1日答复", "10月1日（周四）是国庆节假期"),
        (MONDAY, "周六上午10点", "6月13日（周六）是休息日"),
        ("09-15 10:00", "20号回复", "9月20日（周日）是国庆节调休，上班"),
        ("06-10 10:00", "三天内", "6月13日（周六）是休息日，顺延到6月15日（周一）"),
        ("12-30 10:00", "三个工作日内", "2027年放假安排未录入，按周末推算"),
    ],
)
def test_what_to_look_at_twice(now: str, text: str, note: str) -> None:
    assert note in read(text, now).notes


def test_two_times_are_named_in_the_question() -> None:
    asked = read("明天上午答复，后天下午答复").ask
    assert asked == "有两个时间：明天 12:00（周二） 和 6月10日（周三）18:00，以哪个为准？"


WORDS = [
    "明天", "今天", "下午", "上午", "3点", "三点", "半", "前", "内", "后", "到", "-", "周五", "下周", "15号", "6月", "12日", "两", "小时", "天", "个工作日",
    "昨天", "每天", "答复", "报修", "了", "等了", "下班", "上班", "节后", "国庆", "，", " ", "3栋", "13800138000", "1", "2", "：", "第", "凌晨", "月底", "尽快",
]  # fmt: skip
anything = some.one_of(some.text(max_size=60), some.lists(some.sampled_from(WORDS), max_size=9).map("".join))
moments = some.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001 - the zone is put on later


@settings(max_examples=400, deadline=None)
@given(anything, moments)
@example("{x}明天{", datetime(2026, 6, 8, 10))  # noqa: DTZ001
def test_whatever_is_typed_there_is_one_honest_answer(text: str, at: datetime) -> None:
    now = at.replace(tzinfo=CALENDAR.zone)
    reading = read_time(text, now=now, calendar=CALENDAR)
    assert sum(answer is not None for answer in (reading.due, reading.ask, reading.error)) == 1
    assert reading.due is None or reading.due > now
    if reading.span:
        assert 0 <= reading.span[0] < reading.span[1] <= len(text)


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
TRADITIONAL = OpenCC("s2t")


@pytest.mark.parametrize("text", [text for text, _expected in UNDERSTOOD] + ASKED)
def test_traditional_and_full_width_read_the_same(text: str) -> None:
    plain = read(text)
    for other in (text.translate(WIDE), TRADITIONAL.convert(text)):
        again = read(other)
        assert (again.due, again.notes) == (plain.due, plain.notes)
        assert bool(again.error) == bool(plain.error)


@pytest.mark.parametrize("letter", ["1", "三", "3栋", "每3", "十点", "明天，", "a1-"])
def test_a_very_long_text_is_read_in_time(letter: str) -> None:
    assert not read((letter * 4096)[:4096]).due
