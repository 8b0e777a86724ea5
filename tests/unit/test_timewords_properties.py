"""What holds for every text at every moment: one honest answer, never in the past, whatever script it is typed in."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as some
from opencc import OpenCC

from bot.language.fold import fold
from bot.promises.calendar_file import read_calendar
from bot.promises.reading import clock
from bot.promises.reading.feasts import BY_THE_MOON, feast_day
from bot.promises.reading.noise import squeeze
from bot.promises.reading.words import WORDS, Word
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar

ROOT = Path(__file__).parent.parent.parent
SHANGHAI = read_calendar(yaml.safe_load((ROOT / "phrasebook" / "calendar.yaml").read_text(encoding="utf-8")))
CALENDARS = [SHANGHAI, *(Calendar(zone=ZoneInfo(zone)) for zone in ("Europe/London", "America/New_York"))]

PIECES = [
    "明天", "今天", "下午", "上午", "3点", "三点", "半", "前", "内", "后", "到", "-", "周五", "下周", "15号", "6月", "12日", "两", "小时", "天", "个工作日",
    "昨天", "每天", "答复", "报修", "了", "等了", "下班", "上班", "节后", "国庆", "，", " ", "3栋", "13800138000", "1", "2", "：", "第", "凌晨", "月底", "尽快",
    "周末", "或", "中秋节", "当天", "半天", "这个时候", "最晚", "9.30", "2026-06-12", "T15:00", "又", "31号", "除夕", "晚上", "12点", "后天", "起", "3pm",
]  # fmt: skip
texts = some.one_of(some.text(max_size=60), some.lists(some.sampled_from(PIECES), max_size=9).map("".join))
instants = some.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001
PROMISES = [
    "明天下午三点前答复", "两小时内回电", "三个工作日内给结果", "半个工作日内答复", "周五下班前回复", "6月12日上午10点前答复", "月底前给方案", "下周三上午十点半",
    "今晚八点前", "三天内", "节后第一个工作日", "国庆节当天答复", "周末下午三点", "9点前答复", "尽快处理", "昨天下午三点", "25点前", "每天下午5点前答复",
]  # fmt: skip


def read(text: str, now: datetime, calendar: Calendar = SHANGHAI) -> Reading:
    return read_time(text, now=now, calendar=calendar)


@settings(max_examples=400, deadline=None)
@given(texts, instants, some.sampled_from(CALENDARS))
@example("{x}明天{", datetime(2026, 6, 8, 2, tzinfo=UTC), SHANGHAI)
def test_whatever_is_typed_there_is_one_honest_answer(text: str, now: datetime, calendar: Calendar) -> None:
    reading = read(text, now, calendar)
    assert sum(answer is not None for answer in (reading.due, reading.ask, reading.error)) == 1
    assert reading.due is None or reading.due.astimezone(UTC) > now
    if reading.span:
        assert 0 <= reading.span[0] < reading.span[1] <= len(text)
    assert bool(reading.steps) == (reading.due is not None)
    assert len(reading.steps) <= 8
    assert reading.soft is None or reading.ask


@settings(max_examples=400, deadline=None)
@given(texts, instants, some.sampled_from(CALENDARS))
@example("明天下午3点或4点", datetime(2026, 6, 8, 2, tzinfo=UTC), SHANGHAI)
@example("9点前", datetime(2026, 10, 24, 21, 30, tzinfo=UTC), CALENDARS[1])
def test_choices_are_ready_times_of_a_question(text: str, now: datetime, calendar: Calendar) -> None:
    reading = read(text, now, calendar)
    assert reading.ask or not reading.choices
    choices = [choice.astimezone(UTC) for choice in reading.choices]
    assert len(choices) <= 4
    assert choices == sorted(set(choices))
    assert all(choice > now for choice in choices)
    assert all(choice.tzinfo == calendar.zone for choice in reading.choices)


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
TRADITIONAL = OpenCC("s2t")


@settings(max_examples=200, deadline=None)
@given(some.lists(some.sampled_from([*PIECES, *PROMISES]), max_size=6).map("".join), instants)
def test_traditional_and_full_width_read_the_same(text: str, now: datetime) -> None:
    plain = read(text, now)
    for other in (text.translate(WIDE), TRADITIONAL.convert(text)):
        again = read(other, now)
        assert (again.due, again.choices, again.soft, again.notes) == (
            plain.due, plain.choices, plain.soft, plain.notes,
        )  # fmt: skip
        assert bool(again.error) == bool(plain.error)


NO_TIMES = [
    "13800138000", "138 0013 8000", "0755-88886666转8003", "400-830-8003", "3栋1单元502", "1801室", "7号楼", "3号电梯", "5-1201", "3-2-1203",
    "#20260612", "工单#2026061203", "订单20260612001", "尾号8003", "1280.5元", "￥2350", "粤B12345", "192.168.1.10", "第3次", "24小时热线",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(some.sampled_from(PROMISES), some.lists(some.sampled_from(NO_TIMES), min_size=1, max_size=3), instants)
def test_a_phone_a_room_or_a_ticket_changes_nothing(promise: str, others: list[str], now: datetime) -> None:
    plain = read(promise, now)
    for text in ("，".join([*others, promise]), "，".join([promise, *others])):
        again = read(text, now)
        assert (again.due, again.choices, again.soft, bool(again.error)) == (
            plain.due, plain.choices, plain.soft, bool(plain.error),
        )  # fmt: skip


@settings(deadline=None)
@given(some.integers(1, 60), instants)
def test_one_more_is_always_later(n: int, now: datetime) -> None:
    assume(now.year < 2027)
    for unit in ("个工作日内", "小时内", "分钟内", "个工作小时内"):
        sooner, later = read(f"{n}{unit}", now).due, read(f"{n + 1}{unit}", now).due
        assert sooner is not None
        assert later is not None
        assert sooner < later


@settings(max_examples=300, deadline=None)
@given(some.data())
def test_every_word_is_looked_for_under_the_characters_it_begins_with(data: some.DataObject) -> None:
    word: Word = data.draw(some.sampled_from([word for word in WORDS if "(?<" not in word.pattern]))
    text = data.draw(some.from_regex(re.compile(word.pattern, re.ASCII), fullmatch=True))
    assert text[0] in word.starts


EXPRESSIONS = Path(__file__).with_name("test_timewords.py").read_text(encoding="utf-8").splitlines()


def test_no_word_of_the_manual_begins_with_a_character_that_is_not_listed() -> None:
    for text in (squeeze(fold(line)).text for line in EXPRESSIONS):
        for word in WORDS:
            for place in range(len(text)):
                assert text[place] in word.starts or word.match(text, place) is None, (text, word.pattern)


@pytest.mark.parametrize(
    "letter", ["1", "三", "3栋", "每3", "十点", "明天，", "a1-", "又", "或", "最后一天", "3-", "9."]
)
def test_a_very_long_text_is_read(letter: str) -> None:
    assert not read((letter * 4096)[:4096], datetime(2026, 6, 8, 2, tzinfo=UTC)).due


def test_hours_said_with_a_part_of_day_stay_within_the_day() -> None:
    for meanings in clock.PARTS.values():
        assert all(0 <= said <= 24 and 0 <= meant <= 24 for said, meant in meanings.items())


@pytest.mark.parametrize("year", range(2024, 2036))
def test_feast_days_are_where_they_must_be(year: int) -> None:
    days = {name: feast_day(name, year) for name in (*BY_THE_MOON, "除夕", "母亲节", "父亲节", "感恩节")}
    new_year, mid_autumn = days["春节"], days["中秋节"]
    assert new_year is not None
    assert mid_autumn is not None
    assert date(year, 1, 21) <= new_year <= date(year, 2, 21)
    assert days["除夕"] == new_year - timedelta(days=1)
    assert days["元宵节"] == new_year + timedelta(days=14)
    assert date(year, 9, 7) <= mid_autumn <= date(year, 10, 8)
    assert days["清明节"] in (date(year, 4, 4), date(year, 4, 5))
    assert [day.weekday() for name in ("母亲节", "父亲节", "感恩节") if (day := days[name])] == [6, 6, 3]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_feast_days_are_holidays_in_the_official_table(year: int) -> None:
    for name in ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"):
        day = feast_day(name, year)
        assert day is not None
        special = SHANGHAI.special(day)
        assert special is not None
        assert special.name == name


def test_reading_times_loads_no_library_for_language() -> None:
    names = "jieba", "opencc", "pypinyin", "babel"
    code = f"import sys, bot.promises.timewords; print(*[name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []
