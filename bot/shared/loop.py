"""The loop: wakes when something is due or something was saved, and reads the clock for everybody else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.shared.clock import Clock, MovableClock

log = structlog.get_logger()
LAST_STEP = 5.0  # seconds a step may take after we are told to stop
Step = Callable[[datetime], Awaitable[bool]]


async def run_steps(clock: Clock, changed: asyncio.Event, steps: tuple[Step, ...], *, rest: float = 1.0) -> None:
    """For ever: run each step until none finds work, then wait for a change, a moved clock, or `rest` seconds.

    A step does one unit of work and says whether there was any. One that fails is logged and tried again after the
    rest; it never stops the others or itself.
    """
    while True:
        changed.clear()
        if isinstance(clock, MovableClock):
            clock.moved.clear()
        for step in steps:
            try:
                while await _whole(step(clock.now())):  # noqa: ASYNC110 - an event would not say when to stop
                    await asyncio.sleep(0)
            except Exception:
                log.exception("step failed", step=getattr(step, "__qualname__", str(step)))
        await _wait(changed, clock, rest)


async def _whole(work: Awaitable[bool]) -> bool:
    """Let a step that has begun end, also when we are told to stop: what was sent should be recorded as sent."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LAST_STEP)
        raise


async def _wait(changed: asyncio.Event, clock: Clock, rest: float) -> None:
    waits = [asyncio.ensure_future(changed.wait())]
    if isinstance(clock, MovableClock):
        waits.append(asyncio.ensure_future(clock.moved.wait()))
    try:
        await asyncio.wait(waits, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
