"""From Telegram to disk to the rooms: an update is a row before Telegram is told it arrived, and stays one until done.

A crash at any point leaves the row open; the next start handles it. What a handler changes is saved in the same
transaction that closes the row, so nothing is done twice.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from sqlite3 import OperationalError
from typing import Any

import structlog

from bot.inbox.heard import chat_of
from bot.shared.clock import Clock
from bot.shared.database import Database, Statements, Transaction, stored
from bot.shared.telegram import SlowDown, Telegram, Uncertain

log = structlog.get_logger()
Q = Statements(__file__)
AT_ONCE = 8  # chats handled side by side; more costs CPU and gains nothing
KEPT = timedelta(days=2)
PAUSE = 1.0  # seconds until Telegram or the disk is asked again; longer each time Telegram is silent
REST = 1.0  # seconds until the runner looks again by itself
FORGETS_EVERY = 3600.0  # seconds
Updates = Sequence[dict[str, Any]]
Handle = Callable[[dict[str, Any]], Awaitable[None]]


class AlreadyDone(Exception):
    """Another process, or an earlier life of this one, has handled the update."""


async def store(database: Database, clock: Clock, updates: Updates) -> None:
    """Put updates on disk; only after this may Telegram be told they arrived."""
    now = stored(clock.now())
    async with database.transaction() as tx:
        tx.stir("inbox")
        for update in updates:
            await Q.store(
                tx, update_id=update["update_id"], chat=chat_of(update), now=now,
                body=json.dumps(update, ensure_ascii=False),
            )  # fmt: skip


async def close(tx: Transaction, update_id: int, clock: Clock, problem: str | None = None) -> None:
    """The update is handled, in this transaction. Raises AlreadyDone when it was before."""
    if await Q.done(tx, update_id=update_id, now=stored(clock.now()), problem=problem) != 1:
        raise AlreadyDone


async def forget_words(tx: Transaction, update_id: int) -> None:
    """What an update said is not kept any longer than it took to handle it."""
    await Q.forget_words(tx, update_id=update_id)


async def in_quiet_group(tx: Transaction, chat: int) -> bool:
    """Whether nothing may be said aloud in this chat."""
    return bool(await Q.in_quiet_group(tx, chat=chat))


async def poll(database: Database, clock: Clock, telegram: Telegram) -> None:
    """For ever: fetch, store, and confirm by asking for what follows.

    An offset is only used to confirm what was just stored. Kept for longer it would hide updates: after a quiet week
    Telegram numbers from a random place (Bot API, Update).
    """
    offset: int | None = None
    pause = PAUSE
    while True:
        try:
            updates = await telegram.updates(offset)
        except SlowDown as problem:
            await asyncio.sleep(problem.wait.total_seconds())
            continue
        except Uncertain as problem:
            log.warning("telegram does not answer", why=str(problem))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30)
            continue
        pause = PAUSE
        try:
            await store(database, clock, updates)
        except OperationalError as problem:  # somebody else holds the database: nothing is confirmed, ask again
            log.warning("updates not stored yet", why=str(problem))
            await asyncio.sleep(pause)
            offset = None
            continue
        offset = updates[-1]["update_id"] + 1 if updates else None


class Runner:
    """Hands stored updates to `handle`, one at a time per chat, several chats at once."""

    def __init__(self, database: Database, clock: Clock, handle: Handle) -> None:
        self._database, self._clock, self._handle = database, clock, handle
        self._queues: dict[int, deque[int]] = {}
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._taken: set[int] = set()
        self._finished: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        changed = self._database.listen("inbox")
        while True:
            changed.clear()
            await self._take()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), REST)

    async def idle(self) -> bool:
        """Nothing stored is waiting to be handled."""
        async with self._database.reading() as tx:
            return not self._tasks and not await Q.waiting(tx)

    async def forget_old(self) -> None:
        """For ever: what was handled days ago can't come again, and what people said is not kept for nothing."""
        while True:
            async with self._database.transaction() as tx:
                await Q.forget(tx, before=stored(self._clock.now() - KEPT))
            await asyncio.sleep(FORGETS_EVERY)

    async def _take(self) -> None:
        """Queue what is stored and not taken yet, the oldest first; updates may arrive out of order."""
        finished = set(self._finished)
        async with self._database.reading() as tx:
            rows = await Q.open(tx)
        # Only what was finished before reading is surely not among the rows; what finishes meanwhile may be.
        self._finished -= finished
        self._taken -= finished
        for row in rows:
            if row["update_id"] in self._taken:
                continue
            self._taken.add(row["update_id"])
            queue = self._queues.get(row["chat"])
            if queue is None:
                queue = self._queues[row["chat"]] = deque()
                task = asyncio.create_task(self._work(row["chat"], queue))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            queue.append(row["update_id"])

    async def _work(self, chat: int, queue: deque[int]) -> None:
        while queue:
            update = queue[0]
            try:
                async with self._seats:
                    await self._one(update)
            except Exception:
                # The outcome could not be saved (a full disk, say). The chat keeps its order and waits.
                log.exception("update not closed", update_id=update)
                await asyncio.sleep(REST)
                continue
            queue.popleft()
            self._finished.add(update)
        del self._queues[chat]

    async def _one(self, number: int) -> None:
        async with self._database.reading() as tx:
            body = await Q.body(tx, update_id=number)
        problem = None
        try:
            await self._handle(json.loads(body))
        except AlreadyDone:
            return
        except Exception as error:
            # One bad update must not hold up its chat for ever; the row keeps what happened.
            log.exception("update not handled", update_id=number)
            problem = type(error).__name__
        async with self._database.transaction() as tx:
            await Q.done(tx, update_id=number, now=stored(self._clock.now()), problem=problem)
