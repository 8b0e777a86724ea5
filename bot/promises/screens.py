"""Every message that shows a promise stays true: its owner's card and what leads were told are edited together."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.language.speech import speaking
from bot.outbox import actions as outbox
from bot.promises import actions, views
from bot.promises.promise import Promise
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.teams import actions as teams
from bot.teams.person import Person, title

LADDERS = ("raise", "escalate")  # notices that ask a lead to take a promise on


def notice_key(promise: Promise, kind: str, level: int, turn: int, person: Person) -> str:
    """What a notice is known by: never two rows for one key ."""
    return f"{promise.subject}:v{promise.version}:{kind}:{level}:{turn}:{person.id}"


def asks_to_take(key: str) -> bool:
    """Whether the notice of this key asked a lead to take the promise on."""
    parts = key.split(":")
    return len(parts) > 3 and parts[3] in LADDERS


def version_in(key: str) -> int:
    """The version of the deadline that a notice was about."""
    return int(key.split(":")[2].removeprefix("v"))


async def told_names(tx: Transaction, promise: Promise) -> list[str]:
    """Who was told that this deadline was broken (or that its owner asks for help), in the order they were told."""
    keys = f"{promise.subject}:v{promise.version}:%"
    names = []
    for row in await outbox.left_about(tx, subject=promise.subject, keys=keys):
        if not asks_to_take(row["key"]):
            continue
        person = await teams.find(tx, row["chat"])
        if person and person.name not in names:
            names.append(person.name)
    return names


async def card_now(tx: Transaction, promise: Promise, reader: Person, *, now: datetime, zone: ZoneInfo) -> Message:
    """The card as it stands, in the reader's language."""
    owner = await teams.get(tx, promise.owner_id)
    taker = await teams.get(tx, promise.taken_by) if promise.taken_by else None
    told = await told_names(tx, promise)
    with speaking(reader.locale):
        return views.card(promise, owner=owner.name, now=now, zone=zone, taker=taker.name if taker else "", told=told)


async def show(
    tx: Transaction, promise: Promise, *, now: datetime, zone: ZoneInfo, but: tuple[int, int] | None = None
) -> None:
    """Edit the owner's card and the leads' notices to how things stand. `but` is a (chat, message) already done."""
    owner = await teams.get(tx, promise.owner_id)
    if promise.card_chat and promise.card_message and (promise.card_chat, promise.card_message) != but:
        await outbox.leave(
            tx, await card_now(tx, promise, owner, now=now, zone=zone), chat=promise.card_chat,
            edits=promise.card_message, now=now, subject=promise.subject,
        )  # fmt: skip
    taker = await teams.get(tx, promise.taken_by) if promise.taken_by else None
    notices = f"{promise.subject}:%"
    newest = {row["chat"]: row["id"] for row in await outbox.left_about(tx, subject=promise.subject, keys=notices)}
    for row in await outbox.on_screens(tx, subject=promise.subject, keys=notices):
        reader = await teams.find(tx, row["chat"])
        if reader is None or (row["chat"], row["message"]) == but:
            continue
        key = None
        with speaking(reader.locale):
            if not promise.is_open or not row["key"].startswith(f"{promise.subject}:v{promise.version}:"):
                full = views.card(promise, owner=owner.name, now=now, zone=zone, taker=taker.name if taker else "")
                look = Message(text=full.text)
                key = f"settled:{promise.state}:{promise.version}:{row['id']}"
            elif asks_to_take(row["key"]) and taker:
                look = views.escalation_taken(
                    promise, owner=owner.name, taker=taker.name, now=now, zone=zone, mine=reader.id == taker.id
                )
            elif newest[row["chat"]] == row["id"]:
                continue  # stands as it was sent
            else:
                look = Message(text=Message.from_json(row["body"]).text)  # an older notice: the newest has the buttons
                key = f"older:{row['id']}"
        await outbox.leave(tx, look, chat=row["chat"], edits=row["message"], now=now, subject=promise.subject, key=key)


async def made(tx: Transaction, promise: Promise, owner: Person, *, now: datetime, zone: ZoneInfo) -> Message:
    """The card of a new promise; who could not be told in time is said now, not when it is due."""
    card = await card_now(tx, promise, owner, now=now, zone=zone)
    empty = await actions.holes(tx, promise)
    if not empty:
        return card
    with speaking(owner.locale):
        return Message(text=card.text + "\n" + views.holes([title(post) for post in empty]), buttons=card.buttons)
