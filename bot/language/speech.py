"""Who is being spoken to: their language (gettext texts in 简体, the source; 繁體 by catalogue) and their zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALES = Path(__file__).parent.parent / "locales"
SOURCE = "zh_Hans"
SPOKEN = (SOURCE, "zh_Hant")
_locale: ContextVar[str] = ContextVar("locale", default=SOURCE)
_zone: ContextVar[ZoneInfo | None] = ContextVar("zone", default=None)


def _(text: str) -> str:
    """The text in the language of whoever is being spoken to; fill its {slots} with .format afterwards."""
    return _catalogue(_locale.get()).gettext(text)


@contextmanager
def speaking(locale: str, zone: str | None = None) -> Iterator[None]:
    """Within the block, `_` speaks this language, and times are shown in this zone too (None: the team's alone)."""
    locale_before = _locale.set(locale if locale in SPOKEN else SOURCE)
    zone_before = _zone.set(zone_named(zone) if zone else None)
    try:
        yield
    finally:
        _zone.reset(zone_before)
        _locale.reset(locale_before)


def spoken() -> str:
    """The language being spoken now."""
    return _locale.get()


def readers_zone() -> ZoneInfo | None:
    """The zone of whoever is being spoken to; None when it is the team's."""
    return _zone.get()


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name in the tz database; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


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
