"""Which hour is meant: 下午三点, 今晚12点, 15:30, 中午下班前; and day, part of day and hour put together."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.language import numerals
from bot.language.speech import _
from bot.promises.reading.values import (
    DAY,
    HOUR,
    Ask,
    Clock,
    Due,
    Error,
    Moment,
    Named,
    Token,
    Value,
    flags,
    kinds_of,
    say_day,
    say_hour,
    say_length,
)

# One word: the clock time as written


def clock(found: re.Match[str], at: Moment) -> Any:
    """15点30分, 两点一刻, 十点半, 三点零五, 9:30, 3pm."""
    groups = found.groupdict()
    hour = numerals.whole(groups["h"])
    if found.group() == "一点" and not _is_one_o_clock(found):
        return None
    low = numerals.whole(groups["low"]) if groups.get("low") else None
    if groups.get("unsure") or hour is None or (groups.get("low") and (low is None or low >= hour)):
        hours = [numerals.whole(char) for char in groups["h"]] if hour is None else [hour]  # 三四点
        clocks = tuple(Clock(hour) for hour in hours if hour is not None and hour < 24)
        return Ask(_("“{text}”具体是几点几分？"), instead=clocks)
    minute: int | None = 0
    if groups.get("half"):
        minute = 30
    elif groups.get("q"):
        minute = (numerals.whole(groups["q"]) or 0) * 15
    elif written := groups.get("m") or groups.get("m2"):
        minute = numerals.whole(written)
    if minute is None:
        return Ask(_("“{text}”具体是几点几分？"))
    second = int(groups.get("s") or 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        return Error(_("没有“{text}”这个时间，请核对。"))
    part = {"a": "morning", "p": "pm or evening"}.get((groups.get("ap") or "")[:1])
    return Clock(hour, minute, second, padded=re.match(r"0\d", groups["h"]) is not None, part=part)


def dotted(found: re.Match[str], at: Moment) -> Ask:
    """9.30: half past nine or 30 September."""
    first, second = int(found["h"]), int(found["m"])
    days: tuple[Named, ...] = ()
    with suppress(ValueError):
        days = (Named(date(at.today.year, first, second)),)
    clocks = (Clock(first, second),) if first < 24 and second < 60 and len(found["m"]) == 2 else ()
    return Ask(_("“{text}”是日期还是钟点？具体什么时候答复？"), instead=(*clocks, *days))


def this_time(found: re.Match[str], at: Moment) -> Clock:
    """明天这个时候."""
    return Clock(at.now.hour, at.now.minute, part="as it stands")


def which_minute(found: re.Match[str], at: Moment) -> Ask:
    """晚饭前, 天黑前, 差五分三点: no agreed clock time."""
    return Ask(_("“{text}”具体是几点几分？"))


def _is_one_o_clock(found: re.Match[str]) -> bool:
    """一点 is mostly "a little": one o'clock beside a day or a part of day, or as a limit."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    return bool(
        re.search(r"[午晨上里晚天号日]$", before) or re.match(r"钱|之?前|以前|到|至|答[复覆]|回[复覆电]|$", after)
    )


# Words in order: a day, a part of day, an hour


def when(tokens: Sequence[Token], at: Moment) -> Value:
    """Any of day, part of day and clock time or end of work, in this order."""
    kinds = kinds_of(tokens)
    named: list[Named] = [token.value for token in tokens if token.kind == "D"]
    day = _one_day(named) if named else None
    if isinstance(day, Ask):
        either = [_at(other, tokens, at) for other in day.instead]
        return replace(day, choices=tuple(value.at for value in either if isinstance(value, Due)))
    if "A" in kinds:
        return _after(tokens, at)
    value = _at(day, tokens, at)
    return replace(value, steps=(*_day_steps(tokens), *value.steps)) if isinstance(value, Due) else value


