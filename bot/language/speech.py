"""The language a person reads: gettext texts in 简体 (the source), 繁體 by catalogue, chosen per person."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from pathlib import Path

LOCALES = Path(__file__).parent.parent / "locales"
SOURCE = "zh_Hans"
SPOKEN = (SOURCE, "zh_Hant")
_locale: ContextVar[str] = ContextVar("locale", default=SOURCE)


def _(text: str) -> str:
    """The text in the language of whoever is being spoken to; fill its {slots} with .format afterwards."""
    return _catalogue(_locale.get()).gettext(text)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Within the block, `_` speaks this language."""
    token = _locale.set(locale if locale in SPOKEN else SOURCE)
    try:
        yield
    finally:
        _locale.reset(token)


def spoken() -> str:
    """The language being spoken now."""
    return _locale.get()


@cache
def _catalogue(locale: str) -> NullTranslations:
    file = LOCALES / f"{locale}.po"
    if not file.exists():
        return NullTranslations()
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    compiled = BytesIO()
    with file.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=locale))
    compiled.seek(0)
    return Translations(compiled)
