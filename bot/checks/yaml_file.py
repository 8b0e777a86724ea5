"""forbidden.yaml and replacements.yaml as rules; a team's overlay may add and reword, never lift a prohibition."""

import re
from collections.abc import Mapping
from re import Pattern
from typing import Any

from bot.checks.rule import Replacement, Rule, Rules
from bot.errors import BookError
from bot.language.speech import _
from bot.shared.book import Book, default_shipped

_ALIKE = {char: group for group in ("你您", "的地得", "他她它") for char in group}
_EXTENDABLE = ("forms", "patterns")
_FIXED = ("level", "except", "cleared_by", "soften_by", "channels", "unless", "only_if")


def read_rules(book: Book, floor: Book | None = None) -> Rules:
    """The rules in force. `floor` is the shipped book alone: its prohibitions hold whatever the overlay says."""
    floor = floor or Book(default_shipped())
    raw = book.read("forbidden.yaml")
    shipped = floor.read("forbidden.yaml")
    words = {**raw["words"], **shipped["words"]}
    must_stay = {row["id"]: row for row in shipped["rules"]}
    rows = [_kept(row, must_stay.get(row["id"])) for row in raw["rules"]]
    return Rules(
        rules=tuple(_rule(row, words) for row in rows),
        spared=tuple(_regex(p, words, row["id"]) for row in shipped["spared"] for p in row["patterns"]),
    )


def read_replacements(book: Book) -> tuple[Replacement, ...]:
    """The pairs, in the order in which they are tried."""
    return tuple(
        Replacement(
            id=row["id"],
            rules=frozenset(row["rules"]),
            how=row["how"],
            say=row.get("say", ""),
            when=_regex(row["when"], {}, row["id"]) if "when" in row else None,
        )
        for row in book.read("replacements.yaml")
    )


def _kept(row: Mapping[str, Any], shipped: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The team's row with everything that would weaken the shipped one undone."""
    if shipped is None:
        return row
    kept = {key: value for key, value in row.items() if key not in _FIXED}
    kept |= {key: shipped[key] for key in _FIXED if key in shipped}
    if row["level"] == "bad":
        kept["level"] = "bad"
    for key in _EXTENDABLE:
        kept[key] = list(dict.fromkeys([*shipped.get(key, []), *row.get(key, [])]))
    return kept


def _rule(row: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    def regexes(key: str) -> tuple[Pattern[str], ...]:
        return tuple(_regex(pattern, words, row["id"]) for pattern in row.get(key, ()))

    forms = row.get("forms", ())
    return Rule(
        id=row["id"],
        kind=row["class"],
        level=row["level"],
        why=row["why"],
        instead=row["instead"],
        reach=row.get("reach", "clause"),
        wording=((re.compile("|".join(map(_form, forms))),) if forms else ()) + regexes("patterns"),
        acquits=regexes("except"),
        cleared_by=regexes("cleared_by"),
        softened_by=regexes("soften_by"),
        channels=tuple(row.get("channels", ())),
        unless=tuple(row.get("unless", ())),
        only_if=tuple(row.get("only_if", ())),
        source=tuple(row["source"]),
    )


def _form(form: str) -> str:
    """A near-literal wording: look-alikes are one, and in three characters or more a comma may have slipped in."""
    chars = [f"[{_ALIKE[c]}]" if c in _ALIKE else re.escape(c) for c in form.replace(" ", "").lower()]
    return ("[,.]?" if len(chars) >= 3 else "").join(chars)


def _regex(pattern: str, words: Mapping[str, str], rule: str) -> Pattern[str]:
    try:
        return re.compile(re.sub(r"(?<!\?P)<(\w+)>", lambda word: f"(?:{words[word[1]]})", pattern))
    except KeyError as error:
        told = _("忌语规则 {rule}：words 里没有 <{word}> 这个名称。")
        raise BookError(told.format(rule=rule, word=error.args[0])) from error
    except re.error as error:
        told = _("忌语规则 {rule}：正则“{pattern}”写错了（{why}）。")
        raise BookError(told.format(rule=rule, pattern=pattern, why=error)) from error
