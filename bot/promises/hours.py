"""Working hours as people write them: read from a message, said in short lines, and as data. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from bot.errors import Unreadable
from bot.language.fold import fold
from bot.language.numerals import CHARS, number
from bot.language.speech import _
from bot.promises.moments import say_weekday
from bot.promises.workdays import HOLIDAY, MIDNIGHT, Calendar, Hours, Period, Season

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日", "节假日")
WHOLE_DAY: Period = (MIDNIGHT, MIDNIGHT)
LONGEST = 2000  # characters; seven days that all differ, in four seasons, have about 1500


# Read from what somebody typed


_NUMBER = re.compile(rf"(?<![周期拜])[{CHARS}]+(?=[点时月日号])|(?<=[点时])[{CHARS}]+")
_DASH = r"\s*(?:-|–|—|~|至|到)+\s*"
_DAY = r"每?(?:周|星期|礼拜)\s*[一二三四五六日天1-7]"
_PART = r"(?P<{0}part>上午|早上|早|中午|下午|傍晚|晚上|晚|凌晨)?\s*"
_CLOCK = (
    r"(?P<{0}hour>\d{{1,2}})(?:[:.点时](?:(?P<{0}quarter>[13])刻|(?P<{0}minute>\d{{1,2}})分?|(?P<{0}half>半)|整)?)?"
)
_TOKENS = re.compile(
    "|".join((
        rf"(?P<season>(?P<name>[^\W\d_]{{0,8}}?)[\s(]*(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})[日号]?)?起?{_DASH}"
        r"(?:次年|第二年)?(?P<last_month>\d{1,2})月(?:(?P<last_day>\d{1,2})[日号]?)?\)?)",
        r"(?P<base>平时|平常|其[余他它](?:时间|月份|季节|时段)?)",
        r"(?P<every>每天|每日|天天|全周|一周七天|每周七天)",
        r"(?P<office>工作日)",
        r"(?P<holiday>(?:法定)?(?:节假日|节日|假日))",
        r"(?P<usual>照常(?:上班|营业)?|不休|也上班)",
        r"(?P<weekend>周六日|周末|双休日)",
        rf"(?P<run>{_DAY}{_DASH}(?:周|星期|礼拜)?\s*(?:[一二三四五六日天]|[1-7](?![\d:点时])))",
        rf"(?P<several>{_DAY}(?:[、,]?[一二三四五六日天])+)",
        rf"(?P<one>{_DAY})",
        r"(?P<whole>(?:全天)?\s*(?:7\s*[*x×]\s*)?24\s*(?:个)?小时|全天)",
        r"(?P<free>休息|不上班|放假|休)",
        rf"(?P<period>{_PART.format('from_')}{_CLOCK.format('from_')}{_DASH}(?P<next>次日|第二天)?{_PART.format('to_')}{_CLOCK.format('to_')})",
        r"(?P<between>[\s,，、。;；:和及与|/]+)",
    ))
)  # fmt: skip
_UNTIL_NOON = {"下午": 12, "傍晚": 12, "晚上": 12, "晚": 12, "中午": 3}  # hours below are twelve later
_NIGHT = ("晚上", "晚", "凌晨")


def read_hours(text: str) -> tuple[Hours, tuple[Season, ...]]:
    """“周一至周五 9:00-12:00 13:30-18:00，周六 9:00-12:00”, “每天 8:00-20:00”, “全天24小时”; a season after its days:
    “5月1日至9月30日：周一到周五 8:30-12:00 14:30-18:00”; “节假日照常”. Weekdays that are not named are free.

    Raises Unreadable with what was not understood and an example.
    """
    if len(text) > LONGEST:
        raise _unread(_("太长了。"))
    base, seasons = _Week(), list[tuple[Season, _Week]]()
    for line in re.split(r"[\r\n]+", text):
        week, folded = base, _NUMBER.sub(_figures, fold(line).text)
        place = 0
        while place < len(folded):
            token = _TOKENS.match(folded, place)
            if token is None:
                raise _unread(_("没看懂“{piece}”。").format(piece=folded[place : place + 12].strip()))
            place = token.end()
            if token["season"]:
                season, week = _season(token), _Week()
                seasons.append((season, week))
            elif token["base"]:
                week = base
            else:
                week.take(token)
    hours = base.read(_("平时"))
    read = tuple(
        Season(name=season.name, first=season.first, last=season.last, hours=week.read(say_dates(season)))
        for season, week in seasons
    )
    _apart(read)
    return hours, read


def read_periods(text: str) -> tuple[Period, ...]:
    """The hours of one day: “9:00-12:00 13:30-18:00”, “上午9点到12点”, “全天”. Raises Unreadable."""
    folded = _NUMBER.sub(_figures, fold(text[:LONGEST]).text)
    found: list[Period] = []
    place = 0
    while place < len(folded):
        token = _TOKENS.match(folded, place)
        if token is None or not (token["period"] or token["whole"] or token["between"]):
            told = _("没看懂“{piece}”。一天的时间写成“9:00-12:00 13:30-18:00”。")
            raise Unreadable(told.format(piece=folded[place : place + 12].strip()))
        if not token["between"]:
            found.append(_period(token))
        place = token.end()
    if not found:
        raise Unreadable(_("还没写时间。一天的时间写成“9:00-12:00 13:30-18:00”。"))
    return _in_order(found)


class _Week:
    """The weekdays and periods of one sentence as they come: days first, then their hours."""

    def __init__(self) -> None:
        self._hours: dict[int, list[Period]] = {}
        self._days: list[int] = []
        self._given = True  # the days named last have their hours

    def take(self, token: re.Match[str]) -> None:
        days = _days(token)
        if days:
            if self._given:
                self._days, self._given = [], False
            self._days += days
        elif token["usual"] and self._days == [HOLIDAY] and self._hours:
            self._hours[HOLIDAY] = list(next(iter(self._hours.values())))
            self._given = True
        elif token["free"] or token["usual"] or token["period"] or token["whole"]:
            if not self._days and token["whole"]:
                self._days, self._given = list(range(7)), False
            if not self._days or token["usual"]:
                raise _unread(_("“{piece}”没写是周几。").format(piece=token[0].strip()))
            if token["free"]:  # also of days that were named before: 每天 9:00-18:00，周日休息
                self._hours |= {day: [] for day in self._days}
            else:
                self._put(_period(token))
            self._given = True

    def _put(self, period: Period) -> None:
        for day in self._days:
            if not self._given and day in self._hours:
                raise _unread(_("{day}写了两次。").format(day=_name(day)))
            self._hours.setdefault(day, []).append(period)

    def read(self, what: str) -> Hours:
        """`what` the week is of, for the sentence when something is missing."""
        if not self._given:
            raise _unread(_("{day}没写时间。").format(day=_name(self._days[-1])))
        hours = {day: _in_order(periods) for day, periods in sorted(self._hours.items()) if periods}
        if not hours:
            raise _unread(_("还没写{what}的工作时间。").format(what=what))
        return hours


def _days(token: re.Match[str]) -> list[int]:
    if token["every"]:
        return list(range(7))
    if token["office"]:
        return list(range(5))
    if token["holiday"]:
        return [HOLIDAY]
    if token["weekend"]:
        return [5, 6]
    if token["one"]:
        return [_weekday(token["one"])]
    if token["several"]:
        return [_weekday(char) for char in re.findall("[一二三四五六日天]", token["several"].replace("星期", ""))]
    if not token["run"]:
        return []
    first, last = (_weekday(char) for char in re.findall(r"[一二三四五六日天1-7]", token["run"].replace("星期", "")))
    return list(range(first, last + 1)) if first <= last else [*range(first, 7), *range(last + 1)]


def _weekday(written: str) -> int:
    char = written[-1]
    return int(char) - 1 if char.isdigit() else "一二三四五六日天".index(char) if char != "天" else 6


def _season(token: re.Match[str]) -> Season:
    month, last_month = int(token["month"]), int(token["last_month"])
    first = month, int(token["day"] or 1)
    last = last_month, int(token["last_day"] or _days_in(last_month))
    for month, day in (first, last):
        if not _exists(month, day):
            raise _unread(_("没有{month}月{day}日这一天。").format(month=month, day=day))
    return Season(name=token["name"], first=first, last=last, hours={})


def _period(token: re.Match[str]) -> Period:
    if token["whole"]:
        return WHOLE_DAY
    opens = _clock(token, "from_", token["from_part"])
    closes = _clock(token, "to_", token["to_part"] or token["from_part"])
    if token["next"] or (closes <= opens and closes):
        told = _("“{period}”跨过了半夜，请拆成两段，例如周一 22:00-24:00，周二 0:00-6:00。")
        raise Unreadable(told.format(period=token["period"].strip()))
    return _as_time(opens), _as_time(closes)


def _clock(token: re.Match[str], which: str, part: str | None) -> int:
    """Minutes since midnight."""
    hour = int(token[f"{which}hour"])
    minute = int(token[f"{which}minute"] or 0) + 15 * int(token[f"{which}quarter"] or 0)
    minute += 30 if token[f"{which}half"] else 0
    if hour < _UNTIL_NOON.get(part or "", 0):
        hour += 12
    elif hour == 12 and part in _NIGHT:
        hour = 0 if part == "凌晨" else 24
    if hour * 60 + minute > 24 * 60 or minute > 59:
        raise _unread(_("没有“{clock}”这个时间。").format(clock=token["period"].strip()))
    return hour * 60 + minute


def _figures(found: re.Match[str]) -> str:
    value = number(found[0])
    return found[0] if value is None else str(value)


def _unread(what: str) -> Unreadable:
    return Unreadable(what + "\n" + _("写法例如：周一至周五 9:00-12:00 13:30-18:00，周六 9:00-12:00"))


# As data: the phrasebook's YAML and the database's JSON


def periods_of(data: Sequence[str]) -> tuple[Period, ...]:
    """["09:00-12:00", "13:30-24:00"]. Raises Unreadable."""
    periods = []
    for written in data:
        found = re.fullmatch(r"(\d\d):(\d\d) ?- ?(\d\d):(\d\d)", written)
        opens, closes = (
            (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
        )  # fmt: skip
        if not found or not opens < closes <= 24 * 60 or int(found[2]) > 59 or int(found[4]) > 59:
            raise Unreadable(_("“{period}”不对，写法例如 09:00-12:00，到半夜写 24:00。").format(period=written))
        periods.append((_as_time(opens), _as_time(closes)))
    if periods != list(_in_order(periods)):
        raise Unreadable(_("“{periods}”要按先后顺序写。").format(periods="、".join(data)))
    return tuple(periods)


def hours_of(data: Mapping[str, Sequence[str]]) -> Hours:
    """{"周一": ["09:00-12:00"]}. Raises Unreadable."""
    hours = {}
    for day, periods in data.items():
        try:
            hours[WEEKDAYS.index(day)] = periods_of(periods)
        except Unreadable as problem:
            raise Unreadable(_("{day}：{problem}").format(day=day, problem=problem.sentence)) from None
    if not any(hours.values()):
        raise Unreadable(_("至少要有一天上班。"))
    return hours


def seasons_of(data: Mapping[str, Mapping[str, Any]]) -> tuple[Season, ...]:
    """{"夏令": {"from": "05-01", "to": "09-30", "hours": …}}. Raises Unreadable."""
    seasons = tuple(
        Season(name=name, first=_month_day(one["from"]), last=_month_day(one["to"]), hours=hours_of(one["hours"]))
        for name, one in data.items()
    )
    _apart(seasons)
    return seasons


def data_of_periods(periods: Sequence[Period]) -> list[str]:
    return [f"{opens:%H:%M}-{_until(closes)}" for opens, closes in periods]


def data_of_hours(hours: Hours) -> dict[str, list[str]]:
    return {WEEKDAYS[day]: data_of_periods(periods) for day, periods in sorted(hours.items())}


def data_of_seasons(seasons: Sequence[Season]) -> dict[str, dict[str, Any]]:
    return {
        season.name or say_dates(season): {
            "from": "{:02}-{:02}".format(*season.first),
            "to": "{:02}-{:02}".format(*season.last),
            "hours": data_of_hours(season.hours),
        }
        for season in seasons
    }


def _month_day(written: str) -> tuple[int, int]:
    month, _dash, day = written.partition("-")
    if not (month.isdecimal() and day.isdecimal() and _exists(int(month), int(day))):
        raise Unreadable(_("“{written}”不是日期，写法例如 05-01。").format(written=written))
    return int(month), int(day)


# Said


def say_hours(calendar: Calendar) -> list[str]:
    """周一至周五 09:00–12:00、13:30–18:00: a line for days that have the same hours, then a line for each season."""
    lines = [_("{days} {periods}").format(days=days, periods=hours) for days, hours in _grouped(calendar.hours)]
    for season in calendar.seasons:
        week = "，".join(
            _("{days} {periods}").format(days=days, periods=hours) for days, hours in _grouped(season.hours)
        )
        name = season.name if season.name != say_dates(season) else ""
        called = _("{name}（{dates}）").format(name=name, dates=say_dates(season)) if name else say_dates(season)
        lines.append(_("{season}：{week}").format(season=called, week=week))
    return lines


def say_periods(periods: Sequence[Period]) -> str:
    """09:00–12:00、13:30–18:00."""
    if tuple(periods) == (WHOLE_DAY,):
        return _("全天")
    return "、".join(f"{opens:%H:%M}–{_until(closes)}" for opens, closes in periods)


def say_dates(season: Season) -> str:
    """5月1日至9月30日."""
    (month, day), (last_month, last_day) = season.first, season.last
    told = _("{month}月{day}日至{last_month}月{last_day}日")
    return told.format(month=month, day=day, last_month=last_month, last_day=last_day)


def _grouped(hours: Hours) -> list[tuple[str, str]]:
    """Weekdays of the same hours together, in the order of their first day."""
    groups: dict[tuple[Period, ...], list[int]] = {}
    for day in range(HOLIDAY + 1):
        if hours.get(day):
            groups.setdefault(hours[day], []).append(day)
    return [(_say_days(days), say_periods(periods)) for periods, days in groups.items()]


def _say_days(days: Sequence[int]) -> str:
    if list(days[:7]) == list(range(7)):
        return _("每天和节假日") if HOLIDAY in days else _("每天")
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1 and day < HOLIDAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = []
    for run in runs:
        names = [_name(day) for day in run]
        told += names if len(run) < 3 else [_("{first}至{last}").format(first=names[0], last=names[-1])]
    return "、".join(told)


# What all of them need


def _in_order(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Sorted. Raises Unreadable when two overlap."""
    ordered = sorted(periods)
    for (_opens, closes), (opens, _closes) in pairwise(ordered):
        if closes == MIDNIGHT or opens < closes:
            raise Unreadable(_("时段“{periods}”互相重叠，请改好。").format(periods=say_periods(ordered)))
    return tuple(ordered)


