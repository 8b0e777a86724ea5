"""The door: who is it, what do they want, which room answers. Holds no rule of any room."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.errors import HuashuError, NotAllowed, OutOfDate
from bot.inbox import intake
from bot.inbox.heard import Heard, command, hear
from bot.inbox.intake import AlreadyDone
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _, speaking
from bot.outbox import actions as outbox
from bot.shared.clock import Clock
from bot.shared.database import Database, Transaction
from bot.shared.message import Message
from bot.shared.telegram import Refused, SlowDown, Telegram, Uncertain
from bot.shared.text import html
from bot.teams import actions as teams
from bot.teams import views
from bot.teams.menu import locale_of, put_menu
from bot.teams.person import Person

log = structlog.get_logger()
IN_GROUPS = {"say", "check", "collect", "help", "start", "quiet"}
UNKNOWN_GROUPS_TOO = ("start", "quiet")  # commands a group need not be a team's for
PRESSED_IN_GROUPS = {"s.more", "t.speak"}
# Chinese words of commands that an answer may well begin with, where the bare word or /… is the command.
MAY_ANSWER = {"done", "extend", "progress"}
NEVER_MIND = ("取消", "算了", "不用了")
Claim = Callable[[Turn], Awaitable[bool]]
Refresh = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Special:
    """What does not come by command or button: handlers for free text, searches, edits, replies, reactions, groups.

    The ones that answer True or False are asked first and may decline.
    """

    text: Handler
    inline: Handler
    inline_check: Handler
    chosen: Handler
    chosen_check: Handler
    filed: Claim
    edited: Claim
    received: Claim
    reacted: Claim
    overheard: Claim  # a text or a file in a group
    joined: Handler
    moved: Callable[[Transaction, int, int], Awaitable[None]]  # a group has a new number


class Door:
    """`refresh` is called before an update is answered, so that what another process changed is known."""

    def __init__(
        self, database: Database, clock: Clock, telegram: Telegram, rooms: Sequence[Routes], special: Special,
        refresh: Refresh,
    ) -> None:  # fmt: skip
        self._database, self._clock, self._telegram, self._special = database, clock, telegram, special
        self._refresh = refresh
        self._commands = _joined(rooms, "commands")
        self._words = _joined(rooms, "words")
        self._presses = _joined(rooms, "presses")
        self._answers = _joined(rooms, "answers")

    async def handle(self, update: dict[str, Any]) -> None:
        """Answer one update. Our own errors are told as sentences; bugs fly, after a word to the person."""
        heard = hear(update)
        if heard is None:
            if number := update.get("update_id"):
                await self._forget(number)  # a group's anonymous admin, say: nobody listens to it
            return
        if heard.kind == "moved":
            async with self._database.transaction() as tx:
                await self._special.moved(tx, heard.chat, heard.number)
            return
        now = self._clock.now()
        async with self._database.reading() as tx:
            await self._refresh(tx)
            person = await teams.find(tx, heard.sender.id)
        with speaking(*_voice(heard, person)):
            if person is None:
                await self._stranger(heard)
                if not heard.private:
                    await self._forget(heard.update_id)
                return
            turn = Turn(
                heard=heard, person=person, now=now, rest=heard.text, clock=self._clock, database=self._database,
                telegram=self._telegram,
            )  # fmt: skip
            if (
                heard.private
                and heard.kind not in ("inline", "chosen")
                and not (person.reachable or heard.kind == "membership")
            ):
                # Whoever writes to us can be written to, also one who opened the bot before they were enrolled.
                async with self._database.transaction() as tx:
                    await teams.started(tx, person, now)
            try:
                await self._answer(turn)
            except AlreadyDone:
                raise
            except HuashuError as problem:
                await self._tell(turn, problem.sentence)
            except Refused as problem:
                log.warning("answer refused", update_id=heard.update_id, why=str(problem))
            except Exception:
                if await self._hushed(heard):
                    await self._tell(turn, _("群里刚才的一步没办成，请告诉机主。"))
                    await self._forget(heard.update_id)
                else:
                    await self._tell(turn, views.sorry().text, shown=True)
                raise

    async def _answer(self, turn: Turn) -> None:
        heard = turn.heard
        if heard.kind == "press":
            await self._press(turn)
        elif heard.kind == "inline":
            await (self._special.inline_check if _checking(heard) else self._special.inline)(turn)
        elif heard.kind == "chosen":
            await (self._special.chosen_check if _checking(heard) else self._special.chosen)(turn)
        elif heard.kind == "reaction":
            await self._special.reacted(turn)
        elif heard.kind == "membership":
            await self._special.joined(turn)
        elif heard.private:
            await self._private(turn)
        else:
            await self._group(turn)

    async def _press(self, turn: Turn) -> None:
        handler = self._presses.get(turn.heard.text)
        if not turn.heard.private and turn.heard.text not in PRESSED_IN_GROUPS:
            await turn.toast(_("这里面有客户信息，请到私聊里操作。"), alert=True)
        elif handler is None:
            await turn.toast(_("这个按钮已经不能用了，请发 /help。"), alert=True)
        else:
            await handler(turn)

    async def _private(self, turn: Turn) -> None:
        heard = turn.heard
        async with turn.database.reading() as tx:
            question = await teams.question(tx, turn.person, turn.now)
        if heard.file and heard.kind != "edited" and await self._special.filed(turn):
            return
        if heard.kind == "file":
            await turn.say(views.words_only(asked=question is not None))
            return
        if not heard.text:
            await turn.say(views.no_words())
            return
        if heard.kind == "edited":
            words = self._called(heard)
            if await self._special.edited(turn.about(words[1]) if words else turn):
                return
        if heard.kind == "edited" and question:
            await turn.say(views.edited_ignored())
            return
        called = self._called(heard)
        if called and question and called[1] and not heard.text.startswith("/") and called[0] in MAY_ANSWER:
            called = None  # 进展：配件已到 answers the question; 投诉 张先生 … never does
        if called is not None:
            if question:
                async with turn.database.transaction() as tx:
                    await teams.drop_question(tx, turn.person)
            await self._command(turn, *called)
        elif (question is None or heard.reply_to) and await self._special.received(turn):
            return
        elif question and heard.text in NEVER_MIND:
            async with turn.save() as tx:
                await teams.drop_question(tx, turn.person)
                await turn.leave(tx, views.cancelled())
        elif question and question[0] in self._answers:
            try:
                await self._answers[question[0]](turn.about(heard.text, question[1]))
            except (NotAllowed, OutOfDate):
                async with turn.database.transaction() as tx:
                    await teams.drop_question(tx, turn.person)
                raise
        else:
            await self._special.text(turn)

    async def _group(self, turn: Turn) -> None:
        """In groups the bot speaks when it is spoken to, in quiet ones never."""
        called = self._called(turn.heard)
        hushing = called is not None and called[0] == "quiet" and turn.heard.text.startswith("/")
        if not hushing and await self._special.overheard(turn):
            return
        if called is None or turn.heard.kind == "edited":
            return
        name, rest = called
        async with turn.database.reading() as tx:
            known = await teams.team_of_group(tx, turn.heard.chat)
        if known is None and name not in UNKNOWN_GROUPS_TOO:
            await turn.say(views.group_unknown())
        elif name in self._commands and name not in IN_GROUPS:
            await turn.say(views.only_private(name, turn.telegram.username))
        elif turn.heard.text.startswith("/") or turn.heard.reply_to:
            await self._command(turn, name, rest)

    def _called(self, heard: Heard) -> tuple[str, str] | None:
        if heard.forwarded:
            return None  # somebody else's words, not an order
        return command(heard.text, self._telegram.username, self._words)

    async def _command(self, turn: Turn, name: str, rest: str) -> None:
        if name == "start" and rest and turn.heard.private:
            await self._start_with(turn, rest)
        elif handler := self._commands.get(name):
            await handler(turn.about(rest))
        else:
            await turn.say(views.unknown_command(name))

    async def _start_with(self, turn: Turn, parameter: str) -> None:
        """A deep link: a command's name from a button in a group, or an invitation."""
        if handler := self._commands.get(parameter):
            await handler(turn.about(""))
            return
        await self._join(turn.heard, parameter)

    async def _stranger(self, heard: Heard) -> None:
        """Nobody is let in without an invitation, and nobody who isn't hears more than that."""
        called = command(heard.text, self._telegram.username, self._words) if heard.kind == "text" else None
        try:
            if heard.kind == "press":
                await self._telegram.answer_press(heard.query, views.stranger().text, alert=True)
            elif heard.kind == "inline":
                await self._telegram.answer_inline(heard.query, [], start=_("需要邀请才能使用"))
            elif heard.kind == "membership":
                if heard.joined and not heard.private:
                    await self._telegram.send(heard.chat, views.group_refused())
                    await self._telegram.leave(heard.chat)
            elif heard.private and called and called[0] == "start" and called[1]:
                try:
                    await self._join(heard, called[1])
                except NotAllowed as problem:
                    await self._telegram.send(heard.chat, Message(text=html(problem.sentence)))
            elif heard.private and heard.kind not in ("reaction", "chosen"):
                await self._telegram.send(heard.chat, views.stranger())
        except (Refused, Uncertain, SlowDown) as problem:
            log.info("stranger not answered", why=str(problem))

    async def _join(self, heard: Heard, token: str) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await intake.close(tx, heard.update_id, self._clock)
            person: Person = await teams.accept(
                tx,
                token=token,
                telegram_id=heard.sender.id,
                name=heard.sender.name,
                locale=locale_of(heard.sender.language),
                now=now,
            )
            await teams.started(tx, person, now)
            with speaking(*person.voice):
                await outbox.leave(tx, views.welcome(person), chat=heard.chat, now=now)
        await put_menu(self._telegram, person)

    async def _tell(self, turn: Turn, sentence: str, *, shown: bool = False) -> None:
        """An error's sentence, where the person looks: at the button, or below what they typed; of what they typed in
        a quiet group in private."""
        chat = turn.heard.chat
        try:
            if turn.heard.kind == "press":
                await turn.toast(sentence, alert=True)
            elif turn.heard.kind in ("text", "edited", "file"):
                if await self._hushed(turn.heard):
                    if not turn.person.reachable:
                        log.warning("error not told", why="quiet group, author not reachable")
                        return
                    chat = turn.person.telegram_id
                await self._telegram.send(chat, Message(text=sentence if shown else html(sentence)))
        except (Refused, Uncertain, SlowDown) as problem:
            log.warning("error not told", why=str(problem))

    async def _hushed(self, heard: Heard) -> bool:
        """Whether nothing may be said aloud where this was heard."""
        if heard.private:
            return False
        async with self._database.reading() as tx:
            return await intake.in_quiet_group(tx, heard.chat)

    async def _forget(self, update_id: int) -> None:
        async with self._database.transaction() as tx:
            await intake.forget_words(tx, update_id)


def _checking(heard: Heard) -> bool:
    """@bot ?草稿 is a draft to check, not a search."""
    return heard.text.startswith(("?", "？"))


def _voice(heard: Heard, person: Person | None) -> tuple[str, str | None]:
    """How to speak where this was heard. In a group others read along: times are said in the team's zone alone."""
    if person is None:
        return locale_of(heard.sender.language), None
    return person.voice if heard.private else (person.locale, None)


def _joined(rooms: Sequence[Routes], what: str) -> dict[str, Any]:
    """What all rooms listen to. Two rooms that want the same word are a mistake of ours, found at start."""
    joined: dict[str, Any] = {}
    for room in rooms:
        for key, value in getattr(room, what).items():
            if key in joined:
                raise ValueError(f"{what}: {key} is taken twice")
            joined[key] = value
    return joined
