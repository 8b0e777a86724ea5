"""A new promise in chat: /promise, and 记为承诺 under a wording. Echoed first; it counts when it is confirmed."""

from collections.abc import Callable
from datetime import datetime

from bot.errors import OutOfDate, Unreadable
from bot.inbox.turn import Routes, Turn
from bot.language.speech import _
from bot.outbox import actions as outbox
from bot.phrases.fill import address_in
from bot.promises import actions, screens, views
from bot.promises.asking import quick, read_as, unread
from bot.promises.calendars import Calendars
from bot.promises.clocks import Policy
from bot.promises.promise import Draft
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import cut
from bot.teams import actions as teams

LONGEST = 1000


class PromiseMaking:
    """`policy` is called when needed, so that a changed phrasebook counts from the next promise on."""

    def __init__(self, policy: Callable[[], Policy], calendars: Calendars) -> None:
        self._policy, self._calendars = policy, calendars

    def routes(self) -> Routes:
        return Routes(
            commands={"promise": self.promise},
            words={"承诺": "promise", "记承诺": "promise"},
            presses={
                "n.make": self.make,
                "n.time": self.ask_time,
                "n.when": self.time_chosen,
                "n.drop": self.drop,
                "n.record": self.record,
            },
            answers={"promise.text": self.promise, "promise.draft": self.time_typed},
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
            await teams.drop_question(tx, turn.person)
            draft = await actions.draft(
                tx, turn.person, customer=customer, gist=gist, due=reading.due, says=read_as(reading), now=turn.now
            )
            await self._show(tx, turn, draft, reading.ask or reading.error or "")

    async def record(self, turn: Turn) -> None:
        """记为承诺 under a wording: the time the wording names (minutes since 1970), the customer it greets."""
        due = datetime.fromtimestamp(turn.heard.number * 60, tz=self._calendar(turn).zone)
        customer = turn.heard.args[1] if len(turn.heard.args) > 1 else ""
        if due <= turn.now:
            raise OutOfDate(_("话术里的时间已经过了，请再查一次。"))
        async with turn.save() as tx:
            draft = await actions.draft(tx, turn.person, customer=customer, gist="", due=due, says="", now=turn.now)
            await turn.leave_new(tx, self._echo(turn, draft), draft.subject)
        await turn.toast()

    async def make(self, turn: Turn) -> None:
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            promise = await actions.keep_draft(
                tx, draft, turn.person, policy=self._policy(), now=turn.now, zone=zone,
                card=(turn.heard.chat, turn.heard.message),
            )  # fmt: skip
            await turn.leave(tx, await screens.made(tx, promise, turn.person, now=turn.now, zone=zone))
        await turn.toast(_("已记下"))

    async def ask_time(self, turn: Turn) -> None:
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            draft = await actions.redraft(tx, draft, due=None, says="")
            await self._show(tx, turn, draft, "")
        await turn.toast()

    async def time_chosen(self, turn: Turn) -> None:
        reading = quick(turn.heard.int_arg(1), now=turn.now, calendar=self._calendar(turn))
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, turn.heard.number, turn.person)
            await self._retime(tx, turn, draft, reading)
        await turn.toast()

    async def time_typed(self, turn: Turn) -> None:
        reading = read_time(turn.rest, now=turn.now, calendar=self._calendar(turn))
        async with turn.save() as tx:
            draft = await actions.open_draft(tx, int(turn.subject), turn.person)
            await self._retime(tx, turn, draft, reading, unread(reading, turn.rest))

    async def drop(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await actions.drop_draft(tx, await actions.open_draft(tx, turn.heard.number, turn.person))
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, Message(text=_("没有记。需要时再发 /promise。")))
        await turn.toast()

    async def _retime(self, tx: Transaction, turn: Turn, draft: Draft, reading: Reading, problem: str = "") -> None:
        draft = await actions.redraft(tx, draft, due=reading.due, says=read_as(reading))
        await self._show(tx, turn, draft, problem or reading.ask or reading.error or "")

    async def _show(self, tx: Transaction, turn: Turn, draft: Draft, problem: str) -> None:
        """The draft on the screen; while it has no time, the next text is read as one."""
        if draft.due is None:
            await teams.ask(tx, turn.person, "promise.draft", draft.id, turn.now)
        else:
            await teams.drop_question(tx, turn.person)
        if turn.heard.kind != "press":
            await outbox.replace_looks(tx, subject=draft.subject, text=views.replaced(), now=turn.now)
        await turn.leave(tx, self._echo(turn, draft, problem), draft.subject)

    def _calendar(self, turn: Turn) -> Calendar:
        return self._calendars.of(turn.person.team_id)

    def _echo(self, turn: Turn, draft: Draft, problem: str = "") -> Message:
        return views.draft(draft, problem=problem, now=turn.now, calendar=self._calendar(turn))


def _without_time(text: str, reading: Reading) -> str:
    """What was promised, without the words that said when."""
    if reading.span:
        start, end = reading.span
        text = text[:start] + text[end:]
    return cut(text.strip("，,。 前"), 24)
