"""Asking when, and the neighbours of a time that was read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unreadable
from bot.promises.asking import (
    QUICK,
    Question,
    asked_of,
    echo_rows,
    kept,
    neighbours,
    pressed,
    question,
    read_answer,
    read_as,
    when_rows,
)
from bot.promises.picker import Verbs
from bot.promises.workdays import Calendar, SpecialDay
from bot.shared.message import Button, Rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
DRAGON_BOAT = {date(2026, 6, day): SpecialDay("rest", "端午节") for day in (19, 20, 21)}
CALENDAR = Calendar(zone=SHANGHAI, days=DRAGON_BOAT, years=frozenset({2026}))
NOW = datetime(2026, 6, 11, 10, 30, tzinfo=SHANGHAI)  # a Thursday
SUNDAY = datetime(2026, 6, 14, 10, 30, tzinfo=SHANGHAI)
SOFT = {"尽快": "半个工作日内"}
C = Verbs(room="c", args=(5,))


def on(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def told(label: str, at: datetime) -> str:
    return f"{label} {at.astimezone(SHANGHAI):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("due", "offered"),
    [
        ("06-12 15:00", ["今天 06-11 15:00", "后一天 06-13 15:00", "早1小时 06-12 14:00", "晚1小时 06-12 16:00"]),
        ("06-11 15:00", ["明天 06-12 15:00", "早1小时 06-11 14:00", "晚1小时 06-11 16:00"]),
        ("06-11 11:00", ["明天 06-12 11:00", "晚上 06-11 23:00", "晚1小时 06-11 12:00"]),
        ("06-16 15:00", ["前一天 06-15 15:00", "后一天 06-17 15:00", "早1小时 06-16 14:00", "晚1小时 06-16 16:00"]),
        # All five: an hour earlier is what 自选 is for.
        ("06-16 10:00", ["前一天 06-15 10:00", "后一天 06-17 10:00", "晚上 06-16 22:00", "晚1小时 06-16 11:00"]),
        ("06-16 21:00", ["前一天 06-15 21:00", "后一天 06-17 21:00", "上午 06-16 09:00", "晚1小时 06-16 22:00"]),
        ("06-16 03:00", ["前一天 06-15 03:00", "后一天 06-17 03:00", "下午 06-16 15:00", "晚1小时 06-16 04:00"]),
        # Today's midnight is said as 今天 24:00: its neighbours are tomorrow's and noon of its own day.
        ("06-12 00:00", ["明天 06-13 00:00", "中午 06-11 12:00", "早1小时 06-11 23:00", "晚1小时 06-12 01:00"]),
        # On a day of rest the next working day has a button of its own, and is not offered twice.
        ("06-14 15:00", ["前一天 06-13 15:00", "早1小时 06-14 14:00", "晚1小时 06-14 16:00"]),
        ("06-13 15:00", ["明天 06-12 15:00", "后一天 06-14 15:00", "早1小时 06-13 14:00", "晚1小时 06-13 16:00"]),
    ],
)
def test_the_neighbours_of_a_time(due: str, offered: list[str]) -> None:
    assert [told(*one) for one in neighbours(on(due), now=NOW, calendar=CALENDAR)] == offered


def labels(rows: Rows) -> list[list[str]]:
    return [[button.text for button in row] for row in rows]


@pytest.mark.parametrize(
    ("due", "rows"),
    [
        ("06-11 15:00", [["明天", "早1小时", "晚1小时", "自选"]]),
        ("06-12 15:00", [["今天", "后一天", "早1小时", "晚1小时"], ["自选"]]),
        ("06-13 15:00", [["明天", "后一天", "早1小时", "晚1小时"], ["改到 6月15日（周一）", "自选"]]),
        ("06-20 10:00", [["前一天", "后一天", "晚上", "晚1小时"], ["改到 6月22日（周一）", "自选"]]),
    ],
)
def test_the_rows_under_an_echo(due: str, rows: list[list[str]]) -> None:
    assert labels(echo_rows(on(due), verbs=C, now=NOW, calendar=CALENDAR)) == rows


def test_a_day_of_rest_moves_to_the_next_working_day_at_the_same_hour() -> None:
    moved = echo_rows(on("06-19 16:30"), verbs=C, now=NOW, calendar=CALENDAR)[1][0]
    assert (moved.text, moved.data) == (
        "改到 6月22日（周一）", f"c.at:5:{int(on('06-22 16:30').timestamp()) // 60}",
    )  # fmt: skip
    midnight = echo_rows(on("06-21 00:00"), verbs=C, now=NOW, calendar=CALENDAR)[1][0]  # 6月20日 24:00
    assert midnight.data == f"c.at:5:{int(on('06-23 00:00').timestamp()) // 60}"


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/London", "America/New_York")])


@given(now=MOMENTS, ahead=st.integers(1, 60 * 24 * 40), zone=ZONES)
def test_neighbours_are_to_come_few_short_and_different(now: datetime, ahead: int, zone: ZoneInfo) -> None:
    calendar = Calendar(zone=zone)
    due = now + timedelta(minutes=ahead)
    rows = echo_rows(due, verbs=Verbs(room="p", args=(10**9, 99)), now=now, calendar=calendar)
    assert 1 <= len(rows) <= 2
    assert all(len(row) <= 4 for row in rows)
    instants = [int((button.data or "").split(":")[3]) for row in rows for button in row if ".at:" in str(button.data)]
    assert len(instants) == len(set(instants))
    assert int(due.timestamp()) // 60 not in instants
    assert all(instant * 60 > now.timestamp() for instant in instants)
    assert all(len(button.text) <= 4 for button in rows[0])


@given(now=MOMENTS, ahead=st.integers(60 * 48, 60 * 24 * 40))
def test_the_day_before_the_day_after_is_the_same_time_again(now: datetime, ahead: int) -> None:
    due = now + timedelta(minutes=ahead)
    later = dict(neighbours(due, now=now, calendar=Calendar(zone=SHANGHAI, hours=dict.fromkeys(range(7), MORNING))))
    back = dict(
        neighbours(later["后一天"], now=now, calendar=Calendar(zone=SHANGHAI, hours=dict.fromkeys(range(7), MORNING)))
    )
    assert int(back["前一天"].timestamp()) // 60 == int(due.timestamp()) // 60


MORNING = Calendar(zone=SHANGHAI).periods(date(2026, 6, 11))


def asked(text: str, *, before: str | None = None, now: datetime = NOW, soft: dict[str, str] = SOFT) -> Question:
    return question(text, before=before, soft=soft, now=now, calendar=CALENDAR)


def test_without_any_time_it_simply_asks() -> None:
    assert asked("张先生 电梯坏了") == Question(words="张先生 电梯坏了")


def test_two_times_that_may_be_meant_are_two_buttons() -> None:
    ten = asked("张先生电梯坏了，十点答复")
    assert [label for label, _at in ten.answers][:2] == ["今天 22:00", "明天 10:00（周五）"]
    assert "十点" in ten.text
    rows = when_rows(ten, Button(text="取消", data="c.cancel:5"), verbs=C, now=NOW, calendar=CALENDAR)
    assert labels(rows) == [
        ["今天 22:00", "明天 10:00（周五）"],
        ["30 分钟", "今天下班前"],
        ["明天上午", "明天下班前"],
        ["自选", "取消"],
    ]


def test_a_vague_word_gets_the_norms_default() -> None:
    soon = asked("尽快给张先生答复")
    assert soon.text == "“尽快”没有确切时间。规范默认：半个工作日内。"
    assert soon.answers[-1] == ("按规范 今天 15:45", on("06-11 15:45"))


def test_a_vague_word_without_a_default_only_asks() -> None:
    soon = asked("尽快给张先生答复", soft={})
    assert "尽快" in soon.text
    assert not any(label.startswith("按规范") for label, _at in soon.answers)


def test_what_is_no_time_leaves_the_question_as_it_was() -> None:
    again = asked("啥？", before="十点答复")
    assert again.text == "没看懂时间“啥？”，再写一次或选一个："
    assert (again.words, again.answers) == ("十点答复", asked("十点答复").answers)


def test_another_unclear_time_is_the_question_from_then_on() -> None:
    assert asked("尽快", before="十点答复").words == "尽快"


@pytest.mark.parametrize(
    ("about", "answer", "due", "now"),
    [
        ("周日下午三点答复", "今天", "06-14 15:00", SUNDAY),
        ("周日下午三点答复", "是今天", "06-14 15:00", SUNDAY),
        ("周日下午三点答复", "下周", "06-21 15:00", SUNDAY),
        ("週日下午三點答復", "下週", "06-21 15:00", SUNDAY),
        ("十点", "今天", "06-11 22:00", NOW),
        ("十点", "晚上", "06-11 22:00", NOW),
        ("十点", "今晚", "06-11 22:00", NOW),
        ("十点", "明早", "06-12 10:00", NOW),
        ("十点", "上午的", "06-12 10:00", NOW),
        ("十点", "明天吧", "06-12 10:00", NOW),
        # What is not among the likely ones is still one expression with what was asked about.
        ("十点", "后天", "06-13 10:00", NOW),
        ("十点前答复", "30号", "06-30 10:00", NOW),
        ("明早答复", "九点", "06-12 09:00", NOW),
        ("凌晨", "三点", "06-12 03:00", NOW),
        ("下周答复", "周三", "06-17 18:00", NOW),
        ("下周答复", "周三下午三点", "06-24 15:00", datetime(2026, 6, 15, 10, 30, tzinfo=SHANGHAI)),
        # With an hour of its own, or a length, an answer is read as it stands.
        ("十点", "明天下午四点", "06-12 16:00", NOW),
        ("十点", "十一点", "06-11 11:00", NOW),
        ("十点", "两小时内", "06-11 12:30", NOW),
        ("", "今天", "06-11 18:00", NOW),
        ("张先生 电梯坏了", "今天", "06-11 18:00", NOW),
    ],
)
def test_an_answer_that_names_only_a_day_or_a_part_of_it_picks_among_what_was_meant(
    about: str, answer: str, due: str, now: datetime
) -> None:
    assert read_answer(answer, asked=about, asked_at=now, now=now, calendar=CALENDAR).due == on(due)


def test_an_answer_that_picked_says_so_and_flags_a_day_of_rest() -> None:
    reading = read_answer("今天", asked="周日下午三点答复", asked_at=SUNDAY, now=SUNDAY, calendar=CALENDAR)
    assert read_as(reading).startswith("读自“周日下午三点")
    assert read_as(reading).endswith("，今天；6月14日（周日）是休息日")


def test_a_pressed_instant_never_claims_to_have_been_read() -> None:
    number = int(on("06-13 16:00").timestamp()) // 60
    moved = pressed("c.at", number, before=on("06-13 15:00"), now=NOW, calendar=CALENDAR)
    assert (moved.due, read_as(moved)) == (on("06-13 16:00"), "改为 6月13日（周六）16:00；6月13日（周六）是休息日")
    first = pressed("c.at", number, before=None, now=NOW, calendar=CALENDAR)
    assert read_as(first).startswith("选定 6月13日（周六）16:00")


def test_a_ready_time_is_read_at_the_moment_it_is_pressed() -> None:
    assert pressed("c.when", 0, before=None, now=NOW, calendar=CALENDAR).due == on("06-11 11:00")
    just_before_midnight = on("06-11 23:59") + timedelta(seconds=30)
    with pytest.raises(Unreadable, match="已经过了"):
        pressed("c.when", QUICK.index("今天下班前"), before=None, now=just_before_midnight, calendar=CALENDAR)


@given(number=st.integers(-(10**18), 10**18))
def test_any_number_on_a_button_is_a_time_to_come_or_refused(number: int) -> None:
    for verb in ("p.at", "p.when"):
        try:
            due = pressed(verb, number, before=None, now=NOW, calendar=CALENDAR).due
        except Unreadable:
            continue
        assert due
        assert NOW < due < NOW + timedelta(days=401)


@given(id=st.integers(0, 10**9), words=st.text())
def test_the_row_of_a_question_keeps_the_draft_and_the_words(id: int, words: str) -> None:
    assert asked_of(kept(id, words, NOW), NOW + timedelta(hours=1)) == (id, words, NOW)


def test_the_row_of_a_question_from_before_an_update_is_understood() -> None:
    assert asked_of("12", NOW) == (12, "", NOW)


def test_an_answer_means_the_day_that_was_offered_also_after_midnight() -> None:
    asked_at = datetime(2026, 6, 11, 23, 58, tzinfo=CALENDAR.zone)
    reading = read_answer(
        "后天", asked="明天还是后天十点答复", asked_at=asked_at, now=asked_at + timedelta(minutes=4), calendar=CALENDAR
    )
    assert reading.due == datetime(2026, 6, 13, 10, 0, tzinfo=CALENDAR.zone)
