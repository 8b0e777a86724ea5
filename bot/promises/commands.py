"""What people do with promises in chat: /my /done /extend /progress and the buttons of cards and reminders."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.errors import OutOfDate
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _, speaking
from bot.outbox import actions as outbox
from bot.promises import actions, screens, views
from bot.promises.asking import quick, read_as, unread
from bot.promises.calendars import Calendars
from bot.promises.promise import Promise
from bot.promises.timewords import read_time
from bot.promises.workdays import Calendar
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import cut, html
from bot.teams import actions as teams

LONGEST_ANSWER = 1000
UNSOLVED = "未解决，已告知客户"  # the reason on record when the customer was answered without a solution


class PromiseCommands:
    """`apology` gives the wording that tells a customer of a moved deadline and its reason."""

    def __init__(self, calendars: Calendars, apology: Callable[[Promise, str], str]) -> None:
        self._calendars, self._apology = calendars, apology

    def routes(self) -> Routes:
        presses: dict[str, Handler] = {
            "p.card": self.show_card,
            "p.done": self.ask_answer,
            "p.solved": self.answer_solved,
            "p.unsolved": self.unsolved,
            "p.note": self.ask_progress,
            "p.extend": self.ask_reason,
            "p.reason": self.reason_chosen,
            "p.when": self.time_chosen,
            "p.retime": self.ask_time_again,
            "p.extok": self.extend_confirmed,
            "p.raise": self.raise_up,
            "p.back": self.back,
        }
        return Routes(
            commands={
                "my": self.my,
                "done": self.pick("p.done"),
                "extend": self.pick("p.extend"),
                "progress": self.pick("p.note"),
            },
            words={
                "我的": "my",
                "已答复": "done",
                "延期": "extend",
                "进展": "progress",
            },
            presses={verb: _fresh(handler, self._calendar) for verb, handler in presses.items()},
            answers={
                "promise.answer": self.answered,
                "promise.progress": self.progressed,
                "promise.reason": self.reason_typed,
                "promise.time": self.time_typed,
            },
        )

    # Looking

    async def my(self, turn: Turn) -> None:
        await self._list(turn, "p.card")

    def pick(self, verb: str) -> Handler:
        """A command that acts on one promise: its number may follow; otherwise the open ones are offered."""

        async def choose(turn: Turn) -> None:
            await self._list(turn, verb)

        return choose

    async def _list(self, turn: Turn, verb: str) -> None:
        zone = self._calendar(turn).zone
        number = turn.rest.lstrip("#").split(" ")[0] if turn.rest else ""
        async with turn.database.reading() as tx:
            promises = await actions.open_of(tx, turn.person)
            if number and (found := await actions.find(tx, number, turn.person)):
                promises = [found] if found.is_open and found.may_be_handled_by(turn.person) else []
        await turn.say(views.listed(promises, now=turn.now, zone=zone, verb=verb))

    async def show_card(self, turn: Turn) -> None:
        """The card again, as a new message that is kept true from now on."""
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            promise = await actions.seen_by(tx, turn.heard.number, turn.person)
            await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
            if promise.owner_id == turn.person.id:
                await actions.put_card(tx, promise, turn.heard.chat, turn.heard.message)
        await turn.toast()

    # 已答复

    async def ask_answer(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await teams.ask(tx, turn.person, "promise.answer", _about(promise, turn), turn.now)
            await turn.leave(tx, views.ask_answer(promise))
        await turn.toast()

    async def answered(self, turn: Turn) -> None:
        await self._answer(turn, cut(turn.rest, LONGEST_ANSWER))

    async def answer_solved(self, turn: Turn) -> None:
        await self._answer(turn, _("已解决并告知"))
        await turn.toast(_("已记为答复"))

    async def _answer(self, turn: Turn, what: str) -> None:
        asked = _asked(turn)
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            promise = await actions.answer(tx, promise, turn.person, what, turn.now)
            await teams.drop_question(tx, turn.person)
            await outbox.withdraw(tx, subject=promise.subject, keys=f"{promise.subject}:%")
            card = await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone)
            await self._receipt(tx, turn, card, asked.message)
            await screens.show(tx, promise, now=turn.now, zone=zone, but=(turn.heard.chat, asked.message))
            await self._tell_owner(tx, turn, promise, lambda: _("✅ {name} 已答复客户：{case}"))

    async def unsolved(self, turn: Turn) -> None:
        """Answered without a solution: a new time is compulsory (到时必复)."""
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await self._ask_time(tx, turn, promise, UNSOLVED)
        await turn.toast()

    # 记进展

    async def ask_progress(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await teams.ask(tx, turn.person, "promise.progress", _about(promise, turn), turn.now)
            await turn.leave(tx, views.ask_progress(promise))
        await turn.toast()

    async def progressed(self, turn: Turn) -> None:
        asked = _asked(turn)
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            promise = await actions.record_progress(tx, promise, turn.person, cut(turn.rest, LONGEST_ANSWER), turn.now)
            await teams.drop_question(tx, turn.person)
            card = await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone)
            await self._receipt(tx, turn, card, asked.message)
            await screens.show(tx, promise, now=turn.now, zone=zone, but=(turn.heard.chat, asked.message))

    # 延期

    async def ask_reason(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await teams.ask(tx, turn.person, "promise.reason", _about(promise, turn), turn.now)
            await turn.leave(tx, views.ask_reason(promise))
        await turn.toast()

    async def reason_chosen(self, turn: Turn) -> None:
        reason = views.REASONS[turn.heard.int_arg(2) % len(views.REASONS)]
        async with turn.save() as tx:
            await self._ask_time(tx, turn, await self._pressed(tx, turn), reason)
        await turn.toast()

    async def reason_typed(self, turn: Turn) -> None:
        asked = _asked(turn)
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            await self._ask_time(tx, turn, promise, cut(turn.rest, 200))

    async def _ask_time(self, tx: Transaction, turn: Turn, promise: Promise, reason: str) -> None:
        await teams.ask(tx, turn.person, "promise.time", _about(promise, turn, reason), turn.now)
        await turn.leave(tx, views.ask_new_time(promise, now=turn.now, calendar=self._calendar(turn)))

    async def ask_time_again(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            reason = await self._reason(tx, turn, promise)
            await self._ask_time(tx, turn, promise, reason)
        await turn.toast()

    async def time_chosen(self, turn: Turn) -> None:
        """A ready button says exactly what it means, so it counts at once."""
        reading = quick(turn.heard.int_arg(2), now=turn.now, calendar=self._calendar(turn))
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            reason = await self._reason(tx, turn, promise)
            if reading.due is None:
                raise OutOfDate(reading.error or reading.ask or _("这个时间已经过了，请另选一个。"))
            await self._extend(tx, turn, promise, reason, reading.due, read_as(reading))
        await turn.toast(_("新时间已记下"))

    async def time_typed(self, turn: Turn) -> None:
        """A typed time is echoed before it counts."""
        asked = _asked(turn)
        reading = read_time(turn.rest, now=turn.now, calendar=self._calendar(turn))
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            await teams.ask(tx, turn.person, "promise.time", turn.subject, turn.now)
            if reading.due is None:
                problem = unread(reading, turn.rest)
                message = views.ask_new_time(promise, now=turn.now, calendar=self._calendar(turn), problem=problem)
            else:
                message = views.confirm_time(
                    promise, due=reading.due, says=read_as(reading), now=turn.now, zone=self._calendar(turn).zone
                )
            await turn.leave_new(tx, message)

    async def extend_confirmed(self, turn: Turn) -> None:
        """The time that counts is the one on the pressed button's own message, whatever was typed since."""
        due = datetime.fromtimestamp(turn.heard.int_arg(2) * 60, tz=self._calendar(turn).zone)
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            reason = await self._reason(tx, turn, promise)
            await self._extend(tx, turn, promise, reason, due, "")
        await turn.toast(_("新时间已记下"))

    async def _reason(self, tx: Transaction, turn: Turn, promise: Promise) -> str:
        """The reason given in the step before."""
        kind, subject = await teams.question(tx, turn.person, turn.now) or ("", "")
        if kind == "promise.time":
            asked = Asked(**json.loads(subject))
            if (asked.id, asked.version) == (promise.id, promise.version):
                return asked.reason
        raise OutOfDate(_("这一步已过期，时间没有改。请再点一次“延期”。"))

    async def _extend(
        self, tx: Transaction, turn: Turn, promise: Promise, reason: str, due: datetime, says: str
    ) -> None:
        zone = self._calendar(turn).zone
        promise = await actions.extend(
            tx, promise, turn.person, reason=reason, due=due, says=says, now=turn.now, zone=zone
        )
        await teams.drop_question(tx, turn.person)
        await outbox.withdraw(tx, subject=promise.subject, keys=f"{promise.subject}:%")
        here = (turn.heard.chat, turn.heard.message)
        if promise.owner_id == turn.person.id:
            await actions.put_card(tx, promise, *here)
        await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
        await screens.show(tx, promise, now=turn.now, zone=zone, but=here)
        if reason != UNSOLVED:
            await turn.leave_new(tx, views.tell_customer(self._apology(promise, reason)))
        await self._tell_owner(tx, turn, promise, lambda: _("{name} 已改时间：{case}"))

    # 上报主管

    async def raise_up(self, turn: Turn) -> None:
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            promise = await actions.raise_up(tx, promise, turn.person, turn.now)
            await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
        await turn.toast(_("正在通知主管"))

    async def back(self, turn: Turn) -> None:
        """取消: nothing was changed; the card again."""
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            promise = await actions.seen_by(tx, turn.heard.number, turn.person)
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
        await turn.toast(_("没有改动"))

    # Shared steps

    def _calendar(self, turn: Turn) -> Calendar:
        return self._calendars.of(turn.person.team_id)

    async def _pressed(self, tx: Transaction, turn: Turn) -> Promise:
        return await actions.handled_by(tx, turn.heard.number, turn.person, turn.heard.int_arg(1))

    async def _receipt(self, tx: Transaction, turn: Turn, card: Message, question: int) -> None:
        """The card in place of the question; after typing, also as the answer below what was typed."""
        if question:
            await outbox.leave(tx, card, chat=turn.heard.chat, edits=question, now=turn.now)
        if turn.heard.kind != "press":
            await turn.leave_new(tx, card)

    async def _tell_owner(self, tx: Transaction, turn: Turn, promise: Promise, text: Callable[[], str]) -> None:
        """Somebody else handled it: its owner hears who, in the owner's language."""
        if promise.owner_id == turn.person.id:
            return
        owner = await teams.get(tx, promise.owner_id)
        with speaking(owner.locale):
            said = Message(text=text().format(name=html(turn.person.name), case=html(promise.name)))
        await outbox.leave(tx, said, chat=owner.telegram_id, now=turn.now, subject=promise.subject)


