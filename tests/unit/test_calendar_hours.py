"""Working hours as a supervisor types them, how they are said again, and as they stand in calendar.yaml."""

from datetime import date, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import Unreadable
from bot.promises.hours import (
    data_of_hours,
    data_of_seasons,
    hours_of,
    read_hours,
    read_periods,
    say_hours,
    say_periods,
    seasons_of,
)
from bot.promises.workdays import Calendar, Hours, Period, Season

SHANGHAI = ZoneInfo("Asia/Shanghai")


def said(text: str) -> list[str]:
    hours, seasons = read_hours(text)
    return say_hours(Calendar(zone=SHANGHAI, hours=hours, seasons=seasons))


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        (
            "周一至周五 9:00-12:00 13:30-18:00，周六 9:00-12:00",
            ["周一至周五 09:00–12:00、13:30–18:00", "周六 09:00–12:00"],
        ),
        ("每天 8:00-20:00", ["每天 08:00–20:00"]),
        ("全天24小时", ["每天 全天"]),
        ("7×24小时", ["每天 全天"]),
        ("周一到周日 0:00-24:00", ["每天 全天"]),
        ("星期一至五9:00～18:00；周末休息", ["周一至周五 09:00–18:00"]),
        ("每天 9:00-18:00，周日休息", ["周一至周六 09:00–18:00"]),
        ("周一、三、五 9-18", ["周一、周三、周五 09:00–18:00"]),
        ("礼拜二四 10点—16点", ["周二、周四 10:00–16:00"]),
        ("工作日 8点半到12点，下午2点到6点", ["周一至周五 08:30–12:00、14:00–18:00"]),
        ("周一至周五 9点-12点 13点半-18点", ["周一至周五 09:00–12:00、13:30–18:00"]),
        ("周一九点到十二点一刻", ["周一 09:00–12:15"]),
        ("週一至週五 09：00－12：00　13：30－18：00", ["周一至周五 09:00–12:00、13:30–18:00"]),
        ("周五至周二 上午9点到晚12点", ["周一、周二、周五至周日 09:00–24:00"]),
        ("每天 20:00-0:00", ["每天 20:00–24:00"]),
        ("每天 中午12点到1点", ["每天 12:00–13:00"]),
        ("每天 8:00-20:00，节假日照常", ["每天和节假日 08:00–20:00"]),
        ("周一至周日和节假日 全天", ["每天和节假日 全天"]),
        ("周一至周五 9:00-18:00，节假日 10:00-16:00", ["周一至周五 09:00–18:00", "节假日 10:00–16:00"]),
        ("周一至周五 13:30-18:00 9:00-12:00", ["周一至周五 09:00–12:00、13:30–18:00"]),
    ],
)
def test_hours_as_they_are_typed_and_said(typed: str, lines: list[str]) -> None:
    assert said(typed) == lines


@pytest.mark.parametrize(
    "typed",
    [
        "周一至周五 9:00-18:00\n5月1日至9月30日：周一到周五 8:30-12:00 14:30-18:00",
        "5月1日-9月30日 周一到周五 8:30-12:00 14:30-18:00；平时：周一至周五 9:00-18:00",
        "五月至九月：工作日 8:30-12:00，下午2点半到6点；其余时间：工作日 九点到十八点",
    ],
)
def test_a_season_has_its_own_hours(typed: str) -> None:
    assert said(typed) == ["周一至周五 09:00–18:00", "5月1日至9月30日：周一至周五 08:30–12:00、14:30–18:00"]


