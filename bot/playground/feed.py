"""What happens, told as it happens: numbered events for the chat page and for tests that wait."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

KEPT = 5000


@dataclass(frozen=True)
class Event:
    seq: int
    type: str
    data: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"seq": self.seq, "type": self.type, **self.data}


class Subscription:
    """Events from one moment on; `async for` it, or `get` the next one. Ends when the feed closes."""

    def __init__(self, events: "asyncio.Queue[Event | None]", close: Callable[[], None]) -> None:
        self._events = events
        self.close = close

    async def get(self) -> Event:
        event = await self._events.get()
        if event is None:
            raise StopAsyncIteration
        return event

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        return await self.get()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


class Feed:
    def __init__(self, first: int) -> None:
        """`first` must grow from one run to the next, so that a page left open asks for what it has not seen."""
        self.seq = first
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._listeners: list[asyncio.Queue[Event | None]] = []
        self._closed = False

    def publish(self, kind: str, **data: Any) -> None:
        self.seq += 1
        event = Event(self.seq, kind, data)
        self._kept.append(event)
        for listener in self._listeners:
            listener.put_nowait(event)

    def subscribe(self, after: int | None = None) -> Subscription:
        listener: asyncio.Queue[Event | None] = asyncio.Queue()
        for event in self._missed(after):
            listener.put_nowait(event)
        if self._closed:
            listener.put_nowait(None)
        self._listeners.append(listener)
        return Subscription(listener, lambda: self._forget(listener))

    def close(self) -> None:
        self._closed = True
        for listener in self._listeners:
            listener.put_nowait(None)

    def _missed(self, after: int | None) -> list[Event]:
        """What came after a number; a gap that is no longer kept is told as `reload`."""
        if after is None or after == self.seq:
            return []
        oldest = self._kept[0].seq if self._kept else self.seq + 1
        if after > self.seq or after < oldest - 1:
            return [Event(self.seq, "reload", {})]
        return [event for event in self._kept if event.seq > after]

    def _forget(self, listener: "asyncio.Queue[Event | None]") -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)
