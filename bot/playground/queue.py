"""Updates on their way to the bot: kept until it confirms them, gone when Telegram would have dropped them."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.playground.errors import ApiError, conflict
from bot.playground.store import Store

FIRST_ID = 100_000_001
DAY = timedelta(hours=24)
LIVES = {
    "callback_query": timedelta(seconds=150),
    "inline_query": timedelta(seconds=30),
    "chosen_inline_result": timedelta(seconds=600),
}
# Sent only to a bot that asks for them by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True, kw_only=True)
class Update:
    id: int
    kind: str
    lane: int  # updates of one lane (a chat, else a person) keep their order
    at: datetime
    payload: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._waiting = {one.id: one for one in sorted(map(_load, store.all("update").values()), key=lambda u: u.id)}
        settings = store.all("queue")
        self._last: int = settings.get("last", FIRST_ID - 1)
        self.allowed: list[str] = settings.get("allowed", [])  # empty: everything but ON_REQUEST
        self._poll: asyncio.Future[None] | None = None
        self.on_arrival: Callable[[], None] = lambda: None

    def allow(self, kinds: Iterable[str]) -> None:
        self.allowed = list(kinds)
        self._store.put("queue", "allowed", self.allowed)

    def put(self, kind: str, lane: int, payload: dict[str, Any]) -> None:
        if not self._wanted(kind):
            return
        self._last += 1
        update = Update(id=self._last, kind=kind, lane=lane, at=self._now(), payload=payload)
        self._waiting[update.id] = update
        self._store.put("queue", "last", self._last)
        self._store.put("update", update.id, {**vars(update), "at": update.at.isoformat()})
        self._wake()
        self.on_arrival()

    def waiting(self) -> list[Update]:
        """What the bot has not confirmed and may still hear."""
        now = self._now()
        late = [one.id for one in self._waiting.values() if now - one.at >= LIVES.get(one.kind, DAY)]
        self.remove(*late)
        return list(self._waiting.values())

    def remove(self, *ids: int) -> None:
        for identity in ids:
            if self._waiting.pop(identity, None):
                self._store.remove("update", identity)

    def clear(self) -> None:
        self.remove(*list(self._waiting))

    def confirm(self, offset: int) -> None:
        """As getUpdates reads its offset: everything below is done; a negative one keeps only the newest."""
        ids = list(self._waiting)
        self.remove(*(ids[:offset] if offset < 0 else [one for one in ids if one < offset]))

    async def poll(self, *, limit: int, seconds: float) -> list[Update]:
        """One getUpdates: what is waiting, else what comes within the time; a later call ends an earlier one."""
        self.interrupt(
            conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        )
        if not self._batch(limit) and seconds > 0:
            await self._arrival(seconds)
        return self._batch(limit)

    def interrupt(self, error: ApiError | None = None) -> None:
        """End an open poll: with an error, or with what there is."""
        if self._poll and not self._poll.done():
            if error:
                self._poll.set_exception(error)
            else:
                self._poll.set_result(None)

    @property
    def polled(self) -> bool:
        return self._poll is not None

    async def _arrival(self, seconds: float) -> None:
        mine = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await mine
        except TimeoutError:
            pass
        finally:
            if self._poll is mine:
                self._poll = None

    def _batch(self, limit: int) -> list[Update]:
        return self.waiting()[:limit]

    def _wake(self) -> None:
        self.interrupt()

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST


def _load(fields: dict[str, Any]) -> Update:
    return Update(**{**fields, "at": datetime.fromisoformat(fields["at"])})
