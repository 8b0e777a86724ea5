"""A browser on the chat page: a real playground, a small desk bot behind it, people who type and look."""

import os
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, async_playwright, expect
from telegram import BotCommand, Update
from telegram.ext import Application, ApplicationBuilder

from bot.playground.server import Playground
from tests.web.desk import DeskBot, DeskClock, Seat

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=10_000)


def browser_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        try:
            found = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        except Error:
            reason = "没有浏览器：装一个 Chromium，或运行 playwright install chromium，再试聊天页面的测试。"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield found
        await found.close()


@pytest.fixture
def clock() -> DeskClock:
    return DeskClock()


@pytest_asyncio.fixture(loop_scope="session")
async def playground(clock: DeskClock) -> AsyncIterator[Playground]:
    running = Playground(clock=clock)
    await running.start()
    yield running
    await running.stop()


def application(playground: Playground) -> Application[Any, Any, Any, Any, Any, Any]:
    return ApplicationBuilder().token(playground.token).base_url(playground.base_url).build()


@pytest_asyncio.fixture(loop_scope="session")
async def bot(playground: Playground, clock: DeskClock) -> AsyncIterator[DeskBot]:
    app = application(playground)
    desk = DeskBot(app, playground, clock)
    async with app:
        await app.bot.set_my_commands(
            [BotCommand("complaint", "登记投诉"), BotCommand("check", "检查一句话"), BotCommand("help", "帮助")]
        )
        await app.start()
        assert app.updater
        await app.updater.start_polling(poll_interval=0, timeout=timedelta(seconds=5), allowed_updates=Update.ALL_TYPES)
        yield desk
        await app.updater.stop()
        await app.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window(browser: Browser) -> AsyncIterator[Page]:
    """One window for all tests: each brings its own playground on its own port, so nothing is carried over."""
    context = await browser.new_context(viewport={"width": 1200, "height": 720}, reduced_motion="reduce")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(window: Page, playground: Playground, bot: DeskBot) -> AsyncIterator[Page]:
    """The page, open; an error in its scripts fails the test."""
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    window.on("pageerror", note)
    await window.emulate_media(color_scheme="light")
    await window.goto(playground.url)
    await window.get_by_role("region", name="周副总").wait_for()
    yield window
    window.remove_listener("pageerror", note)
    assert not errors


@pytest.fixture
def li(page: Page) -> Seat:
    return Seat(page, "小李")


@pytest.fixture
def wang(page: Page) -> Seat:
    return Seat(page, "小王")


@pytest.fixture
def chen(page: Page) -> Seat:
    return Seat(page, "陈主管")
