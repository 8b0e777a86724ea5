"""Which day a word means: 明天, 周五, 6月12日, 10号, 月底, 中秋节, 节前. For rows of words.WORDS.

Every reader takes the match and the Moment, and gives a Named day, an Ask, an Error, or None: no such word after all.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bot.language import numerals
from bot.language.speech import _
from bot.promises.reading.feasts import CALLED, feast_day
from bot.promises.reading.values import DAY, Ask, Error, Frame, Moment, Named, Over, say_day
from bot.promises.workdays import Break

Reader = Callable[[re.Match[str], Moment], Any]
HOUSE_BLANK = "■"
NEXT_YEAR_WITHIN = timedelta(days=200)
"""A date without a year that is over this year means next year's, if that is no further off than this."""
JUST_OVER = timedelta(days=60)
"""A feast that was not longer ago than this is spoken of as past."""


def days_on(days: int, *, loose: bool = False) -> Reader:
    """今天, 明天, 大后天: so many days on from today."""

    def read(found: re.Match[str], at: Moment) -> Named:
        return Named(at.today + days * DAY, loose=loose, leans=found.group()[0] in "次翌第当")

    return read


# Dates

WHICH_MONTH = {
    "本": 0, "这": 0, "这个": 0, "当": 0, "下": 1, "下个": 1, "次": 1, "下下": 2, "下下个": 2, "上": -1, "上个": -1,
}  # fmt: skip


def month_day(found: re.Match[str], at: Moment) -> Any:
    """6月12日, 明年1月6日, 26年12月3日, 2026-06-12, 12/1: without a year the next to come (5, 6)."""
    groups = found.groupdict()
    month, day = numerals.whole(groups["mo"]), numerals.whole(groups["d"])
    if month is None or day is None:
        return Ask(_("“{text}”是哪一天？"))
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return _no_such_day()
    written = groups.get("y")
    if written:
        year = year_of(written, at)
        if year is None:
            return Ask(_("“{text}”是哪一天？"))
        named = _date(year, month, day)
        return Named(named, loose=False) if named else _no_such_day()
    for year in (at.today.year, at.today.year + 1):
        named = _date(year, month, day)
        if named and named >= at.today:
            if year > at.today.year and named - at.today > NEXT_YEAR_WITHIN:
                last = _date(year - 1, month, day)
                return Named(last, loose=True) if last else _which_year(named)
            return Named(named)
    return _which_year() if month == 2 and day == 29 else _no_such_day()


def _no_such_day() -> Error:
    return Error(_("没有“{text}”这一天，请核对日期。"))


def _which_year(*days: date) -> Ask:
    return Ask(_("“{text}”是哪一年？"), instead=tuple(Named(day, loose=False) for day in days))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def year_of(written: str, at: Moment) -> int | None:
    """2026, 26, 二零二六, 今, 明; None when it is no year."""
    word = {"今": 0, "本": 0, "明": 1, "去": -1, "前": -2, "后": 2}.get(written)
    if word is not None:
        return at.today.year + word
    digits = numerals.spelled(written)
    if digits is None or len(digits) not in (2, 4):
        return None
    year = int(digits) + (2000 if len(digits) == 2 else 0)
    return year if 1900 <= year <= 2200 else None


