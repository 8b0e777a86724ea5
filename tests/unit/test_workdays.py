"""Working days and hours by the shipped calendar: 09:00-12:00 and 13:30-18:00, Monday to Friday, official holidays."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import BookError
from bot.promises.calendar_file import read_calendar
from bot.promises.workdays import Calendar
from tests.seed_calendar import seeded

BOOK = Path(__file__).parent.parent.parent / "phrasebook"
TEXT = (BOOK / "calendar.yaml").read_text(encoding="utf-8")
DATA = yaml.safe_load(TEXT)
CALENDAR = read_calendar(DATA)


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-06-08", True),  # a Monday
        ("2026-06-13", False),  # a Saturday
        ("2026-10-01", False),  # 国庆节
        ("2026-10-10", True),  # a Saturday made up for it
        ("2026-09-20", True),  # a Sunday made up for it
        ("2027-10-01", True),  # no official table yet: by weekends
    ],
)
def test_who_works_when(day: str, works: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is works


def test_years_with_an_official_table() -> None:
    assert [CALENDAR.has_table(year) for year in (2023, 2024, 2025, 2026, 2027)] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-06-08 10:00", 3.75, "2026-06-08 15:15"),
        ("2026-06-08 10:00", 2, "2026-06-08 12:00"),
        ("2026-06-08 12:30", 1, "2026-06-08 14:30"),
        ("2026-06-11 16:45", 3.75, "2026-06-12 11:30"),
        ("2026-06-12 17:00", 2, "2026-06-15 10:00"),
        ("2026-09-30 16:00", 3.75, "2026-10-08 10:45"),
        ("2026-05-08 17:30", 1, "2026-05-09 09:30"),  # a Saturday made up
        ("2026-06-07 23:00", 7.5, "2026-06-08 18:00"),
    ],
)
def test_working_time_runs_on_through_lunch_night_and_holiday(start: str, hours: float, end: str) -> None:
    assert CALENDAR.add_working_time(on(start), timedelta(hours=hours)) == on(end)


@pytest.mark.parametrize(
    ("day", "n", "nth"),
    [
        ("2026-06-08", 1, "2026-06-09"),
        ("2026-06-12", 1, "2026-06-15"),
        ("2026-06-13", 2, "2026-06-16"),
        ("2026-04-30", 4, "2026-05-09"),
        ("2026-09-30", 1, "2026-10-08"),
    ],
)
def test_the_day_itself_is_not_counted(day: str, n: int, nth: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(day), n) == date.fromisoformat(nth)


def test_a_last_day_of_rest_moves_on() -> None:
    assert CALENDAR.next_working(date(2026, 10, 3)) == date(2026, 10, 8)
    assert CALENDAR.next_working(date(2026, 6, 8)) == date(2026, 6, 8)


def test_the_parts_of_a_day() -> None:
    day = date(2026, 6, 8)
    assert CALENDAR.start_of_business(day) == on("2026-06-08 09:00")
    assert CALENDAR.end_of_morning(day) == on("2026-06-08 12:00")
    assert CALENDAR.start_of_afternoon(day) == on("2026-06-08 13:30")
    assert CALENDAR.close_of_business(day) == on("2026-06-08 18:00")
    assert CALENDAR.close_of_business(date(2026, 6, 13)) == on("2026-06-13 18:00"), "a named day of rest"


def test_holiday_breaks_take_in_their_weekends() -> None:
    away = CALENDAR.next_break(date(2026, 9, 28))
    assert away is not None
    assert (away.first, away.last, away.names) == (date(2026, 10, 1), date(2026, 10, 7), ("国庆节",))
    labour = CALENDAR.next_break(date(2026, 1, 15), "劳动")
    assert labour is not None and labour.first == date(2026, 5, 1)
    assert CALENDAR.next_break(date(2026, 12, 1)) is None, "2027 is not published yet"


def test_shifts_on_saturday_too() -> None:
    calendar = read_calendar({**DATA, "hours": {"周一": ["08:30-17:00"], "周六": ["10:00-14:00"]}})
    assert calendar.is_working(date(2026, 6, 13)) and not calendar.is_working(date(2026, 6, 9))
    assert calendar.close_of_business(date(2026, 6, 13)).time() == time(14)
    assert calendar.end_of_morning(date(2026, 6, 13)).time() == time(12)
    assert calendar.start_of_afternoon(date(2026, 6, 13)) is None


def test_another_zone_by_setting() -> None:
    assert str(read_calendar(DATA, zone="Asia/Urumqi").zone) == "Asia/Urumqi"


@pytest.mark.parametrize(
    "broken",
    [
        {"zone": "Asia/Nowhere"},
        {"hours": {"周一": ["12:00-09:00"]}},
        {"hours": {"周一": ["09:00-12:00", "11:00-18:00"]}},
        {"years": {"2026": {"holidays": {"元旦": ["2026-02-30"]}}}},
        {"years": {"2026": {"holidays": {"元旦": ["2026-01-01"]}, "workdays": {"元旦": ["2026-01-01"]}}}},
    ],
)
def test_a_broken_file_says_so(broken: dict[str, object]) -> None:
    with pytest.raises(BookError):
        read_calendar({**DATA, **broken})


def test_the_shipped_file_follows_its_schema() -> None:
    schema = json.loads((BOOK / "schema" / "calendar.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(DATA)


def test_seeding_again_changes_nothing_and_keeps_what_was_entered_by_hand() -> None:
    assert seeded(TEXT) == TEXT
    by_hand = TEXT + '  "2031":\n    holidays:\n      元旦: ["2031-01-01"]\n'
    assert seeded(by_hand) == by_hand
    assert "08:00-11:00" in seeded(TEXT.replace("09:00-12:00", "08:00-11:00"))


@given(some.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)), some.integers(1, 3000))  # noqa: DTZ001 - the zone is put on later
def test_working_minutes_agree_with_counting_them(start: datetime, minutes: int) -> None:
    begun = start.replace(second=0, microsecond=0, tzinfo=CALENDAR.zone)
    end = CALENDAR.add_working_time(begun, timedelta(minutes=minutes))
    assert _worked(CALENDAR, begun, end) == minutes
    assert _worked(CALENDAR, begun, end - timedelta(minutes=1)) == minutes - 1


def _worked(calendar: Calendar, start: datetime, end: datetime) -> int:
    total, day = timedelta(), start.date()
    while day <= end.date():
        for opens, closes in calendar.periods(day) if calendar.is_working(day) else ():
            total += max(min(end, calendar.at(day, closes)) - max(start, calendar.at(day, opens)), timedelta())
        day += timedelta(days=1)
    return total // timedelta(minutes=1)
