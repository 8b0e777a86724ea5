"""Every message that asks somebody to decide about a wording stays true: all of them change when one decides."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.collecting import actions, views
from bot.collecting.wording import APPROVED, PROPOSED, OwnPhrase
from bot.language.speech import speaking
from bot.outbox import actions as outbox
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.teams import actions as teams


def subject(own: OwnPhrase) -> str:
    """What the cards of those who decide are about."""
    return f"own:{own.id}"


def draft_subject(own: OwnPhrase) -> str:
    """What the messages on its author's screen are about."""
    return f"own-draft:{own.id}"


async def proposal_now(tx: Transaction, own: OwnPhrase, *, now: datetime, zone: ZoneInfo, mended: str = "") -> Message:
    """The card as it stands, in the language being spoken."""
    author = await teams.get(tx, own.person_id)
    if own.state == PROPOSED:
        return views.decision(own, author.name, mended=mended)
    by = await teams.get(tx, own.decided_by or own.person_id)
    return views.decided(own, author.name, by.name, now=now, zone=zone)


async def tell_deciders(tx: Transaction, own: OwnPhrase, *, now: datetime) -> list[str]:
    """Ask whoever decides; their names."""
    author = await teams.get(tx, own.person_id)
    asked = await actions.deciders(tx, own.team_id)
    for person in asked:
        with speaking(*person.voice):
            message = views.decision(own, author.name)
        await outbox.leave(
            tx, message, chat=person.telegram_id, now=now, subject=subject(own), priority=outbox.NOTICE,
            key=f"{subject(own)}:ask:{person.id}",
        )  # fmt: skip
    return [person.name for person in asked]


async def show(
    tx: Transaction, own: OwnPhrase, *, now: datetime, zone: ZoneInfo, mended: str = "", newer_in: int | None = None
) -> None:
    """Edit every card about it to how things stand. In the chat `newer_in` a newer card stands below them."""
    for row in await outbox.on_screens(tx, subject=subject(own), keys="%"):
        reader = await teams.find(tx, row["chat"])
        if reader is None:
            continue
        with speaking(*reader.voice):
            look = await proposal_now(tx, own, now=now, zone=zone, mended=mended)
            if row["chat"] == newer_in:
                look = Message(text=views.replaced())
        await outbox.leave(tx, look, chat=row["chat"], edits=row["message"], now=now, subject=subject(own))


async def tell_author(tx: Transaction, own: OwnPhrase, *, now: datetime, zone: ZoneInfo) -> None:
    """Whoever recommended it hears what became of it."""
    author = await teams.get(tx, own.person_id)
    by = await teams.get(tx, own.decided_by or own.person_id)
    if author.left:
        return
    with speaking(*author.voice):
        told = views.told_approved(own, by.name, zone) if own.state == APPROVED else views.told_returned(own, by.name)
    await outbox.leave(
        tx, told, chat=author.telegram_id, now=now, subject=f"own-told:{own.id}", key=f"own-told:{own.id}",
        priority=outbox.NOTICE,
    )  # fmt: skip
