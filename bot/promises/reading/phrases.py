"""Time words beside each other, a row each: to teach the reader a new order of words, add a row to PHRASES.

A row is a pattern over the kinds of tokens (fillers left out) and the reader that puts them together: D day, P part of
day, C clock time, S beginning or end of work, T clock length, N days, W working days, H working hours, G week or month,
Y past, E habit, U unclear, V vague, B before, A after, I within, J from here on, R leads in, ~ to, + and.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache

from bot.language import numerals
from bot.language.speech import _
from bot.promises.reading import clock, lengths
from bot.promises.reading.noise import BLANK, Line, N
from bot.promises.reading.values import Ask, Clock, Due, Error, Every, Moment, Named, Over, Token, Value, kinds_of
from bot.promises.reading.words import cut

Together = Callable[[Sequence[Token], Moment], Value]


@dataclass(frozen=True)
class Phrase:
    """A row of PHRASES. `loose`: may be past or beside the point; `counted`: a length."""

    order: str
    read: Together
    loose: bool = False
    counted: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.order)


def first_value(tokens: Sequence[Token], at: Moment) -> Value:
    """The word speaks for itself: 昨天, 每天, 尽快."""
    value: Value = next(token.value for token in tokens if isinstance(token.value, Ask | Over | Every))
    return value


PHRASES: tuple[Phrase, ...] = (
    Phrase("E[DPCSBIATNWHG~]*", first_value),
    Phrase("Y[DPCSBI]*(?:~D?P?CB?)?", first_value),
    Phrase("[UVQ][BIA]?", first_value),
    Phrase("QP?[CS][BIA]?", first_value),
    Phrase("QP[BIA]?", first_value),
    Phrase("R*D{0,2}R*P?C~D?P?CD?[BI]?", clock.clock_to_clock, loose=True),
    Phrase("R*D{0,2}R*P?CD?[BIA]?", clock.when, loose=True),
    Phrase("R*D{0,2}R*P?S[BA]?", clock.when, loose=True),
    Phrase("R*D{0,2}R*P[BIA]?", clock.when, loose=True),
    Phrase("R*D{1,2}[BIA]?", clock.when, loose=True),
    Phrase("R*(?=[DPCS])D{0,2}P?[CS]?B?/(?=[DPCS])D{0,2}P?[CS]?[BI]?", clock.either),
    Phrase("D{0,2}P?SBT", clock.before_close),
    Phrase("D{0,2}P?SB[TNWH]+[IAB]", lengths.since),
    Phrase("R*G[BIA]?", lengths.within_frame, loose=True),
    Phrase(r"R*T(?:\+?T)*[IA]?", lengths.clock_length, counted=True),
    Phrase(r"R*N(?:\+?[NT])*\+?T[IA]?", lengths.clock_length, counted=True),
    Phrase(r"R*N(?:\+N)*[IA]?", lengths.calendar_days, counted=True),
    Phrase("R*W[IA]?", lengths.working_days, counted=True),
    Phrase("R*H[IA]?", lengths.working_hours, counted=True),
    Phrase("D{1,2}B[NW]", lengths.before_day),
    Phrase("NAP?CB?|NAPB?", lengths.days_then_clock),
    Phrase("[TNWH]+B", lengths.ago),
    Phrase(
        "[TNWH]+[IA]?D+|[DG]+[PSCB]?[AJ]?R*[TNWH]+[IA]|[DG]+[AJ]R*[TNWH]+|[AJ]R*[TNWH]+[IAJ]?|R*[TNWH]+J",
        lengths.since,
    ),
    Phrase("D{1,2}P?C?J|P?CJ", lengths.since, loose=True),
    Phrase("D{1,2}P?~D{1,2}P?[BI]?", lengths.from_day_to_day, loose=True),
)

LEFTOVER = (
    rf"{N}(?:点|(?<!一)时(?!候|代)|[天日周月年号]|小时|分钟|刻钟?|个?星期|个?礼拜|个?工作日)|\d{{1,4}}[.:/-]\d{{1,2}}|(?<!\d)\d{{1,8}}(?=之?前|以前|之?内|之?后)"
    r"|工作[日时]|凌晨|傍晚|半夜|旬|周末|季度"
)
"""What looks like a time and was understood by no phrase."""


@dataclass(frozen=True)
class Mention:
    """A time in the line and what it comes to."""

    start: int
    end: int
    value: Value
    loose: bool = False  # could be past or beside the point, by the words around it
    kept: bool = False  # 前, 内 or the like: a limit
    counted: bool = False  # 两小时内, 三天: counts from an instant that may not be now
    bare: bool = False  # a length without 内 or 后
    clock: bool = False  # a clock time or part of day and nothing else
    vague: bool = False  # 尽快: gives way to any definite time
    leans: bool = False  # counts from another day if one was spoken of
    dayless: bool = False  # 下午3点, 下班前: of the day spoken of
    unclear: bool = False  # 周末, 国庆期间: no day that could be counted with
    event: bool = False  # told of, not promised


def mentions_in(line: Line, at: Moment) -> list[Mention]:
    """Every time in the line, in order; what was not understood is among them as a question."""
    mentions: list[Mention] = []
    run: list[Token] = []
    tokens = cut(line.text, at)
    for token in (*tokens, None):
        if token is None or (run and token.start > run[-1].end):
            mentions += _read_run(run, line, at)
            run = []
        if token is not None:
            run.append(token)
    covered = list(line.text)
    spans = [(mention.start, mention.end) for mention in mentions]
    spans += [(token.start, token.end) for token in tokens if token.kind == "x"]
    for start, end in spans:
        covered[start:end] = BLANK * (end - start)
    for left in re.finditer(LEFTOVER, "".join(covered)):
        mentions.append(Mention(left.start(), left.end(), Ask(_("没看懂时间“{text}”，具体几点答复？")), loose=True))
    return sorted(mentions, key=lambda mention: mention.start)


def _read_run(run: Sequence[Token], line: Line, at: Moment) -> Iterator[Mention]:
    tokens = [token for token in run if token.kind != "x"]
    while tokens:
        phrase, length = _longest(kinds_of(tokens))
        if phrase:
            yield _mention(phrase, tokens[:length], line, at)
        tokens = tokens[length:]


@lru_cache(4096)
def _longest(kinds: str) -> tuple[Phrase | None, int]:
    """The phrase that takes most of the tokens, of equals the earlier row; none takes one token away."""
    best, end = None, 0
    for phrase in PHRASES:
        found = phrase.pattern.match(kinds)
        if found and found.end() > end:
            best, end = phrase, found.end()
    return best, end or 1


def _mention(phrase: Phrase, tokens: Sequence[Token], line: Line, at: Moment) -> Mention:
    kinds = kinds_of(tokens)
    start, end = tokens[0].start, tokens[-1].end
    named = [token.value for token in tokens if token.kind == "D" and isinstance(token.value, Named)]
    value = _together(phrase, tokens, at)
    if isinstance(value, Due | Error) and _stray_digit(line.text, start, end):
        value = Ask(_("没看懂时间“{text}”，具体几点答复？"))
    return Mention(
        start,
        end,
        value,
        loose=phrase.loose and all(day.loose for day in named),
        kept=kinds[-1] in "BI" or (kinds[0] == "R" and line.text[start] in "最不限b"),
        counted=phrase.counted,
        bare=phrase.counted and kinds[-1] not in "IA" and kinds[0] != "R",
        clock=kinds in ("C", "RC", "P"),
        vague="V" in kinds,
        leans=any(day.leans for day in named),
        unclear=kinds[0] in "QU",
        dayless=re.fullmatch("R*[PCS~]+[BIA]?", kinds) is not None,
    )


def _together(phrase: Phrase, tokens: Sequence[Token], at: Moment) -> Value:
    """What the tokens come to; the first doubt among them if there is one."""
    doubts: list[Value] = [token.value for token in tokens if isinstance(token.value, Error)]
    doubts += [token.value for token in tokens if isinstance(token.value, Ask)]
    over = any(isinstance(token.value, Over | Every) for token in tokens)
    value: Value = phrase.read(tokens, at) if over or not doubts else doubts[0]
    if isinstance(value, Ask) and not value.choices:
        return replace(value, choices=_choices(tokens, at))
    return value


def _choices(tokens: Sequence[Token], at: Moment) -> tuple[datetime, ...]:
    """The same words with a clear value in the place of the unclear one: 周末下午三点 of Saturday and of Sunday."""
    found: list[datetime] = []
    for place, token in enumerate(tokens):
        for value in token.value.instead if isinstance(token.value, Ask) else ():
            kind = "D" if isinstance(value, Named) else "C" if isinstance(value, Clock) else token.kind
            clear = replace(token, kind=kind, value=value)
            found += _instants([*tokens[:place], clear, *tokens[place + 1 :]], at)
    return tuple(found)


def _instants(tokens: Sequence[Token], at: Moment) -> tuple[datetime, ...]:
    """What the tokens come to when they are one phrase; of a question its choices."""
    kinds = kinds_of(tokens)
    phrase, length = _longest(kinds) if kinds else (None, 0)
    value = _together(phrase, tokens, at) if phrase and length == len(kinds) else None
    return (value.at,) if isinstance(value, Due) else value.choices if isinstance(value, Ask) else ()


def read_as_of(mention: Mention, line: Line, at: Moment) -> tuple[datetime, ...]:
    """What the words of a mention would come to at another moment."""
    tokens = cut(line.text[mention.start : mention.end], at)
    return _instants([token for token in tokens if token.kind != "x"], at)


def _stray_digit(text: str, start: int, end: int) -> bool:
    """A digit beside the mention that is no part of it, or half a day's name before it: 1 5分钟, 下午3前, 名天下午三点."""
    before, after = text[:start].rstrip(" ~-—–到至,、"), text[end:].lstrip(" ")
    listed = text[start - 1 : start] == "、" and before[-1:] in numerals.CHARS and text[start] in numerals.CHARS
    misspelt = re.search(r"[一-龥][天日夭]$", text[:start]) and text[start] not in "前后以之内里"
    return bool(listed or misspelt or before[-1:].isdecimal() or after[:1].isdecimal())
