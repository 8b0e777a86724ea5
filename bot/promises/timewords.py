"""明天下午三点前答复您 → an instant, or a question. Never a guess: whatever looks like a time and is not understood asks.

How a text is read: fold → blank out what only looks like a time (reading/noise.py) → cut into time words (words.py) →
put neighbouring words together (phrases.py) → tell the past and mere events from the promise (judging.py) → one instant
left, or ask (here). What words mean stands in days.py, clock.py and lengths.py; feast days in feasts.py.
To teach it an expression, add a row to words.WORDS (a new word) or to phrases.PHRASES (a new order of words) and a line to
tests/unit/test_timewords.py. Numbers in docstrings are those of the team's time conventions (民法典 200-204).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.language.speech import _
from bot.promises.moments import say_clock
from bot.promises.reading.judging import DEED, OTHER_MATTER, PUNCTUATION, REPLY, WEAK, Around, clauses, judge
from bot.promises.reading.noise import Line, squeeze
from bot.promises.reading.phrases import Mention, mentions_in
from bot.promises.reading.values import Ask, Due, Error, Every, Moment, Over
from bot.promises.workdays import Calendar

TOO_FAR = timedelta(days=366)
MANY = 30
LONGEST = 4096
"""Longest text read; Telegram's longest message."""
MOST_CHOICES = 4


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a text was read. Exactly one of due, ask and error is set."""

    due: datetime | None = None
    ask: str | None = None
    error: str | None = None
    says: str | None = None  # how it was read: 读自“明天下午3点前”
    span: tuple[int, int] | None = None  # where in the text as typed
    notes: tuple[str, ...] = ()  # what to look at twice: 10月1日是国庆节假期
    steps: tuple[str, ...] = ()  # with a due: how it was counted, a short line a step
    choices: tuple[datetime, ...] = ()  # with an ask: the instants probably meant, future, the earliest first
    soft: str | None = None  # with an ask: the vague word that was read, one of words.SOFT


def read_time(text: str, *, now: datetime, calendar: Calendar) -> Reading:
    """The time a reply is promised for, as of `now`, in the zone and by the working days of `calendar`."""
    if len(text) > LONGEST:
        return Reading(ask=_("内容太长，没法从中找时间。具体什么时候答复？"))
    # Not above: it loads OpenCC, which a program that reads no text need not wait for.
    from bot.language.fold import fold

    local = now.astimezone(calendar.zone) if now.tzinfo else now.replace(tzinfo=calendar.zone)
    at = Moment(local, calendar)
    line = squeeze(fold(text))
    mentions = mentions_in(line, at)
    if len(mentions) > MANY:
        return Reading(ask=_("时间太多，以哪个为准？具体什么时候答复？"))
    beside = clauses(mentions, line)
    return _decide(judge(mentions, beside, line, at), beside, line, text, at)


def as_json(reading: Reading) -> dict[str, Any]:
    """The machine-readable form of `huashu deadline`."""
    return {
        "due": reading.due and reading.due.isoformat(),
        "ask": reading.ask,
        "error": reading.error,
        "says": reading.says,
        "span": reading.span and list(reading.span),
    }


def _decide(mentions: Sequence[Mention], beside: Mapping[int, Around], line: Line, text: str, at: Moment) -> Reading:
    """The one future time, else what to ask (12)."""
    mentions = [mention for mention in mentions if not mention.event]

    def of(*kinds: type) -> list[Mention]:
        return [mention for mention in mentions if isinstance(mention.value, kinds) and not mention.vague]

    dues = of(Due)
    impossible = [m for m in of(Error) if isinstance(m.value, Error) and not m.value.over]
    habits = [m for m in of(Every) if not dues or beside[m.start].replies]
    over = of(Error, Over)
    soft = [m for m in mentions if m.vague]
    asks = [m for m in of(Ask) if not _beside_the_point(m, dues, beside, line)]
    for mention in (*impossible, *habits, *asks):
        return _told(mention, line, text, at)
    if dues:
        return _only(dues, beside, line, text, at)
    for mention in (*over, *soft):
        return _told(mention, line, text, at)
    return Reading(ask=_("什么时候答复？"))


def _beside_the_point(doubt: Mention, dues: Sequence[Mention], beside: Mapping[int, Around], line: Line) -> bool:
    """A doubt about the very instant that is clear elsewhere, or about the story before an answer that is clear."""
    assert isinstance(doubt.value, Ask)
    if any(isinstance(due.value, Due) and doubt.value.choices == (due.value.at,) for due in dues):
        return True
    clause = beside[doubt.start]
    told = doubt.unclear and not doubt.kept and not re.search(f"{REPLY}|{DEED}", clause.all)
    later = [due for due in dues if due.start > doubt.end and re.search(PUNCTUATION, line.text[doubt.end : due.start])]
    return told and any(beside[due.start].replies for due in later)


def _told(mention: Mention, line: Line, text: str, at: Moment) -> Reading:
    """A mention that is no instant, as a question or an error sentence."""
    span = line.span(mention.start, mention.end)
    words = text[span[0] : span[1]]
    value = mention.value
    if isinstance(value, Ask):
        return _asking(value.sentence.format(text=words), span, at, *value.choices, soft=value.soft)
    sentence = _("“{text}”已经过去了，请给一个以后的时间。")
    if isinstance(value, Error):
        sentence = value.sentence
    elif isinstance(value, Every):
        sentence = _("“{text}”是经常的事，不能记成一个承诺；请给一个具体时间。")
    return Reading(error=sentence.format(text=words), span=span)


def _asking(sentence: str, span: tuple[int, int], at: Moment, *choices: datetime, soft: str | None = None) -> Reading:
    ahead = sorted(choice.astimezone(UTC) for choice in choices if not at.over(choice))
    ready = tuple(choice.astimezone(at.calendar.zone) for choice in dict.fromkeys(ahead))
    return Reading(ask=sentence, span=span, choices=ready[:MOST_CHOICES], soft=soft)


def _only(dues: Sequence[Mention], beside: Mapping[int, Around], line: Line, text: str, at: Moment) -> Reading:
    """The only instant, or the reply among them if it comes last and says so (12)."""
    chosen = dues[-1]
    due = chosen.value
    assert isinstance(due, Due)
    zone = at.calendar.zone
    for other in dues:
        if not isinstance(other.value, Due) or other.value.at == due.at:
            continue
        after = beside[other.start].after
        apart = len(re.sub(r"[\W_]", "", after)) >= 2 and re.search(PUNCTUATION, line.text[other.end : chosen.start])
        either = beside[other.start].replies or "或" in line.text or "还是" in line.text
        if either or not apart or not beside[chosen.start].replies:
            one, two = (say_clock(instant, now=at.now, zone=zone) for instant in (other.value.at, due.at))
            asked = _("有两个时间：{one} 和 {two}，以哪个为准？").format(one=one, two=two)
            return _asking(asked, line.span(other.start, chosen.end), at, other.value.at, due.at)
    span = line.span(chosen.start, chosen.end)
    words = text[span[0] : span[1]]
    clause = beside[chosen.start]
    if not chosen.kept and not clause.replies and re.search(f"{WEAK}|{OTHER_MATTER}", clause.all):
        return _asking(_("“{text}”是不是答复的时间？什么时候答复？").format(text=words), span, at, due.at)
    if at.over(due.at):
        return Reading(error=_("“{text}”已经过去了，请给一个以后的时间。").format(text=words), span=span)
    if due.at - at.now > TOO_FAR:
        return _asking(_("“{text}”在一年以后，确定吗？具体哪一天？").format(text=words), span, at, due.at)
    says = _("读自“{text}”").format(text=words)
    if due.how:
        says = _("{says}，{how}").format(says=says, how=due.how)
    last = (due.at - timedelta(seconds=1)).year
    years = [year for year in range(at.now.year, last + 1) if due.tables and not at.calendar.has_table(year)]
    unknown = tuple(_("{year}年放假安排未录入，按周末推算").format(year=year) for year in years)
    # A wall time that summer time skips becomes the one that clocks show.
    instant = due.at.astimezone(UTC).astimezone(zone)
    return Reading(due=instant, says=says, span=span, notes=due.notes + unknown, steps=due.steps)
