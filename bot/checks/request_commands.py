"""/ask 请示 and 请示主管 under a draft: a lead is asked, decides once, and the agent hears what may be said."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.checks import actions as checks
from bot.checks import request_actions as actions
from bot.checks import request_views as views
from bot.checks.check import Checker
from bot.checks.offer import PROMISED_ALONE, script_of
from bot.checks.request import AGREED, ANSWER_WITHIN, REFUSED, Request, State, case_in, decision_in
from bot.checks.rewrite import clauses_of
from bot.checks.rule import Occasion
from bot.errors import NotAllowed, OutOfDate, Unreadable
from bot.inbox.turn import Routes, Turn
from bot.language.speech import _, speaking
from bot.outbox import actions as outbox
from bot.phrases.fill import address_in, fill, in_script, say_to_customer
from bot.promises import actions as promises
from bot.promises.calendars import Calendars
from bot.promises.clocks import Clocks
from bot.promises.timewords import read_time
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import cut
from bot.teams import actions as teams
from bot.teams.person import Person

LONGEST = 500
LONGEST_OPINION = 300
SOON = "尽快"  # the vague word whose norm gives the time in a refusal


class RequestCommands:
    """`refusal` is the wording that refuses a customer, with at most {称呼} and {due} to fill."""

    def __init__(
        self, checker: Callable[[], Checker], clocks: Callable[[], Clocks], refusal: Callable[[], str],
        calendars: Calendars,
    ) -> None:  # fmt: skip
        self._checker, self._clocks, self._refusal, self._calendars = checker, clocks, refusal, calendars

    def routes(self) -> Routes:
        return Routes(
            commands={"ask": self.ask},
            words={"请示": "ask", "请示主管": "ask"},
            presses={
                "h.ask": self.ask_about_draft,
                "a.yes": self.agree,
                "a.no": self.refuse,
                "a.write": self.ask_opinion,
                "a.with": self.decide_with_opinion,
                "a.back": self.back,
            },
            answers={"request.text": self.ask, "request.opinion": self.opinion},
        )

    # Asking

    async def ask(self, turn: Turn) -> None:
        """/ask 能不能给张先生减免一个月物业费"""
        if not turn.rest:
            async with turn.save() as tx:
                await teams.ask(tx, turn.person, "request.text", "", turn.now)
                await turn.leave(tx, views.ask_text())
            return
        if len(turn.rest) > LONGEST:
            raise Unreadable(_("太长了，没有发出。请缩短到 {most} 字以内再发。").format(most=LONGEST))
        async with turn.save() as tx:
            await teams.drop_question(tx, turn.person)
            await self._ask(tx, turn, turn.rest, source=turn.heard.update_id, draft=False)

    async def ask_about_draft(self, turn: Turn) -> None:
        """请示主管 under a draft that promises what only a lead may agree to."""
        async with turn.save() as tx:
            text = await checks.draft_of(tx, turn.heard.number, turn.person)
            asked = await self._ask(tx, turn, text, source=turn.heard.number, draft=True)
        await turn.toast("" if asked else views.asked_already())

    async def _ask(self, tx: Transaction, turn: Turn, text: str, *, source: int, draft: bool) -> bool:
        """The request, its notices and the asker's receipt; False when this text was asked about before."""
        level, leads = await actions.leads_from(tx, turn.person, 1)
        if not leads:
            raise NotAllowed(_("没有能收到请示的主管，没有发出。请当面请示，或让机主用 /invite 补上主管。"))
        request = await actions.ask(
            tx, turn.person, text, source=source, draft=draft, why=self._why(text), number=await _case(tx, turn, text),
            level=level, now=turn.now, look_at=self._answer_by(turn.person.team_id, turn.now),
        )  # fmt: skip
        if request is None:
            return False
        await tell_leads(tx, request, turn.person, leads, turn.now)
        await outbox.leave(
            tx, views.asked(request, leads), chat=turn.heard.chat, now=turn.now, subject=request.subject,
            key=request.receipt_key,
        )  # fmt: skip
        return True

    def _why(self, text: str) -> str:
        """What in it an agent may not promise."""
        found = self._checker().check(text).findings
        return next((finding.why for finding in found if finding.kind == PROMISED_ALONE), "")

    def _answer_by(self, team_id: int, now: datetime) -> datetime:
        return self._calendars.of(team_id).add_working_time(now, ANSWER_WITHIN)

    # Deciding

    async def agree(self, turn: Turn) -> None:
        await self._decide(turn, AGREED, "")

    async def refuse(self, turn: Turn) -> None:
        await self._decide(turn, REFUSED, "")

    async def ask_opinion(self, turn: Turn) -> None:
        """写意见."""
        async with turn.save() as tx:
            request = await actions.seen_by_lead(tx, turn.heard.number, turn.person)
            if await self._settled(tx, turn, request):
                return
            asker = await teams.get(tx, request.person_id)
            await teams.ask(tx, turn.person, "request.opinion", f"{request.id} ", turn.now)
            await turn.leave(tx, views.ask_opinion(request, asker=asker.name))
        await turn.toast()

    async def opinion(self, turn: Turn) -> None:
        """An opinion says yes or no by its first word; otherwise that is asked."""
        id = int(turn.subject.partition(" ")[0])
        words = cut(turn.rest, LONGEST_OPINION)
        if state := decision_in(words):
            await self._decide(turn, state, words, id=id)
            return
        async with turn.save() as tx:
            request = await actions.seen_by_lead(tx, id, turn.person)
            await teams.ask(tx, turn.person, "request.opinion", f"{request.id} {words}", turn.now)
            await turn.leave(tx, views.which_way(request, words))

    async def decide_with_opinion(self, turn: Turn) -> None:
        """同意, 不同意 under an opinion that said neither; without it nothing is decided."""
        async with turn.database.reading() as tx:
            kind, subject = await teams.question(tx, turn.person, turn.now) or ("", "")
        id, _blank, words = subject.partition(" ")
        if kind != "request.opinion" or id != str(turn.heard.number) or not words:
            raise OutOfDate(_("写的意见已过期，还没有定。请在请示上再点“写意见”。"))
        await self._decide(turn, AGREED if turn.heard.int_arg(1) else REFUSED, words)

    async def back(self, turn: Turn) -> None:
        """取消: nothing was decided; the notice again."""
        async with turn.save() as tx:
            request = await actions.seen_by_lead(tx, turn.heard.number, turn.person)
            if await self._settled(tx, turn, request):
                return
            await _drop_opinion(tx, turn)
            asker = await teams.get(tx, request.person_id)
            await turn.leave(tx, await _notice(tx, request, asker, again=False))
        await turn.toast(_("没有定"))

    async def _decide(self, turn: Turn, state: State, opinion: str, *, id: int = 0) -> None:
        async with turn.save() as tx:
            request = await actions.seen_by_lead(tx, id or turn.heard.number, turn.person)
            if not await actions.decide(tx, request, state, turn.person, opinion, turn.now):
                await _drop_opinion(tx, turn)
                await self._settled(tx, turn, await actions.get(tx, request.id))
                return
            await _drop_opinion(tx, turn)
            request = await actions.get(tx, request.id)
            zone = self._zone(request)
            await outbox.withdraw(tx, subject=request.subject, keys=request.notices)
            asker = await teams.get(tx, request.person_id)
            await turn.leave(tx, _decided(request, asker, turn.person, turn.now, zone))
            await show(tx, request, now=turn.now, zone=zone)
            await self._answer(tx, request, asker, turn.person, turn.now)
        if turn.heard.kind == "press":
            await turn.toast(_("已答复 {name}").format(name=asker.name))

    async def _settled(self, tx: Transaction, turn: Turn, request: Request) -> bool:
        """Another lead was quicker: say who, and show it."""
        if request.is_open or request.decided_by is None:
            return False
        by = await teams.get(tx, request.decided_by)
        asker = await teams.get(tx, request.person_id)
        await turn.leave(tx, _decided(request, asker, by, turn.now, self._zone(request)))
        if turn.heard.kind == "press":
            await turn.toast(views.too_late(request, by=by.name))
        return True

    async def _answer(self, tx: Transaction, request: Request, asker: Person, by: Person, now: datetime) -> None:
        """The asker hears who decided, and what may be said now."""
        calendar = self._calendars.of(request.team_id)
        case = await promises.find(tx, request.number, asker) if request.number else None
        customer = address_in(request.text) or (case.customer if case else "")
        due = read_time(self._clocks().soft[SOON], now=now, calendar=calendar).due
        with speaking(*asker.voice):
            if request.state == AGREED:
                channel = await checks.channel(tx, request.team_id)
                say, named = allowed(request, self._checker(), Occasion(channel=channel)), None
            else:
                wording = self._refusal()
                when = say_to_customer(due, now=now, zone=calendar.zone) if due else ""
                with speaking(script_of(request.text)):
                    given = {"称呼": customer, "due": when}
                    say = fill(in_script(wording, script_of(request.text)), given).text
                named = (when, int(due.timestamp() // 60)) if due and "{due}" in wording else None
            message = views.answer(
                request, by=by.name, say=say, due=named, customer=customer, now=now, zone=calendar.zone
            )
        await outbox.leave(tx, message, chat=asker.telegram_id, now=now, subject=request.subject)

    def _zone(self, request: Request) -> ZoneInfo:
        return self._calendars.of(request.team_id).zone


def allowed(request: Request, checker: Checker, occasion: Occasion) -> str:
    """What may be sent once a lead has agreed: the draft, or only its sentences that were asked about, when the rest
    of it breaks other norms; empty when nothing of it may go as it stands, as when the lead set terms."""
    if not request.draft or request.has_terms:
        return ""
    findings = checker.check(request.text, occasion=occasion).findings
    others = [finding for finding in findings if finding.kind != PROMISED_ALONE]
    if not others:
        return request.text
    parts, start = [], 0
    for clause in clauses_of(request.text):
        if clause.ends_sentence or clause.stop == len(request.text):
            of_it = [f for f in findings if f.start < clause.stop and f.end > start]
            if of_it and all(f.kind == PROMISED_ALONE for f in of_it):
                parts.append(request.text[start : clause.stop])
            start = clause.stop
    return "".join(parts).strip()


async def tell_leads(
    tx: Transaction, request: Request, asker: Person, leads: list[Person], now: datetime, *, again: bool = False
) -> None:
    """Each lead of a level hears it once, in their language."""
    for lead in leads:
        with speaking(*lead.voice):
            message = await _notice(tx, request, asker, again=again)
        await outbox.leave(
            tx, message, chat=lead.telegram_id, now=now, subject=request.subject,
            key=request.notice_key(request.level, lead), priority=outbox.NOTICE,
        )  # fmt: skip


async def show(tx: Transaction, request: Request, *, now: datetime, zone: ZoneInfo) -> None:
    """Everybody's screen says who decided: the notices of the leads, and the receipt of the asker."""
    assert request.decided_by
    by = await teams.get(tx, request.decided_by)
    asker = await teams.get(tx, request.person_id)
    for row in await outbox.on_screens(tx, subject=request.subject, keys=request.notices):
        reader = await teams.find(tx, row["chat"])
        if reader:
            with speaking(*reader.voice):
                look = _decided(request, asker, by, now, zone)
            await outbox.leave(tx, look, chat=row["chat"], edits=row["message"], now=now, subject=request.subject)
    for row in await outbox.on_screens(tx, subject=request.subject, keys=request.receipt_key):
        with speaking(*asker.voice):
            look = views.answered_below(request, by=by.name, now=now, zone=zone)
        await outbox.leave(tx, look, chat=row["chat"], edits=row["message"], now=now, subject=request.subject)


async def _notice(tx: Transaction, request: Request, asker: Person, *, again: bool) -> Message:
    case = await promises.find(tx, request.number, asker) if request.number else None
    return views.notice(request, asker=asker.name, case=case.name if case else "", again=again)


def _decided(request: Request, asker: Person, by: Person, now: datetime, zone: ZoneInfo) -> Message:
    return views.decided(request, asker=asker.name, by=by.name, now=now, zone=zone)


async def _case(tx: Transaction, turn: Turn, text: str) -> str | None:
    """The case it is about: the one it names, else the only one the agent has open."""
    if (number := case_in(text)) and (found := await promises.find(tx, number, turn.person)):
        return found.number if found.may_be_handled_by(turn.person) else None
    cases = await promises.open_of(tx, turn.person)
    return cases[0][0].number if len(cases) == 1 else None


async def _drop_opinion(tx: Transaction, turn: Turn) -> None:
    """The opinion is not asked for any more; another question that was asked since stands."""
    asked = await teams.question(tx, turn.person, turn.now)
    if asked and asked[0] == "request.opinion":
        await teams.drop_question(tx, turn.person)
