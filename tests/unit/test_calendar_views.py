"""The screens of /settings: what a day says about itself, halves of a day, and never more than eight lines."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.promises import calendar_views as views
from bot.promises.calendar_import import Imported
from bot.promises.calendar_views import Desk
from bot.promises.hours import read_hours
from bot.promises.workdays import Calendar, SpecialDay

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TEAMS = tuple((number, f"客服{number}组") for number in range(1, 9))
DESK = Desk(team_id=0, name="全部团队", teams=TEAMS, may_change=True)
HOURS, SEASONS = read_hours(
    "周一至周五 9:00-12:00 13:30-18:00，周六 9:00-12:00，周日 10:00-12:00\n5月1日至9月30日：每天 8:30-12:00 14:30-18:00"
)
DAYS = {
    date(2026, 11, day): SpecialDay("rest" if day % 2 else "work", "一个很长很长的名字", official=day % 3 > 0)
    for day in range(1, 30)
}
FULL = Calendar(zone=ZoneInfo("Asia/Shanghai"), hours=HOURS, seasons=SEASONS, days=DAYS, years=frozenset({2026}))
PLAIN = Calendar(zone=ZoneInfo("Asia/Shanghai"), years=frozenset({2026}))
THE_20TH = date(2026, 11, 20)


def day(calendar: Calendar, at: date = THE_20TH) -> list[str]:
    told = views.day(DESK, calendar, at, under=calendar, own=False, now=NOW)
    return told.text.splitlines()


@pytest.mark.parametrize(
    ("at", "special", "told"),
    [
        (20, None, "上班 09:00–12:00、13:30–18:00（照常）"),
        (21, None, "休息（周末）"),
        (20, SpecialDay("rest", "国庆节"), "休息（国庆节放假 · 官方）"),
        (21, SpecialDay("work", "春节"), "上班 09:00–12:00、13:30–18:00（春节调休上班 · 官方）"),
        (20, SpecialDay("rest", "", official=False, team=True), "休息（本团队设定）"),
        (20, SpecialDay("rest", "司庆", official=False), "休息（司庆 · 全部团队设定）"),
        (
            21,
            SpecialDay("work", "", official=False, team=True, hours=((time(9), time(0)),)),
            "上班 09:00–24:00（本团队设定）",
        ),
    ],
)
def test_a_day_says_what_it_is_and_why(at: int, special: SpecialDay | None, told: str) -> None:
    on = date(2026, 11, at)
    assert day(replace(PLAIN, days={on: special} if special else {}), on)[1] == told


def test_a_weekday_that_is_always_free_says_so() -> None:
    assert day(replace(PLAIN, hours={0: PLAIN.hours[0]}))[1] == "休息（每周固定）"


@pytest.mark.parametrize(
    ("hours", "halves"),
    [
        ("每天 9:00-12:00 13:30-18:00", ["09:00–12:00", "13:30–18:00"]),
        ("每天 9:00-18:00", ["09:00–13:30", "13:30–18:00"]),
        ("每天 9:00-17:15", ["09:00–13:00", "13:00–17:15"]),
        ("全天24小时", ["00:00–12:00", "12:00–24:00"]),
    ],
)
def test_the_halves_of_a_day(hours: str, halves: list[str]) -> None:
    asked = views.ask_day_hours(DESK, replace(PLAIN, hours=read_hours(hours)[0]), THE_20TH)
    assert [button.text for button in asked.buttons[0]] == halves


def test_a_year_that_begins_within_two_months_is_asked_for() -> None:
    def missing(now: datetime) -> list[str]:
        return views.missing_lines(PLAIN, now=now, may_change=True)

    assert missing(NOW) == ["2027年放假安排未录入，按周末推算。公布后把 .ics、.csv 或 .json 文件发到这里就能录入。"]
    assert missing(NOW - timedelta(days=30)) == []
    assert missing(NOW + timedelta(days=380))[0].startswith("2027、2028年放假安排未录入")
    assert views.missing_lines(PLAIN, now=NOW - timedelta(days=90), may_change=False, shown=date(2027, 3, 1)) == [
        "2027年放假安排未录入，按周末推算。公布后由主管录入。"
    ]


def test_no_screen_has_more_than_eight_lines() -> None:
    apart = [name for _number, name in TEAMS]
    table = {date(2027, 10, day): SpecialDay("rest", "国庆节") for day in range(1, 8)}
    full = Imported(years=dict.fromkeys(range(2027, 2031), table), warnings=("请核对。",) * 9)
    broken = Imported(problems=("第 3 行：不对。" * 30,) * 9)
    screens = [
        views.menu(DESK, FULL, now=NOW),
        views.month(DESK, FULL, THE_20TH, now=NOW, since=date(2026, 1, 1), until=date(2027, 12, 31)),
        views.day(
            DESK, FULL, date(2027, 1, 4), under=PLAIN, own=True, now=NOW, changed=True, due=3, apart=apart
        ),
        views.week(DESK, FULL, own=True, changed=True, apart=apart),
        views.ask_hours(DESK),
        views.ask_default(DESK, PLAIN, FULL, now=NOW),
        views.zone(DESK, FULL, now=NOW, changed=True, apart=apart),
        views.ask_file(DESK),
        views.found_in("2027.json", full, DESK, file=1, replaced=[2027, 2028], differing=list(table)),
        views.found_in("2027.json", broken, DESK, file=1, replaced=[], differing=[]),
        views.taken(full, DESK, look=0, apart=apart),
    ]  # fmt: skip
    for screen in screens:
        assert len(screen.text.splitlines()) <= 8, screen.text
