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
REPORT = "report"  # a notice that asks a post to say 收到


def notice_key(promise: Promise, kind: str, level: int, turn: int, person: Person) -> str:
    """What a notice is known by: never two rows for one key ."""
    return f"{promise.subject}:v{promise.version}:{kind}:{level}:{turn}:{person.id}"


def asks_to_take(key: str) -> bool:
    """Whether the notice of this key asked a lead to take the promise on, or to say 收到."""
    parts = key.split(":")
    return len(parts) > 3 and parts[3] in (*LADDERS, REPORT)


def version_in(key: str) -> int:
    """The version of the deadline that a notice was about."""
    return int(key.split(":")[2].removeprefix("v"))


async def told_names(tx: Transaction, promise: Promise) -> list[str]:
    """Who was told that a deadline of the case was broken (or that its owner asks for help), in the order they were."""
    names = []
    for clock in await actions.case(tx, promise):
        keys = f"{clock.subject}:v{clock.version}:%"
        for row in await outbox.left_about(tx, subject=clock.subject, keys=keys):
            if not asks_to_take(row["key"]) or clock.reported:
                continue
            person = await teams.find(tx, row["chat"])
            if person and person.name not in names:
                names.append(person.name)
    return names


async def card_now(tx: Transaction, promise: Promise, reader: Person, *, now: datetime, zone: ZoneInfo) -> Message:
    """The card of the case as it stands, in the reader's language; any of its clocks will do."""
    promise, *norms = await actions.case(tx, promise)
    owner = await teams.get(tx, promise.owner_id)
    taker = await teams.get(tx, promise.taken_by) if promise.taken_by else None
    told = await told_names(tx, promise)
    empty = [] if told or taker or not promise.is_open else await actions.holes(tx, promise)
    with speaking(*reader.voice):
        return views.card(
            promise, owner=owner.name, now=now, zone=zone, taker=taker.name if taker else "", told=told, norms=norms,
            empty=[title(post) for post in empty],
        )  # fmt: skip


async def show(
    tx: Transaction, promise: Promise, *, now: datetime, zone: ZoneInfo, but: tuple[int, int] | None = None
) -> None:
    """Edit the owner's card and everybody's notices to how the case stands. `but` is a (chat, message) already done."""
    case = await actions.case(tx, promise)
    promise = case[0]
    owner = await teams.get(tx, promise.owner_id)
    if promise.card_chat and promise.card_message and (promise.card_chat, promise.card_message) != but:
        await outbox.leave(
            tx, await card_now(tx, promise, owner, now=now, zone=zone), chat=promise.card_chat,
            edits=promise.card_message, now=now, subject=promise.subject,
        )  # fmt: skip
    for clock in case:
        await _show_notices(tx, clock, owner, now=now, zone=zone, but=but)


async def _show_notices(
    tx: Transaction, promise: Promise, owner: Person, *, now: datetime, zone: ZoneInfo, but: tuple[int, int] | None
) -> None:
    taker = await teams.get(tx, promise.taken_by) if promise.taken_by else None
    notices = f"{promise.subject}:%"
    newest = {row["chat"]: row["id"] for row in await outbox.left_about(tx, subject=promise.subject, keys=notices)}
    for row in await outbox.on_screens(tx, subject=promise.subject, keys=notices):
        reader = await teams.find(tx, row["chat"])
        if reader is None or (row["chat"], row["message"]) == but:
            continue
        key = None
        with speaking(*reader.voice):
            if not promise.is_open or not row["key"].startswith(f"{promise.subject}:v{promise.version}:"):
                look = await _settled(tx, promise, owner, taker, now=now, zone=zone)
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


async def _settled(
    tx: Transaction, promise: Promise, owner: Person, taker: Person | None, *, now: datetime, zone: ZoneInfo
) -> Message:
    if not promise.own and not promise.is_open:
        by = await teams.get(tx, promise.answered_by) if promise.answered_by else owner
        return views.norm_settled(promise, by=by.name, received=actions.RECEIPT, now=now, zone=zone)
    full = views.card(promise, owner=owner.name, now=now, zone=zone, taker=taker.name if taker else "")
    return Message(text=full.text)
