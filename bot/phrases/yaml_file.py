"""The phrases and synonyms of the phrasebook's YAML, as values."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from bot.phrases.phrase import Phrase, When
from bot.shared.book import Book


def phrases_of(book: Book) -> list[Phrase]:
    """Every wording of phrases/*.yaml, the team's own among them."""
    return [_phrase(entry) for entry in book.read_folder("phrases")]


def synonyms_of(book: Book) -> dict[str, str]:
    """Words of synonyms.yaml with the word the phrasebook uses instead."""
    return dict(book.read("synonyms.yaml"))


def _phrase(entry: Mapping[str, Any]) -> Phrase:
    when = entry.get("when")
    return Phrase(
        id=entry["id"],
        situation=entry["situation"],
        group=entry["group"],
        texts=tuple(entry["texts"]),
        aliases=tuple(entry["aliases"]),
        says=tuple(entry["says"]),
        avoid=tuple(entry.get("avoid", ())),
        next=entry.get("next"),
        tags=tuple(entry.get("tags", ())),
        source=entry["source"],
        note=entry.get("note", ""),
        when=_when(when) if when else None,
    )


def _when(entry: Mapping[str, str]) -> When:
    return When(
        start=time.fromisoformat(entry["from"]) if "from" in entry else None,
        end=time.fromisoformat(entry["to"]) if "to" in entry else None,
        season=entry.get("season"),
        holiday=entry.get("holiday"),
    )
