"""The phrases and synonyms of the phrasebook's YAML, as values."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from bot.errors import BookError
from bot.language.speech import _
from bot.phrases.phrase import ALWAYS, Phrase, Valid, When
from bot.shared.book import Book


def phrases_of(book: Book) -> list[Phrase]:
    """Every wording of phrases/*.yaml, the team's own among them."""
    return [phrase_of(entry) for entry in book.read_folder("phrases")]


def synonyms_of(book: Book) -> dict[str, str]:
    """Words of synonyms.yaml with the word the phrasebook uses instead."""
    return dict(book.read("synonyms.yaml"))


def phrase_of(entry: Mapping[str, Any]) -> Phrase:
    when = entry.get("when")
    return Phrase(
        id=entry["id"],
        situation=entry["situation"],
        group=entry["group"],
        texts=tuple(entry["texts"]),
        aliases=tuple(entry["aliases"]),
        says=tuple(entry["says"]),
        alarm=tuple(entry.get("alarm", ())),
        avoid=tuple(entry.get("avoid", ())),
        styles={style: tuple(texts) for style, texts in entry.get("styles", {}).items()},
        en=tuple(entry.get("en", ())),
        next=entry.get("next"),
        tags=tuple(entry.get("tags", ())),
        source=entry["source"],
        note=entry.get("note", ""),
        when=_when(when) if when else None,
        valid=_valid(entry["valid"], entry["id"]) if "valid" in entry else ALWAYS,
    )


def _when(entry: Mapping[str, str]) -> When:
    return When(
        start=time.fromisoformat(entry["from"]) if "from" in entry else None,
        end=time.fromisoformat(entry["to"]) if "to" in entry else None,
        season=entry.get("season"),
        holiday=entry.get("holiday"),
    )


def _valid(entry: Mapping[str, str], phrase: str) -> Valid:
    return Valid(
        start=_day(entry["from"], phrase) if "from" in entry else None,
        until=_day(entry["until"], phrase) if "until" in entry else None,
        successor=entry.get("successor"),
    )


def _day(written: str, phrase: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        told = _("话术 {phrase}：valid 里的“{day}”不是日期，写法例如 2026-06-30。")
        raise BookError(told.format(phrase=phrase, day=written)) from None
