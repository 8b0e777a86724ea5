"""How long, counted from now: 两小时内, 三天内, 半个工作日, 本周内. Each way of counting says its steps."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any, Literal

from bot.language import numerals
from bot.language.speech import _
from bot.promises.reading.clock import when
from bot.promises.reading.days import Reader, last_of_month, months_on
from bot.promises.reading.values import (
    DAY,
    HOUR,
    Ask,
    Count,
    Due,
    Frame,
    Moment,
    Named,
    Over,
    Token,
    Value,
    flags,
    kinds_of,
    say_at,
    say_day,
    say_hour,
    say_length,
)

# One word: a number of something


def _amount(found: re.Match[str]) -> Fraction | None:
    """The number of a length: 半, 1.5, 三, 一个半, 两小时半; of 1-3 the upper end (3). None: 两三, 3到1."""
    groups = found.groupdict()
    if groups.get("whole") == "半":
        return Fraction(1, 2)
    value = numerals.number(groups["n"])
    if groups.get("low"):
        low = numerals.number(groups["low"])
        if low is None or value is None or low >= value:
            return None
    if value is None:
        return None
    return value + (Fraction(1, 2) if groups.get("half") or groups.get("half2") else 0)


def length(unit: timedelta) -> Reader:
    """两小时, 一刻钟, 90分钟: a timedelta."""

    def read(found: re.Match[str], at: Moment) -> Any:
        amount = _amount(found)
        if amount is None or amount > 10_000 or (unit < HOUR and amount.denominator > 2):
            return Ask(_("“{text}”具体是多久？"), instead=tuple(n * unit for n in _each(found)))
        return unit * float(amount)

    return read


def days(unit: Literal["day", "month"], times: int = 1) -> Reader:
    """三天, 两周 (times 7), 一个月: a Count."""

    def read(found: re.Match[str], at: Moment) -> Any:
        amount = _amount(found)
        if amount is not None and unit == "month" and amount == Fraction(1, 2):
            return Count(Fraction(15), "day", _("半个月按 15 天"))  # (2)
        if amount is None or amount.denominator > 1 or not amount:
            return Ask(_("“{text}”具体到哪一天几点？"), instead=_near(found, amount, unit, times))
        if amount * times > 400:
            return Ask(_("“{text}”太远了，具体到哪一天？"))
        how = _("{word} = {n} 天").format(word=found.group(), n=amount * times) if times > 1 else ""
        return Count(amount * times, unit, how)

    return read


def _near(
    found: re.Match[str], amount: Fraction | None, unit: Literal["day", "month"], times: int
) -> tuple[Count, ...]:
    if amount is None:
        return tuple(Count(Fraction(n * times), unit) for n in _each(found))
    if unit == "month":
        return (Count(amount * 30, "day"),) if amount else ()
    return tuple(Count(Fraction(n), unit) for n in _nearest(amount * times))


def _nearest(amount: Fraction) -> tuple[int, ...]:
    """What 1.5天 may mean: one day or two."""
    return tuple(n for n in (int(amount), int(amount) + 1) if 0 < n <= 60 and n - amount < 1)


def _each(found: re.Match[str]) -> tuple[int, ...]:
    """What 两三天 may mean: two or three."""
    ns = tuple(n for char in found["n"] if (n := numerals.whole(char)) and n < 10)
    return ns if len(ns) == len(found["n"]) == 2 else ()


def working(found: re.Match[str], at: Moment) -> Any:
    """三个工作日, 半个工作日: a Fraction."""
    amount = _amount(found)
    if amount is None or not 0 < amount <= 250 or (amount.denominator > 1 and amount != Fraction(1, 2)):
        near = _each(found) if amount is None else _nearest(amount)
        return Ask(_("“{text}”具体到哪一天几点？"), instead=tuple(map(Fraction, near)))
    return amount


def working_hours_of(found: re.Match[str], at: Moment) -> Any:
    """4个工作小时, 1.5个工作小时: a Fraction."""
    amount = _amount(found)
    if amount is None or not 0 < amount <= 250 or amount.denominator > 60:
        return Ask(_("“{text}”具体到哪一天几点？"))
    return amount


def too_far(found: re.Match[str], at: Moment) -> Ask:
    """两年."""
    return Ask(_("“{text}”太远了，具体到哪一天？"))


def since_when(found: re.Match[str], at: Moment) -> Ask:
    """第三天: counted from nobody knows when."""
    n = numerals.whole(found["n"]) if found.groupdict().get("n") else None
    near = tuple(at.close(at.today + day * DAY) for day in (n - 1, n)) if n and n <= 60 and "天" in found[0] else ()
    return Ask(_("“{text}”从什么时候算起？具体到哪一天几点？"), choices=near)


def half_a_day(found: re.Match[str], at: Moment) -> Ask:
    """半天内: of the working day as a rule, which nobody says."""
    half = at.calendar.spans(at.now, at.calendar.full_day(at.today) / 2)[-1][1]
    return Ask(_("“{text}”没有准数，最晚几点答复？"), choices=(half, at.close(at.today)))


def vague_length(found: re.Match[str], at: Moment) -> Ask:
    """两三天, 个把小时, 十来分钟, 过两天: about so long; the likely ones are offered."""
    word = found.group()
    unit = re.search("分钟|小时|钟头|工作|天|日|周|星期|礼拜", word)
    unit_word = unit.group() if unit else ""
    ns = [n for char in re.findall(r"\d+|[一二两三四五六七八九十]", word) if (n := numerals.whole(char))]
    if "个把" in word:
        ns = [1, 2]
    elif re.search("[多余来]", word) and ns:
        ns = [ns[-1], ns[-1] * 3 // 2 + (ns[-1] < 2)]
    choices = [moment for n in ns[:2] if (moment := _in(n, unit_word, at))]
    return Ask(_("“{text}”没有准数，最晚几点答复？"), choices=tuple(choices))


def _in(n: int, unit: str, at: Moment) -> datetime | None:
    if not 0 < n <= 120:
        return None
    if unit in ("分钟", "小时", "钟头"):
        return _by_the_clock(at, n * (timedelta(minutes=1) if unit == "分钟" else HOUR))
    if unit == "工作":
        return at.close(at.calendar.add_working_days(at.today, n)) if n <= 60 else None
    far = n * (1 if unit in ("天", "日") else 7)
    return at.close(at.calendar.next_working(at.today + far * DAY)) if unit and far <= 60 else None


# Words in order: lengths to an instant


def _by_the_clock(at: Moment, span: timedelta) -> datetime:
    return (at.now.astimezone(UTC) + span).astimezone(at.calendar.zone)


def clock_length(tokens: Sequence[Token], at: Moment) -> Value:
    """两小时内, 一小时一刻钟后, 8天20小时: by the clock, through nights and holidays (1)."""
    span = timedelta()
    for token in tokens:
        if token.kind == "T":
            span += token.value
        elif token.kind == "N":
            if token.value.unit != "day":
                return Ask(_("“{text}”具体到哪一天几点？"))
            span += int(token.value.n) * DAY
    if not span:
        return Ask(_("“{text}”具体是多久？"))
    end = _by_the_clock(at, span)
    steps = (
        _("从 {now} 起，加{length}").format(
            now=say_at(at.now), length="".join(t.text for t in tokens if t.kind in "NT+")
        ),
        _("按钟表走，夜间和休息日都算"),
        _("到{end}").format(end=say_at(end)),
    )
    return Due(end, _("从现在算起"), steps=steps, tables=False)


def _last_day(counts: Sequence[Count], today: date) -> date:
    """Months first, then days, whatever the order they are said in."""
    months = int(sum(count.n for count in counts if count.unit == "month"))
    first = months_on(today, months)
    day = min(first + (today.day - 1) * DAY, last_of_month(first))
    return day + int(sum(count.n for count in counts if count.unit == "day")) * DAY


def calendar_days(tokens: Sequence[Token], at: Moment) -> Value:
    """三天内, 一周内, 一个月内: today is not counted, a last day of rest moves on (2; 民法典 201-203)."""
    counts = [token.value for token in tokens if token.kind == "N"]
    last = _last_day(counts, at.today)
    day = at.calendar.next_working(last)
    moved: tuple[str, ...] = ()
    if day != last:
        why = (flags(last, at.calendar) or (say_day(last),))[0]
        moved = (_("{flag}，顺延到{day}").format(flag=why, day=say_day(day)),)
    close = at.close(day)
    if len(counts) == 1 and counts[0].unit == "month":
        count = _("{n} 个月后的同一天是{day}").format(n=int(counts[0].n), day=say_day(last))
    else:
        count = _("{today}当天不算，第 {n} 天是{day}").format(
            today=say_day(at.today), n=(last - at.today).days, day=say_day(last)
        )
    steps = (*(count.how for count in counts if count.how), count, *moved, _close_step(close))
    return Due(close, _("当天不算，到最后一天下班"), moved, steps)


def _close_step(close: datetime) -> str:
    return _("当天下班 {clock}").format(clock=say_hour(close))


def before_day(tokens: Sequence[Token], at: Moment) -> Value:
    """月底前三天: three days ahead of it, or the last three."""
    day = next(token.value for token in tokens if token.kind == "D").day
    n = int(tokens[-1].value.n if tokens[-1].kind == "N" else tokens[-1].value)
    return Ask(_("“{text}”具体是哪一天？"), choices=(at.close(day - n * DAY), at.close(day)))


def days_then_clock(tokens: Sequence[Token], at: Moment) -> Value:
    """三天后上午10点: a day named by its distance."""
    day = Named(_last_day([tokens[0].value], at.today), loose=False)
    name = Token("D", tokens[0].start, tokens[0].end, day, tokens[0].text + _("后"))
    return when([name, *(token for token in tokens[1:] if token.kind not in "NA")], at)


def working_days(tokens: Sequence[Token], at: Moment) -> Value:
    """N个工作日内: day 1 is the next working day, make-up days count (3); half a one is half its hours (4)."""
    n: Fraction = next(token.value for token in tokens if token.kind == "W")
    if n.denominator > 1:
        full = at.calendar.full_day(at.today)
        half = full * float(n)
        told = _("半个工作日 = {half}的工作时间（每天 {full}的一半）").format(
            half=say_length(half), full=say_length(full)
        )
        return _working_time(half, at, _("半个工作日按工作时间 {h} 小时").format(h=half / HOUR), told)
    day = at.calendar.add_working_days(at.today, int(n))
    first = at.calendar.add_working_days(at.today, 1)
    close = at.close(day)
    steps = [_("当天不算，第 1 个工作日是{day}").format(day=say_day(first)), *_left_out(at, day)]
    if day != first:
        steps.append(_("第 {n} 个工作日是{day}").format(n=int(n), day=say_day(day)))
    return Due(close, _("当天不算，只数工作日，到最后一天下班"), steps=(*steps, _close_step(close)))


MOST_LEFT_OUT = 3


def _left_out(at: Moment, last: date) -> Iterator[str]:
    """The days passed over until `last` and why, and make-up days that count."""
    days = [at.today + more * DAY for more in range(1, (last - at.today).days)]

    def why(day: date) -> str:
        special = at.calendar.days.get(day)
        return special.name if special else _("周末") if day.weekday() > 4 else _("休息日")

    rests = [list(group) for rests, group in groupby(days, key=at.calendar.is_working) if not rests]
    if len(rests) > MOST_LEFT_OUT:
        names = dict.fromkeys(why(day) for rest in rests for day in rest)
        count = sum(len(rest) for rest in rests)
        yield _("中间 {n} 天不算：{names}").format(n=count, names="、".join(names))
    else:
        for rest in rests:
            to = say_day(rest[0]) if len(rest) == 1 else f"{say_day(rest[0])}–{say_day(rest[-1])}"
            yield _("不算 {days}：{names}").format(days=to, names="、".join(dict.fromkeys(map(why, rest))))
    made_up = [day for day in (*days, last) if (special := at.calendar.special(day)) and special.kind == "work"]
    if made_up:
        yield _("{days}调休上班，也算").format(days="、".join(map(say_day, made_up)))


def working_hours(tokens: Sequence[Token], at: Moment) -> Value:
    """4个工作小时内: through lunch, night, weekend and holiday (4)."""
    n: Fraction = next(token.value for token in tokens if token.kind == "H")
    span = timedelta(seconds=round(n * 3600))
    told = _("{span}的工作时间，午休、夜间和休息日不算").format(span=say_length(span))
    return _working_time(span, at, _("只数工作时间"), told)


MOST_STRETCHES = 4


def _minutes(at: datetime) -> datetime:
    """As the clock on the wall shows it: what is said beside 16:45–18:00 is an hour and a quarter."""
    return at.replace(second=0, microsecond=0)


def _working_time(span: timedelta, at: Moment, how: str, told: str) -> Due:
    """`span` of working hours from now, with the stretches that it was counted over."""
    stretches = at.calendar.spans(at.now, span)
    end = stretches[-1][1]
    lines = [
        _("{day}{begin}–{end} 计 {span}").format(
            day=say_day(begin.date()),
            begin=f"{begin:%H:%M}",
            end=say_hour(until),
            span=say_length(_minutes(until) - _minutes(begin)),
        )
        for begin, until in stretches
    ]
    if len(stretches) > MOST_STRETCHES:
        between = stretches[2:-1]
        counted = sum((until - begin for begin, until in between), timedelta())
        lines[2:-1] = [_("中间 {n} 段，共计 {span}").format(n=len(between), span=say_length(counted))]
    return Due(end, how, steps=(told, *lines, _("到{end}").format(end=say_at(end))))


def within_frame(tokens: Sequence[Token], at: Moment) -> Value:
    """本周内: the week's last working day (9); 下周 alone names no day."""
    frame: Frame = next(token.value for token in tokens if token.kind == "G")
    kinds = kinds_of(tokens)
    begin, end = max(frame.first, at.today), frame.last
    day = at.calendar.last_working(begin, end)
    likely = (
        *((at.close(at.calendar.next_working(frame.first)),) if frame.ahead and (end - frame.first).days < 7 else ()),
        *((at.close(day),) if day else ()),
    )
    if (frame.ahead and "I" not in kinds) or "B" in kinds or "A" in kinds or frame.ahead > 1:
        return Ask(_("“{text}”具体是哪一天？"), choices=likely)
    if day is None or ((end - frame.first).days > 6 and day != end):
        return Ask(_("“{text}”的最后一天休息，具体到哪一天？"), choices=(*likely, at.close(end)))
    close = at.close(day)
    if at.over(close):
        return Ask(_("“{text}”具体到哪一天？"), choices=(at.close(at.calendar.add_working_days(day, 1)),))
    steps = (_("最后一个工作日是{day}").format(day=say_day(day)), _close_step(close))
    return Due(close, _("到最后一个工作日下班"), flags(day, at.calendar), steps)


