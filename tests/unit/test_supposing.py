"""推演 周四16:45登记，三个工作日内答复: from when, and how long."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.app import Norms
from bot.escalation.supposing import read_start, split
from bot.promises.calendars import EVERYBODY, Calendars
from bot.promises.workdays import Calendar
from tests.conftest import THURSDAY


@pytest.fixture(scope="session")
def calendar(norms: Norms) -> Calendar:
    return Calendars(norms.calendar).of(EVERYBODY)


@pytest.mark.parametrize(
    ("text", "begins", "words"),
    [
        ("半个工作日内", "", "半个工作日内"),
        ("三天内收到回复", "", "三天内收到回复"),
        ("一小时一刻钟内", "", "一小时一刻钟内"),
        ("明天下午3点前", "", "明天下午3点前"),
        ("收到投诉后半个工作日内", "", "半个工作日内"),
        ("从现在起三天内", "", "三天内"),
        ("电梯坏了明天答复", "", "电梯坏了明天答复"),
        ("9月30日16:00 半个工作日内", "9月30日16:00", "半个工作日内"),
        ("９月３０日１６：００，半個工作日內", "９月３０日１６：００", "半個工作日內"),
        ("明天9点半个工作日内", "明天9点", "半个工作日内"),
        ("明天9点半 半个工作日内", "明天9点半", "半个工作日内"),
        ("周五16:45登记，三个工作日内答复", "周五16:45", "三个工作日内答复"),
        ("张先生周五16:45投诉，三个工作日内答复", "张先生周五16:45", "三个工作日内答复"),
        ("下周一上午9点15分起4个工作小时内", "下周一上午9点15分", "4个工作小时内"),
        ("两小时后登记，半个工作日内", "两小时后", "半个工作日内"),
        ("从明天9点起", "明天9点", ""),
        ("明天起三天内", "明天", "三天内"),
        ("明天上午 三天内", "明天上午", "三天内"),
    ],
)
def test_when_it_begins_and_how_long(text: str, begins: str, words: str, calendar: Calendar) -> None:
    assert split(text, now=THURSDAY, calendar=calendar) == (begins, words)


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [
        ("9月30日16:00", "09-30 16:00", []),
        ("两小时后", "06-11 12:00", []),
        ("明天下班", "06-12 18:00", []),
        ("明天", "", ["06-12 09:00", "06-12 13:30", "06-12 17:00"]),
        ("明天上午", "", ["06-12 09:00"]),
        ("明天下午", "", ["06-12 13:30", "06-12 17:00"]),
        ("今天", "", ["06-11 13:30", "06-11 17:00"]),
        ("周四16:45", "", ["06-11 16:45", "06-18 16:45"]),  # today is a Thursday
    ],
)
def test_a_beginning_is_an_hour_or_is_asked_about(words: str, at: str, offered: list[str], calendar: Calendar) -> None:
    start = read_start(words, now=THURSDAY, calendar=calendar)
    assert (f"{start.at:%m-%d %H:%M}" if start.at else "") == at
    assert [f"{choice:%m-%d %H:%M}" for choice in start.choices] == offered
    assert not start.error


def test_a_beginning_that_is_over_is_refused(calendar: Calendar) -> None:
    start = read_start("昨天16:45", now=THURSDAY, calendar=calendar)
    assert (start.at, start.choices) == (None, ())
    assert "已经过去" in start.error


@given(days=some.integers(1, 200), minute=some.integers(7 * 60, 24 * 60 - 1))  # 01:00 may be the night or the afternoon
def test_a_date_and_an_hour_before_a_length_are_when_it_begins(calendar: Calendar, days: int, minute: int) -> None:
    at = THURSDAY.replace(hour=0) + timedelta(days=days, minutes=minute)
    begins, words = split(f"{at:%-m月%-d日%H:%M}半个工作日内", now=THURSDAY, calendar=calendar)
    assert words == "半个工作日内"
    assert read_start(begins, now=THURSDAY, calendar=calendar).at == at


@given(some.text(max_size=60))
def test_whatever_is_typed_nothing_is_lost_or_invented(calendar: Calendar, text: str) -> None:
    begins, words = split(text, now=THURSDAY, calendar=calendar)
    assert begins in text and words in text
