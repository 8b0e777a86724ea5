"""The real thing: `huashu run` without a token as its own process, and the page with everybody on it."""

import asyncio
import re
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Page, expect

from tests.manual.test_restart import huashu
from tests.web.desk import Seat

STEPS = 12  # more reminders than this until the top is told would be wrong


class Huashu:
    """The process: started as a user starts it, killed as a power cut does."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._running = AsyncExitStack()
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""

    async def start(self) -> None:
        port = str(urlsplit(self.url).port or 0)
        command = huashu("run", "--port", port, home=self._home, BOT_TOKEN="", DATABASE_URL="")
        self._process = await self._running.enter_async_context(command)
        said = b""
        async with asyncio.timeout(30):
            while not (found := re.search(rb"http://\S+\n", said)):
                line = await self._process.stdout.readline()
                assert line, f"it ended before it gave an address:\n{said.decode()}"
                said += line
        self.url = found[0].decode().strip()

    async def kill(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def close(self) -> None:
        await self._running.aclose()


class Desk:
    """The page with everybody on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.li, self.wang, self.chen, self.zhou = (Seat(page, name) for name in ("小李", "小王", "陈主管", "周副总"))
        self.guest = Seat(page, "小赵")

    async def goes_on_until(self, seat: Seat, words: str, by: str = "#time-next") -> None:
        """Steps from reminder to reminder until this person has been told."""
        for _ in range(STEPS):
            if words in await seat.log.inner_text():
                return
            before = await self.page.locator(".message").count()
            await expect(self.page.locator(by)).to_contain_text("到下一个提醒（")
            await self.page.locator(by).click()
            await expect(self.page.locator(".message").nth(before)).to_be_attached()
            await expect(self.page.locator("#time-next")).to_be_enabled()
        await seat.sees(words)