def _at(day: Named | None, tokens: Sequence[Token], at: Moment) -> Value:
    kinds = kinds_of(tokens)
    part = next((token for token in tokens if token.kind == "P"), None)
    clock = next((token for token in tokens if token.kind == "C"), None)
    session = next((token for token in tokens if token.kind == "S"), None)
    limit = "B" in kinds or "I" in kinds
    said = "".join(token.text for token in (part, clock or session) if token)
    of_day: str | None = part.value if part else None
    if clock:
        return _clock_on(day, of_day, clock.value, at, said, limit=limit)
    if session:
        return _session_on(day, of_day, session.value, at, said, limit=limit)
    if part:
        return _part_on(day, part.value, at, before="B" in kinds)
    assert day is not None
    close = at.calendar.close_of_business(day.day)
    if day.day == at.today and at.over(close):  # 今天内 said after hours (5)
        told = _("已过下班时间，按当天 24:00")
        return Due(at.midnight_after(day.day), told, steps=(told,))
    return _due(
        close, day, at, _("没说几点，按当天下班"), _("没说几点，按当天下班 {clock}").format(clock=say_hour(close))
    )


def _day_steps(tokens: Sequence[Token]) -> tuple[str, ...]:
    """明天 = 6月12日（周五）; the day's own steps where it has some. A weekday beside a date adds nothing."""
    days = [token for token in tokens if token.kind == "D"]
    token = next((token for token in days if not token.value.weekday), days[0] if days else None)
    if token is None:
        return ()
    word = token.text + _("天") if len(token.text) == 1 else token.text  # 今晚
    return token.value.steps or (_("{word} = {day}").format(word=word, day=say_day(token.value.day)),)


def _after(tokens: Sequence[Token], at: Moment) -> Ask:
    """下午3点后: from then on; by when is asked."""
    asked = _("“{text}”没有最晚时间，几点前答复？")
    start = when([token for token in tokens if token.kind not in "BIA"], at)
    if not isinstance(start, Due) or kinds_of(tokens).strip("DRA") == "":
        return Ask(asked)
    return Ask(asked, choices=tuple(sorted({start.at + HOUR, max(start.at + HOUR, at.close(start.at.date()))})))


def _one_day(named: Sequence[Named]) -> Named | Ask:
    """6月12日周五 is one day if date and weekday agree."""
    first, *rest = sorted(named, key=lambda day: day.weekday)
    for other in rest:
        agree = other.day.weekday() == first.day.weekday() if other.weekday else other.day == first.day
        if not agree or first.weekday:
            dates = tuple(day for day in named if not day.weekday)
            return Ask(_("“{text}”前后对不上，具体是哪一天？"), instead=dates or tuple(named))
    return first.unsure or first


def _due(instant: datetime, day: Named | None, at: Moment, how: str = "", *steps: str) -> Value:
    """Over is over; a named day of rest is kept and flagged (6)."""
    if at.over(instant):
        return Error(_("“{text}”已经过去了，请给一个以后的时间。"), over=True)
    notes = () if day is None else flags(day.day, at.calendar)
    return Due(instant, (day and day.how) or how, notes, steps)


PARTS: dict[str | None, dict[int, int]] = {
    "dawn": {hour: hour for hour in range(7)},
    "morning": {hour: hour for hour in range(1, 12)},
    "am": {hour: hour for hour in range(6, 13)},
    "noon": {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14},
    "pm": {**{hour: hour + 12 for hour in range(1, 8)}, **{hour: hour for hour in range(12, 20)}},
    "pm or evening": {**{hour: hour + 12 for hour in range(1, 12)}, **{hour: hour for hour in range(12, 24)}},
    "dusk": {**{hour: hour + 12 for hour in range(4, 9)}, **{hour: hour for hour in range(16, 21)}},
    "evening": {0: 24, 12: 24, **{hour: hour + 12 for hour in range(5, 12)}, **{hour: hour for hour in range(17, 25)}},
    "night": {0: 24, 12: 24, 10: 22, 11: 23, 22: 22, 23: 23, 24: 24},
    "as it stands": {hour: hour for hour in range(24)},
    None: {**{hour: hour for hour in range(25)}, **{hour: hour + 12 for hour in range(1, 7)}},
}
"""The hour meant by an hour said, by part of the day; what is missing is asked. None: no part said (8)."""


