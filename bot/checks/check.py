"""One draft against all rules: what breaks a norm and where, what it promises, and the draft put right."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.checks.classifier import Classifier, sentences, telling
from bot.checks.commitments import ReadTime, commitments
from bot.checks.finder import Forms, Patterns, Sounds, Span
from bot.checks.regex import Regex
from bot.checks.rewrite import clauses_of, repair, states_beside, way
from bot.checks.rule import Checked, Finding, Level, Occasion, Quoting, Replacement, Rule, Rules
from bot.checks.tight import Tight, meant, tighten

_QUOTED = re.compile(r"“([^“”]*)”")
_BEFORE = 24  # characters before a quotation mark that can say whose words follow
_ROUNDS = 3  # a repair can bring two halves of something new together: look again, a few times
DOUBT = 0.5  # how wrong a clause has to sound by itself for its finding to stand in a sentence that sounds right
_REWRITTEN = 2000  # a longer draft is for its author to put right


@dataclass(frozen=True)
class Touch:
    """A place in the reading text that a rule touches, and whether an exception lets it pass."""

    rule: Rule
    low: int
    high: int
    level: Level
    spared: bool
    literal: bool = False  # a form of the book, not a pattern


class Checker:
    """Holds the compiled rules; pure and safe to share. Without a classifier only what they foresee is found."""

    def __init__(self, rules: Rules, replacements: Sequence[Replacement], classifier: Classifier | None = None) -> None:
        self.rules = rules.rules
        self._classifier = classifier
        self._by_id = {rule.id: rule for rule in self.rules}
        self._replacements = tuple(replacements)
        self._slips = rules.slips
        self._quoting = rules.quoting
        self._accusing = Patterns(pattern for rule in self.rules for pattern in rule.patterns)
        spared = [*rules.spared, *rules.quoting.retold]
        self._excusing = Patterns([*(p for rule in self.rules for p in rule.acquits), *spared])
        self._spared = self._excusing.numbers(spared)
        self._acquits = [self._excusing.numbers(rule.acquits) for rule in self.rules]
        self._forms = Forms((form for rule in self.rules for form in rule.forms), rules.alike, rules.mixed_up)
        self._sounds = Sounds(form for rule in self.rules if rule.sounds for form in rule.forms)
        # Which rules each of these belongs to, by their places.
        self._by_pattern = _places(self._accusing.numbers(rule.patterns) for rule in self.rules)
        self._by_form = _places(self._forms.numbers(rule.forms) for rule in self.rules)
        self._by_sound = _places(self._sounds.numbers(rule.forms if rule.sounds else ()) for rule in self.rules)

    def check(self, draft: str, *, occasion: Occasion | None = None, read_time: ReadTime | None = None) -> Checked:
        """Check what an agent is about to send. `read_time` turns “明天下午三点前” into an instant's text."""
        occasion = occasion or Occasion()
        findings, hints = self.find(draft, occasion)
        return Checked(
            findings=self._with_wording(draft, findings),
            hints=self._with_wording(draft, hints),
            promises=commitments(draft, read_time),
            rewrite=self._rewritten(draft, findings, hints, occasion) if findings else None,
        )

    def find(self, draft: str, occasion: Occasion) -> tuple[list[Finding], list[Finding]]:
        """What breaks a norm and what is only pointed out, each in the order of the draft, without better wording."""
        tight = self.read(draft)
        touches = [touch for touch in self._touches(tight.text, occasion) if not touch.spared]
        if self._classifier:
            touches = list(self._weighed(self._classifier, tight.text, touches, occasion))
        # What overlaps is told once: the graver, then the longer, then the earlier.
        touches.sort(key=lambda touch: (touch.level != "bad", touch.low - touch.high, touch.low))
        found: list[Finding] = []
        taken = bytearray(len(draft))
        for touch in touches:
            start, end = tight.span(touch.low, touch.high)
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                found.append(_finding(touch, draft, start, end))
        found.sort(key=lambda finding: finding.start)
        return [f for f in found if f.level == "bad"], [f for f in found if f.level == "hint"]

    def _weighed(
        self, classifier: Classifier, text: str, touches: Sequence[Touch], occasion: Occasion
    ) -> Iterable[Touch]:
        """Rules and classifier together: what sounds right in its sentence is only pointed out, what sounds wrong is
        found without a rule."""
        touches = sorted(touches, key=lambda touch: touch.low)
        spared: list[Regex] | None = None
        first = 0
        for low, high in sentences(text):
            last = bisect_left(touches, high, first, key=lambda touch: touch.low)
            here, first = touches[first:last], last
            grave = {touch.rule.id for touch in here if touch.level == "bad"}
            wrong = classifier.score(text[low:high], grave) > 0
            if wrong and not grave and telling(text[low:high]):
                rule = self._by_id.get(classifier.kind(text[low:high]))
                if rule and rule.concerns(occasion):
                    if spared is None:
                        excuses = self._excuses(text)
                        spared = [excuses[number] for number in self._spared if number in excuses]
                    start, end = trimmed(text, *classifier.worst(text, low, high))
                    if not any(regex.covers(text, start, end) for regex in spared):
                        yield Touch(rule=rule, low=start, high=end, level="bad", spared=False)
            for touch in here:
                if wrong or certain(touch, low, high) or _sounds_wrong(classifier, text, touch, low, high):
                    yield touch
                else:
                    yield replace(touch, level="hint")

    def touches(self, draft: str, occasion: Occasion) -> list[Touch]:
        """Every wording of every rule in the draft, those that an exception lets pass and the overlapping ones too."""
        return list(self._touches(self.read(draft).text, occasion))

    def read(self, draft: str) -> Tight:
        """The text that the rules are held against."""
        return meant(tighten(draft), self._slips)

    def _touches(self, text: str, occasion: Occasion) -> Iterable[Touch]:
        spans, literal = self._spans(text)
        if not spans:
            return
        excuses = self._excuses(text)
        quoted = _quoted(text, self._quoting) if "“" in text else b""
        for place in sorted(spans):
            if self.rules[place].concerns(occasion):
                own = [excuses[number] for number in (*self._acquits[place], *self._spared) if number in excuses]
                yield from _judged(self.rules[place], text, spans[place], literal, own, quoted)

    def _excuses(self, text: str) -> Mapping[int, Regex]:
        """The exceptions whose words stand in the text, by their numbers."""
        return {number: self._excusing.regexes[number] for number in self._excusing.near(text)}

    def _spans(self, text: str) -> tuple[dict[int, list[Span]], set[Span]]:
        """Where the wordings of each rule stand, rules by their places; and which of these are forms."""
        spans: dict[int, list[Span]] = defaultdict(list)
        literal: set[Span] = set()
        for number, found in self._accusing.within(text):
            for place in self._by_pattern[number]:
                spans[place] += found
        for number, span in self._forms.within(text):
            literal.add(trimmed(text, *span))
            for place in self._by_form[number]:
                spans[place].append(span)
        for number, span in self._sounds.within(text):
            literal.add(trimmed(text, *span))
            for place in self._by_sound[number]:
                spans[place].append(span)
        return spans, literal

    def _with_wording(self, draft: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Each finding with the wording that its clause calls for."""
        if not findings:
            return ()
        told: list[Finding] = []
        clauses = clauses_of(draft)
        ends = [clause.stop for clause in clauses]
        says: dict[tuple[str, str, int, int], str] = {}
        for finding in findings:
            first, last = bisect_right(ends, finding.start), bisect_right(ends, finding.end - 1)
            key = (finding.rule, finding.found, first, last)
            if key not in says:
                read = tighten(draft[clauses[first].start : clauses[last].end]).text
                says[key] = way(finding, read, self._replacements)[1]
            told.append(replace(finding, instead=says[key] or finding.instead))
        return tuple(told)

    def _rewritten(
        self, draft: str, findings: Sequence[Finding], hints: Sequence[Finding], occasion: Occasion
    ) -> str | None:
        """The draft put right, or what may be said in its place; only ever something that itself passes."""
        if len(draft) > _REWRITTEN:
            return None
        text = draft
        wrong, doubtful = findings, hints
        for _round in range(_ROUNDS):
            words = [h for h in doubtful if way(h, "", self._replacements)[0] == "word"]
            repaired = repair(text, [*wrong, *words], self._replacements)
            if repaired is None:
                break
            text = repaired
            wrong, doubtful = self.find(text, occasion)
            if not wrong:
                return text if text != draft else None
        if states_beside(draft, findings):
            return None
        for finding in self._with_wording(draft, findings):
            if finding.instead and len(finding.instead) > 4 and not self.find(finding.instead, occasion)[0]:
                return finding.instead if finding.instead[-1] in "。？！" else finding.instead + "。"
        return None


def _judged(
    rule: Rule, text: str, spans: Sequence[Span], literal: Container[Span], excuses: Sequence[Regex], quoted: bytes
) -> Iterable[Touch]:
    """What the wordings of a rule come to beside its exceptions."""
    cleared = any(regex.stands(text) for regex in rule.cleared_by)
    level: Level = "hint" if any(regex.stands(text) for regex in rule.softened_by) else rule.level
    for span in spans:
        low, high = trimmed(text, *span)
        if low < high:
            spared = (
                cleared or quoted.find(1, low, high) >= 0 or any(regex.covers(text, low, high) for regex in excuses)
            )
            yield Touch(rule=rule, low=low, high=high, level=level, spared=spared, literal=(low, high) in literal)


def _sounds_wrong(classifier: Classifier, text: str, touch: Touch, low: int, high: int) -> bool:
    """Whether what was found sounds wrong by itself: courtesy around it doesn't make it right."""
    start = max(low, text.rfind(",", low, touch.low) + 1)
    end = text.find(",", touch.high, high)
    return classifier.score(text[start : high if end < 0 else end], {touch.rule.id}) > DOUBT


def certain(touch: Touch, low: int, high: int) -> bool:
    """Whether its sentence can't clear what was found there: the book's own form, most of the sentence, or a rule that
    the classifier doesn't know or must not doubt."""
    rule = touch.rule
    known = rule.shipped and not rule.channels and not rule.firm
    return touch.literal or not known or 2 * (touch.high - touch.low) >= high - low


def trimmed(text: str, low: int, high: int) -> Span:
    """The span without the punctuation at its ends."""
    while low < high and text[low] in ",.?“”":
        low += 1
    while low < high and text[high - 1] in ",.?“”":
        high -= 1
    return low, high


def as_json(checked: Checked) -> dict[str, Any]:
    """The contract of `huashu check --json`."""
    return {
        "verdict": checked.verdict,
        "findings": [_as_json(f) for f in checked.findings],
        "hints": [_as_json(f) for f in checked.hints],
        "promises": [{"text": promise.text, "due": promise.due} for promise in checked.promises],
        "rewrite": checked.rewrite,
    }


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "start": finding.start,
        "end": finding.end,
        "found": finding.found,
        "rule": finding.rule,
        "class": finding.kind,
        "why": finding.why,
        "instead": finding.instead,
    }


def _places(wordings: Iterable[Iterable[int]]) -> dict[int, list[int]]:
    """From each wording's number to the places of the rules that have it."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(wordings):
        for number in dict.fromkeys(own):
            places[number].append(place)
    return places


def _finding(touch: Touch, draft: str, start: int, end: int) -> Finding:
    rule = touch.rule
    return Finding(
        start=start,
        end=end,
        found=draft[start:end],
        rule=rule.id,
        kind=rule.kind,
        level=touch.level,
        reach=rule.reach,
        why=rule.why,
        instead=rule.instead,
    )


def _quoted(text: str, quoting: Quoting) -> bytes:
    """The text with a mark wherever it stands in quotation marks and is not the agent's own."""
    marks = bytearray(len(text))
    for quoted in _QUOTED.finditer(text):
        start, end = quoted.span()
        before = text[max(0, start - _BEFORE) : start]
        told = any(regex.stands(before) for regex in quoting.told)
        own = any(regex.stands(before) for regex in quoting.own)
        if (told and not own) or any(regex.compiled.match(text, end) for regex in quoting.after):
            marks[start:end] = b"\1" * (end - start)
    return bytes(marks)
