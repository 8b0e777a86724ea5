"""forbidden.yaml, reading.yaml and replacements.yaml as rules; a team's overlay may add and reword, never lift a prohibition."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from re import Pattern
from typing import Any

from bot.checks.literals import alternatives, bounded
from bot.checks.regex import Regex
from bot.checks.rule import Quoting, Replacement, Rule, Rules
from bot.checks.tight import tighten
from bot.errors import BookError
from bot.language.speech import _
from bot.shared.book import Book, default_shipped

# Of a rule that ships a team may add to the first, change neither of the second, and reword the rest.
EXTENDABLE = ("forms", "patterns", "bad", "fine")
FIXED = ("class", "level", "firm", "except", "cleared_by", "soften_by", "channels", "unless", "only_if")
# How drafts are read and what is never looked at is not a team's to change.
SHIPPED_ONLY = ("quoting", "slips", "alike", "mixed_up", "particles")
_APART = 4  # characters that may stand where a form has …
_WORD = re.compile(r"(?<!\?P)<(\w+)>")
_DEEP = 4  # words within words within words


def read_rules(book: Book, floor: Book | None = None) -> Rules:
    """The rules in force. `floor` is the shipped book alone: its prohibitions hold whatever the overlay says."""
    floor = floor or Book(default_shipped())
    raw = book.read("forbidden.yaml")
    shipped = raw if book == floor else floor.read("forbidden.yaml")
    reading = floor.read("reading.yaml")
    reader = _Reader(shipped["words"], raw["words"], reading)
    must_stay = {row["id"]: row for row in shipped["rules"]}
    return Rules(
        rules=tuple(
            replace(
                reader.rule(kept(row, must_stay.get(row["id"]))), shipped=_as_shipped(row, must_stay.get(row["id"]))
            )
            for row in raw["rules"]
        ),
        spared=(
            *(regex for row in shipped["spared"] for regex in reader.regexes(row["patterns"], row["id"])),
            *(_house(address) for address in book.read("reading.yaml")["house"]),
        ),
        quoting=reader.quoting(reading["quoting"]),
        slips=reading["slips"],
        alike=tuple(reading["alike"]),
        mixed_up=tuple(reading["mixed_up"]),
    )


def read_replacements(book: Book) -> tuple[Replacement, ...]:
    """The pairs, in the order in which they are tried."""
    return tuple(
        Replacement(
            id=row["id"],
            rules=frozenset(row["rules"]),
            how=row["how"],
            say=row.get("say", ""),
            when=_when(row["when"], row["id"]) if "when" in row else None,
        )
        for row in book.read("replacements.yaml")
    )


def _when(pattern: str, pair: str) -> Pattern[str]:
    try:
        return re.compile(bounded(pattern))
    except re.error as error:
        told = _("改写 {pair}：正则“{pattern}”写错了（{why}）。")
        raise BookError(told.format(pair=pair, pattern=pattern, why=error)) from error


def kept(row: Mapping[str, Any], shipped: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The team's row with everything that would weaken the shipped one undone."""
    if shipped is None:
        return row
    whole = {key: value for key, value in row.items() if key not in FIXED}
    whole |= {key: shipped[key] for key in FIXED if key in shipped}
    if row["level"] == "bad":
        whole["level"] = "bad"
    for key in EXTENDABLE:
        whole[key] = list(dict.fromkeys([*shipped.get(key, []), *row.get(key, [])]))
    whole["sounds"] = shipped.get("sounds", False) or row.get("sounds", False)
    whole["apart"] = max(shipped.get("apart", _APART), row.get("apart", _APART))
    return whole


def _as_shipped(row: Mapping[str, Any], shipped: Mapping[str, Any] | None) -> bool:
    """Whether it finds what it ships to find and no more."""
    return shipped is not None and all(
        row.get(key) == shipped.get(key) for key in ("forms", "patterns", "sounds", "apart")
    )