def test_a_season_may_have_a_name_and_reach_over_the_years_end() -> None:
    lines = said("每天 8:00-18:00\n冬令（11月1日至次年3月15日）：每天 9:00-17:00，周日休息")
    assert lines == ["每天 08:00–18:00", "冬令（11月1日至3月15日）：周一至周六 09:00–17:00"]
    (winter,) = read_hours("每天 8-18\n" + lines[1])[1]
    assert (winter.name, winter.first, winter.last) == ("冬令", (11, 1), (3, 15))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "还没写平时的工作时间"),
        ("随便", "没看懂“随便”"),
        ("周一至周五朝九晚五", "没看懂“朝九晚五”"),
        ("9:00-18:00", "“9:00-18:00”没写是周几"),
        ("周一到周五", "周五没写时间"),
        ("周一休息", "还没写平时的工作时间"),
        ("周一 9:00-25:00", "没有“9:00-25:00”这个时间"),
        ("周一 9:75-12:00", "没有“9:75-12:00”这个时间"),
        ("周一 22:00-6:00", "跨过了半夜，请拆成两段"),
        ("周一 22:00-次日6:00", "跨过了半夜，请拆成两段"),
        ("周一 9:00-12:00 11:00-15:00", "“09:00–12:00、11:00–15:00”互相重叠"),
        ("周一至周五 9-18，周五 9-12", "周五写了两次"),
        ("5月1日至9月30日：周一 9-12", "还没写平时的工作时间"),
        ("每天 9-18\n2月30日至3月1日：每天 9-10", "没有2月30日这一天"),
        ("每天 9-18\n5月至9月：每天 8-17\n9月1日至10月1日：每天 9-12", "都包含9月1日，请错开"),
        ("每天 9-18\n夏令 5月至6月：每天 8-17\n夏令 7月至8月：每天 8-16", "有两段都叫“夏令”"),
        ("每天 9-18" * 400, "太长了"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_guessed(typed: str, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_hours(typed)
    assert told in refused.value.sentence


@pytest.mark.parametrize(
    ("typed", "periods"),
    [("9:00-12:00 13:30-18:00", "09:00–12:00、13:30–18:00"), ("上午九点到十二点", "09:00–12:00"), ("全天", "全天")],
)
def test_the_hours_of_one_day(typed: str, periods: str) -> None:
    assert say_periods(read_periods(typed)) == periods


@pytest.mark.parametrize("typed", ["", "周一 9:00-12:00", "上午", "9:00", "22:00-6:00"])
def test_the_hours_of_one_day_are_nothing_else(typed: str) -> None:
    with pytest.raises(Unreadable):
        read_periods(typed)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"周一": []},
        {"周一": ["9:00-12:00"]},
        {"周一": ["12:00-09:00"]},
        {"周一": ["09:00-24:30"]},
        {"周一": ["09:60-12:00"]},
        {"周一": ["13:00-18:00", "09:00-12:00"]},
        {"周一": ["22:00-24:00", "23:00-24:00"]},
    ],
)
def test_broken_data_is_refused(broken: dict[str, list[str]]) -> None:
    with pytest.raises(Unreadable):
        hours_of(broken)


# Whatever the hours are: said, read again and stored they stay the same


@some.composite
def weeks(draw: some.DrawFn) -> Hours:
    clocks = [time(minutes // 60, minutes % 60) for minutes in range(15, 24 * 60, 15)]
    hours: dict[int, tuple[Period, ...]] = {}
    for day in draw(some.sets(some.integers(0, 6), min_size=1)):
        edges = sorted(draw(some.sets(some.sampled_from(clocks), min_size=2, max_size=6)))
        edges += [time()] if len(edges) % 2 else []  # until midnight
        hours[day] = tuple((edges[i], edges[i + 1]) for i in range(0, len(edges), 2))
    return dict(sorted(hours.items()))


@some.composite
def calendars(draw: some.DrawFn) -> Calendar:
    names = ["夏令", "", "雨季"]
    edges = sorted(draw(some.sets(some.dates(date(2024, 1, 1), date(2024, 12, 31)), max_size=6)))
    seasons = [
        Season(name=name, first=(first.month, first.day), last=(last.month, last.day), hours=draw(weeks()))
        for name, (first, last) in zip(names, list(pairwise(edges))[::2], strict=False)
    ]
    return Calendar(zone=SHANGHAI, hours=draw(weeks()), seasons=tuple(seasons))


@given(calendars())
def test_what_is_said_reads_as_it_was(calendar: Calendar) -> None:
    assert read_hours("\n".join(say_hours(calendar))) == (calendar.hours, calendar.seasons)


@given(calendars())
def test_what_is_stored_reads_as_it_was(calendar: Calendar) -> None:
    assert hours_of(data_of_hours(calendar.hours)) == calendar.hours
    stored = seasons_of(data_of_seasons(calendar.seasons))
    assert [(one.first, one.last, one.hours) for one in stored] == [
        (one.first, one.last, one.hours) for one in calendar.seasons
    ]
    assert say_hours(Calendar(zone=SHANGHAI, seasons=stored)) == say_hours(
        Calendar(zone=SHANGHAI, seasons=calendar.seasons)
    )


@given(some.text(alphabet="周一二三五六日至到-:：0123456789 ，。点半月休天每全季夏（）\n", max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        hours, _seasons = read_hours(text)
    except Unreadable as refused:
        assert refused.sentence
    else:
        assert any(hours.values())