def ago(tokens: Sequence[Token], at: Moment) -> Value:
    """三天前 is over; said of a reply it was meant otherwise, and is asked in judging."""
    return Over(_counted_from_now(tokens, at))


def since(tokens: Sequence[Token], at: Moment) -> Value:
    """上门后两小时内, 明天起三天内: the beginning is not known; counted from now it would be a choice."""
    return Ask(_("“{text}”从什么时候算起？具体到哪一天几点？"), choices=_counted_from_now(tokens, at))


def _counted_from_now(tokens: Sequence[Token], at: Moment) -> tuple[datetime, ...]:
    lengths = [token for token in tokens if token.kind in "TNWH"]
    kinds = set(kinds_of(lengths))
    read = {"T": clock_length, "N": calendar_days, "W": working_days, "H": working_hours}.get(
        kinds.pop() if len(kinds) == 1 else ""
    )
    value = read(lengths, at) if read and not any(isinstance(token.value, Ask) for token in lengths) else None
    return (value.at,) if isinstance(value, Due) else ()


def from_day_to_day(tokens: Sequence[Token], at: Moment) -> Value:
    """周一到周五: a stretch of days."""
    last = next(token.value for token in reversed(tokens) if token.kind == "D")
    return Ask(_("“{text}”是一段日子，最晚哪一天几点？"), choices=(at.close(last.day),))
