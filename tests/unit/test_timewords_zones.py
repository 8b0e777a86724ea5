"""Summer time begins and ends: lengths by the clock stay true, and a time of day is what the wall clock shows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar

LONDON = Calendar(zone=ZoneInfo("Europe/London"), years=frozenset({2026}))
NEW_YORK = Calendar(zone=ZoneInfo("America/New_York"), years=frozenset({2026}))


def read(text: str, now: str, calendar: Calendar, *, fold: int = 0) -> Reading:
    return read_time(text, now=datetime.fromisoformat(now).replace(tzinfo=calendar.zone, fold=fold), calendar=calendar)


@pytest.mark.parametrize(
    ("calendar", "now", "text", "expected"),
    [
        # the clocks go forward at one (London, 29 March) and at two (New York, 8 March)
        (LONDON, "2026-03-29T00:30", "2小时内", "2026-03-29T03:30+01:00"),
        (NEW_YORK, "2026-03-08T01:30", "2小时内", "2026-03-08T04:30-04:00"),
        (LONDON, "2026-03-28T15:00", "24小时内", "2026-03-29T16:00+01:00"),
        # the clocks go back at two (London, 25 October; New York, 1 November)
        (LONDON, "2026-10-25T00:30", "2小时内", "2026-10-25T01:30+00:00"),
        (NEW_YORK, "2026-11-01T00:30", "2小时内", "2026-11-01T01:30-05:00"),
        (LONDON, "2026-10-24T15:00", "24小时内", "2026-10-25T14:00+00:00"),
        # what is named is what the wall clock shows
        (LONDON, "2026-03-28T15:00", "明天下午三点", "2026-03-29T15:00+01:00"),
        (LONDON, "2026-10-24T15:00", "明天下午三点", "2026-10-25T15:00+00:00"),
        (NEW_YORK, "2026-03-07T20:00", "明天上午10点", "2026-03-08T10:00-04:00"),
        (NEW_YORK, "2026-10-31T20:00", "明天上午10点", "2026-11-01T10:00-05:00"),
        (LONDON, "2026-03-27T16:00", "半个工作日内", "2026-03-30T10:45+01:00"),
        (LONDON, "2026-03-27T16:00", "三天内", "2026-03-30T18:00+01:00"),
        (NEW_YORK, "2026-10-30T16:00", "1个工作日内", "2026-11-02T18:00-05:00"),
        (LONDON, "2026-03-28T20:00", "今晚", "2026-03-29T00:00+00:00"),
    ],
)
def test_across_the_change(calendar: Calendar, now: str, text: str, expected: str) -> None:
    due = read(text, now, calendar).due
    assert due is not None
    assert due.isoformat(timespec="minutes") == expected


def test_a_time_that_the_clocks_skip_is_the_one_they_show() -> None:
    due = read("明天凌晨1点半", "2026-03-28T20:00", LONDON).due
    assert due is not None
    assert due.isoformat() == "2026-03-29T02:30:00+01:00"


def test_an_hour_that_comes_twice_is_over_after_its_first_time() -> None:
    assert read("今天凌晨1点45分前", "2026-10-25T01:30", LONDON, fold=1).due is None
    due = read("30分钟内", "2026-10-25T01:45", LONDON).due
    assert due is not None
    assert due.astimezone(UTC) == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)


def test_now_may_be_given_in_any_zone() -> None:
    now = datetime(2026, 6, 8, 2, 0, tzinfo=UTC)
    here = read_time("明天下午3点", now=now, calendar=LONDON)
    assert here == read_time("明天下午3点", now=now.astimezone(ZoneInfo("Asia/Shanghai")), calendar=LONDON)
    assert here.due == datetime(2026, 6, 9, 15, 0, tzinfo=LONDON.zone)
    assert here.due - now == timedelta(days=1, hours=12)
