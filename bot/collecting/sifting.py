"""Which rows of a file may become a team's own wordings, and why not the others. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from bot.checks.check import Checker
from bot.collecting.wording import SAYS_MOST, masked, tidied
from bot.language.fold import fold
from bot.language.speech import _
from bot.phrases.exchange import LINE_MOST, Problem, Read
from bot.phrases.phrase import Phrase


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One wording on its way into a team's own; `start` and `until` are whole days."""

    row: int
    situation: str
    text: str
    says: tuple[str, ...]
    start: date | None
    until: date | None


@dataclass(frozen=True, kw_only=True)
class Sifted:
    """What of a file may come in. `known` counts the wordings that are there already, `notes` tell what was changed
    on the way, `dropped` names what the file says beyond what a team's wording can hold."""

    incoming: tuple[Incoming, ...]
    problems: tuple[Problem, ...]
    known: int
    notes: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.incoming) + len(self.problems) + self.known


def sift(found: Read, checker: Checker, known: Collection[str]) -> Sifted:
    """Every wording that breaks no norm and is not there already (`known`, folded), without customers' data."""
    incoming: list[Incoming] = []
    problems = list(found.problems)
    notes: list[str] = []
    taken = set(known)
    repeated = 0
    for row, phrase in found.found:
        for text in phrase.texts:
            if fold(text).text in taken:
                repeated += 1
                continue
            tidy = tidied(text)
            checked = checker.check(tidy.text)
            if checked.findings:
                problems.append(Problem(row=row, what=_objection(checked.findings[0].found, checked.rewrite)))
                continue
            same = fold(tidy.text).text
            if same in taken:
                repeated += 1
                continue
            taken.add(same)
            notes += [
                _("第 {row} 行：“{words}”换成了 {{{slot}}}。").format(row=row, words=words, slot=slot)
                for words, slot in tidy.replaced
            ]
            incoming.append(
                Incoming(
                    row=row,
                    situation=masked(phrase.situation),
                    text=tidy.text,
                    says=tuple(dict.fromkeys(masked(line, LINE_MOST) for line in _lines_of(phrase)[:SAYS_MOST])),
                    start=phrase.valid.start,
                    until=phrase.valid.until,
                )
            )
    problems.sort(key=lambda problem: (problem.sheet, problem.row))
    return Sifted(
        incoming=tuple(incoming),
        problems=tuple(problems),
        known=repeated,
        notes=tuple(notes),
        dropped=tuple(_dropped(found.phrases)),
    )


def _objection(found: str, rewrite: str | None) -> str:
    if rewrite:
        return _("“{found}”不能说，可改成：{rewrite}").format(found=found, rewrite=rewrite)
    return _("“{found}”不能说，请换个说法。").format(found=found)


def _dropped(phrases: Iterable[Phrase]) -> list[str]:
    names = {
        "avoid": _("不要说"),
        "styles": _("别的口吻"),
        "en": _("英文"),
        "next": _("下一步"),
        "when": _("钟点和节日"),
    }
    phrases = list(phrases)
    dropped = [name for field, name in names.items() if any(getattr(phrase, field) for phrase in phrases)]
    if any(len(_lines_of(phrase)) > SAYS_MOST for phrase in phrases):
        dropped.append(_("{n} 句以外的叫法和问法").format(n=SAYS_MOST))
    return dropped


def _lines_of(phrase: Phrase) -> tuple[str, ...]:
    """What leads to it: its other names first."""
    return tuple(dict.fromkeys((*phrase.aliases, *phrase.says)))


def wordings_of(phrases: Iterable[Phrase]) -> set[str]:
    """Everything these phrases say, folded: what need not come in again."""
    return {
        fold(text).text for phrase in phrases for text in (*phrase.texts, *(t for ts in phrase.styles.values() for t in ts))
    }  # fmt: skip
