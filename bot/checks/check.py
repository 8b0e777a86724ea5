"""One draft against all rules: what breaks a norm and where, what it promises, and the draft put right."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.checks.commitments import ReadTime, commitments
from bot.checks.rewrite import clauses_of, repair, way
from bot.checks.rule import Checked, Finding, Occasion, Replacement, Rule, Rules
from bot.checks.tight import Tight, tighten

# Words of others are no wording of ours: 您说“你们不管”, 客户反映师傅处理不了.
_TOLD = re.compile(
    r"(?:说|讲|称|反映|反馈|提到|提出|表示|问|写|投诉|抱怨|回复|答复|告知|认为|觉得|听到|收到|所谓|那句|这句|一句|关于|对于)"
    r"(?:了|过|的是|道|的|到|我们|他们|师傅|客服|工作人员|是)*[^,.?“”]{0,4},?$"
)
_MY_OWN_WORDS = re.compile(r"我(?:们)?(?:都|已经|早就|现在)?(?:跟|和|对|告诉)?您?(?:都|已经)?(?:说|讲)(?:了|过)?,?$")
_TOLD_AFTER = re.compile(r"(?:这|那)?(?:样|种|句|类|个)?(?:的)?(?:话|说法|态度|答复|回答|情况|问题|字样|意见|反馈)")
_QUOTED = re.compile(r"“([^“”]*)”")
_RETOLD = re.compile(
    r"(?:您|客户|业主|客人|顾客|用户|住户)(?:刚才|刚刚|之前|上次|来电|昨天|今天|那天|一直|也|们|在电话里)*"
    r"(?:说|反映|反馈|提到|投诉|表示|抱怨|讲)(?:的是|的|过|到|了)?"
    r"(?=我们|师傅|工作人员|客服|物业|他|她|没人|没有人|工程部|维修|前台|保安|电话|之前|上次|不知道|家里|快递|卖家|你)[^,.?]*"
)
_ROUNDS = 3  # a repair can bring two halves of something new together: look again, a few times


class Checker:
    """Holds the compiled rules; pure and safe to share."""

    def __init__(self, rules: Rules, replacements: Sequence[Replacement]) -> None:
        self._rules = rules
        self._replacements = tuple(replacements)

    def check(self, draft: str, *, occasion: Occasion | None = None, read_time: ReadTime | None = None) -> Checked:
        """Check what an agent is about to send. `read_time` turns “明天下午三点前” into an instant's text."""
        occasion = occasion or Occasion()
        findings, hints = self._found(draft, occasion)
        return Checked(
            findings=self._with_wording(draft, findings),
            hints=self._with_wording(draft, hints),
            promises=commitments(draft, read_time),
            rewrite=self._rewritten(draft, findings, hints, occasion) if findings else None,
        )

    def _found(self, draft: str, occasion: Occasion) -> tuple[list[Finding], list[Finding]]:
        tight = tighten(draft)
        spared = _words_of_others(tight.text)
        spared += [match.span() for pattern in self._rules.spared for match in pattern.finditer(tight.text)]
        found = [
            finding
            for rule in self._rules.rules
            if rule.concerns(occasion)
            for finding in _touched(rule, draft, tight, spared)
        ]
        # What overlaps is told once: the graver, then the longer.
        found.sort(key=lambda f: (f.level != "bad", f.start - f.end))
        kept: list[Finding] = []
        taken = bytearray(len(draft))
        for finding in found:
            if not any(taken[finding.start : finding.end]):
                taken[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
                kept.append(finding)
        kept.sort(key=lambda f: f.start)
        return [f for f in kept if f.level == "bad"], [f for f in kept if f.level == "hint"]

    def _with_wording(self, draft: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Each finding with the wording that its clause calls for."""
        told: list[Finding] = []
        clauses = clauses_of(draft)
        ends = [clause.stop for clause in clauses]
        reads: dict[tuple[int, int], str] = {}
        for finding in findings:
            first, last = bisect_right(ends, finding.start), bisect_right(ends, finding.end - 1)
            if (first, last) not in reads:
                reads[first, last] = tighten(draft[clauses[first].start : clauses[last].end]).text
            _how, say = way(finding, reads[first, last], self._replacements)
            told.append(replace(finding, instead=say or finding.instead))
        return tuple(told)

    def _rewritten(
        self, draft: str, findings: Sequence[Finding], hints: Sequence[Finding], occasion: Occasion
    ) -> str | None:
        """The draft put right, or what may be said in its place; only ever something that itself passes."""
        text: str | None = draft
        for _round in range(_ROUNDS):
            if text is None:
                break
            wrong, doubtful = self._found(text, occasion)
            if not wrong:
                return text if text != draft else None
            words = [h for h in doubtful if way(h, "", self._replacements)[0] == "word"]
            text = repair(text, [*wrong, *words], self._replacements)
        for finding in self._with_wording(draft, findings):
            if finding.instead and len(finding.instead) > 4 and not self._found(finding.instead, occasion)[0]:
                return finding.instead if finding.instead[-1] in "。？！" else finding.instead + "。"
        return None


def as_json(checked: Checked) -> dict[str, Any]:
    """The contract of `huashu check --json`."""
    return {
        "verdict": checked.verdict,
        "findings": [_finding(f) for f in checked.findings],
        "hints": [_finding(f) for f in checked.hints],
        "promises": [{"text": promise.text, "due": promise.due} for promise in checked.promises],
        "rewrite": checked.rewrite,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "start": finding.start,
        "end": finding.end,
        "found": finding.found,
        "rule": finding.rule,
        "class": finding.kind,
        "why": finding.why,
        "instead": finding.instead,
    }


def _touched(rule: Rule, draft: str, tight: Tight, spared: Sequence[tuple[int, int]]) -> list[Finding]:
    spans = [match.span() for pattern in rule.wording for match in pattern.finditer(tight.text)]
    if not spans or any(pattern.search(tight.text) for pattern in rule.cleared_by):
        return []
    acquitted = bytearray(len(tight.text))
    for start, end in (*spared, *(match.span() for pattern in rule.acquits for match in pattern.finditer(tight.text))):
        acquitted[start:end] = b"\1" * (end - start)
    softened = any(pattern.search(tight.text) for pattern in rule.softened_by)
    found: list[Finding] = []
    for low, high in spans:
        while low < high and tight.text[low] in ",.?":
            low += 1
        while low < high and tight.text[high - 1] in ",.?":
            high -= 1
        if low == high or any(acquitted[low:high]):
            continue
        start, end = tight.span(low, high)
        found.append(
            Finding(
                start=start,
                end=end,
                found=draft[start:end],
                rule=rule.id,
                kind=rule.kind,
                level="hint" if softened else rule.level,
                reach=rule.reach,
                why=rule.why,
                instead=rule.instead,
            )
        )
    return found


def _words_of_others(text: str) -> list[tuple[int, int]]:
    """Spans in which the draft quotes or retells somebody."""
    spans = [match.span() for match in _RETOLD.finditer(text)]
    for quoted in _QUOTED.finditer(text):
        before, after = text[: quoted.start()], text[quoted.end() :]
        told = _TOLD.search(before[-16:]) and not _MY_OWN_WORDS.search(before)
        if told or _TOLD_AFTER.match(after):
            spans.append(quoted.span())
    return spans
