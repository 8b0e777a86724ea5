"""One update being handled: who spoke, what was heard, and the ways to answer. Handlers get nothing else of Telegram."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.inbox import intake
from bot.inbox.heard import Heard
from bot.outbox import actions as outbox
from bot.shared.clock import Clock
from bot.shared.database import Database, Transaction
from bot.shared.message import Message
from bot.shared.telegram import Refused, SlowDown, Telegram, Uncertain, Unchanged
from bot.teams.person import Person


@dataclass(frozen=True, kw_only=True)
class Turn:
    """`rest` is what followed the command, or the whole text; `subject` is what an answered question was about."""

    heard: Heard
    person: Person
    now: datetime
    rest: str
    subject: str = ""
    clock: Clock
    database: Database
    telegram: Telegram

    @asynccontextmanager
    async def save(self) -> AsyncIterator[Transaction]:
        """A transaction that also closes the update: what it saves happens once, whatever crashes when."""
        async with self.database.transaction() as tx:
            await intake.close(tx, self.heard.update_id, self.clock)
            yield tx

    async def leave(self, tx: Transaction, message: Message, subject: str = "") -> None:
        """A receipt that is saved with the change it tells of: a new message, or the pressed one changed in place."""
        edits = self.heard.message if self.heard.kind == "press" and self.heard.message else None
        await outbox.leave(tx, message, chat=self.heard.chat, now=self.now, edits=edits, subject=subject)

    async def leave_new(self, tx: Transaction, message: Message, subject: str = "") -> None:
        """A new message, also after a press."""
        await outbox.leave(tx, message, chat=self.heard.chat, now=self.now, subject=subject)

    async def say(self, message: Message) -> None:
        """Answer when nothing else is to be saved. It goes the way of all messages, so answers keep their order."""
        async with self.save() as tx:
            await self.leave_new(tx, message)

    async def redraw(self, message: Message) -> None:
        """Change the pressed message when nothing else was changed."""
        try:
            await self.telegram.edit(self.heard.chat, self.heard.message, message)
        except (Unchanged, Refused, Uncertain, SlowDown):
            return

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """A word at the pressed button."""
        try:
            await self.telegram.answer_press(self.heard.query, text, alert=alert)
        except (Refused, Uncertain, SlowDown):
            return  # pressed too long ago, or no line: what it did stands in the message itself

    def about(self, rest: str, subject: str = "") -> "Turn":
        return replace(self, rest=rest, subject=subject)


Handler = Callable[[Turn], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Routes:
    """What a room listens to: commands by name, Chinese words for them, presses by verb, answers by question."""

    commands: Mapping[str, Handler] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    presses: Mapping[str, Handler] = field(default_factory=dict)
    answers: Mapping[str, Handler] = field(default_factory=dict)