def months_on(first: date, months: int) -> date:
    """The first of the month so many months on."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_of_month(first: date) -> date:
    return months_on(first, 1) - DAY


def day_of_month(found: re.Match[str], at: Moment) -> Any:
    """10号, 本月27号, 下个月五号: a bare one is the next to come (5)."""
    day = numerals.whole(found["d"])
    if day is None or not 1 <= day <= 31:
        return _no_such_day() if day is not None else Ask(_("“{text}”是哪一天？"))
    which = found.groupdict().get("w")
    if which:
        first = months_on(at.today, WHICH_MONTH[which])
        named = _date(first.year, first.month, day)
        return Named(named, loose=False) if named else _no_such_day()
    first = at.today.replace(day=1) if day >= at.today.day else months_on(at.today, 1)
    named = _date(first.year, first.month, day)
    if named is None:
        later = _date(months_on(first, 1).year, months_on(first, 1).month, day)
        days = (last_of_month(first), *((later,) if later else ()))
        asked = _("{month}月没有“{text}”，是哪一天？").replace("{month}", str(first.month))
        return Ask(asked, instead=tuple(Named(day) for day in days))
    if day <= 7 and named.month != at.today.month and re.match("日之?前|日以前", found.string[found.end() - 1 :]):
        soon = at.calendar.next_working(at.today + day * DAY)
        return Ask(_("“{text}”是日期还是天数？具体哪一天答复？"), instead=(Named(soon), Named(named)))
    if found.string[: found.start()].endswith(HOUSE_BLANK):
        return Ask(_("“{text}”是日期还是门牌？具体哪一天答复？"), instead=(Named(named),))
    return Named(named)


def month_end(found: re.Match[str], at: Moment) -> Any:
    """月底, 下月底, 6月底, 本月最后一天: the last day of it (5)."""
    groups = found.groupdict()
    if groups.get("mo"):
        month = numerals.whole(groups["mo"])
        if month is None or not 1 <= month <= 12:
            return _no_such_day()
        first = date(at.today.year, month, 1)
        if last_of_month(first) < at.today:
            first = first.replace(year=first.year + 1)
            if first - at.today > NEXT_YEAR_WITHIN:
                return _which_year(last_of_month(first))
    else:
        first = months_on(at.today, WHICH_MONTH[groups.get("w") or "本"])
    return Named(last_of_month(first), loose=False)


def year_end(found: re.Match[str], at: Moment) -> Named:
    """年底: 31 December."""
    return Named(date(at.today.year, 12, 31), loose=False)


def month_alone(found: re.Match[str], at: Moment) -> Any:
    """6月, 2026年6月: over, or the question which day of it."""
    month, written = numerals.whole(found["mo"]), found["y"]
    year = year_of(written, at) if written else at.today.year
    if month is None or not 1 <= month <= 12 or year is None:
        return Ask(_("“{text}”具体是哪一天？"))
    first = date(year, month, 1)
    if written and last_of_month(first) < at.today:
        return Over()
    return Ask(_("“{text}”具体是哪一天？"), instead=(Named(last_of_month(first)),))


# Weeks

WEEKDAY = dict(zip("一二三四五六日天1234567", (0, 1, 2, 3, 4, 5, 6, 6, 0, 1, 2, 3, 4, 5, 6), strict=True))


def weekday(found: re.Match[str], at: Moment) -> Any:
    """周五, 本周三, 下下周一: weeks start on Monday; a bare one is the next to come (9)."""
    wanted, which = WEEKDAY[found["d"]], found["w"] or ""
    if which:
        weeks = which.count("下") - which.count("上")
        day = at.today + timedelta(days=wanted - at.today.weekday(), weeks=weeks)
        return Named(day, loose=weeks == 0, weekday=True)
    days = (wanted - at.today.weekday()) % 7
    both = tuple(Named(at.today + more * DAY, loose=False, weekday=True) for more in (0, 7))
    unsure = None if days else Ask(_("今天就是“{text}”，是今天，还是下周？"), instead=both)
    return Named(at.today + days * DAY, weekday=True, unsure=unsure)


def frame(found: re.Match[str], at: Moment) -> Frame:
    """本周, 下周, 本月: from and to."""
    word = found.group()
    ahead = word.count("下")
    if "月" in word:
        first = months_on(at.today, ahead)
        return Frame(first, last_of_month(first), ahead)
    monday = at.today + timedelta(days=-at.today.weekday(), weeks=ahead)
    return Frame(monday, monday + 6 * DAY, ahead)


def part_of_week(found: re.Match[str], at: Moment) -> Ask:
    """周末, 下周初, 周中: no agreed day."""
    word = found.group()
    monday = at.today + timedelta(days=-at.today.weekday(), weeks=word.count("下") - word.count("上"))
    days = {"末": (5, 6), "初": (0, 1), "中": (2,), "内": (4,)}[word[-1]]
    return _which_of(*(monday + day * DAY for day in days))


def part_of_month(found: re.Match[str], at: Moment) -> Ask:
    """月初, 12月中旬, 下月上旬: no agreed day."""
    groups, word = found.groupdict(), found.group()
    if groups.get("mo"):
        month = numerals.whole(groups["mo"])
        first = date(at.today.year, month, 1) if month and 1 <= month <= 12 else None
        if first and last_of_month(first) < at.today:
            first = first.replace(year=first.year + 1)
    else:
        first = months_on(at.today, WHICH_MONTH.get(groups.get("w") or "本", 0))
    if first is None:
        return _which_of()
    days = (1, 5) if "初" in word else (10,) if "上" in word else (15, 20) if "中" in word else (25, 0)
    if first <= at.today and "初" in word and at.today.day > 5:
        first = months_on(first, 1)
    return _which_of(*(first + (day - 1) * DAY if day else last_of_month(first) for day in days))


def days_from(*days: int) -> Reader:
    """过两天, 明后天: one of the days so far off."""
    return lambda found, at: _which_of(*(at.today + day * DAY for day in days))


def which_day(found: re.Match[str], at: Moment) -> Ask:
    """No agreed reading and no likely one."""
    return _which_of()


def _which_of(*days: date) -> Ask:
    return Ask(_("“{text}”具体是哪一天？"), instead=tuple(Named(day, loose=False) for day in days))


# Feasts and the breaks around them

HOLIDAYS = {
    "元旦": "元旦", "春节": "春节", "过年": "春节", "清明": "清明", "五一": "劳动", "劳动节": "劳动", "端午": "端午",
    "中秋": "中秋", "国庆": "国庆", "十一": "国庆",
}  # fmt: skip


def feast(found: re.Match[str], at: Moment) -> Any:
    """中秋节, 国庆节当天, 除夕: the day itself, the next to come."""
    name = found["feast"]
    limit = re.match("之前|以前|前", found.string[found.end() :])
    if limit and found.group().endswith(name) and {name, name.removesuffix("节")} & set(HOLIDAYS):
        return None  # 中秋节前一天: of the break
    year = year_of(found["y"], at) if found["y"] else None
    days = [day for more in (-1, 0, 1) if (day := feast_day(name, year or at.today.year + more))]
    last = next((day for day in reversed(days) if day < at.today), None)
    day = next((day for day in days if year or day >= at.today), None)
    if last and at.today - last < JUST_OVER and (day is None or day - at.today > NEXT_YEAR_WITHIN):
        day = last
    if day is None:
        return Ask(_("“{text}”是哪一天？"))
    told = _("{name}是{day}").format(name=CALLED.get(name, name), day=say_day(day))
    return Named(day, loose=not year, steps=(told,))


def _break(found: re.Match[str], at: Moment) -> Break | Ask:
    name = found.groupdict().get("name")
    found_break = at.calendar.next_break(at.today, HOLIDAYS[name] if name else None)
    if found_break is None:
        return Ask(_("“{text}”那年的放假安排还没录入，具体哪一天？"))
    if not name and found_break.first - at.today > timedelta(days=60):
        return Ask(_("“{text}”是指哪个节？具体哪一天？"))
    if found_break.first - at.today > timedelta(days=330):
        return Ask(_("“{text}”太远了，具体哪一天？"))
    return found_break


def before_break(found: re.Match[str], at: Moment) -> Any:
    """节前, 春节前: the last working day before the break (10)."""
    away = _break(found, at)
    if isinstance(away, Ask):
        return away
    day = at.calendar.last_working(at.today, away.first - DAY)
    if day is None:
        return Ask(_("“{text}”已经没有工作日了，具体什么时候？"))
    holiday = "、".join(away.names)
    return Named(
        day, loose=False, how=_("{holiday}放假前最后一个工作日").format(holiday=holiday),
        steps=(
            _("{day}起{holiday}放假").format(holiday=holiday, day=say_day(away.first)),
            _("放假前最后一个工作日是{day}").format(day=say_day(day)),
        ),
    )  # fmt: skip


def after_break(found: re.Match[str], at: Moment) -> Any:
    """节后第二个工作日, 国庆节后上班第一天 (10)."""
    away = _break(found, at)
    if isinstance(away, Ask):
        return away
    groups = found.groupdict()
    n = numerals.whole(groups["n"]) if groups.get("n") else 1
    if n is None or not 1 <= n <= 60:
        return Ask(_("“{text}”具体是哪一天？"))
    holiday, day = "、".join(away.names), at.calendar.add_working_days(away.last, n)
    return Named(
        day, loose=False, how=_("{holiday}假后第 {n} 个工作日").format(holiday=holiday, n=n),
        steps=(
            _("{holiday}放假到{day}").format(holiday=holiday, day=say_day(away.last)),
            _("假后第 {n} 个工作日是{day}").format(n=n, day=say_day(day)),
        ),
    )  # fmt: skip


def days_before_break(found: re.Match[str], at: Moment) -> Ask:
    """节前三天: three days ahead of it, or the last three."""
    away, n = _break(found, at), numerals.whole(found["n"])
    if isinstance(away, Ask) or n is None or n > 60:
        return _which_of()
    last = at.calendar.last_working(at.today, away.first - DAY)
    return _which_of(away.first - n * DAY, *((last,) if last else ()))


def around_break(found: re.Match[str], at: Moment) -> Ask:
    """国庆后, 春节期间, 节后: no agreed day (10)."""
    away = at.calendar.next_break(at.today, HOLIDAYS.get(found.groupdict().get("name") or ""))
    if away is None:
        return _which_of()
    before = at.calendar.last_working(at.today, away.first - DAY)
    after = at.calendar.add_working_days(away.last, 1)
    if re.search("后|回来|结束", found.group()):
        return _which_of(after, at.calendar.add_working_days(away.last, 3))
    return _which_of(*((before,) if before else ()), after)


def nth_working_day(found: re.Match[str], at: Moment) -> Any:
    """下个工作日, 第3个工作日."""
    n = numerals.whole(found["n"]) if found.groupdict().get("n") else 1
    if n is None or not 1 <= n <= 250:
        return Ask(_("“{text}”具体是哪一天？"))
    return Named(at.calendar.add_working_days(at.today, n), loose=False, leans=True)
