"""The playground running: both APIs and the page on one loopback port, inside the current event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.playground.bot_api import BotApi
from bot.playground.chat_api import ChatApi
from bot.playground.people import CAST, Clock, Person, utc_now
from bot.playground.webhook import FIRST_PAUSE, Courier
from bot.playground.world import World

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Playground:
    def __init__(
        self,
        *,
        home: Path | None = None,
        people: Sequence[Person] = CAST,
        group_title: str = "客服一组",
        bot_name: str = "话术助手",
        bot_username: str = "huashu_bot",
        clock: Clock | None = None,
        zone: str = "Asia/Shanghai",
        port: int = 0,
        token: str | None = None,
        webhook_pause: float = FIRST_PAUSE,
    ) -> None:
        """`home` keeps the history (None: nothing is kept); with a `clock` the page can move time."""
        if home:
            home.mkdir(parents=True, exist_ok=True)
        self.world = World(
            path=home and home / "playground.sqlite3",
            people=people,
            group_title=group_title,
            bot_name=bot_name,
            bot_username=bot_username,
            clock=clock.now if clock else utc_now,
            token=token,
        )
        self._bot_api = BotApi(self.world)
        self._chat_api = ChatApi(self.world, clock, ZoneInfo(zone))
        self._courier = Courier(self.world, self._bot_api.call, first_pause=webhook_pause)
        self._port = port
        self._server: _Server | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def url(self) -> str:
        """Where the page is; the Bot API is at the same address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """As python-telegram-bot wants it."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def app(self) -> ASGIApp:
        return _LoopbackOnly(Starlette(routes=[*self._bot_api.routes(), *self._chat_api.routes()]))

    async def start(self, port: int | None = None) -> None:
        """Listen; port 0 takes a free one."""
        listening = _listening(self._port if port is None else port)
        self._port = listening.getsockname()[1]
        self._server = _Server(_config(self.app()))
        self._tasks = [
            asyncio.create_task(self._server.serve(sockets=[listening])),
            asyncio.create_task(self._courier.run()),
            asyncio.create_task(self._chat_api.watch()),
        ]
        await self._server.listening.wait()

    async def stop(self) -> None:
        if not self._server:
            return
        self._server.finish()
        for task in self._tasks[1:]:
            task.cancel()
        self.world.hang_up()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server = None
        self.world.close()


def _listening(port: int) -> socket.socket:
    # Naming the protocol lets asyncio turn Nagle's algorithm off; else every answer waits 40 ms for an ACK.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self._finished = asyncio.Event()

    def finish(self) -> None:
        self._finished.set()

    async def main_loop(self) -> None:
        """Without uvicorn's ten looks a second for something to do: tests start hundreds of these."""
        await self._finished.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """The program around us decides what Ctrl-C means."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


class _Cuttable(H11Protocol):
    """Lets a request reach its own connection, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self.app_state = {**self.app_state, "transport": transport}


class _LoopbackOnly:
    """Refuses a page elsewhere that reaches for us through the newcomer's own browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _from_here(Headers(scope=scope)):
            refusal = PlainTextResponse("只接受本机访问。", status_code=403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _from_here(headers: Headers) -> bool:
    named = [f"//{headers.get('host', '')}", *headers.getlist("origin")]
    return all(_host(address) in LOOPBACK for address in named)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Cuttable,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
