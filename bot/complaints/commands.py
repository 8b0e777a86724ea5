"""/complaint: one line, a card that echoes it, one press to log it."""

from collections.abc import Callable

from bot.complaints import actions, views
from bot.complaints.complaint import DRAFT, Complaint
from bot.complaints.intake import read_complaint
from bot.errors import OutOfDate, Unreadable
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _
from bot.outbox import actions as outbox
from bot.promises import screens
from bot.promises.asking import Question, asked_of, correction, kept, pressed, question, read_answer, read_as
from bot.promises.calendars import Calendars
from bot.promises.clocks import Clocks
from bot.promises.timewords import Reading
from bot.promises.workdays import Calendar
from bot.shared.database import Transaction
from bot.teams import actions as teams

LONGEST = 2000


class ComplaintCommands:
    """`clocks` is called when needed, so that a changed phrasebook counts from the next case on.
    `otherwise` answers a text that is no correction of the draft on the screen."""

    def __init__(self, clocks: Callable[[], Clocks], calendars: Calendars, otherwise: Handler) -> None:
        self._clocks, self._calendars, self._otherwise = clocks, calendars, otherwise

    def routes(self) -> Routes:
        presses: dict[str, Handler] = {
            "c.ok": self.register,
            "c.retime": self.ask_time,
            "c.time": self.ask_time,  # on cards from before there was a calendar to choose from
            "c.when": self.time_pressed,
            "c.at": self.time_pressed,
            **dict.fromkeys(views.PICKING, self.pick),
            "c.reword": self.ask_reword,
            "c.keep": self.keep,
            "c.cancel": self.cancel,
        }
        return Routes(
            commands={"complaint": self.complaint},
            words={"投诉": "complaint", "登记": "complaint", "登记投诉": "complaint"},
            presses={verb: _said_once(handler) for verb, handler in presses.items()},
            answers={
                "complaint.text": self.complaint,
                "complaint.time": self.time_typed,
                "complaint.check": self.corrected,
                "complaint.reword": self.reworded,
            },
        )

    async def complaint(self, turn: Turn) -> None:
        """/complaint 张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复"""
        if not turn.rest:
            async with turn.save() as tx:
                await teams.ask(tx, turn.person, "complaint.text", "", turn.now)
                await turn.leave(tx, views.ask_text())
            return
        _not_too_long(turn.rest)
        intake = read_complaint(turn.rest, now=turn.now, calendar=self._calendar(turn))
        async with turn.save() as tx:
            complaint = await actions.draft(tx, turn.person, turn.rest, intake, source=turn.heard.message, now=turn.now)
            await self._show(tx, turn, complaint, None if intake.reading.due else self._question(turn, turn.rest))

    async def edited(self, turn: Turn) -> bool:
        """The message of a draft was edited: the draft is read again. False when it began none."""
        async with turn.database.reading() as tx:
            complaint = await actions.draft_from(tx, turn.person, turn.heard.message)
        if complaint is None:
            return False
        if complaint.state != DRAFT:
            if not complaint.number:
                raise OutOfDate(_("这条草稿已取消，改了也不会登记。请重新发一条。"))
            number = complaint.number
            raise OutOfDate(_("改原消息不影响已登记的 #{number}，要改请点卡片上的按钮。").format(number=number))
        await self._reword(turn, complaint)
        return True

    async def register(self, turn: Turn) -> None:
        calendar = self._calendar(turn)
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, turn.heard.number, turn.person)
            promise = await actions.register(
                tx, complaint, turn.person, clocks=self._clocks(), now=turn.now, calendar=calendar,
                card=(turn.heard.chat, turn.heard.message),
            )  # fmt: skip
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=calendar.zone))
        await turn.toast(_("已登记 #{number}").format(number=promise.number))

    async def ask_time(self, turn: Turn) -> None:
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, turn.heard.number, turn.person)
            await self._show(tx, turn, complaint, Question())
        await turn.toast()

    async def time_pressed(self, turn: Turn) -> None:
        calendar = self._calendar(turn)
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, turn.heard.number, turn.person)
            reading = pressed(
                turn.heard.text, turn.heard.int_arg(1), before=complaint.due, now=turn.now, calendar=calendar
            )
            await self._retime(tx, turn, complaint, reading)
        await turn.toast()

    async def pick(self, turn: Turn) -> None:
        """自选: a page of the calendar keyboard. What is typed meanwhile is read as a time."""
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, turn.heard.number, turn.person)
            words = await self._asked_about(tx, turn, complaint)
            await teams.ask(tx, turn.person, "complaint.time", kept(complaint.id, words, turn.now), turn.now)
            message = views.picking(
                complaint, turn.heard.text, turn.heard.int_arg(1), now=turn.now, calendar=self._calendar(turn)
            )
            await turn.leave(tx, message, complaint.subject)
        await turn.toast()

    async def time_typed(self, turn: Turn) -> None:
        calendar = self._calendar(turn)
        id, words, asked_at = asked_of(turn.subject, turn.now)
        reading = read_answer(turn.rest, asked=words, asked_at=asked_at, now=turn.now, calendar=calendar)
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, id, turn.person)
            if reading.due:
                await self._retime(tx, turn, complaint, reading)
            else:
                await self._show(tx, turn, complaint, self._question(turn, turn.rest, before=words))

    async def corrected(self, turn: Turn) -> None:
        """不对，是后天10点 under a card that has a time; anything else is a new thing."""
        reading = correction(turn.rest, now=turn.now, calendar=self._calendar(turn))
        if reading is None:
            await self._otherwise(turn)
            return
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, int(turn.subject), turn.person)
            if reading.due:
                await self._retime(tx, turn, complaint, reading)
            else:
                await self._show(tx, turn, complaint, self._question(turn, turn.rest))

    async def ask_reword(self, turn: Turn) -> None:
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, turn.heard.number, turn.person)
            await teams.ask(tx, turn.person, "complaint.reword", complaint.id, turn.now)
            await turn.leave(tx, views.ask_reword(complaint))
        await turn.toast()

    async def reworded(self, turn: Turn) -> None:
        async with turn.database.reading() as tx:
            complaint = await actions.open_draft(tx, int(turn.subject), turn.person)
        await self._reword(turn, complaint)

    async def keep(self, turn: Turn) -> None:
        """上一步: the card as it was; without a time, what was asked about it."""
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, turn.heard.number, turn.person)
            words = await self._asked_about(tx, turn, complaint)
            await self._show(tx, turn, complaint, None if complaint.due else self._question(turn, words))
        await turn.toast()

    async def cancel(self, turn: Turn) -> None:
        async with turn.save() as tx:
            complaint = await actions.open_draft(tx, turn.heard.number, turn.person)
            await actions.cancel(tx, complaint)
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, views.cancelled(complaint))
        await turn.toast(_("没有登记"))

    def _calendar(self, turn: Turn) -> Calendar:
        return self._calendars.of(turn.person.team_id)

    def _question(self, turn: Turn, text: str, *, before: str | None = None) -> Question:
        return question(text, before=before, soft=self._clocks().soft, now=turn.now, calendar=self._calendar(turn))

    async def _asked_about(self, tx: Transaction, turn: Turn, complaint: Complaint) -> str:
        """The words that the open question about this draft's time is about."""
        kind, subject = await teams.question(tx, turn.person, turn.now) or ("", "")
        if kind != "complaint.time":
            return ""
        id, words, _asked_at = asked_of(subject, turn.now)
        return words if id == complaint.id else ""

    async def _reword(self, turn: Turn, complaint: Complaint) -> None:
        _not_too_long(turn.rest)
        intake = read_complaint(turn.rest, now=turn.now, calendar=self._calendar(turn))
        async with turn.save() as tx:
            before = complaint
            complaint = await actions.redraft(tx, complaint, turn.rest, intake)
            if intake.reading.span is None and before.due:  # nothing new about the time: the one there stays
                complaint = await actions.retime(tx, complaint, before.due, before.due_says, before.due_why)
            await self._show(tx, turn, complaint, None if complaint.due else self._question(turn, turn.rest))

    async def _retime(self, tx: Transaction, turn: Turn, complaint: Complaint, reading: Reading) -> None:
        complaint = await actions.retime(tx, complaint, reading.due, read_as(reading), reading.steps)
        await self._show(tx, turn, complaint, None)

    async def _show(self, tx: Transaction, turn: Turn, complaint: Complaint, asked: Question | None) -> None:
        """The draft on the screen. While it asks for a time, the next text is read as one; else a bare time corrects it."""
        if asked:
            await teams.ask(tx, turn.person, "complaint.time", kept(complaint.id, asked.words, turn.now), turn.now)
        else:
            await teams.ask(tx, turn.person, "complaint.check", complaint.id, turn.now)
        earlier = await actions.earlier(tx, complaint, turn.person, turn.now)
        message = views.draft(complaint, earlier=earlier, asked=asked, now=turn.now, calendar=self._calendar(turn))
        if turn.heard.kind != "press":
            # A press on an older look would register what it does not show.
            await outbox.replace_looks(tx, subject=complaint.subject, text=views.replaced(), now=turn.now)
        await turn.leave(tx, message, complaint.subject)


def _not_too_long(text: str) -> None:
    if len(text) > LONGEST:
        raise Unreadable(
            _("太长了（{n} 字），一次最多 {most} 字。没有登记，请先写要点，细节登记后用“记进展”补上。").format(
                n=len(text), most=LONGEST
            )
        )


def _said_once(handler: Handler) -> Handler:
    """A press on a draft that is settled says how it stands, at the button."""

    async def handle(turn: Turn) -> None:
        try:
            await handler(turn)
        except OutOfDate as problem:
            await turn.toast(problem.sentence, alert=True)

    return handle
