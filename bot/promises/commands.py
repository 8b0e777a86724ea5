"""What people do with promises in chat: /my /done /extend /progress and the buttons of cards and reminders."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bot.errors import OutOfDate
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _, speaking
from bot.outbox import actions as outbox
from bot.promises import actions, screens, views
from bot.promises.asking import Question, pressed, question, read_answer, read_as
from bot.promises.calendars import Calendars
from bot.promises.clocks import ANSWERED, RESOLVED, Clocks
from bot.promises.picker import minutes
from bot.promises.promise import Promise
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import cut, html
from bot.teams import actions as teams

LONGEST_ANSWER = 1000
_NUMBER = re.compile(r"\d{4,6}-\d{2,}")
LONGEST_NAME = 40  # of a department
UNSOLVED = "未解决，已告知客户"  # the reason on record when the customer was answered without a solution


class PromiseCommands:
    """`clocks` is called when needed, so that a changed phrasebook counts from the next case on; `apology` gives the
    wording that tells a customer of a moved deadline and its reason."""

    def __init__(
        self, clocks: Callable[[], Clocks], calendars: Calendars, apology: Callable[[Promise, str], str]
    ) -> None:
        self._clocks, self._calendars, self._apology = clocks, calendars, apology

    def routes(self) -> Routes:
        presses: dict[str, Handler] = {
            "p.card": self.show_card,
            "p.done": self.ask_answer,
            "p.solved": self.answer_solved,
            "p.unsolved": self.unsolved,
            "p.replied": self.replied,
            "p.close": self.close,
            "p.move": self.ask_department,
            "p.note": self.ask_progress,
            "p.extend": self.ask_reason,
            "p.reason": self.reason_chosen,
            "p.when": self.time_pressed,
            "p.at": self.time_pressed,
            **dict.fromkeys(views.PICKING, self.pick_time),
            "p.keep": self.keep_time,
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
                "promise.move": self.moved,
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
            cases = await actions.open_of(tx, turn.person)
            if number and (found := await actions.find(tx, number, turn.person)):
                found = await actions.seen_by(tx, found.id, turn.person)
                open_clocks = [c for c in await actions.case(tx, found) if c.is_open and not c.reported]
                if not open_clocks:  # settled: the card says how
                    await turn.say(await screens.card_now(tx, found, turn.person, now=turn.now, zone=zone))
                    return
                cases = [open_clocks]
            elif _NUMBER.fullmatch(number):
                raise OutOfDate(_("没有 #{number}，请核对编号。发 /my 看看手头的承诺。").format(number=number))
        if verb == "p.extend":
            cases = [case for case in cases if case[0].own]
        said = turn.rest.lstrip("#")[len(number) :].strip() if len(cases) == 1 and number == cases[0][0].number else ""
        if said and cases[0][0].own and (handler := {"p.done": self.answered, "p.note": self.progressed}.get(verb)):
            own = cases[0][0]  # /progress 0611-01 配件已到
            await handler(turn.about(said, Asked(id=own.id, version=own.version, message=0).to_json()))
            return
        if said and verb == "p.extend":  # /extend 0611-01 明天下班前: the time is known, the reason is not
            async with turn.save() as tx:
                own = await actions.handled_by(tx, cases[0][0].id, turn.person, cases[0][0].version)
                await self._ask_reason(tx, turn, own, said)
            return
        await turn.say(views.listed(cases, now=turn.now, zone=zone, verb=verb))

    async def show_card(self, turn: Turn) -> None:
        """The card again, as a new message that is kept true from now on."""
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            promise = await actions.seen_by(tx, turn.heard.number, turn.person)
            await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
            if promise.owner_id == turn.person.id:
                own = (await actions.case(tx, promise))[0]
                await actions.put_card(tx, own, turn.heard.chat, turn.heard.message)
        await turn.toast()

    # 已答复

    async def ask_answer(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            if not promise.own:  # the customer was answered; what is left is to settle the matter
                zone = self._calendar(turn).zone
                await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
            else:
                first = any(clock.awaits_first_answer for clock in await actions.case(tx, promise))
                await teams.ask(tx, turn.person, "promise.answer", _about(promise, turn).to_json(), turn.now)
                await turn.leave(tx, views.ask_answer(promise, first=first))
        await turn.toast()

    async def answered(self, turn: Turn) -> None:
        await self._answer(turn, cut(turn.rest, LONGEST_ANSWER), ANSWERED)

    async def answer_solved(self, turn: Turn) -> None:
        await self._answer(turn, _("已解决并告知"), ANSWERED, RESOLVED)
        await turn.toast(_("已记为答复"))

    async def _answer(self, turn: Turn, what: str, *events: str) -> None:
        asked = _asked(turn)
        zone = self._calendar(turn).zone
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            promise = await actions.answer(tx, promise, turn.person, what, turn.now)
            for event in events:
                await actions.happened(tx, promise, event, turn.person, what, turn.now)
            await teams.drop_question(tx, turn.person)
            await self._hush(tx, promise)
            card = await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone)
            await self._receipt(tx, turn, card, asked.message)
            await screens.show(tx, promise, now=turn.now, zone=zone, but=(turn.heard.chat, asked.message))
            await self._tell_owner(tx, turn, promise, lambda: _("✅ {name} 已答复客户：{case}"))

    async def replied(self, turn: Turn) -> None:
        """A first answer was given, the promised time stands."""
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await self._settle(tx, turn, promise, ANSWERED, _("先答复了"))
            await self._tell_owner(tx, turn, promise, lambda: _("{name} 已先答复客户：{case}"))
        await turn.toast(_("已记为首次答复"))

    # 办结, 转部门

    async def close(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await self._settle(tx, turn, promise, RESOLVED, _("已办结"))
            await self._tell_owner(tx, turn, promise, lambda: _("✅ {name} 已办结：{case}"))
        await turn.toast(_("已办结"))

    async def ask_department(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await teams.ask(tx, turn.person, "promise.move", _about(promise, turn).to_json(), turn.now)
            await turn.leave(tx, views.ask_department(promise))
        await turn.toast()

    async def moved(self, turn: Turn) -> None:
        asked = _asked(turn)
        calendar = self._calendar(turn)
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            await actions.transfer(
                tx, promise, turn.person, cut(turn.rest, LONGEST_NAME), clocks=self._clocks(), now=turn.now,
                calendar=calendar,
            )  # fmt: skip
            await teams.drop_question(tx, turn.person)
            await self._hush(tx, promise)
            card = await screens.card_now(tx, promise, turn.person, now=turn.now, zone=calendar.zone)
            await self._receipt(tx, turn, card, asked.message)
            await screens.show(tx, promise, now=turn.now, zone=calendar.zone, but=(turn.heard.chat, asked.message))
            await self._tell_owner(tx, turn, promise, lambda: _("{name} 已转部门：{case}"))

    async def _settle(self, tx: Transaction, turn: Turn, promise: Promise, event: str, what: str) -> None:
        """An event of the case: its clocks stop, and every message shows how the case stands."""
        zone = self._calendar(turn).zone
        await actions.happened(tx, promise, event, turn.person, what, turn.now)
        await teams.drop_question(tx, turn.person)
        await self._hush(tx, promise)
        await turn.leave(tx, await screens.card_now(tx, promise, turn.person, now=turn.now, zone=zone))
        await screens.show(tx, promise, now=turn.now, zone=zone, but=(turn.heard.chat, turn.heard.message))

    async def _hush(self, tx: Transaction, promise: Promise) -> None:
        """What was still to be said about clocks that stopped is not true any more."""
        for clock in await actions.case(tx, promise):
            if not clock.is_open:
                await outbox.withdraw(tx, subject=clock.subject, keys=f"{clock.subject}:%")

    async def unsolved(self, turn: Turn) -> None:
        """Answered without a solution: a new time is compulsory (到时必复)."""
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await self._ask_time(tx, turn, promise, UNSOLVED, _about(promise, turn))
        await turn.toast()

    # 记进展

    async def ask_progress(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await teams.ask(tx, turn.person, "promise.progress", _about(promise, turn).to_json(), turn.now)
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
        """Pressed; what comes with it as if typed is the new time."""
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await self._ask_reason(tx, turn, promise, turn.rest if turn.heard.kind == "text" else "")
        await turn.toast()

    async def _ask_reason(self, tx: Transaction, turn: Turn, promise: Promise, said: str) -> None:
        actions.may_be_extended(promise)
        asked = replace(_about(promise, turn), words=said, asked_at=minutes(turn.now))
        await teams.ask(tx, turn.person, "promise.reason", asked.to_json(), turn.now)
        await turn.leave(tx, views.ask_reason(promise))

    async def reason_chosen(self, turn: Turn) -> None:
        reason = views.REASONS[turn.heard.int_arg(2) % len(views.REASONS)]
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            kind, subject = await teams.question(tx, turn.person, turn.now) or ("", "")
            asked = Asked(**json.loads(subject)) if kind == "promise.reason" else _about(promise, turn)
            await self._ask_time(tx, turn, promise, reason, asked)
        await turn.toast()

    async def reason_typed(self, turn: Turn) -> None:
        asked = _asked(turn)
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            await self._ask_time(tx, turn, promise, cut(turn.rest, 200), asked)

    async def _ask_time(self, tx: Transaction, turn: Turn, promise: Promise, reason: str, before: "Asked") -> None:
        """`before`: what asked for the reason, with the new time if that was said first."""
        asked, calendar = _about(promise, turn, reason), self._calendar(turn)
        if before.id == promise.id and before.words:
            said_at = datetime.fromtimestamp(before.asked_at * 60, tz=calendar.zone)
            reading = read_time(before.words, now=said_at, calendar=calendar)
            if reading.due and reading.due > turn.now:
                await self._echo_time(tx, turn, promise, asked, reading)
                return
        await self._question_time(tx, turn, promise, asked, Question())

    async def ask_time_again(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await self._question_time(tx, turn, promise, await self._asked_time(tx, turn, promise), Question())
        await turn.toast()

    async def time_pressed(self, turn: Turn) -> None:
        calendar = self._calendar(turn)
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            asked = await self._asked_time(tx, turn, promise)
            reading = pressed(
                turn.heard.text, turn.heard.int_arg(2), before=promise.due, now=turn.now, calendar=calendar
            )
            await self._echo_time(tx, turn, promise, asked, reading)
        await turn.toast()

    async def pick_time(self, turn: Turn) -> None:
        """自选: a page of the calendar keyboard. What is typed meanwhile is read as a time."""
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            await self._keep_asked(tx, turn, await self._asked_time(tx, turn, promise))
            message = views.picking_time(
                promise, turn.heard.text, turn.heard.int_arg(2), now=turn.now, calendar=self._calendar(turn)
            )
            await turn.leave(tx, message)
        await turn.toast()

    async def keep_time(self, turn: Turn) -> None:
        """上一步: the new time as it was echoed; without one, what was asked about it."""
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            asked = await self._asked_time(tx, turn, promise)
            if asked.due:
                await turn.leave(tx, self._confirming(turn, promise, asked))
            else:
                await self._question_time(tx, turn, promise, asked, self._question(turn, asked.words))
        await turn.toast()

    async def time_typed(self, turn: Turn) -> None:
        asked, calendar = _asked(turn), self._calendar(turn)
        reading = read_answer(
            turn.rest, asked=asked.words, asked_at=datetime.fromtimestamp(asked.asked_at * 60, tz=calendar.zone),
            now=turn.now, calendar=calendar,
        )  # fmt: skip
        async with turn.save() as tx:
            promise = await actions.handled_by(tx, asked.id, turn.person, asked.version)
            if reading.due:
                await self._echo_time(tx, turn, promise, asked, reading)
            else:
                again = self._question(turn, turn.rest, before=asked.words)
                await self._question_time(tx, turn, promise, asked, again)

    def _question(self, turn: Turn, text: str, *, before: str | None = None) -> Question:
        return question(text, before=before, soft=self._clocks().soft, now=turn.now, calendar=self._calendar(turn))

    async def _question_time(
        self, tx: Transaction, turn: Turn, promise: Promise, asked: "Asked", again: Question
    ) -> None:
        await self._keep_asked(tx, turn, replace(asked, words=again.words, asked_at=minutes(turn.now)))
        calendar = self._calendar(turn)
        message = views.ask_new_time(promise, asked=again, echoed=bool(asked.due), now=turn.now, calendar=calendar)
        await turn.leave(tx, message)

    async def _echo_time(self, tx: Transaction, turn: Turn, promise: Promise, asked: "Asked", reading: Reading) -> None:
        """A new time is echoed before it counts."""
        assert reading.due
        asked = replace(asked, words="", due=minutes(reading.due), says=read_as(reading), why=reading.steps)
        await self._keep_asked(tx, turn, asked)
        await turn.leave(tx, self._confirming(turn, promise, asked))

    def _confirming(self, turn: Turn, promise: Promise, asked: "Asked") -> Message:
        calendar = self._calendar(turn)
        due = datetime.fromtimestamp(asked.due * 60, tz=calendar.zone)
        return views.confirm_time(promise, due=due, says=asked.says, now=turn.now, calendar=calendar)

    async def extend_confirmed(self, turn: Turn) -> None:
        """The time that counts is the one on the pressed button's own message, whatever was typed since."""
        number = turn.heard.int_arg(2)
        async with turn.save() as tx:
            promise = await self._pressed(tx, turn)
            asked = await self._asked_time(tx, turn, promise)
            reading = pressed("p.at", number, before=promise.due, now=turn.now, calendar=self._calendar(turn))
            if number == asked.due:
                reading = replace(reading, says=asked.says, notes=(), steps=tuple(asked.why))
            await self._extend(tx, turn, promise, asked.reason, reading)
        await turn.toast(_("新时间已记下"))

    async def _asked_time(self, tx: Transaction, turn: Turn, promise: Promise) -> "Asked":
        """What was answered in the steps before."""
        kind, subject = await teams.question(tx, turn.person, turn.now) or ("", "")
        if kind == "promise.time":
            asked = Asked(**json.loads(subject))
            if (asked.id, asked.version) == (promise.id, promise.version):
                return asked
        raise OutOfDate(_("这一步已过期，时间没有改。请再点一次“延期”。"))

    async def _keep_asked(self, tx: Transaction, turn: Turn, asked: "Asked") -> None:
        await teams.ask(tx, turn.person, "promise.time", asked.to_json(), turn.now)

    async def _extend(self, tx: Transaction, turn: Turn, promise: Promise, reason: str, reading: Reading) -> None:
        zone = self._calendar(turn).zone
        assert reading.due
        promise = await actions.extend(
            tx, promise, turn.person, reason=reason, due=reading.due, says=read_as(reading), why=reading.steps,
            now=turn.now, zone=zone,
        )  # fmt: skip
        await teams.drop_question(tx, turn.person)
        await outbox.withdraw(tx, subject=promise.subject, keys=f"{promise.subject}:%")
        if reason == UNSOLVED:  # the customer heard something, which is the first answer the norms ask for
            await actions.happened(tx, promise, ANSWERED, turn.person, reason, turn.now)
            await self._hush(tx, promise)
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
        """The promise a button is about; on a message of a norm's clock, the customer's own while it is open."""
        promise = await actions.handled_by(tx, turn.heard.number, turn.person, turn.heard.int_arg(1))
        if promise.own:
            return promise
        own = (await actions.case(tx, promise))[0]
        return own if own.is_open else promise

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
        with speaking(*owner.voice):
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
    """What a question was about: the promise with the deadline it had, and the message that asked (0: none).

    Of an extension also its reason, the words of an unclear new time or of one said before the reason, and the time that was echoed (in minutes since
    1970; 0: none) with how it was read and counted.
    """

    id: int
    version: int
    message: int
    reason: str = ""
    words: str = ""
    asked_at: int = 0  # when these words were asked about, in minutes since 1970
    due: int = 0
    says: str = ""
    why: Sequence[str] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def _about(promise: Promise, turn: Turn, reason: str = "") -> Asked:
    message = turn.heard.message if turn.heard.kind == "press" else 0
    return Asked(id=promise.id, version=promise.version, message=message, reason=reason)


def _asked(turn: Turn) -> Asked:
    """From the question being answered, or from the pressed button."""
    if turn.heard.kind == "press":
        return Asked(id=turn.heard.number, version=turn.heard.int_arg(1), message=turn.heard.message)
    return Asked(**json.loads(turn.subject))
