"""A bot as a process of its own, a Bot API server in this one, and people whose waiting is timed."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from bot.playground.people import Person
from bot.playground.server import Playground

ROOT = Path(__file__).parents[2]
HUASHU = (str(Path(sys.executable).with_name("huashu")), "run")
BARE = (sys.executable, "-m", "tests.bench.bare")
PATIENCE = 60.0  # seconds without the expected answer, after which the run is given up
SETTINGS = ("BOT_TOKEN", "DATABASE_URL", "HUASHU_")  # of the person who runs this: not for our bots
PEOPLE = tuple(
    Person(id=2001 + place, name=name, title="客服", username=f"agent{place}")
    for place, name in enumerate(("小李", "小王", "小张", "小刘", "小陈", "小杨", "小黄", "小吴"))
)


class Stage:
    """One bot and its Telegram. `home` is where the bot keeps its data."""

    def __init__(self, command: tuple[str, ...], home: Path) -> None:
        self._command, self._home = command, home
        self.playground = Playground(people=PEOPLE)
        self._heard: asyncio.Queue[tuple[float, str, dict[str, Any]]] = asyncio.Queue()
        self._process: subprocess.Popen[bytes] | None = None
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await self.playground.start()
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        await self.stop()
        await self.playground.stop()
        if self._listening:
            await self._listening

    def enrol(self) -> None:
        """The people join, as an IT person would have them join."""
        file = self._home / "people.csv"
        roles = ["agent"] * (len(PEOPLE) - 2) + ["supervisor", "deputy"]
        rows = [f"{person.id},{person.name},{role}," for person, role in zip(PEOPLE, roles, strict=True)]
        file.write_text("\n".join(("telegram_id,name,role,team", *rows)), encoding="utf-8")
        subprocess.run([HUASHU[0], "team", "import", file], env=self._environment(), check=True, capture_output=True)

    def start(self, *, webhook: bool = False) -> None:
        """Start the bot's process and come back at once."""
        more = ["--api-url", self.playground.url]
        if webhook:
            port = _free_port()
            more += ["--webhook", f"http://127.0.0.1:{port}/hook", "--port", str(port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*self._command, *more], cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )

    async def stop(self) -> None:
        """As systemd would stop it."""
        if self._process:
            self._process.terminate()
            await asyncio.to_thread(self._process.wait, PATIENCE)
            self._process = None

    def memory(self) -> float:
        """Resident memory in MB."""
        assert self._process
        return psutil.Process(self._process.pid).memory_info().rss / 2**20

    async def ask(self, person: Person, text: str) -> tuple[float, int]:
        """Say something; the seconds until the bot's message is there, and its number."""
        self._forget()
        began = perf_counter()
        await self.playground.world.say(person.id, text)
        at, message = await self._next("message", person)
        return at - began, message["id"]

    async def press(self, person: Person, message: int, label: str) -> float:
        """Press a button; the seconds until the message has changed."""
        self._forget()
        began = perf_counter()
        await self.playground.world.press(person.id, message, label=label)
        at, _message = await self._next("edit", person)
        return at - began

    async def flood(self, texts: Iterable[str]) -> float:
        """Everybody says everything at once; answers per second until the last one is there."""
        self._forget()
        asked = 0
        for text in texts:
            await self.playground.world.say(PEOPLE[asked % len(PEOPLE)].id, text)  # does not let others run
            asked += 1
        began = at = perf_counter()
        for _answer in range(asked):
            at, _message = await self._next("message")
        return asked / (at - began)

    @property
    def _log(self) -> Path:
        return self._home / "bot.log"

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        return kept | {"BOT_TOKEN": self.playground.token, "HUASHU_HOME": str(self._home), "NO_PROXY": "127.0.0.1"}

    async def _listen(self) -> None:
        with self.playground.world.subscribe() as events:
            async for event in events:
                message = event.data.get("message")
                if message and message["from"] == self.playground.world.bot.id:
                    self._heard.put_nowait((perf_counter(), event.type, message))

    def _forget(self) -> None:
        while not self._heard.empty():
            self._heard.get_nowait()

    async def _next(self, kind: str, person: Person | None = None) -> tuple[float, dict[str, Any]]:
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    at, told, message = await self._heard.get()
                    if told == kind and (person is None or message["chat"] == person.id):
                        return at, message
        except TimeoutError:
            said = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"no answer from {self._command[-1]}:\n{said}") from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
