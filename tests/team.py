"""A team at work in a test: people who type and hear over real HTTP, and a clock that is moved.

Whatever the bot says to somebody must be heard by the test, or the test fails: silence is asserted.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App, Norms
from bot.playground.message import Message
from bot.playground.people import CAST, Person
from bot.playground.server import Playground
from bot.settings import Settings
from bot.shared.clock import MovableClock
from bot.teams import actions as teams

SHANGHAI = ZoneInfo("Asia/Shanghai")
GROUP = -1001
# The smallest picture there is: one white pixel.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
    "7753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
LONGEST_WAIT = 10  # seconds of real time until the bot must have come to rest
ROLES = {"小李": "agent", "小王": "agent", "陈主管": "supervisor", "周副总": "deputy"}


class Someone:
    """One person with a phone."""

    def __init__(self, team: "Team", person: Person) -> None:
        self._team, self.id, self.name = team, person.id, person.name
        self._heard = 0

    @property
    def _world(self):
        return self._team.playground.world

    async def types(self, text: str, *, in_group: bool = False, reply_to: Message | None = None) -> int:
        """Type and send; the bot is given time to answer."""
        chat = GROUP if in_group else self.id
        number = await self._world.say(self.id, text, chat=chat, reply_to=reply_to.id if reply_to else None)
        await self._team.rest()
        return number

    async def edits(self, number: int, text: str) -> None:
        await self._world.edit(self.id, number, text)
        await self._team.rest()

    async def sends(self, kind: str, caption: str = "") -> None:
        await self._world.send_file(self.id, kind, "照片.png", DOT, caption=caption, chat=self.id)
        await self._team.rest()

    async def presses(self, label: str, on: Message | None = None) -> str:
        """Press a button by its words, on the newest message that has it; what pops up is returned."""
        message = on or self._with_button(label)
        query = await self._world.press(self.id, message.id, label=label, chat=message.chat)
        await self._team.rest()
        answers = [answer for answer in self._world.answers if answer.query == query]
        assert answers, f"{label}: the button never stopped spinning"
        return answers[-1].text

    async def reacts(self, emoji: str, to: Message) -> None:
        await self._world.react(self.id, to.id, emoji, chat=to.chat)
        await self._team.rest()

    async def searches(self, query: str, *, in_group: bool = True) -> list[str]:
        """@bot query: the texts offered."""
        answer = await self._world.inline(self.id, query, chat=GROUP if in_group else self.id)
        return [result.text for result in answer.results]

    def hears(self, *words: str) -> Message:
        """The next message from the bot that was not heard yet; it must contain all these words."""
        said = self.said()
        assert len(said) > self._heard, f"{self.name} hears nothing; expected {words}"
        message = said[self._heard]
        self._heard += 1
        for word in words:
            assert word in message.text, f"{self.name} hears {message.text!r}; expected {word!r}"
        return message

    def sees(self, message: Message, *words: str) -> Message:
        """How a message looks now; it may have been edited."""
        now = self._world.message(message.chat, message.id)
        for word in words:
            assert word in now.text, f"{self.name} sees {now.text!r}; expected {word!r}"
        return now

    def hears_nothing(self) -> None:
        rest = [message.text for message in self.said()[self._heard :]]
        assert not rest, f"{self.name} unexpectedly hears {rest}"

    def said(self) -> list[Message]:
        """Everything the bot has said to this person, in order."""
        return [m for m in self._world.messages(self.id) if m.sender != self.id]

    def buttons(self, message: Message) -> list[str]:
        now = self._world.message(message.chat, message.id)
        return [button.text for row in now.buttons for button in row]

    def _with_button(self, label: str) -> Message:
        for message in reversed(self.said()):
            if label in self.buttons(message):
                return message
        raise AssertionError(f"{self.name} has no button {label!r}; last: {self.said()[-1:]}")


@dataclass
class Team:
    """The people, the clock, the bot and its Telegram."""

    home: Path
    playground: Playground
    clock: MovableClock
    settings: Settings
    norms: Norms
    bot: App | None = None
    stop: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        self.people = {person.name: Someone(self, person) for person in CAST}

    def __getitem__(self, name: str) -> Someone:
        return self.people[name]

    @property
    def now(self) -> datetime:
        """The bot's time in Shanghai."""
        return self.clock.now().astimezone(SHANGHAI)

    async def passes(self, **span: float) -> None:
        """Time passes; the bot does what falls due on the way, in order."""
        end = self.clock.now() + timedelta(**span)
        while self.bot and (due := await self.bot.next_due()) and due <= end:
            await self.clock.advance(max(due - self.clock.now(), timedelta()))
            await self.rest()
        await self.clock.advance(end - self.clock.now())
        await self.rest()

    async def until(self, clock: str, *, days: int = 0) -> None:
        """Time passes until this hour in Shanghai, days from today."""
        hour, minute = map(int, clock.split(":"))
        at = (self.now + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        await self.passes(seconds=(at - self.now).total_seconds())

    async def rest(self) -> None:
        """Until everything typed was handled and everything due was said."""
        if self.bot is None:
            return

        async def settled() -> None:
            quiet = 0
            while quiet < 3:
                calm = self.playground.world.pending() == 0 and self.bot is not None and await self.bot.idle()
                quiet = quiet + 1 if calm else 0
                await asyncio.sleep(0.01)

        await asyncio.wait_for(settled(), LONGEST_WAIT)

    async def starts(self) -> None:
        """The bot's process starts."""
        opened = App.open(self.settings, self.clock, norms=self.norms)
        self.bot = await opened.__aenter__()
        self.clock.find_due = self.bot.next_due
        running = asyncio.create_task(self.bot.run())

        async def stop() -> None:
            self.clock.find_due = None
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await opened.__aexit__(None, None, None)
            self.bot = None

        self.stop = stop
        await self.rest()

    async def stops(self) -> None:
        """The bot's process is gone; people and Telegram go on."""
        if self.stop:
            await self.stop()
            self.stop = None

    async def enrols(self) -> None:
        """The four of the cast join, as by `huashu team add`, and press Start."""
        assert self.bot
        async with self.bot.database.transaction() as tx:
            for person in CAST:
                if person.name in ROLES:
                    await teams.enrol(
                        tx, telegram_id=person.id, name=person.name, role=ROLES[person.name], team="客服一组",
                        now=self.clock.now(),
                    )  # fmt: skip
        for name in ROLES:
            await self[name].types("/start")
            self[name].hears("已加入 客服一组")


@asynccontextmanager
async def team_at_work(home: Path, norms: Norms, *, start: datetime, enrolled: bool = True) -> AsyncIterator[Team]:
    clock = MovableClock(start=start.astimezone(UTC))
    playground = Playground(home=None, clock=clock)
    await playground.start()
    settings = Settings(home=home, bot_token=playground.token, api_url=playground.url)
    team = Team(home, playground, clock, settings, norms)
    try:
        await team.starts()
        if enrolled:
            await team.enrols()
        yield team
        for someone in team.people.values():
            someone.hears_nothing()
    finally:
        await team.stops()
        await playground.stop()