def _clock_on(day: Named | None, part: str | None, clock: Clock, at: Moment, said: str, *, limit: bool) -> Value:
    """明天下午3点, 今晚12点, 15:30, 凌晨1点: bare ones at their next occurrence (8)."""
    part = part or clock.part

    def on(that: date, hour: int) -> datetime:
        return at.calendar.at(that, time(hour % 24, clock.minute, clock.second)) + (DAY if hour == 24 else timedelta())

    def asked(sentence: str, *, days: Sequence[date]) -> Ask:
        """Both halves of the day, on these days."""
        halves = (clock.hour, clock.hour + 12) if clock.hour <= 12 else (clock.hour,)
        instants = (on(that, hour) for that in days for hour in halves if hour <= 24)
        return Ask(sentence, choices=tuple(instant for instant in instants if not at.over(instant))[:2])

    here = day.day if day else at.today
    hour = PARTS[part].get(clock.hour)
    if hour is None or (hour == 24 and clock.minute):
        return asked(_("“{text}”是上午、下午还是晚上？"), days=[here])
    either = [here] if day else [at.today, at.today + DAY]
    if part is None and clock.padded and 1 <= clock.hour <= 6:
        return asked(_("“{text}”是凌晨还是下午？"), days=either)
    unsure = part is None and 7 <= clock.hour <= 12 and not clock.padded
    today = on(at.today, hour)
    if here == at.today and at.over(today):
        if unsure and not at.over(on(at.today, clock.hour + 12)):
            return asked(_("“{text}”是上午还是晚上？"), days=either)
        if part == "dawn" and day is not None:
            return Ask(_("“{text}”是哪一天的凌晨？"), choices=(on(at.today + DAY, hour),))
    told = _clock_steps(part, clock, hour, said)
    if day is not None:
        return _due(on(day.day, hour), day, at, "", *told)
    if not at.over(today):
        if part is None and 1 <= clock.hour <= 6 and not at.over(on(at.today, clock.hour)):
            return asked(_("“{text}”是凌晨还是下午？"), days=[at.today])
        near = _("没说哪天，按最近的一次：{day}").format(day=say_day(at.today))
        return Due(today, notes=flags(at.today, at.calendar), steps=(*told, near))
    if (unsure and not limit) or (part is None and at.now.hour >= 18 and clock.hour <= 6 and clock.hour != 0):
        return asked(_("“{text}”是哪一天，上午还是下午？"), days=[at.today + DAY])
    if not limit and part != "dawn" and not (clock.hour == 0 and at.now.hour >= 12):
        return Error(_("今天“{text}”已经过去了，请给一个以后的时间。"), over=True)
    tomorrow = at.today + DAY
    near = _("当天这个点已过，按第二天 {day}").format(day=say_day(tomorrow))
    return Due(on(tomorrow, hour), _("当天这个点已过，按第二天"), flags(tomorrow, at.calendar), (*told, near))


def _clock_steps(part: str | None, clock: Clock, hour: int, said: str) -> tuple[str, ...]:
    slots = {"word": said, "clock": f"{hour:02}:{clock.minute:02}"}
    if part is None and hour != clock.hour:
        return (_("{word}没说上午下午，1–6 点按下午：{clock}").format(**slots),)
    return () if said == slots["clock"] else (_("{word} = {clock}").format(**slots),)


def _session_on(day: Named | None, part: str | None, session: str, at: Moment, said: str, *, limit: bool) -> Value:
    """明天下班前, 中午下班前, 明早上班前 (7)."""

    def moment_of(that: date) -> datetime | None:
        calendar = at.calendar
        if session == "end":
            return {
                None: calendar.close_of_business(that), "pm": calendar.close_of_business(that),
                "am": calendar.end_of_morning(that), "noon": calendar.end_of_morning(that),
            }.get(part)  # fmt: skip
        if session == "noon":
            return calendar.end_of_morning(that) if part is None else None
        if session == "afternoon" or part == "pm":
            return calendar.start_of_afternoon(that) if part in (None, "pm") else None
        return calendar.start_of_business(that) if part in (None, "am", "morning") else None

    instant = moment_of(day.day if day else at.today)
    missed = session in ("start", "afternoon") and instant is not None and at.over(instant)
    if day is None and (missed or not limit or not at.calendar.is_working(at.today)):
        next_day = at.calendar.add_working_days(at.today, 1)
        choices = (instant, moment_of(next_day))
        return Ask(_("“{text}”具体是哪一天几点？"), choices=tuple(choice for choice in choices if choice))
    if instant is None:
        return Ask(_("“{text}”具体是几点？"))
    return _due(instant, day, at, "", _("{word} = {clock}").format(word=said, clock=say_hour(instant)))


