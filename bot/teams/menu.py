"""What a person's Telegram shows of us: the command menu of their chat, in their language."""

import structlog

from bot.language.speech import SOURCE, speaking
from bot.shared.telegram import Refused, SlowDown, Telegram, Uncertain
from bot.teams import views
from bot.teams.person import Person

log = structlog.get_logger()


async def put_menu(telegram: Telegram, person: Person, locale: str | None = None) -> None:
    """The command menu of a person's chat, in their language. Nothing hangs on it: without an answer it is left."""
    try:
        with speaking(locale or person.locale):
            await telegram.set_menu(views.menu(person.role), chat=person.telegram_id)
    except (Refused, Uncertain, SlowDown) as problem:
        log.info("menu not set", why=str(problem))


def locale_of(language: str) -> str:
    """The language a new person reads, from their Telegram: zh-hant, zh-TW, zh-HK read 繁體."""
    return "zh_Hant" if any(mark in language.lower() for mark in ("hant", "tw", "hk", "mo")) else SOURCE
