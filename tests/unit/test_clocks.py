"""clocks.yaml: when each clock of a complaint is due, when it warns, and what a broken file is told."""

from copy import deepcopy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import BookError
from bot.promises.calendar_file import read_calendar
from bot.promises.clocks import Clock, Clocks, Policy, read_clocks
from bot.promises.workdays import Calendar
from bot.shared.book import Book, default_shipped

BOOK = Book(default_shipped())
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return read_calendar(BOOK.read("calendar.yaml"))


@pytest.fixture(scope="module")
def clocks(calendar: Calendar) -> Clocks:
    return read_clocks(BOOK.read("clocks.yaml"), BOOK.read("chains.yaml"), calendar)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def named(clocks: Clocks, id: str) -> Clock:
    return next(clock for clock in clocks.norms if clock.id == id)


@pytest.mark.parametrize(
    ("id", "logged", "due"),
    [
        ("report_up", "2026-06-11T10:00", "2026-06-11T11:00"),
        ("report_up", "2026-06-11T23:30", "2026-06-12T00:30"),  # by the clock, through the night
        ("first_reply", "2026-06-08T10:00", "2026-06-08T15:15"),  # across the lunch break
        ("first_reply", "2026-06-11T16:45", "2026-06-12T11:30"),  # across the night
        ("first_reply", "2026-09-30T16:00", "2026-10-08T10:45"),  # across the holiday
        ("resolve_own", "2026-06-11T10:00", "2026-06-11T18:00"),
        ("resolve_own", "2026-06-11T17:00", "2026-06-12T11:45"),  # half a working day at least
        ("resolve_own", "2026-06-13T10:00", "2026-06-15T14:15"),  # logged on a Saturday
        ("resolve_transferred", "2026-06-11T10:00", "2026-06-15T18:00"),  # the third day is a Sunday
    ],
)
def test_when_a_complaint_logged_then_is_due(
    clocks: Clocks, calendar: Calendar, id: str, logged: str, due: str
) -> None:
    _words, reading = named(clocks, id).deadline(at(logged), calendar)
    assert reading.due == at(due)


def test_the_words_say_which_limit_counted(clocks: Clocks, calendar: Calendar) -> None:
    resolve = named(clocks, "resolve_own")
    assert resolve.deadline(at("2026-06-11T10:00"), calendar)[0] == "当天内"
    assert resolve.deadline(at("2026-06-11T17:00"), calendar)[0] == "半个工作日内"


def test_a_warning_at_eighty_percent_counts_working_time(clocks: Clocks, calendar: Calendar) -> None:
    first = named(clocks, "first_reply")
    logged, due = at("2026-06-11T16:45"), at("2026-06-12T11:30")
    assert first.warnings(logged, due, calendar) == (at("2026-06-12T10:45"),)  # three of 3.75 hours


def test_where_nobody_works_in_between_it_counts_by_the_clock(clocks: Clocks, calendar: Calendar) -> None:
    first = named(clocks, "first_reply")
    assert first.warnings(at("2026-06-13T10:00"), at("2026-06-13T20:00"), calendar) == (at("2026-06-13T18:00"),)


def test_what_starts_with_a_complaint_and_what_with_a_transfer(clocks: Clocks) -> None:
    assert [clock.id for clock in clocks.started_by("registered")] == ["report_up", "first_reply", "resolve_own"]
    assert [clock.id for clock in clocks.started_by("transferred")] == ["resolve_transferred"]


def test_a_promise_without_a_time_is_known_by_its_words(clocks: Clocks) -> None:
    meant = clocks.meant_by("给李女士回拨未接来电")
    assert meant and meant.within == "1小时内"
    assert clocks.meant_by("给李女士回个话") is None


def test_every_limit_of_the_norms_that_is_named_is_named_once(clocks: Clocks) -> None:
    data = BOOK.read("clocks.yaml")["clocks"]
    rows = [row for clock in data.values() for row in clock.get("source", ())]
    assert len(rows) == len(set(rows))


def test_what_was_in_force_survives_the_database(clocks: Clocks) -> None:
    for clock in clocks.norms:
        assert Policy.from_data(clock.policy.to_data()) == clock.policy


def test_a_promise_made_before_clocks_had_names_is_still_read(clocks: Clocks) -> None:
    old = clocks.promise.to_data()
    del old["name"], old["until"]
    assert Policy.from_data(old) == clocks.promise


# A book that can't be used says what to mend


def broken(calendar: Calendar, **changed: Any) -> str:
    data = deepcopy(BOOK.read("clocks.yaml"))
    data["clocks"]["first_reply"] |= changed
    with pytest.raises(BookError) as problem:
        read_clocks(data, BOOK.read("chains.yaml"), calendar)
    return problem.value.sentence


def test_a_time_nobody_can_read(calendar: Calendar) -> None:
    assert "clocks.first_reply 里的“尽快”读不出确切时间" in broken(calendar, within="尽快")


def test_a_time_that_is_over_in_the_evening_is_no_limit(calendar: Calendar) -> None:
    assert "今天下班前" in broken(calendar, within="今天下班前")


def test_a_chain_that_is_not_there(calendar: Calendar) -> None:
    assert "clocks.first_reply.chain 写的是“nobody”" in broken(calendar, chain="nobody")


def test_a_clock_may_be_switched_off(calendar: Calendar) -> None:
    data = deepcopy(BOOK.read("clocks.yaml"))
    data["clocks"]["report_up"]["on"] = False
    clocks = read_clocks(data, BOOK.read("chains.yaml"), calendar)
    assert "report_up" not in [clock.id for clock in clocks.norms]