class _Reader:
    """Makes rules of rows, by the words of the shipped book and those of the team."""

    def __init__(self, shipped: Mapping[str, str], words: Mapping[str, str], reading: Mapping[str, Any]) -> None:
        self._alike = {char: f"[{group}]" for group in reading["alike"] for char in group}
        self._particles = re.escape(reading["particles"])
        self._words = {**words, **shipped}
        wider = {name: f"{self._words[name]}|{word}" for name, word in words.items() if word != self._words[name]}
        self._wider = {**self._words, **wider}

    def rule(self, row: Mapping[str, Any]) -> Rule:
        def regexes(key: str) -> tuple[Regex, ...]:
            return tuple(self.regexes(row.get(key, ()), row["id"]))

        forms: Sequence[str] = row.get("forms", ())
        return Rule(
            id=row["id"],
            kind=row["class"],
            level=row["level"],
            why=row["why"],
            instead=row["instead"],
            reach=row.get("reach", "clause"),
            forms=tuple(_plain(form) for form in forms if "…" not in form),
            sounds=row.get("sounds", False),
            firm=row.get("firm", False),
            patterns=(
                *(self._apart(form, row.get("apart", _APART)) for form in forms if "…" in form),
                *(regex for pattern in row.get("patterns", ()) for regex in self._wordings(pattern, row["id"])),
            ),
            acquits=regexes("except"),
            cleared_by=regexes("cleared_by"),
            softened_by=regexes("soften_by"),
            channels=tuple(row.get("channels", ())),
            unless=tuple(row.get("unless", ())),
            only_if=tuple(row.get("only_if", ())),
            source=tuple(row["source"]),
            bad=tuple(row.get("bad", ())),
            fine=tuple(row.get("fine", ())),
        )

    def regexes(self, patterns: Iterable[str], rule: str) -> Iterator[Regex]:
        for pattern in patterns:
            yield from _regexes(pattern, self._words, rule)

    def quoting(self, row: Mapping[str, Sequence[str]]) -> Quoting:
        def regexes(key: str, form: str = "{}") -> tuple[Regex, ...]:
            return tuple(self.regexes(map(form.format, row[key]), "quoting"))

        return Quoting(
            told=regexes("told", "(?:{})$"), own=regexes("own", "(?:{})$"), after=regexes("after"), retold=regexes("retold")
        )  # fmt: skip

    def _wordings(self, pattern: str, rule: str) -> Iterator[Regex]:
        """As it ships, and once more with the words a team has added: what was found before is found still."""
        yield from _regexes(pattern, self._words, rule)
        if self._wider != self._words and spelt(pattern, self._wider) != spelt(pattern, self._words):
            yield from _regexes(pattern, self._wider, rule)

    def _apart(self, form: str, most: int) -> Regex:
        """A form in parts, 有完…没完: up to so many particles or pauses may stand between them."""
        parts = (
            "".join(self._alike.get(char, re.escape(char)) for char in _plain(part)) for part in form.split("…") if part
        )
        return Regex(f"[{self._particles},.]{{0,{most}}}".join(parts))


def spelt(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern with its <words> written out, and the words in these words."""
    for _depth in range(_DEEP):
        pattern = _WORD.sub(lambda word: f"(?:{words[word[1]]})", pattern)
    return pattern


def _plain(form: str) -> str:
    return form.replace(" ", "").lower()


def _house(address: str) -> Regex:
    """An address or number of the house's own, with all that belongs to the link."""
    own = re.escape(tighten(address).text)
    return Regex(f"(?:https?,?)?(?:[0-9a-z]{{1,20}}\\.){{0,4}}{own}[0-9a-z.?,%@]{{0,60}}")


def _regexes(pattern: str, words: Mapping[str, str], rule: str) -> list[Regex]:
    try:
        return [Regex(way) for way in alternatives(bounded(spelt(pattern, words)))]
    except KeyError as error:
        told = _("忌语规则 {rule}：words 里没有 <{word}> 这个名称。")
        raise BookError(told.format(rule=rule, word=error.args[0])) from error
    except re.error as error:
        told = _("忌语规则 {rule}：正则“{pattern}”写错了（{why}）。")
        raise BookError(told.format(rule=rule, pattern=pattern, why=error)) from error
