"""Delivering one message: take it, send it, record the outcome or try later.

A crash between "sent" and "recorded" leaves the row in 'sending'; the next start sends it again, marked 可能重复
(an edit needs no mark: repeating it changes nothing). Never silence.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.language.speech import _, speaking
from bot.outbox.actions import Q
from bot.shared.database import Database, Row, Transaction, stored
from bot.shared.message import Message
from bot.shared.telegram import Moved, Refused, SlowDown, Telegram, Uncertain, Unchanged

log = structlog.get_logger()
AT_ONCE = 4  # one slow chat must not hold up the others
LAST = 5.0  # seconds to finish in when we are told to stop
LATE = timedelta(minutes=2)
AGAIN = (1, 2, 5, 15, 30, 60)  # seconds between tries while Telegram does not answer
Outcome = Callable[[Transaction, Row, datetime], Awaitable[None]]


class Deliverer:
    """Sends what is due, the most urgent first, never two messages in one chat at once.

    `on_refused` and `on_moved` let rooms note that a chat is closed or has a new number.
    """

    def __init__(self, database: Database, telegram: Telegram) -> None:
        self._database, self._telegram = database, telegram
        self._under_way: set[asyncio.Task[None]] = set()
        self.on_refused: Outcome = _nothing
        self.on_moved: Callable[[Transaction, int, int], Awaitable[None]] = _not_moved

    async def start(self) -> None:
        """After a start: what was being sent when we stopped is in doubt."""
        async with self._database.transaction() as tx:
            await Q.in_doubt(tx)

    async def idle(self, now: datetime) -> bool:
        """Nothing may be sent now."""
        async with self._database.reading() as tx:
            return not await Q.sending(tx) and await Q.next(tx, now=stored(now)) is None

    async def send_due(self, now: datetime) -> bool:
        """Set the most urgent message that may go now on its way; False when there is none, or no seat free."""
        if len(self._under_way) >= AT_ONCE:
            return False
        row = await self._take(now)
        if row is None:
            return False
        task = asyncio.create_task(self._carry(row, now))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return True

    async def deliver_one(self, now: datetime) -> bool:
        """Deliver one message, to the end; False when there is none."""
        row = await self._take(now)
        if row is None:
            return False
        await self._carry(row, now)
        return True

    async def finish(self) -> None:
        """What is on its way arrives and is recorded, when we are told to stop."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LAST)

    async def _take(self, now: datetime) -> Row | None:
        """Claim the next message; None when there is none."""
        while True:
            async with self._database.reading() as tx:
                row: Row | None = await Q.next(tx, now=stored(now))
            if row is None:
                return None
            async with self._database.transaction() as tx:
                if await Q.take(tx, id=row["id"], attempts=row["attempts"]) == 1:
                    return row

    async def _carry(self, row: Row, now: datetime) -> None:
        try:
            await self._deliver(row, now)
        except Exception as problem:
            # A mistake of ours: a row left in 'sending' would silence its whole chat until the next start.
            log.exception("message not delivered", outbox=row["id"])
            while not await self._failed_here(row, now, type(problem).__name__):  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(1)  # the disk is full, say: until it is not

    async def _deliver(self, row: Row, now: datetime) -> None:
        try:
            number = await self._say(row, Message.from_json(row["body"]), now)
        except Unchanged:
            number = row["edits"]
        except SlowDown as problem:
            await self._later(row, now + problem.wait, "slow down")
            return
        except Uncertain as problem:
            await self._later(row, now + _pause(row), str(problem), doubtful=problem.may_have_arrived)
            return
        except Moved as problem:
            async with self._database.transaction() as tx:
                tx.stir("outbox")
                await Q.move_chat(tx, chat=row["chat"], new_chat=problem.chat)
                await self.on_moved(tx, row["chat"], problem.chat)
                await Q.try_later(tx, id=row["id"], later=stored(now), doubtful=0, problem="moved")
            return
        except Refused as problem:
            log.warning("message refused", outbox=row["id"], why=str(problem))
            async with self._database.transaction() as tx:
                tx.stir("outbox")
                await Q.record_failed(tx, id=row["id"], problem=str(problem))
                if problem.unreachable:
                    await self.on_refused(tx, row, now)
            return
        async with self._database.transaction() as tx:
            tx.stir("outbox")  # the next message of this chat may go
            await Q.record_sent(tx, id=row["id"], now=stored(now), message=number)

    async def _say(self, row: Row, message: Message, now: datetime) -> int:
        if row["edits"] is not None:
            return await self._telegram.edit(row["chat"], row["edits"], message)
        with speaking(row["locale"]):
            honest = _honest(message, row, now)
        return await self._telegram.send(row["chat"], honest)

    async def _failed_here(self, row: Row, now: datetime, problem: str) -> bool:
        """Try again a few times, as after a crash; then give this one message up, so that those behind it go."""
        try:
            if row["attempts"] < len(AGAIN):
                await self._later(row, now + _pause(row), problem, doubtful=True)
            else:
                async with self._database.transaction() as tx:
                    await Q.record_failed(tx, id=row["id"], problem=problem)
        except Exception:
            log.exception("outcome not recorded", outbox=row["id"])
            return False
        return True

    async def _later(self, row: Row, later: datetime, problem: str, *, doubtful: bool = False) -> None:
        async with self._database.transaction() as tx:
            await Q.try_later(tx, id=row["id"], later=stored(later), doubtful=int(doubtful), problem=problem)


def _pause(row: Row) -> timedelta:
    return timedelta(seconds=AGAIN[min(row["attempts"], len(AGAIN) - 1)])


def _honest(message: Message, row: Row, now: datetime) -> Message:
    """The message with what the reader should know about its journey."""
    remarks = []
    if row["doubtful"]:
        remarks.append(_("（可能重复：上次发送时中断）"))
    late = now - datetime.fromisoformat(row["created_at"])
    if late > LATE:
        remarks.append(_("（晚到 {minutes} 分钟）").format(minutes=int(late.total_seconds() // 60)))
    if not remarks:
        return message
    return Message(text=message.text + "\n" + "".join(remarks), buttons=message.buttons)


async def _nothing(tx: Transaction, row: Row, now: datetime) -> None:
    return None


async def _not_moved(tx: Transaction, chat: int, new_chat: int) -> None:
    return None
