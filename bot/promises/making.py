"""A new promise in chat: /promise, and 记为承诺 under a wording. Echoed first; it counts when it is confirmed."""

from collections.abc import Callable
from datetime import datetime

from bot.errors import OutOfDate, Unreadable
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _
from bot.outbox import actions as outbox
from bot.phrases.fill import address_in
from bot.promises import actions, screens, views
from bot.promises.asking import Question, asked_of, correction, kept, pressed, question, read_answer, read_as
from bot.promises.calendars import Calendars
from bot.promises.clocks import Clocks
from bot.promises.picker import INERT
from bot.promises.promise import Draft
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import cut
from bot.teams import actions as teams

LONGEST = 1000


class PromiseMaking:
    """`clocks` is called when needed, so that a changed phrasebook counts from the next promise on.
    `otherwise` answers a text that is no correction of the draft on the screen."""

    def __init__(self, clocks: Callable[[], Clocks], calendars: Calendars, otherwise: Handler) -> None:
        self._clocks, self._calendars, self._otherwise = clocks, calendars, otherwise

    def routes(self) -> Routes:
        return Routes(
            commands={"promise": self.promise},
            words={"承诺": "promise", "记承诺": "promise"},
            presses={
                "n.make": self.make,
                "n.time": self.ask_time,
                "n.when": self.time_pressed,
                "n.at": self.time_pressed,
                **dict.fromkeys(views.PICKING_DRAFT, self.pick),
                "n.keep": self.keep,
                "n.drop": self.drop,
                "n.record": self.record,
                INERT: self.nothing,
            },
            answers={
                "promise.text": self.promise,
                "promise.draft": self.time_typed,
                "promise.check": self.corrected,
            },
        )

    async def promise(self, turn: Turn) -> None:
        """/promise 明天下午3点前给张先生回电"""
        if not turn.rest:
            ask = _("答应了谁、什么事、什么时候答复？一句话写下来，如：\n明天下午三点前给张先生回电")
            async with turn.save() as tx:
                await teams.ask(tx, turn.person, "promise.text", "", turn.now)
                await turn.leave(tx, Message(text=ask))
            return
        if len(turn.rest) > LONGEST:
            raise Unreadable(_("太长了，没有记下。承诺写一句话就够，请缩短再发。"))
        reading = read_time(turn.rest, now=turn.now, calendar=self._calendar(turn))
        customer = address_in(turn.rest) or ""
        gist = _without_time(turn.rest, reading)
        async with turn.save() as tx:
            draft = await actions.draft(
                tx, turn.person, customer=customer, gist=gist, due=reading.due, says=read_as(reading), now=turn.now,
                why=reading.steps,
            )  # fmt: skip
            await self._show(tx, turn, draft, None if reading.due else self._question(turn, turn.rest))

    async def record(self, turn: Turn) -> None:
        """记为承诺 under a wording: the time the wording names (minutes since 1970), the customer it greets."""
        due = datetime.fromtimestamp(turn.heard.number * 60, tz=self._calendar(turn).zone)
        customer = turn.heard.args[1] if len(turn.heard.args) > 1 else ""
        if due <= turn.now:
            raise OutOfDate(_("话术里的时间已经过了，请再查一次。"))
        async with turn.save() as tx:
            draft = await actions.draft(tx, turn.person, customer=customer, gist="", due=due, says="", now=turn.now)
            await teams.ask(tx, turn.person, "promise.check", draft.id, turn.now)
            await turn.leave_new(tx, self._echo(turn, draft), draft.subject)
        await turn.toast()

    async def make(self, turn: Turn) -> None:
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            promise = await actions.keep_draft(
                tx, draft, turn.person, policy=self._clocks().promise, now=turn.now, zone=zone,
                card=(turn.heard.chat, turn.heard.message),
            )  # fmt: skip
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
        await turn.toast(_("已记下"))

    async def ask_time(self, turn: Turn) -> None:
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            await self._show(tx, turn, draft, Question())
        await turn.toast()

    async def time_pressed(self, turn: Turn) -> None:
        calendar = self._calendar(turn)
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            reading = pressed(turn.heard.text, turn.heard.int_arg(1), before=draft.due, now=turn.now, calendar=calendar)
            await self._retime(tx, turn, draft, reading)
        await turn.toast()

    async def pick(self, turn: Turn) -> None:
        """自选: a page of the calendar keyboard. What is typed meanwhile is read as a time."""
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            words = await self._asked_about(tx, turn, draft)
            await teams.ask(tx, turn.person, "promise.draft", kept(draft.id, words, turn.now), turn.now)
            message = views.picking_draft(
                draft, turn.heard.text, turn.heard.int_arg(1), now=turn.now, calendar=self._calendar(turn)
            )
            await turn.leave(tx, message, draft.subject)
        await turn.toast()

    async def nothing(self, turn: Turn) -> None:
        """A button that only says something."""
        await turn.toast()

    async def time_typed(self, turn: Turn) -> None:
        calendar = self._calendar(turn)
        id, words, asked_at = asked_of(turn.subject, turn.now)
        reading = read_answer(turn.rest, asked=words, asked_at=asked_at, now=turn.now, calendar=calendar)
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, id, turn.person)
            if reading.due:
                await self._retime(tx, turn, draft, reading)
            else:
                await self._show(tx, turn, draft, self._question(turn, turn.rest, before=words))

    async def corrected(self, turn: Turn) -> None:
        """不对，是后天10点 under a draft that has a time; anything else is a new thing."""
        reading = correction(turn.rest, now=turn.now, calendar=self._calendar(turn))
        if reading is None:
            await self._otherwise(turn)
            return
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, int(turn.subject), turn.person)
            if reading.due:
                await self._retime(tx, turn, draft, reading)
            else:
                await self._show(tx, turn, draft, self._question(turn, turn.rest))

    async def keep(self, turn: Turn) -> None:
        """上一步: the draft as it was; without a time, what was asked about it."""
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            words = await self._asked_about(tx, turn, draft)
            await self._show(tx, turn, draft, None if draft.due else self._question(turn, words))
        await turn.toast()

    async def drop(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await actions.drop_draft(tx, await actions.open_draft(tx, turn.heard.number, turn.person))
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, Message(text=_("没有记。需要时再发 /promise。")))
        await turn.toast()

    def _calendar(self, turn: Turn) -> Calendar:
        return self._calendars.of(turn.person.team_id)

    def _question(self, turn: Turn, text: str, *, before: str | None = None) -> Question:
        clocks = self._clocks()
        norm = clocks.meant_by(text if before is None else before)
        return question(text, before=before, soft=clocks.soft, norm=norm, now=turn.now, calendar=self._calendar(turn))

    async def _asked_about(self, tx: Transaction, turn: Turn, draft: Draft) -> str:
        """The words that the open question about this draft's time is about."""
        kind, subject = await teams.question(tx, turn.person, turn.now) or ("", "")
        if kind != "promise.draft":
            return ""
        id, words, _asked_at = asked_of(subject, turn.now)
        return words if id == draft.id else ""

    async def _retime(self, tx: Transaction, turn: Turn, draft: Draft, reading: Reading) -> None:
        draft = await actions.redraft(tx, draft, due=reading.due, says=read_as(reading), why=reading.steps)
        await self._show(tx, turn, draft, None)

    async def _show(self, tx: Transaction, turn: Turn, draft: Draft, asked: Question | None) -> None:
        """The draft on the screen. While it asks for a time, the next text is read as one; else a bare time corrects it."""
        if asked:
            await teams.ask(tx, turn.person, "promise.draft", kept(draft.id, asked.words, turn.now), turn.now)
        else:
            await teams.ask(tx, turn.person, "promise.check", draft.id, turn.now)
        if turn.heard.kind != "press":
            await outbox.replace_looks(tx, subject=draft.subject, text=views.replaced(), now=turn.now)
        await turn.leave(tx, self._echo(turn, draft, asked), draft.subject)

    def _echo(self, turn: Turn, draft: Draft, asked: Question | None = None) -> Message:
        return views.draft(draft, asked=asked, now=turn.now, calendar=self._calendar(turn))


def _without_time(text: str, reading: Reading) -> str:
    """What was promised, without the words that said when."""
    if reading.span:
        start, end = reading.span
        text = text[:start] + text[end:]
    return cut(text.strip("，,。 前"), 24)
