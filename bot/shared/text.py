"""Small helpers for what people read and what they typed."""

import unicodedata
from html import escape


def html(text: str) -> str:
    """Text as it is, safe inside HTML parse mode. The one escaping helper: nothing a person typed becomes markup."""
    return escape(text, quote=False)


def clean(text: str) -> str:
    """What a person typed without control and invisible characters; line breaks stay."""
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co"))
    return "".join(kept).strip()


def cut(text: str, most: int) -> str:
    """At most so many characters, ending in … when something was left out."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
