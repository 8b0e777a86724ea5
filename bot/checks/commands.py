"""Checking a draft before it is sent: /check, 检查 as a reply, and @bot ?草稿; and what is counted of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.checks import actions, views
from bot.checks.check import Checker
from bot.checks.commitments import commitments
from bot.checks.counts import this_week
from bot.checks.offer import Offer, definite, offer
from bot.checks.rule import Occasion, Rule
from bot.errors import NotAllowed, OutOfDate, Unreadable
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _, speaking, spoken
from bot.phrases.fill import address_in, is_traditional
from bot.promises import actions as promises
from bot.promises.calendars import Calendars
from bot.promises.clocks import Clocks
from bot.promises.picker import minutes
from bot.promises.promise import Promise
from bot.promises.timewords import read_time
from bot.promises.workdays import Calendar
from bot.shared.database import Transaction
from bot.shared.text import cut
from bot.teams import actions as teams
from bot.teams.person import Person

LONGEST = 2000
LONGEST_TITLE = 60
INLINE = 250  # characters of an inline query, of which Telegram carries 256
STYLE, OWN_COUNTS, TEAM_COUNTS = ("风格",), ("统计", "我的统计"), ("团队统计",)  # after /check, instead of a draft


class CheckCommands:
    """`promise` remembers a commitment as if it had been typed after /promise; `extend` asks why and until when a
    case is put off."""

    def __init__(
        self, checker: Callable[[], Checker], clocks: Callable[[], Clocks], calendars: Calendars, *, promise: Handler,
        extend: Handler,
    ) -> None:  # fmt: skip
        self._checker, self._clocks, self._calendars = checker, clocks, calendars
        self._promise, self._extend = promise, extend

    def routes(self) -> Routes:
        return Routes(
            commands={"check": self.check},
            words={"检查": "check", "查忌语": "check"},
            presses={
                "h.draft": self.ask_draft,
                "h.other": self.another,
                "h.record": self.record,
                "h.extend": self.extend,
                "h.mine": self.own_counts,
                "h.team": self.team_counts,
                "h.style": self.style,
                "h.styled": self.style_chosen,
            },
            answers={"check.draft": self.check},
        )

    # A draft

    async def check(self, turn: Turn) -> None:
        """/check 这个我不知道"""
        draft = turn.rest or turn.heard.reply_text
        if not draft:
            await self.ask_draft(turn)
        elif turn.heard.private and turn.rest in (*STYLE, *OWN_COUNTS, *TEAM_COUNTS):
            shows = self.style if draft in STYLE else self.own_counts if draft in OWN_COUNTS else self.team_counts
            await shows(turn)
        elif len(draft) > LONGEST:
            raise Unreadable(_("太长了，一次最多检查 {most} 字，请分段发。").format(most=LONGEST))
        else:
            await self._check(turn, draft)

    async def _check(self, turn: Turn, draft: str) -> None:
        async with turn.database.reading() as tx:
            found = await self._offer(tx, turn, draft)
        async with turn.save() as tx:
            await _drop_question(tx, turn)
            await actions.record(tx, turn.person, found.checked.findings, turn.now)
            if turn.heard.private:  # for the buttons
                await actions.keep_draft(tx, turn.heard.update_id, turn.person, draft, turn.now)
            await self._show(tx, turn, found, turn.heard.update_id)

    async def another(self, turn: Turn) -> None:
        """换一种改法."""
        id, place = turn.heard.number, turn.heard.int_arg(1)
        async with turn.save() as tx:
            draft = await actions.draft_of(tx, id, turn.person)
            await self._show(tx, turn, await self._offer(tx, turn, draft), id, place)
        await turn.toast()

    async def ask_draft(self, turn: Turn) -> None:
        async with turn.save() as tx:
            if turn.heard.private:
                await teams.ask(tx, turn.person, "check.draft", "", turn.now)
            await turn.leave(tx, views.ask_draft(leads=turn.person.leads, private=turn.heard.private))
        if turn.heard.kind == "press":
            await turn.toast()

    async def _offer(self, tx: Transaction, turn: Turn, draft: str) -> Offer:
        """The draft checked in the style of the team, with what can be sent instead."""
        occasion = Occasion(channel=await actions.channel(tx, turn.person.team_id))
        return offer(
            draft, self._checker(), occasion=occasion, soft=self._clocks().soft, now=turn.now,
            calendar=self._calendar(turn),
        )  # fmt: skip

    async def _show(self, tx: Transaction, turn: Turn, found: Offer, id: int, place: int = 0) -> None:
        private = turn.heard.private
        case = await _only_case(tx, turn.person) if private else None
        with speaking("zh_Hant" if is_traditional(found.draft) else spoken(), turn.person.zone if private else None):
            message = views.result(
                found, id, place=place, case=case, private=private, now=turn.now, zone=self._calendar(turn).zone
            )
        await turn.leave(tx, message)

    # Its commitments

    async def record(self, turn: Turn) -> None:
        """记为承诺: the commitment as if it had been typed after /promise; a vague one with the time that was shown."""
        async with turn.database.reading() as tx:
            draft = await actions.draft_of(tx, turn.heard.number, turn.person)
            case = await _only_case(tx, turn.person)
        found = commitments(draft, None)
        if not 0 <= turn.heard.int_arg(1) < len(found):
            raise OutOfDate(_("这个按钮已经不能用了，请再发一次 /check。"))
        text = self._with_time(turn, found[turn.heard.int_arg(1)].text, turn.heard.int_arg(2))
        customer = address_in(draft) or (case.customer if case else "")
        if customer and not address_in(text):
            text = f"{customer} {text}"
        await self._promise(_as_typed(turn, text))
        await turn.toast()

    def _with_time(self, turn: Turn, text: str, minute: int) -> str:
        """The commitment with a definite time (minutes since 1970) in place of its vague word."""
        calendar = self._calendar(turn)
        span = read_time(text, now=turn.now, calendar=calendar).span
        if not minute or span is None:
            return text
        due = datetime.fromtimestamp(minute * 60, tz=calendar.zone)
        return definite(text, text[slice(*span)], due, now=turn.now, calendar=calendar)

    async def extend(self, turn: Turn) -> None:
        """改 #0611-01 的时间: below the answer, which stays; the new time is the draft's."""
        async with turn.database.reading() as tx:
            found = await self._offer(tx, turn, await actions.draft_of(tx, turn.heard.int_arg(2), turn.person))
        timed = next((one for one in found.times if one.due), None)
        words = (
            self._with_time(turn, timed.text, minutes(timed.due) if timed.word else 0) if timed and timed.due else ""
        )
        await self._extend(_as_typed(turn, words))
        await turn.toast()

    # Inline

    async def inline(self, turn: Turn) -> None:
        """@bot ?这个我不知道: the first result is the better sentence; a bad draft itself is never offered."""
        draft = turn.rest.lstrip("?？ ")
        if not draft:
            await turn.telegram.answer_inline(turn.heard.query, [], start=None)
            return
        if len(turn.rest) >= INLINE:  # Telegram hands over no more: its end is not known
            await turn.telegram.answer_inline(turn.heard.query, [], start=views.too_long_inline())
            return
        async with turn.database.reading() as tx:
            found = await self._offer(tx, turn, draft)
        with speaking("zh_Hant" if is_traditional(draft) else spoken()):
            await turn.telegram.answer_inline(turn.heard.query, _inline(found), start=_nothing_to_send(found))

    async def chosen(self, turn: Turn) -> None:
        """A tap sent one of the results: that is a check that counts."""
        async with turn.database.reading() as tx:
            found = await self._offer(tx, turn, turn.rest.lstrip("?？ "))
        async with turn.save() as tx:
            await actions.record(tx, turn.person, found.checked.findings, turn.now)

    # Counts and style

    async def own_counts(self, turn: Turn) -> None:
        """我的统计: for nobody else."""
        async with turn.save() as tx:
            counts = await actions.counts_of(tx, turn.person, this_week(turn.now, self._calendar(turn).zone))
            await turn.leave(tx, views.own_counts(counts, self._rules()))
        await _toast(turn)

    async def team_counts(self, turn: Turn) -> None:
        """团队统计: classes, never people."""
        if not turn.person.leads:
            raise NotAllowed(_("团队统计由主管查看。自己的发 /check 我的统计。"))
        async with turn.save() as tx:
            stretch = this_week(turn.now, self._calendar(turn).zone)
            counts = await actions.counts_of_team(tx, turn.person.team_id, stretch)
            await turn.leave(tx, views.team_counts(counts, self._rules()))
        await _toast(turn)

    async def style(self, turn: Turn) -> None:
        """风格."""
        async with turn.save() as tx:
            channel = await actions.channel(tx, turn.person.team_id)
            await turn.leave(tx, views.style(channel, may_change=turn.person.leads))
        await _toast(turn)

    async def style_chosen(self, turn: Turn) -> None:
        if not turn.person.leads:
            raise NotAllowed(_("检查风格由主管改。"))
        channel = views.channel_named(turn.heard.args[0] if turn.heard.args else "")
        async with turn.save() as tx:
            await actions.set_channel(tx, turn.person.team_id, channel, turn.person, turn.now)
            await turn.leave(tx, views.style(channel, may_change=True))
        await turn.toast(_("已改，马上生效"))

    def _rules(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self._checker().rules}

    def _calendar(self, turn: Turn) -> Calendar:
        return self._calendars.of(turn.person.team_id)


