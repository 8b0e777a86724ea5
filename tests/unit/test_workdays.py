"""Working days and hours by the shipped calendar: 09:00-12:00 and 13:30-18:00, Monday to Friday, official holidays."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import BookError
from bot.promises.calendar_file import read_calendar, read_calendar_file
from bot.promises.workdays import HOLIDAY, Calendar, Season, SpecialDay
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
        {"hours": {"周一": ["22:00-06:00"]}},
        {"seasons": {"夏令": {"from": "05-01", "to": "02-30", "hours": {"周一": ["08:00-12:00"]}}}},
        {"teams": {"夜班组": {"hours": {"周一": ["20:00-19:00"]}}}},
        {"teams": {"夜班组": {"zone": "Asia/Nowhere"}}},
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
    jsonschema.Draft202012Validator(schema).validate(DATA | SUMMER | NIGHTS)


# The table is the official one


@pytest.mark.parametrize("year", sorted(CALENDAR.years))
def test_every_day_of_a_year_with_a_table_is_as_the_library_has_it(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(366)]
    for day in days:
        if day.year == year:
            assert CALENDAR.is_working(day) is chinese_calendar.is_workday(day), day


# Seasons, teams, midnight, days set by hand


SUMMER = {
    "seasons": {
        "夏令": {
            "from": "05-01",
            "to": "09-30",
            "hours": {f"周{d}": ["08:30-12:00", "14:30-18:00"] for d in "一二三四五"},
        }
    }
}
NIGHTS = {
    "teams": {
        "夜班组": {
            "zone": "Asia/Urumqi",
            "hours": {"周一": ["20:00-24:00"], "周二": ["00:00-04:00"], "周日": ["00:00-24:00"]},
            "seasons": {},
        }
    }
}


def test_a_season_changes_the_hours() -> None:
    summer = read_calendar(DATA | SUMMER)
    assert summer.start_of_afternoon(date(2026, 6, 8)) == on("2026-06-08 14:30")
    assert summer.start_of_afternoon(date(2026, 10, 8)) == on("2026-10-08 13:30")
    assert summer.add_working_time(on("2026-09-30 16:00"), timedelta(hours=5)) == on("2026-10-08 12:00")
    assert summer.full_day(date(2026, 6, 8)) == timedelta(hours=7)
    assert summer.full_day(date(2026, 10, 8)) == timedelta(hours=7.5)
    assert summer.full_day(date(2026, 10, 3)) == timedelta(hours=7.5), "of a holiday: of the next working day"


def test_a_make_up_day_follows_the_first_working_day_of_its_season() -> None:
    summer = read_calendar(DATA | SUMMER)
    assert summer.start_of_business(date(2026, 9, 20)) == on("2026-09-20 08:30")
    assert summer.start_of_business(date(2026, 10, 10)) == on("2026-10-10 09:00")
    half_saturdays = read_calendar({**DATA, "hours": {**DATA["hours"], "周六": ["09:00-12:00"]}})
    assert half_saturdays.close_of_business(date(2026, 10, 17)) == on("2026-10-17 12:00")
    assert half_saturdays.close_of_business(date(2026, 10, 10)) == on("2026-10-10 18:00"), "made up for a Thursday"


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        ("2026-10-31", False),
        ("2026-11-01", True),
        ("2026-12-31", True),
        ("2027-01-01", True),
        ("2027-03-15", True),
        ("2027-03-16", False),
    ],
)
def test_a_season_may_reach_over_the_years_end(day: str, inside: bool) -> None:
    winter = Season(name="冬令", first=(11, 1), last=(3, 15), hours={0: ((time(9), time(17)),)})
    assert winter.covers(date.fromisoformat(day)) is inside


def test_a_team_of_the_file_has_its_own_zone_and_hours() -> None:
    file = read_calendar_file(DATA | SUMMER | NIGHTS)
    assert [layer.zone for layer in file.layers("夜班组")] == [CALENDAR.zone, ZoneInfo("Asia/Urumqi")]
    assert file.layers("别的组") == file.layers()


def test_a_day_may_end_at_midnight() -> None:
    nights = read_calendar({**DATA, **NIGHTS["teams"]["夜班组"], "zone": "Asia/Shanghai"})
    monday = date(2026, 6, 8)
    assert nights.close_of_business(monday) == on("2026-06-09 00:00")
    assert nights.end_of_morning(date(2026, 6, 7)).time() == time(12), "open all day"
    assert nights.add_working_time(on("2026-06-08 22:00"), timedelta(hours=5)) == on("2026-06-09 03:00")
    assert nights.full_day(date(2026, 6, 7)) == timedelta(hours=24)
    assert nights.stretches(date(2026, 6, 7)) == ((on("2026-06-07 00:00"), on("2026-06-08 00:00")),)


def test_always_open_is_the_wall_clock() -> None:
    always = Calendar(zone=CALENDAR.zone, hours=dict.fromkeys(range(7), ((time(), time()),)))
    assert always.add_working_time(on("2026-06-12 22:15"), timedelta(hours=50)) == on("2026-06-15 00:15")
    assert always.add_working_days(date(2026, 6, 12), 2) == date(2026, 6, 14)


def test_a_day_set_by_hand_counts_and_is_no_holiday() -> None:
    saturday, monday, half = date(2026, 6, 13), date(2026, 6, 15), date(2026, 6, 16)
    calendar = read_calendar(DATA)
    days = {
        saturday: SpecialDay("work", "", official=False),
        monday: SpecialDay("rest", "团建", official=False),
        half: SpecialDay("work", "", hours=((time(9), time(12)),), official=False),
    }
    calendar = Calendar(zone=calendar.zone, hours=calendar.hours, days={**calendar.days, **days}, years=calendar.years)
    assert calendar.add_working_time(on("2026-06-12 17:00"), timedelta(hours=8.5)) == on("2026-06-13 18:00")
    assert calendar.add_working_days(saturday, 1) == half
    assert calendar.close_of_business(half) == on("2026-06-16 12:00")
    assert calendar.special(monday) is None
    away = calendar.next_break(date(2026, 6, 12))
    assert away is not None and away.names == ("端午节",), "a team's own day off is no holiday"


# Working time in stretches, and properties of all counting


def test_the_stretches_that_a_span_walks_through() -> None:
    thursday, friday = "2026-06-11", "2026-06-12"
    assert CALENDAR.spans(on(f"{thursday} 16:45"), timedelta(hours=3.75)) == (
        (on(f"{thursday} 16:45"), on(f"{thursday} 18:00")),
        (on(f"{friday} 09:00"), on(f"{friday} 11:30")),
    )


def utc(*instants: datetime) -> list[datetime]:
    """Times of one zone are compared by the wall clock, which goes back once a year."""
    return [instant.astimezone(UTC) for instant in instants]


def real(span: tuple[datetime, datetime]) -> timedelta:
    """Elapsed, also when clocks are put forward or back within it."""
    begin, end = utc(*span)
    return end - begin


@some.composite
def calendars(draw: some.DrawFn) -> Calendar:
    """Teams of many kinds: split days, nights until 24:00, open all week, summer hours, days set by hand."""
    clocks = [time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30)]

    def week() -> dict[int, tuple[tuple[time, time], ...]]:
        hours = {}
        for day in draw(some.sets(some.integers(0, 6), min_size=1)):
            edges = sorted(draw(some.sets(some.sampled_from(clocks), min_size=1, max_size=4)))
            edges += [time()] if len(edges) % 2 else []
            hours[day] = tuple((edges[i], edges[i + 1]) for i in range(0, len(edges), 2))
        return hours

    by_hand = some.sampled_from([SpecialDay("rest", "", official=False), SpecialDay("work", "", official=False)])
    summer = Season(name="夏令", first=(5, 1), last=(9, 30), hours=week())
    return Calendar(
        zone=ZoneInfo(draw(some.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York"]))),
        hours=week(),
        seasons=draw(some.sampled_from([(), (summer,)])),
        days={**CALENDAR.days, **draw(some.dictionaries(some.dates(date(2026, 1, 1), date(2026, 12, 31)), by_hand))},
        years=CALENDAR.years,
    )


instants = some.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001 - UTC is put on
minutes = some.integers(1, 6000).map(lambda n: timedelta(minutes=n))


@given(calendars(), instants, minutes)
def test_stretches_sum_up_to_the_span_and_lie_in_working_hours(
    calendar: Calendar, start: datetime, span: timedelta
) -> None:
    walked = calendar.spans(start, span)
    assert sum(map(real, walked), timedelta()) == span
    assert calendar.add_working_time(start, span) == walked[-1][1]
    assert walked[0][0] >= start
    edges = utc(*(edge for stretch in walked for edge in stretch))
    assert edges == sorted(edges)
    for begin, end in walked:
        worked = [utc(opens, begin, end, closes) for opens, closes in calendar.stretches(begin.date())]
        assert any(order == sorted(order) for order in worked)


@given(calendars(), instants, minutes, minutes)
def test_working_time_adds_up(calendar: Calendar, start: datetime, first: timedelta, then: timedelta) -> None:
    through = calendar.add_working_time(calendar.add_working_time(start, first), then)
    assert through == calendar.add_working_time(start, first + then)


@given(calendars(), instants, instants, minutes, minutes)
def test_later_or_longer_never_ends_earlier(
    calendar: Calendar, one: datetime, other: datetime, short: timedelta, more: timedelta
) -> None:
    early, late = sorted((one, other))
    end, of_late, of_long = utc(
        calendar.add_working_time(early, short),
        calendar.add_working_time(late, short),
        calendar.add_working_time(early, short + more),
    )
    assert end <= of_late
    assert end < of_long


@given(calendars(), some.dates(date(2024, 1, 1), date(2027, 12, 31)), some.integers(1, 60))
def test_one_working_day_more_is_a_later_day(calendar: Calendar, day: date, n: int) -> None:
    assert day < calendar.add_working_days(day, n) < calendar.add_working_days(day, n + 1)


@given(some.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_two_halves_of_a_day_are_a_day(day: date) -> None:
    worked = CALENDAR.next_working(day)
    half = CALENDAR.full_day(day) / 2
    middle = CALENDAR.add_working_time(CALENDAR.start_of_business(worked), half)
    assert CALENDAR.add_working_time(middle, half) == CALENDAR.close_of_business(worked)


@pytest.mark.parametrize(
    ("zone", "start", "hours", "end"),
    [
        ("Europe/London", "2026-03-28 22:00", 5, "2026-03-29 04:00"),  # clocks go forward at 01:00
        ("Europe/London", "2026-10-24 22:00", 5, "2026-10-25 02:00"),  # and back at 02:00
        ("America/New_York", "2026-03-07 22:00", 5, "2026-03-08 04:00"),
        ("America/New_York", "2026-10-31 22:00", 5, "2026-11-01 02:00"),
    ],
)
def test_an_hour_of_work_is_an_hour_also_when_clocks_change(zone: str, start: str, hours: int, end: str) -> None:
    at = ZoneInfo(zone)
    always = Calendar(zone=at, hours=dict.fromkeys(range(7), ((time(), time()),)))
    begun = datetime.fromisoformat(start).replace(tzinfo=at)
    found = always.add_working_time(begun, timedelta(hours=hours))
    assert found.replace(tzinfo=None) == datetime.fromisoformat(end)
    assert real((begun, found)) == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York"])
@pytest.mark.parametrize("friday", ["2026-03-06", "2026-03-27", "2026-10-23", "2026-10-30"])
def test_office_hours_are_by_the_wall_clock_also_after_a_change(zone: str, friday: str) -> None:
    office = Calendar(zone=ZoneInfo(zone))
    begun = datetime.fromisoformat(f"{friday} 17:00").replace(tzinfo=office.zone)
    monday = date.fromisoformat(friday) + timedelta(days=3)
    assert office.add_working_time(begun, timedelta(hours=2)) == office.at(monday, time(10))


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


def test_a_team_that_works_on_holidays() -> None:
    """A hotel's front desk: every day, holidays with hours of their own."""
    every_day = dict.fromkeys(range(7), ((time(8), time(20)),)) | {HOLIDAY: ((time(10), time(16)),)}
    hotel = replace(CALENDAR, hours=every_day)
    assert hotel.is_working(date(2026, 10, 1))
    assert hotel.close_of_business(date(2026, 10, 1)) == on("2026-10-01 16:00")
    assert hotel.close_of_business(date(2026, 10, 8)) == on("2026-10-08 20:00")
    assert hotel.add_working_time(on("2026-09-30 19:00"), timedelta(hours=2)) == on("2026-10-01 11:00")
