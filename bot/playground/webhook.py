"""Updates brought to the bot: in order within a chat, the next only after a 2xx, again and again until then."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.playground.errors import ApiError
from bot.playground.parameters import Parameters
from bot.playground.queue import Update
from bot.playground.views import unix
from bot.playground.world import World

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
Perform = Callable[[str, Parameters], Awaitable[Any]]


class Courier:
    def __init__(self, world: World, perform: Perform, *, first_pause: float = FIRST_PAUSE) -> None:
        self._world = world
        self._perform = perform
        self._first_pause = first_pause
        self._wake = asyncio.Event()
        self._lanes: dict[int, asyncio.Task[None]] = {}
        world.queue.on_arrival = self._wake.set
        world.on_webhook = self._look_again

    async def run(self) -> None:
        """One task per chat with something waiting; ends by being cancelled."""
        while not self._world.webhook:
            await self._news()
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            try:
                while True:
                    if self._world.webhook:
                        self._open_lanes(client)
                    await self._news()
            finally:
                lanes = list(self._lanes.values())
                for lane in lanes:
                    lane.cancel()
                await asyncio.gather(*lanes, return_exceptions=True)

    async def _news(self) -> None:
        await self._wake.wait()
        self._wake.clear()

    def _look_again(self) -> None:
        """The webhook was set or taken away."""
        for lane in self._lanes.values():
            lane.cancel()
        self._lanes.clear()
        self._wake.set()

    def _open_lanes(self, client: httpx.AsyncClient) -> None:
        for number in {update.lane for update in self._world.queue.waiting()}:
            if number not in self._lanes or self._lanes[number].done():
                self._lanes[number] = asyncio.create_task(self._serve(client, number))

    async def _serve(self, client: httpx.AsyncClient, number: int) -> None:
        pause = self._first_pause
        while update := self._next(number):
            if await self._deliver(client, update):
                pause = self._first_pause
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _next(self, number: int) -> Update | None:
        return next((one for one in self._world.queue.waiting() if one.lane == number), None)

    async def _deliver(self, client: httpx.AsyncClient, update: Update) -> bool:
        hook = self._world.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
        try:
            answer = await client.post(hook["url"], json=update.as_json(), headers=headers)
        except httpx.HTTPError as failure:
            self._failed(str(failure) or type(failure).__name__)
            return False
        if not answer.is_success:
            self._failed(f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
            return False
        self._world.webhook_failing = False
        self._world.queue.remove(update.id)
        self._world.save()
        await self._obey(answer)
        return True

    def _failed(self, why: str) -> None:
        self._world.webhook_failing = True
        self._world.webhook.update(last_error_date=unix(self._world.now()), last_error_message=why)

    async def _obey(self, answer: httpx.Response) -> None:
        """A webhook may answer with one method call, whose outcome it never learns."""
        try:
            call = answer.json()
        except ValueError:
            return
        if isinstance(call, dict) and "method" in call:
            try:
                await self._perform(str(call.pop("method")), Parameters(call))
            except ApiError:
                return