def _apart(seasons: Sequence[Season]) -> None:
    """Raises Unreadable when two of them have one name, or speak about one day."""
    names = [season.name for season in seasons if season.name]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Unreadable(_("有两段都叫“{name}”，请改一个名字。").format(name=twice))
    for offset in range(366):
        day = _LEAP_YEAR + timedelta(days=offset)
        two = [season for season in seasons if season.covers(day)]
        if len(two) > 1:
            told = _("“{one}”和“{other}”都包含{month}月{day}日，请错开。")
            one, other = (season.name or say_dates(season) for season in two[:2])
            raise Unreadable(told.format(one=one, other=other, month=day.month, day=day.day))


_LEAP_YEAR = date(2024, 1, 1)  # and a Monday


def _name(weekday: int) -> str:
    return _("节假日") if weekday == HOLIDAY else say_weekday(_LEAP_YEAR + timedelta(days=weekday))


def _exists(month: int, day: int) -> bool:
    try:
        date(_LEAP_YEAR.year, month, day)
    except ValueError:
        return False
    return True


def _days_in(month: int) -> int:
    return next((day for day in (31, 30, 29) if _exists(month, day)), 0)


def _as_time(minutes: int) -> time:
    """24:00 is 00:00 at the end."""
    return time(minutes // 60 % 24, minutes % 60)


def _until(clock: time) -> str:
    return "24:00" if clock == MIDNIGHT else f"{clock:%H:%M}"
