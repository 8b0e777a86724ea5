"""What is offered for a draft: the sentences to send instead, its vague times made definite, all in its script. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from bot.checks.check import Checker
from bot.checks.rule import Checked, Occasion
from bot.language.speech import SOURCE, _, speaking, spoken
from bot.phrases.fill import in_script, is_traditional, say_to_customer
from bot.promises.timewords import read_time
from bot.promises.workdays import Calendar

PROMISED_ALONE = "越权承诺"  # the class of what only a lead may agree to
COMMITMENTS = 2  # of a draft that get a button
OWN = 2  # characters in a row that a rewrite shares with the draft: the agent's, left in their script
# A commitment begins and ends with clauses; what asks is none.
_STOP = re.compile(r"[。！!？?\n]")
_BEGINS, _ENDS = r"(?:^|(?<=[，,。！!？?；;\n]))\s*", r"(?:(?<=[！!？?])|(?=\s*(?:[，,。；;\n]|$)))"
# After these a time stands with 在: 我们会在今天 15:15 前给您安排.
_BEFORE_WITHIN = ("会", "将", "能", "可以", "一定", "會", "將")


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A commitment of the draft with the time it can be remembered by."""

    place: int  # among the commitments of the draft
    start: int  # in the draft
    text: str
    due: datetime | None  # None: it has to be asked
    word: str = ""  # the vague word that `due` stands for …
    default: str = ""  # … by this norm: 半个工作日内


@dataclass(frozen=True, kw_only=True)
class Offer:
    """`sends` are whole replies that pass the checker, the best first; none when the agent has to write it anew."""

    draft: str
    checked: Checked
    sends: tuple[str, ...]
    times: tuple[Timed, ...]
    vague: tuple[Timed, ...]  # of these, the ones the first of `sends` names a definite time for

    @property
    def needs_leave(self) -> bool:
        """Whether it promises what the agent may not promise alone."""
        return any(finding.kind == PROMISED_ALONE for finding in self.checked.findings)


def offer(
    draft: str, checker: Checker, *, occasion: Occasion, soft: Mapping[str, str], now: datetime, calendar: Calendar
) -> Offer:
    """Check a draft and say what can be sent instead. `soft` is the norm's default for vague words."""
    checked = checker.check(draft, occasion=occasion)
    times = _times(draft, checked, soft=soft, now=now, calendar=calendar)
    definite = _made_definite(draft, times, now=now, calendar=calendar)
    sends = [_passing(definite, checker, occasion)] if definite != draft else []
    sends.append(checked.rewrite)
    with speaking(script_of(draft)):
        said = [_in_script_of(draft, text, checker, occasion) for text in dict.fromkeys(sends) if text]
    named = [one for one in times if said and one.due and one.word and _time(one.due, now, calendar) in said[0]]
    return Offer(draft=draft, checked=checked, sends=tuple(said), times=tuple(times), vague=tuple(named))


def script_of(draft: str) -> str:
    """The script a draft is written in; the reader's where it could be either."""
    if is_traditional(draft):
        return "zh_Hant"
    return SOURCE if in_script(draft, "zh_Hant") != draft else spoken()


def with_time(text: str, span: tuple[int, int], time: str) -> str:
    """今天 15:15 前 in place of the vague word at `span`."""
    before, after = text[: span[0]], text[span[1] :].removeprefix("地").removeprefix("的")
    within = _("在") if before.endswith(_BEFORE_WITHIN) else ""
    return before + within + _("{time} 前").format(time=time) + after


# Inside


def _times(draft: str, checked: Checked, *, soft: Mapping[str, str], now: datetime, calendar: Calendar) -> list[Timed]:
    """The commitments the agent may make, each with its time."""
    found = []
    for place, start, text in _placed(draft, checked):
        if any(f.kind == PROMISED_ALONE and f.start < start + len(text) and f.end > start for f in checked.findings):
            continue
        reading = read_time(text, now=now, calendar=calendar)
        timed = Timed(place=place, start=start, text=text, due=reading.due)
        default = soft.get(reading.soft) if reading.soft else None
        if default and reading.span:
            due = read_time(default, now=now, calendar=calendar).due
            timed = replace(timed, due=due, word=text[slice(*reading.span)], default=default)
        found.append(timed)
    # 我这就去办，10分钟后给您回电话 has its time: nothing vague is left in that sentence.
    fixed = [one for one in found if one.due and not one.word]
    clear = [one for one in found if not (one.word and any(_same_sentence(draft, one, other) for other in fixed))]
    return clear[:COMMITMENTS]


def _same_sentence(draft: str, one: Timed, other: Timed) -> bool:
    first, last = sorted((one.start, other.start))
    return not _STOP.search(draft, first, last)


def _placed(draft: str, checked: Checked) -> Iterable[tuple[int, int, str]]:
    """The commitments with where they start; the same words may stand elsewhere too."""
    end = 0
    for place, promise in enumerate(checked.promises):
        clause = re.compile(f"{_BEGINS}({re.escape(promise.text)}){_ENDS}").search(draft, end)
        start = clause.start(1) if clause else draft.index(promise.text, end)
        yield place, start, promise.text
        end = start + len(promise.text)


def _made_definite(draft: str, times: Sequence[Timed], *, now: datetime, calendar: Calendar) -> str:
    for one in reversed(times):
        if one.due and one.word:
            said = definite(one.text, one.word, one.due, now=now, calendar=calendar)
            draft = draft[: one.start] + said + draft[one.start + len(one.text) :]
    return draft


def definite(text: str, word: str, due: datetime, *, now: datetime, calendar: Calendar) -> str:
    """A commitment with the time in place of its vague word."""
    at = text.index(word)
    return with_time(text, (at, at + len(word)), _time(due, now, calendar))


def _time(due: datetime, now: datetime, calendar: Calendar) -> str:
    """今天 15:15, as a customer is told it."""
    zone = calendar.zone
    said = say_to_customer(due, now=now, zone=zone)
    return _("今天 {clock}").format(clock=said) if due.astimezone(zone).date() == now.astimezone(zone).date() else said


def _passing(text: str, checker: Checker, occasion: Occasion) -> str | None:
    """The text, or what can be sent in its place; None when nothing passes."""
    checked = checker.check(text, occasion=occasion)
    return checked.rewrite if checked.findings else text


def _in_script_of(draft: str, text: str, checker: Checker, occasion: Occasion) -> str:
    """The wording of the book in the script being spoken; what the agent wrote stays as it is written."""
    if spoken() == SOURCE:
        return text
    matcher = SequenceMatcher(None, text, draft, autojunk=False)
    parts, end = [], 0
    for own in matcher.get_matching_blocks():
        if own.size >= OWN or own.size == 0:
            parts += [in_script(text[end : own.a], spoken()), text[own.a : own.a + own.size]]
            end = own.a + own.size
    said = "".join(parts)
    return text if checker.check(said, occasion=occasion).findings else said
