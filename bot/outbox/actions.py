"""Leaving messages to be sent, in the same transaction as the decision they tell of."""

from datetime import datetime
from uuid import uuid4

from bot.language.speech import spoken
from bot.shared.database import Row, Statements, Transaction, stored
from bot.shared.message import Message

Q = Statements(__file__)
RECEIPT, URGENT, NOTICE = 0, 1, 5


async def leave(
    tx: Transaction,
    message: Message,
    *,
    chat: int,
    now: datetime,
    subject: str = "",
    key: str | None = None,
    edits: int | None = None,
    priority: int = RECEIPT,
    doubtful: bool = False,
) -> int | None:
    """Leave a message, worded in the language being spoken; the number of its row, or None when `key` was used before (never two rows for one key)."""
    tx.stir("outbox")
    if edits is not None:
        await Q.supersede_edits(tx, chat=chat, edits=edits)
    number: int | None = await Q.leave(
        tx,
        key=key or f"once:{uuid4().hex}",
        subject=subject,
        chat=chat,
        edits=edits,
        body=message.to_json(),
        priority=priority,
        locale=spoken(),
        doubtful=int(doubtful),
        now=stored(now),
    )
    return number


async def withdraw(tx: Transaction, *, subject: str, keys: str = "%") -> None:
    """Drop what was to be said about a subject and is not true any more. `keys` is a LIKE pattern."""
    await Q.supersede(tx, subject=subject, keys=keys)


async def on_screens(tx: Transaction, *, subject: str, keys: str) -> list[Row]:
    """The messages about a subject that people can see now: rows with chat, message, key."""
    rows: list[Row] = await Q.sent_about(tx, subject=subject, keys=keys)
    return rows


async def told_by(tx: Transaction, *, chat: int, message: int) -> Row | None:
    """What a message in a chat was about, when it was ours to say."""
    row: Row | None = await Q.by_message(tx, chat=chat, message=message)
    return row


async def left_about(tx: Transaction, *, subject: str, keys: str) -> list[Row]:
    """Everything that was left to be said about a subject, sent or not."""
    rows: list[Row] = await Q.left_about(tx, subject=subject, keys=keys)
    return rows


async def replace_looks(tx: Transaction, *, subject: str, text: str, now: datetime, but: int | None = None) -> None:
    """Messages about this subject that stand above a newer one lose their buttons and say so."""
    for row in await on_screens(tx, subject=subject, keys="%"):
        if row["message"] != but:
            key = f"replaced:{row['id']}"
            await leave(
                tx, Message(text=text), chat=row["chat"], now=now, edits=row["message"], key=key, subject=subject
            )


async def told_lately(tx: Transaction, *, chat: int) -> list[Row]:
    """The newest notices in a chat, the newest first."""
    rows: list[Row] = await Q.told_lately(tx, chat=chat)
    return rows
