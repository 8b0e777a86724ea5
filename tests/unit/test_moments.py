"""How the bot says a time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.promises.moments import say_clock, say_moment, say_overdue, say_span

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
