"""What time it is. Only the loop and the doors read a clock; everything else is given `now`."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """The wall clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock(Clock):
    """A clock that can be moved forward: for the playground and for tests. `file` keeps the shift over a restart."""

    def __init__(self, file: Path | None = None, start: datetime | None = None) -> None:
        self._file = file
        self._frozen = start
        self._shift = timedelta()
        if file and file.exists():
            self._shift = timedelta(seconds=float(file.read_text()))
        self.moved = asyncio.Event()
        self.find_due: Callable[[], Awaitable[datetime | None]] | None = None

    def now(self) -> datetime:
        return (self._frozen or datetime.now(UTC)) + self._shift

    async def advance(self, delta: timedelta) -> None:
        """Move forward; never back, because what was told stays told."""
        self._shift += max(delta, timedelta())
        if self._file:
            new = self._file.with_suffix(".new")
            new.write_text(str(self._shift.total_seconds()))
            new.replace(self._file)  # all or nothing, whenever we are killed
        self.moved.set()

    async def next_due(self) -> datetime | None:
        """When the bot has something to do next, so that a visitor can go there."""
        return await self.find_due() if self.find_due else None