def _part_on(day: Named | None, part: str, at: Moment, *, before: bool) -> Value:
    """上午 and 中午 end at 12:00, 下午 with the day's work, 晚上 at 24:00 (7); the others have no agreed end."""
    that = day.day if day else at.today
    noon, close, midnight = at.noon_of(that), at.close(that), at.midnight_after(that)
    ends = {"am": noon, "noon": noon, "pm": close, "evening": midnight}
    if part not in ends or (before and part in ("pm", "evening")):
        likely = {
            "dawn": (at.calendar.at(that, time(6)),),
            "morning": (at.calendar.start_of_business(that), noon),
            "pm": (noon, close),
            "dusk": (close, at.calendar.at(that, time(19))),
            "evening": (close, midnight),
            "night": (midnight,),
        }
        return Ask(_("“{text}”具体是几点？"), choices=likely[part])
    clock = say_hour(ends[part])
    name = {"am": _("上午"), "noon": _("中午"), "pm": _("下午"), "evening": _("晚上")}[part]
    return _due(ends[part], day, at, _("没说几点，按 {clock}").format(clock=clock),
                _("{part}没说几点，按 {clock}").format(part=name, clock=clock))  # fmt: skip


def clock_to_clock(tokens: Sequence[Token], at: Moment) -> Value:
    """8点到9点: the end; the second takes day and part of day from the first."""
    cut = next(place for place, token in enumerate(tokens) if token.kind == "~")
    first, second = list(tokens[:cut]), [token for token in tokens[cut + 1 :] if token.kind not in "BI"]
    inherited = "DP" if not any(token.kind in "DP" for token in second) else "D"
    if not any(token.kind == "D" for token in second):
        second = [token for token in first if token.kind in inherited and token not in second] + second
    elif any(token.kind == "P" for token in first) and not any(token.kind == "P" for token in second):
        return Ask(_("“{text}”前后对不上，最晚几点答复？"))
    begin, end = when(first, at), when(second, at)
    if isinstance(begin, Ask) and isinstance(end, Ask):
        return end
    if isinstance(begin, Due) and isinstance(end, Due) and not begin.at < end.at < begin.at + DAY:
        return Ask(_("“{text}”前后对不上，最晚几点答复？"), choices=(begin.at, end.at))
    if not isinstance(begin, Due) and not (isinstance(begin, Error) and begin.over):
        return begin
    told = _("说的是一段时间，按末尾")
    return replace(end, how=told, steps=(told, *end.steps)) if isinstance(end, Due) else end


def either(tokens: Sequence[Token], at: Moment) -> Value:
    """明天下午3点或4点: one of them; the second takes day and part of day from the first."""
    cut = next(place for place, token in enumerate(tokens) if token.kind == "/")
    first, second = list(tokens[:cut]), list(tokens[cut + 1 :])
    lead = kinds_of(second)[0]
    missing = {"P": "D", "C": "DP", "S": "D"}.get(lead, "")
    values = (when(first, at), when([*(token for token in first if token.kind in missing), *second], at))
    found = [
        (value.at,) if isinstance(value, Due) else value.choices for value in values if isinstance(value, Due | Ask)
    ]
    choices = tuple(choice for choices in found for choice in choices)
    return Ask(_("“{text}”有两个时间，以哪个为准？"), choices=choices)


def before_close(tokens: Sequence[Token], at: Moment) -> Value:
    """下班前半小时."""
    *head, length = tokens
    end = when(head, at)
    if not isinstance(end, Due):
        return end
    due = _due(end.at - length.value, None, at)
    if not isinstance(due, Due):
        return due
    told = _("提前 {span} = {clock}").format(span=say_length(length.value), clock=say_hour(due.at))
    return replace(due, notes=end.notes, steps=(*end.steps, told))
