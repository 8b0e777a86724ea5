"""The proof of the forbidden wordings: each rule against its own examples, rules against each other, a team's against
those that ship."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.checks.check import Checker, Touch, trimmed
from bot.checks.literals import alternatives, careless
from bot.checks.phrasebook import Finding, Kind, Places
from bot.checks.rule import Rule
from bot.checks.yaml_file import FIXED, SHIPPED_ONLY, spelt
from bot.language.speech import _
from bot.shared.book import Book

_SHOWN = 24


def prove_rules(checker: Checker, book: Book, floor: Book, places: Places) -> list[Finding]:
    """Everything worth saying about the rules of a book whose files are sound; `floor` is the shipped book alone."""
    said, shipped = ({**one.read("forbidden.yaml"), **one.read("reading.yaml")} for one in (book, floor))
    return _Proof(checker, places).findings(said, shipped)


class _Proof:
    def __init__(self, checker: Checker, places: Places) -> None:
        self._checker = checker
        self._places = places

    def findings(self, said: Mapping[str, Any], shipped: Mapping[str, Any]) -> list[Finding]:
        """Of the files with a team's over them (`said`), and as they ship."""
        words = {**said["words"], **shipped["words"]}
        return [
            *(found for rule in self._checker.rules for found in self._examples(rule)),
            *self._twins(),
            *(found for row in said["rules"] for found in self._slow(row, words)),
            *self._lifted(said, shipped),
        ]

    def _examples(self, rule: Rule) -> Iterator[Finding]:
        touched = {draft: self._checker.touches(draft, rule.occasion) for draft in rule.bad}
        own = {draft: [touch for touch in touches if touch.rule is rule] for draft, touches in touched.items()}
        yield from self._missed(rule, own)
        yield from self._robbed(rule)
        yield from self._too_much(rule)
        yield from self._idle(rule, own)
        if not (rule.bad and rule.fine):
            yield self._found(
                "hint", rule, "", _("{rule} 还没有例句。").format(rule=rule.id),
                _("写上 bad（必须查得出的）和 fine（很像但不该查的），各至少两句。"),
            )  # fmt: skip

    def _missed(self, rule: Rule, own: Mapping[str, Sequence[Touch]]) -> Iterator[Finding]:
        for draft, touches in own.items():
            standing = [touch for touch in touches if not touch.spared]
            if not touches:
                problem = _("“{draft}”没有查出来。")
            elif not standing:
                problem = _("“{draft}”被例外放过了。")
            elif rule.level == "bad" and all(touch.level == "hint" for touch in standing):
                problem = _("“{draft}”被 soften_by 降成了提醒。")
            else:
                continue
            yield self._found(
                "error", rule, draft, problem.format(draft=_short(draft)),
                _("补一条 forms 或 patterns，收窄例外，或改这句例句。"),
            )  # fmt: skip

    def _robbed(self, rule: Rule) -> Iterator[Finding]:
        """A rule that never has its say, because others find its examples first."""
        told = [{f.rule for found in self._checker.find(draft, rule.occasion) for f in found} for draft in rule.bad]
        if told and all(told) and not any(rule.id in names for names in told):
            others = "、".join(sorted(set().union(*told)))
            yield self._found(
                "hint", rule, rule.bad[0],
                _("例句都先被 {others} 查出，轮不到 {rule}。").format(others=others, rule=rule.id),
                _("把两条规则分清，或并成一条。"),
            )  # fmt: skip

    def _too_much(self, rule: Rule) -> Iterator[Finding]:
        for draft in rule.fine:
            findings, hints = self._checker.find(draft, rule.occasion)
            for finding in findings if rule.level == "bad" else [hint for hint in hints if hint.rule == rule.id]:
                told = _("“{draft}”不该查，却被 {other} 查出“{found}”。")
                yield self._found(
                    "error", rule, draft, told.format(draft=_short(draft), other=finding.rule, found=finding.found),
                    _("给那条规则加例外，或改这句例句。"),
                )  # fmt: skip

    def _idle(self, rule: Rule, own: Mapping[str, Sequence[Touch]]) -> Iterator[Finding]:
        """Patterns whose every match in the examples is covered by an exception."""
        texts = {draft: self._checker.read(draft).text for draft in own}
        spared = {draft: {(touch.low, touch.high): touch.spared for touch in touches} for draft, touches in own.items()}
        for pattern in rule.patterns:
            judged = [
                spared[draft].get(trimmed(text, *match.span()), True)
                for draft, text in texts.items()
                for match in pattern.compiled.finditer(text)
            ]
            if judged and all(judged):
                told = _("正则“{pattern}”在例句里处处被例外盖住，从来不起作用。")
                yield self._found(
                    "hint", rule, "", told.format(pattern=_short(pattern.pattern)), _("收窄例外，或去掉这条正则。")
                )  # fmt: skip

    def _twins(self) -> Iterator[Finding]:
        """The same form in two rules."""
        holders: dict[str, list[Rule]] = defaultdict(list)
        for rule in self._checker.rules:
            for form in dict.fromkeys(rule.forms):
                holders[form].append(rule)
        for form, (first, *others) in holders.items():
            for other in others:
                yield self._found(
                    "hint", other, form, _("“{form}”在 {first} 里也有。").format(form=form, first=first.id),
                    _("留在更合适的那条规则里。"),
                )  # fmt: skip

    def _slow(self, row: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Finding]:
        for pattern in (one for key in ("patterns", "except", "cleared_by", "soften_by") for one in row.get(key, ())):
            if any(map(careless, alternatives(spelt(pattern, words)))):
                file, line = self._places.of(row["id"], pattern)
                yield Finding(
                    kind="hint", topic="rules", file=file, line=line, phrase=row["id"],
                    what=_("正则“{pattern}”可能很慢：没有上限的重复套着或挨着另一个。").format(pattern=_short(pattern)),
                    todo=_("把其中一个写成有限的次数，如 {{0,6}}。").format(),
                )  # fmt: skip

    def _lifted(self, said: Mapping[str, Any], shipped: Mapping[str, Any]) -> Iterator[Finding]:
        """What a team's overlay would loosen: it has no effect, and whoever wrote it should know."""
        must_stay = {row["id"]: row for row in shipped["rules"]}
        for row in said["rules"]:
            kept = must_stay.get(row["id"], row)
            for key in FIXED:
                if row.get(key) != kept.get(key) and (key, row.get(key)) != ("level", "bad"):
                    told = _("{rule} 的 {key} 不能由团队改，这里写的不算数。")
                    yield self._ignored(row["id"], key, told.format(rule=row["id"], key=key))
        for row in said["spared"]:
            if row not in shipped["spared"]:
                told = _("团队不能加放过的地方，spared 里的 {id} 不算数。")
                yield self._ignored(row["id"], "patterns", told.format(id=row["id"]))
        for key in SHIPPED_ONLY:
            if said[key] != shipped[key]:
                told = _("reading.yaml 的 {key} 不能由团队改，这里写的不算数。")
                yield self._ignored(key, "", told.format(key=key))

    def _ignored(self, id: str, words: str, what: str) -> Finding:
        file, line = self._places.of(id, words)
        return Finding(
            kind="hint", topic="rules", file=file, line=line, phrase=id, what=what,
            todo=_("可以加说法、加规则、改 why 和 instead；已有的禁语不能放宽。"),
        )  # fmt: skip

    def _found(self, kind: Kind, rule: Rule, words: str, what: str, todo: str) -> Finding:
        file, line = self._places.of(rule.id, words)
        return Finding(kind=kind, topic="rules", file=file, line=line, phrase=rule.id, what=what, todo=todo)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