def _inline(found: Offer) -> list[tuple[str, str, str, str]]:
    """What can be sent, the best first; the draft itself when nothing in it breaks a norm."""
    wrong = (*found.checked.findings, *found.checked.hints)
    about = views.in_words(wrong) if wrong else _("带上了确切时间")
    rows = [(f"rewrite-{n}", cut(send, LONGEST_TITLE), send, about) for n, send in enumerate(found.sends)]
    if not found.checked.findings:
        about = views.in_words(wrong) if wrong else _("可以发，没有忌语")
        rows.append(("fine", cut(found.draft, LONGEST_TITLE), found.draft, about))
    return rows


def _nothing_to_send(found: Offer) -> str | None:
    bad = found.checked.findings
    return views.rewrite_it(bad[0]) if bad and not found.sends else None


def _as_typed(turn: Turn, text: str) -> Turn:
    """The press as if it had been typed: what it leads to comes below, the answer stays."""
    return replace(turn, heard=replace(turn.heard, kind="text", message=0, text=text), rest=text)


async def _only_case(tx: Transaction, person: Person) -> Promise | None:
    """What the agent answers for first in the case, when exactly one is open."""
    cases = await promises.open_of(tx, person)
    return cases[0][0] if len(cases) == 1 else None


async def _drop_question(tx: Transaction, turn: Turn) -> None:
    """A draft was asked for and is there; another room's question stays."""
    asked = await teams.question(tx, turn.person, turn.now)
    if asked and asked[0] == "check.draft":
        await teams.drop_question(tx, turn.person)


async def _toast(turn: Turn) -> None:
    if turn.heard.kind == "press":
        await turn.toast()
