"""How the bot says a time, to readers where the team is and to readers elsewhere."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.speech import speaking
from bot.promises.moments import say_clock, say_clocks, say_moment, say_overdue, say_span

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 10, 14, 18, tzinfo=ZONE)  # a Wednesday


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-06-10 15:00", "今天 15:00（还剩 42 分钟）"),
        ("2026-06-10 16:18", "今天 16:18（还剩 2 小时）"),
        ("2026-06-11 09:30", "明天 09:30（周四，还剩 19 小时 12 分）"),
        ("2026-06-11 00:00", "今天 24:00（还剩 9 小时 42 分）"),
        ("2026-06-12 18:00", "6月12日（周五）18:00（还剩 2 天 3 小时）"),
        ("2027-01-05 18:00", "2027年1月5日（周二）18:00（还剩 209 天 3 小时）"),
        ("2026-06-10 14:18", "今天 14:18（已超时 不到 1 分钟）"),
        ("2026-06-10 13:51", "今天 13:51（已超时 27 分钟）"),
        ("2026-06-09 14:18", "昨天 14:18（周二，已超时 1 天）"),
    ],
)
def test_a_moment_with_what_is_left(at: str, said: str) -> None:
    assert say_moment(on(at), now=NOW, zone=ZONE) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-06-10 15:00", "今天 15:00"),
        ("2026-06-11 09:30", "明天 09:30（周四）"),
        ("2026-06-12 18:00", "6月12日（周五）18:00"),
        ("2026-06-09 09:00", "昨天 09:00（周二）"),
        ("2025-12-31 18:00", "2025年12月31日（周三）18:00"),
    ],
)
def test_a_clock(at: str, said: str) -> None:
    assert say_clock(on(at), now=NOW, zone=ZONE) == said


def test_the_day_is_the_one_of_the_zone() -> None:
    utc = datetime.fromisoformat("2026-06-10T17:00:00+00:00")
    assert say_clock(utc, now=NOW, zone=ZONE) == "明天 01:00（周四）"


def test_overdue() -> None:
    assert say_overdue(NOW - timedelta(minutes=27, seconds=40), now=NOW) == "已超时 27 分钟"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "不到 1 分钟"),
        (timedelta(minutes=1), "1 分钟"),
        (timedelta(hours=18), "18 小时"),
        (timedelta(hours=23, minutes=40), "23 小时 40 分"),
        (timedelta(days=2, hours=3, minutes=59), "2 天 3 小时"),
        (timedelta(days=2), "2 天"),
        (timedelta(seconds=-5), "不到 1 分钟"),
    ],
)
def test_a_span_is_never_rounded_up(span: timedelta, said: str) -> None:
    assert say_span(span) == said


# To a reader elsewhere


@pytest.mark.parametrize(
    ("place", "at", "said"),
    [
        ("Asia/Tokyo", "2026-06-10 15:00", "今天 16:00（还剩 42 分钟；团队时间 15:00）"),
        ("Asia/Tokyo", "2026-06-11 15:00", "明天 16:00（周四，还剩 1 天；团队时间 15:00）"),
        ("Asia/Tokyo", "2026-06-12 18:00", "6月12日（周五）19:00（还剩 2 天 3 小时；团队时间 18:00）"),
        ("Asia/Tokyo", "2026-06-12 23:30", "6月13日（周六）00:30（还剩 2 天 9 小时；团队时间 6月12日 23:30）"),
        ("Europe/London", "2026-06-11 07:00", "今天 24:00（还剩 16 小时 42 分；团队时间 6月11日 07:00）"),
        ("Europe/London", "2026-06-10 24:00", "今天 17:00（还剩 9 小时 42 分；团队时间 24:00）"),
        ("Europe/London", "2026-06-10 13:51", "今天 06:51（已超时 27 分钟；团队时间 13:51）"),
        ("America/Los_Angeles", "2026-06-10 09:00", "今天 18:00（已超时 5 小时 18 分；团队时间 6月10日 09:00）"),
        ("America/New_York", "2027-01-01 09:00", "12月31日（周四）20:00（还剩 204 天 18 小时；团队时间 1月1日 09:00）"),
        ("Asia/Calcutta", "2026-06-10 15:00", "今天 12:30（还剩 42 分钟；团队时间 15:00）"),
    ],
)
def test_a_reader_elsewhere_is_told_both(place: str, at: str, said: str) -> None:
    with speaking("zh_Hans", place):
        assert say_moment(midnight(at), now=NOW, zone=ZONE) == said
    assert "团队时间" not in say_moment(midnight(at), now=NOW, zone=ZONE)


def midnight(text: str) -> datetime:
    """As `on`, with 24:00."""
    return on(text.replace("24:00", "00:00")) + timedelta(days=text.endswith("24:00"))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-06-10 15:00", "今天 08:00（团队时间 15:00）"),
        ("2026-06-11 15:00", "明天 08:00（周四；团队时间 15:00）"),
        ("2026-06-11 03:00", "今天 20:00（团队时间 6月11日 03:00）"),
        ("2026-06-12 18:00", "6月12日（周五）11:00（团队时间 18:00）"),
    ],
)
def test_a_clock_elsewhere(at: str, said: str) -> None:
    with speaking("zh_Hans", "Europe/London"):
        assert say_clock(on(at), now=NOW, zone=ZONE) == said


@pytest.mark.parametrize("place", ["Asia/Shanghai", "Asia/Chongqing", "PRC", "Asia/Singapore", "Etc/GMT-8"])
def test_one_time_where_the_clocks_agree(place: str) -> None:
    with speaking("zh_Hans", place):
        assert say_clock(on("2026-06-11 15:00"), now=NOW, zone=ZONE) == "明天 15:00（周四）"


@pytest.mark.parametrize("place", [None, "", "Mars/Base", "../passwd", "Asia"])
def test_a_zone_that_is_none_leaves_the_teams(place: str | None) -> None:
    with speaking("zh_Hans", place):
        assert say_clock(on("2026-06-10 15:00"), now=NOW, zone=ZONE) == "今天 15:00"


def test_whoever_is_spoken_to_within_brings_their_own_zone() -> None:
    with speaking("zh_Hans", "Europe/London"):
        with speaking("zh_Hans", "Asia/Tokyo"):
            assert say_clock(NOW, now=NOW, zone=ZONE) == "今天 15:18（团队时间 14:18）"
        with speaking("zh_Hans"):
            assert say_clock(NOW, now=NOW, zone=ZONE) == "今天 14:18"
        assert say_clock(NOW, now=NOW, zone=ZONE) == "今天 07:18（团队时间 14:18）"
    assert say_clock(NOW, now=NOW, zone=ZONE) == "今天 14:18"


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("Europe/London", "2026-03-28 15:00", "2026-03-29 15:00"),
        ("Europe/London", "2026-10-24 15:00", "2026-10-25 15:00"),
        ("America/New_York", "2026-03-07 23:00", "2026-03-08 23:00"),
        ("America/New_York", "2026-10-31 23:00", "2026-11-01 23:00"),
    ],
)
def test_the_readers_clock_changes_and_the_teams_does_not(place: str, before: str, after: str) -> None:
    hours = {  # in the reader's zone, before and after the change
        "2026-03-28 15:00": ("07:00", "08:00"),
        "2026-10-24 15:00": ("08:00", "07:00"),
        "2026-03-07 23:00": ("10:00", "11:00"),
        "2026-10-31 23:00": ("11:00", "10:00"),
    }[before]
    clock = before[-5:]
    with speaking("zh_Hans", place):
        assert say_clock(on(before), now=on(before), zone=ZONE) == f"今天 {hours[0]}（团队时间 {clock}）"
        assert say_clock(on(after), now=on(after), zone=ZONE) == f"今天 {hours[1]}（团队时间 {clock}）"
        assert "还剩 1 天；" in say_moment(on(after), now=on(before), zone=ZONE)


def test_what_is_left_is_counted_through_a_change_of_the_clock() -> None:
    london = ZoneInfo("Europe/London")
    evening, morning = datetime(2026, 3, 28, 18, 0, tzinfo=london), datetime(2026, 3, 29, 9, 0, tzinfo=london)
    assert say_moment(morning, now=evening, zone=london) == "明天 09:00（周日，还剩 14 小时）"


def test_the_same_hour_twice_is_told_apart_by_the_teams() -> None:
    first, second = (datetime.fromisoformat(f"2026-10-25T0{hour}:30:00+00:00") for hour in (0, 1))
    with speaking("zh_Hans", "Europe/London"):
        assert say_clock(first, now=first, zone=ZONE) == "今天 01:30（团队时间 08:30）"
        assert say_clock(second, now=first, zone=ZONE) == "今天 01:30（团队时间 09:30）"


def test_several_hours_of_one_day() -> None:
    hours = [on("2026-06-10 14:30"), on("2026-06-10 15:00")]
    assert say_clocks(hours, zone=ZONE) == "14:30、15:00"
    with speaking("zh_Hans", "Europe/London"):
        assert say_clocks(hours, zone=ZONE) == "07:30、08:00；团队时间 14:30、15:00"
    with speaking("zh_Hans", "Asia/Chongqing"):
        assert say_clocks(hours, zone=ZONE) == "14:30、15:00"
    assert say_clocks([], zone=ZONE) == ""


ZONES = st.sampled_from(sorted(name for name in available_timezones() if "/" in name))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SAID = re.compile(
    r"(?:(?P<near>昨天|今天|明天)|(?:(?P<year>\d+)年)?(?P<month>\d+)月(?P<day>\d+)日（周.）) ?(?P<clock>\d\d:\d\d)"
    r"(?:（(?:周.)?；?(?:团队时间 (?:(?P<team_month>\d+)月(?P<team_day>\d+)日 )?(?P<team_clock>\d\d:\d\d))?）)?"
)


@given(at=INSTANTS, ahead=st.timedeltas(-timedelta(days=400), timedelta(days=400)), place=ZONES, team=ZONES)
@example(at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ahead=timedelta(), place="Europe/London", team="Asia/Shanghai")
@example(at=datetime(2026, 1, 1, tzinfo=UTC), ahead=timedelta(), place="Pacific/Kiritimati", team="Etc/GMT+12")
@example(at=datetime(2026, 6, 1, tzinfo=UTC), ahead=timedelta(), place="Asia/Chongqing", team="Asia/Shanghai")
def test_both_times_said_are_the_same_instant(at: datetime, ahead: timedelta, place: str, team: str) -> None:
    own, theirs, now = ZoneInfo(place), ZoneInfo(team), at - ahead
    with speaking("zh_Hans", place):
        said = say_clock(at, now=now, zone=theirs)
        assert say_moment(at, now=now, zone=theirs)
    found = SAID.fullmatch(said)
    assert found, said
    today = now.astimezone(own).date()
    if found["near"]:
        day = today + timedelta(days=("昨天", "今天", "明天").index(found["near"]) - 1)
    else:
        day = date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    assert instant(day, found["clock"], at.astimezone(own)) == at.replace(second=0, microsecond=0)
    assert (found["team_clock"] is None) == (at.astimezone(own).utcoffset() == at.astimezone(theirs).utcoffset())
    if found["team_clock"]:
        if found["team_day"]:
            near = (day + timedelta(days=days) for days in range(-3, 4))
            wanted = (int(found["team_month"]), int(found["team_day"]))
            day = next(one for one in near if (one.month, one.day) == wanted)
        assert instant(day, found["team_clock"], at.astimezone(theirs)) == at.replace(second=0, microsecond=0)


def instant(day: date, clock: str, local: datetime) -> datetime:
    """The instant of these hands of a clock that keeps the offset of `local`."""
    offset = local.utcoffset() or timedelta()
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(hours=hour, minutes=minute) - offset