def _fresh(handler: Handler, calendar: Callable[[Turn], Calendar]) -> Handler:
    """A press on a card that is out of date says so and draws the card as it is now."""

    async def handle(turn: Turn) -> None:
        try:
            await handler(turn)
        except OutOfDate as problem:
            await turn.toast(problem.sentence, alert=True)
            async with turn.save() as tx:
                promise = await actions.get(tx, turn.heard.number)
                if promise.may_be_handled_by(turn.person):
                    card = await screens.card_now(tx, promise, turn.person, now=turn.now, zone=calendar(turn).zone)
                    await turn.leave(tx, card)

    return handle


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a question was about: the promise with the deadline it had, and the message that asked (0: none)."""

    id: int
    version: int
    message: int
    reason: str = ""


def _about(promise: Promise, turn: Turn, reason: str = "") -> str:
    message = turn.heard.message if turn.heard.kind == "press" else 0
    asked = Asked(id=promise.id, version=promise.version, message=message, reason=reason)
    return json.dumps(asdict(asked), ensure_ascii=False)


def _asked(turn: Turn) -> Asked:
    """From the question being answered, or from the pressed button."""
    if turn.heard.kind == "press":
        return Asked(id=turn.heard.number, version=turn.heard.int_arg(1), message=turn.heard.message)
    return Asked(**json.loads(turn.subject))
