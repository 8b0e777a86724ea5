"""收录 in chat: collecting a wording, recommending and approving it, looking after what there is, filling gaps."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

from bot.checks.check import Checker
from bot.collecting import actions, screens, views
from bot.collecting.wording import (
    DAYS,
    LONGEST,
    PERSONAL,
    PROPOSED,
    RETURNED,
    SAYS_MOST,
    SITUATION_MOST,
    TEAM,
    OwnPhrase,
    Tidied,
    end_of_day,
    masked,
    nearest_situations,
    tidied,
    unknown_slot,
    valid_until,
)
from bot.errors import NotAllowed, OutOfDate, Unreadable
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _
from bot.outbox import actions as outbox
from bot.phrases.index import Index
from bot.phrases.phrase import Phrase
from bot.promises.calendars import Calendars
from bot.promises.timewords import read_time
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import cut, html
from bot.teams import actions as teams
from bot.teams.views import only_private

NEAR = 6  # hits looked at for the situations offered
_SLOT = re.compile(r"\{[^{}]*\}")
_CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)


class CollectingCommands:
    """`checker` and `index` are called when needed, so that a changed phrasebook counts at once."""

    def __init__(
        self,
        checker: Callable[[], Checker],
        index: Callable[[], Index],
        calendars: Calendars,
        export: Handler,
    ) -> None:
        self._checker, self._index, self._calendars, self._export = checker, index, calendars, export

    def routes(self) -> Routes:
        return Routes(
            commands={"collect": self.collect, "approve": self.approve},
            words={"收录": "collect", "审批": "approve"},
            presses={
                "o.better": self.take_better, "o.text": self.ask_text, "o.name": self.ask_situation,
                "o.sit": self.situation_chosen, "o.edit": self.ask_what, "o.card": self.show_draft,
                "o.drop": self.drop, "o.keep": self.keep, "o.offer": self.offer, "o.adopt": self.adopt,
                "o.recall": self.recall,
                "o.open": self.open_proposal, "o.look": self.show_proposal, "o.yes": self.yes,
                "o.mend": self.ask_mending, "o.no": self.ask_reason, "o.why": self.reason_chosen,
                "o.redo": self.try_again, "o.mine": self.keep_returned,
                "o.list": self.turn_page, "o.show": self.show_entry, "o.change": self.change,
                "o.stop": self.ask_stop, "o.stopok": self.stop, "o.until": self.ask_until, "o.til": self.until_chosen,
                "o.share": self.share, "g.fill": self.fill_gap,
            },
            answers={
                "own.text": self.text_typed, "own.situation": self.situation_typed, "own.mend": self.mending_typed,
                "own.reason": self.reason_typed, "own.until": self.until_typed,
            },
        )  # fmt: skip

    # Collecting

    async def collect(self, turn: Turn) -> None:
        """收录 as a reply to a good message, or 收录 with the sentence behind it; plainly: what there is."""
        if turn.heard.reply_to is None and turn.rest == "导出":
            if turn.heard.private:
                await self._export(turn)
            else:
                await turn.say(only_private("export", turn.telegram.username))
            return
        if not turn.person.reachable:
            await turn.say(views.open_first(turn.telegram.username))
            return
        if turn.heard.reply_to is None and not turn.rest:
            await self._list(turn)
            return
        text = turn.rest if turn.heard.reply_to is None else await self._replied(turn)
        situation = masked(turn.rest) if turn.heard.reply_to is not None and turn.rest else ""
        tidy = _readable(text)
        async with turn.save() as tx:
            await teams.drop_question(tx, turn.person)
            own = await actions.draft(tx, turn.person, text=tidy.text, situation=situation, now=turn.now)
            await self._go_on(tx, turn, own, tidy)
            if not turn.heard.private:
                await turn.leave_new(tx, views.over_to_private(turn.telegram.username))

    async def _replied(self, turn: Turn) -> str:
        """The words replied to; of a message of ours, the one wording in it."""
        text = turn.heard.reply_text
        if not text:
            raise Unreadable(_("那条消息里没有文字。请回复一条文字消息，或发：收录 那句话。"))
        async with turn.database.reading() as tx:
            ours = await outbox.told_by(tx, chat=turn.heard.chat, message=turn.heard.reply_to or 0)
        if ours is None:
            return text
        wordings = [unescape(found) for found in _CODE.findall(Message.from_json(ours["body"]).text)]
        shown = [wording for wording in wordings if wording in text]
        if len(shown) != 1:
            raise Unreadable(_("这条是机器人发的，不知道收哪一句。请发：收录 那句话。"))
        return shown[0]

    async def _go_on(self, tx: Transaction, turn: Turn, own: OwnPhrase, tidy: Tidied | None = None) -> None:
        """The next thing a draft needs: words that may be said, a situation, or the decision what it is for."""
        checked = self._checker().check(own.text) if own.text else None
        if checked is None or checked.findings:
            await teams.ask(tx, turn.person, "own.text", own.id, turn.now)
            message = views.forbidden(own, checked) if checked else views.ask_text(own)
        elif not own.situation:
            await teams.ask(tx, turn.person, "own.situation", own.id, turn.now)
            message = views.ask_situation(own, self._near(own), tidy)
        else:
            await teams.drop_question(tx, turn.person)
            message = views.card(own, turn.person, tidy)
        await self._put(tx, turn, own, message)

    async def _put(self, tx: Transaction, turn: Turn, own: OwnPhrase, message: Message) -> None:
        """A draft on its author's private screen; only its newest look has buttons."""
        subject = screens.draft_subject(own)
        if turn.heard.kind == "press":
            await turn.leave(tx, message, subject)
            return
        await outbox.replace_looks(tx, subject=subject, text=views.replaced(), now=turn.now)
        await outbox.leave(tx, message, chat=turn.person.telegram_id, now=turn.now, subject=subject)

    def _near(self, own: OwnPhrase) -> list[Phrase]:
        words = _SLOT.sub(" ", own.text)
        return nearest_situations([hit.phrase for hit in self._index().find(words, NEAR)])

    async def take_better(self, turn: Turn) -> None:
        """用改好的这句."""
        async with turn.save() as tx:
            own = await actions.open_draft(tx, turn.heard.number, turn.person)
            better = self._checker().check(own.text).rewrite
            if better is None:
                raise OutOfDate(_("这句现在没有改好的说法，请直接打字改。"))
            await self._go_on(tx, turn, await actions.reword(tx, own, better, turn.person, turn.now))
        await turn.toast()

    async def ask_text(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await self._rewrite(tx, turn, await actions.open_draft(tx, turn.heard.number, turn.person))
        await turn.toast()

    async def _rewrite(self, tx: Transaction, turn: Turn, own: OwnPhrase) -> None:
        """Ask for other words of a draft."""
        await teams.ask(tx, turn.person, "own.text", own.id, turn.now)
        await self._put(tx, turn, own, views.ask_text(own))

    async def text_typed(self, turn: Turn) -> None:
        tidy = _readable(turn.rest)
        async with turn.save() as tx:
            own = await actions.open_draft(tx, int(turn.subject), turn.person)
            await self._go_on(tx, turn, await actions.reword(tx, own, tidy.text, turn.person, turn.now), tidy)

    async def ask_situation(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.open_draft(tx, turn.heard.number, turn.person)
            await teams.ask(tx, turn.person, "own.situation", own.id, turn.now)
            await self._put(tx, turn, own, views.ask_situation(own, self._near(own)))
        await turn.toast()

    async def situation_chosen(self, turn: Turn) -> None:
        """One of the book's situations: what leads to that leads here too."""
        chosen = turn.heard.args[1] if len(turn.heard.args) > 1 else ""
        async with turn.save() as tx:
            own = await actions.open_draft(tx, turn.heard.number, turn.person)
            phrase = next((near for near in self._near(own) if near.id == chosen), None)
            if phrase is None:
                raise OutOfDate(_("这个情境现在不在话术书里了，请直接打字写情境。"))
            says = list(dict.fromkeys((*own.says, *phrase.says)))[:SAYS_MOST]
            await self._go_on(tx, turn, await actions.situate(tx, own, phrase.situation, says))
        await turn.toast()

    async def situation_typed(self, turn: Turn) -> None:
        if len(turn.rest) > SITUATION_MOST:
            raise Unreadable(_("情境写一句话就够，最多 {most} 字，请缩短再发。").format(most=SITUATION_MOST))
        async with turn.save() as tx:
            own = await actions.open_draft(tx, int(turn.subject), turn.person)
            await self._go_on(tx, turn, await actions.situate(tx, own, masked(turn.rest), own.says))

    async def ask_what(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.open_draft(tx, turn.heard.number, turn.person)
            await self._put(tx, turn, own, views.ask_what(own))
        await turn.toast()

    async def show_draft(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await self._go_on(tx, turn, await actions.open_draft(tx, turn.heard.number, turn.person))
        await turn.toast()

    async def drop(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.open_draft(tx, turn.heard.number, turn.person)
            await actions.cancel(tx, own, turn.person, turn.now)
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, views.dropped())
        await turn.toast()

    async def keep(self, turn: Turn) -> None:
        """存为我的话术."""
        await self._keep(turn, PERSONAL)

    async def adopt(self, turn: Turn) -> None:
        """直接收进团队话术, by somebody who may decide."""
        await self._keep(turn, TEAM)

    async def _keep(self, turn: Turn, scope: str) -> None:
        async with turn.save() as tx:
            own = self._fine(await actions.open_draft(tx, turn.heard.number, turn.person))
            await actions.keep(tx, own, scope, turn.person, now=turn.now)
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, views.kept(await actions.get(tx, own.id)))
        await turn.toast(_("已收录"))

    async def offer(self, turn: Turn) -> None:
        """推荐给团队: whoever decides is told."""
        async with turn.save() as tx:
            own = self._fine(await actions.open_draft(tx, turn.heard.number, turn.person))
            await self._offer(tx, turn, own)
        await turn.toast(_("已推荐"))

    async def _offer(self, tx: Transaction, turn: Turn, own: OwnPhrase) -> None:
        await actions.propose(tx, own, turn.person, turn.now)
        await teams.drop_question(tx, turn.person)
        own = await actions.get(tx, own.id)
        names = await screens.tell_deciders(tx, own, now=turn.now)
        await self._put(tx, turn, own, views.proposed(own, names))

    async def recall(self, turn: Turn) -> None:
        """撤回: the author changed their mind before anybody decided."""
        async with turn.save() as tx:
            own = await actions.get(tx, turn.heard.number)
            if own.person_id != turn.person.id or own.state != PROPOSED:
                raise OutOfDate(_("这条已经处理过了。发 /collect 看现有的。"))
            await actions.cancel(tx, own, turn.person, turn.now)
            await self._settled(tx, turn, own)
            await turn.leave(tx, Message(text=views.recalled()))
        await turn.toast()

    def _fine(self, own: OwnPhrase) -> OwnPhrase:
        """What is kept breaks no norm and says when it is for, whatever the way it came."""
        if not own.text:
            raise Unreadable(_("还没写要收录的那句话，请直接打字。"))
        checked = self._checker().check(own.text)
        if checked.findings:
            raise Unreadable(views.forbidden_sentence(checked))
        if not own.situation:
            raise Unreadable(_("还没写什么情况下用。请先选一个情境，或直接打字。"))
        return own

    # Deciding

    async def approve(self, turn: Turn) -> None:
        """/approve: what waits."""
        if not turn.person.leads:
            raise NotAllowed(_("审批由本团队的主管来做。要推荐一句，回复它写“收录”。"))
        async with turn.database.reading() as tx:
            waiting = await actions.waiting(tx, turn.person)
            rows = [(own, (await teams.get(tx, own.person_id)).name) for own in waiting[: views.WAITING_SHOWN]]
        if len(rows) == 1:
            async with turn.save() as tx:
                await self._show_new(tx, turn, rows[0][0])
            return
        await turn.say(views.waiting(rows, len(waiting)))

    async def open_proposal(self, turn: Turn) -> None:
        """From the list: the card as a message of its own, kept true from now on."""
        async with turn.save() as tx:
            await self._show_new(tx, turn, await actions.proposal(tx, turn.heard.number, turn.person))
        await turn.toast()

    async def _show_new(self, tx: Transaction, turn: Turn, own: OwnPhrase) -> None:
        message = await screens.proposal_now(tx, own, now=turn.now, zone=self._zone(turn))
        await turn.leave_new(tx, message, screens.subject(own))

    async def show_proposal(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.proposal(tx, turn.heard.number, turn.person)
            await teams.drop_question(tx, turn.person)
            await turn.leave(tx, await screens.proposal_now(tx, own, now=turn.now, zone=self._zone(turn)))
        await turn.toast()

    async def yes(self, turn: Turn) -> None:
        """批准 the words that stood on the card; if they are others by now, those are shown first."""
        async with turn.save() as tx:
            own = await actions.proposal(tx, turn.heard.number, turn.person)
            days = _days(turn)
            if own.state == PROPOSED and turn.heard.args[2:] != (own.seal,):
                await turn.leave(tx, await screens.proposal_now(tx, own, now=turn.now, zone=self._zone(turn)))
                word = _("这句刚刚改过，请看过新的再批准。")
            else:
                if own.state == PROPOSED:
                    self._fine(own)
                done = await actions.approve(tx, own, turn.person, days=days, now=turn.now, zone=self._zone(turn))
                word = await self._decided(tx, turn, own, done=done)
        await turn.toast(word or _("已批准"), alert=bool(word))

    async def ask_reason(self, turn: Turn) -> None:
        await self._ask_about_proposal(turn, "own.reason", views.ask_reason)

    async def ask_mending(self, turn: Turn) -> None:
        await self._ask_about_proposal(turn, "own.mend", views.ask_mending)

    async def _ask_about_proposal(self, turn: Turn, kind: str, view: Callable[[OwnPhrase], Message]) -> None:
        word = ""
        async with turn.save() as tx:
            own = await actions.proposal(tx, turn.heard.number, turn.person)
            if own.state == PROPOSED:
                await teams.ask(tx, turn.person, kind, own.id, turn.now)
                await turn.leave(tx, view(own))
            else:
                word = await self._decided(tx, turn, own, done=False)
        await turn.toast(word, alert=bool(word))

    async def reason_chosen(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.proposal(tx, turn.heard.number, turn.person)
            reason = views.reason_label(turn.heard.int_arg(1))
            done = await actions.send_back(tx, own, turn.person, reason, turn.now)
            word = await self._decided(tx, turn, own, done=done)
        await turn.toast(word or _("已退回"), alert=bool(word))

    async def reason_typed(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.proposal(tx, int(turn.subject), turn.person)
            done = await actions.send_back(tx, own, turn.person, cut(turn.rest, 200), turn.now)
            word = await self._decided(tx, turn, own, done=done)
            if word:
                await turn.leave_new(tx, Message(text=html(word)))

    async def mending_typed(self, turn: Turn) -> None:
        """修改: better words for what was recommended; it still waits for 批准."""
        tidy = _readable(turn.rest)
        checked = self._checker().check(tidy.text)
        if checked.findings:
            raise Unreadable(views.forbidden_sentence(checked))
        async with turn.save() as tx:
            own = await actions.proposal(tx, int(turn.subject), turn.person)
            if own.state != PROPOSED:
                word = await self._decided(tx, turn, own, done=False)
                await turn.leave_new(tx, Message(text=html(word)))
                return
            own = await actions.reword(tx, own, tidy.text, turn.person, turn.now)
            await teams.drop_question(tx, turn.person)
            await screens.show(
                tx, own, now=turn.now, zone=self._zone(turn), mended=turn.person.name, newer_in=turn.heard.chat
            )
            await self._show_new(tx, turn, own)

    async def _decided(self, tx: Transaction, turn: Turn, own: OwnPhrase, *, done: bool) -> str:
        """Every card shows the decision, its author hears it. What to say to somebody who came second."""
        if done:
            await self._settled(tx, turn, own)
            await screens.tell_author(tx, await actions.get(tx, own.id), now=turn.now, zone=self._zone(turn))
            return ""
        own = await actions.get(tx, own.id)
        await teams.drop_question(tx, turn.person)
        if turn.heard.kind == "press":
            await turn.leave(tx, await screens.proposal_now(tx, own, now=turn.now, zone=self._zone(turn)))
        by = await teams.get(tx, own.decided_by or own.person_id)
        return views.decided_already(own, by.name, now=turn.now, zone=self._zone(turn))

    async def _settled(self, tx: Transaction, turn: Turn, own: OwnPhrase) -> None:
        await teams.drop_question(tx, turn.person)
        await outbox.withdraw(tx, subject=screens.subject(own))
        own = await actions.get(tx, own.id)
        await screens.show(tx, own, now=turn.now, zone=self._zone(turn))
        if turn.heard.kind == "press":
            await turn.leave(tx, await screens.proposal_now(tx, own, now=turn.now, zone=self._zone(turn)))
        else:
            await self._show_new(tx, turn, own)

    # What was returned

    async def try_again(self, turn: Turn) -> None:
        """改好再推荐: a new draft of what was returned."""
        async with turn.save() as tx:
            own = await self._returned(tx, turn)
            await self._rewrite(tx, turn, await actions.draft(tx, turn.person, text=own.text, again=own, now=turn.now))
        await turn.toast()

    async def keep_returned(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await self._returned(tx, turn)
            draft = self._fine(await actions.draft(tx, turn.person, text=own.text, again=own, now=turn.now))
            await actions.keep(tx, draft, PERSONAL, turn.person, now=turn.now)
            await turn.leave(tx, views.kept(await actions.get(tx, draft.id)))
        await turn.toast(_("已收录"))

    async def _returned(self, tx: Transaction, turn: Turn) -> OwnPhrase:
        own = await actions.get(tx, turn.heard.number)
        if own.person_id != turn.person.id or own.state != RETURNED:
            raise OutOfDate(_("找不到这条话术了。发 /collect 看现有的。"))
        return own

    # What there is

    async def _list(self, turn: Turn) -> None:
        message = await self._page(turn, TEAM if turn.person.leads else PERSONAL, 0)
        async with turn.save() as tx:
            await outbox.leave(tx, message, chat=turn.person.telegram_id, now=turn.now)
            if not turn.heard.private:
                await turn.leave_new(tx, views.over_to_private(turn.telegram.username))

    async def turn_page(self, turn: Turn) -> None:
        scope = turn.heard.args[0] if turn.heard.args else PERSONAL
        await turn.redraw(await self._page(turn, scope, turn.heard.int_arg(1)))
        await turn.toast()

    async def _page(self, turn: Turn, scope: str, page: int) -> Message:
        scope = TEAM if scope == TEAM and turn.person.leads else PERSONAL
        async with turn.database.reading() as tx:
            own = await (actions.of_team if scope == TEAM else actions.of_person)(tx, turn.person)
        return views.listed(own, turn.person, scope=scope, page=page, now=turn.now, zone=self._zone(turn))

    async def show_entry(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.get(tx, turn.heard.number)
            if own.state != PROPOSED or own.person_id != turn.person.id:
                own = await actions.kept(tx, own.id, turn.person)
            await teams.drop_question(tx, turn.person)
            author = (await teams.get(tx, own.person_id)).name
            page = turn.heard.int_arg(1)
            await turn.leave(tx, views.entry(own, author, page=page, now=turn.now, zone=self._zone(turn)))
        await turn.toast()

    async def change(self, turn: Turn) -> None:
        """改: a next version, first as a draft; until it is kept, the present one stays in use."""
        async with turn.save() as tx:
            own = await actions.kept(tx, turn.heard.number, turn.person)
            await self._rewrite(tx, turn, await actions.draft(tx, turn.person, text=own.text, renews=own, now=turn.now))
        await turn.toast()

    async def ask_stop(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await turn.leave(tx, views.ask_stop(await actions.kept(tx, turn.heard.number, turn.person)))
        await turn.toast()

    async def stop(self, turn: Turn) -> None:
        """停用: nobody is offered it any more; what it was stays on record."""
        async with turn.save() as tx:
            own = await actions.kept(tx, turn.heard.number, turn.person)
            await actions.withdraw(tx, own, turn.person, turn.now)
            await turn.leave(tx, views.stopped(own, turn.person.name, now=turn.now, zone=self._zone(turn)))
        await turn.toast(_("已停用"))

    async def ask_until(self, turn: Turn) -> None:
        async with turn.save() as tx:
            own = await actions.kept(tx, turn.heard.number, turn.person)
            await teams.ask(tx, turn.person, "own.until", own.id, turn.now)
            await turn.leave(tx, views.ask_until(own))
        await turn.toast()

    async def until_chosen(self, turn: Turn) -> None:
        await self._redate(turn, turn.heard.number, valid_until(_days(turn), turn.now, self._zone(turn)))
        await turn.toast(_("到期日已改"))

    async def until_typed(self, turn: Turn) -> None:
        reading = read_time(turn.rest, now=turn.now, calendar=self._calendars.of(turn.person.team_id))
        if reading.due is None:
            raise Unreadable(reading.ask or reading.error or _("没看懂日期，请打“12月31日”这样的。"))
        await self._redate(turn, int(turn.subject), end_of_day(reading.due, self._zone(turn)))

    async def _redate(self, turn: Turn, id: int, until: datetime | None) -> None:
        async with turn.save() as tx:
            own = await actions.redate(tx, await actions.kept(tx, id, turn.person), until, turn.person, turn.now)
            await teams.drop_question(tx, turn.person)
            author = (await teams.get(tx, own.person_id)).name
            await turn.leave(tx, views.entry(own, author, page=0, now=turn.now, zone=self._zone(turn)))

    async def share(self, turn: Turn) -> None:
        """推荐给团队 what was kept for oneself: a copy is recommended (a lead's is taken at once)."""
        async with turn.save() as tx:
            own = await actions.kept(tx, turn.heard.number, turn.person)
            draft = self._fine(await actions.draft(tx, turn.person, text=own.text, again=own, now=turn.now))
            if turn.person.leads:
                await actions.keep(tx, draft, TEAM, turn.person, now=turn.now)
                await turn.leave(tx, views.kept(await actions.get(tx, draft.id)))
            else:
                await self._offer(tx, turn, draft)
        await turn.toast()

    # Gaps

    async def fill_gap(self, turn: Turn) -> None:
        """补: the wording for what was searched for in vain, for the team that did. It is found by those words."""
        async with turn.save() as tx:
            asked, team_id = await actions.gap(tx, turn.heard.number, turn.person)
            query = masked(asked)
            done = await actions.filled(tx, query, team_id, turn.now)
            if done:
                by = await teams.get(tx, done.decided_by or done.person_id)
                raise OutOfDate(views.filled_already(done, by.name))
            own = await actions.draft(
                tx, turn.person, text="", situation=cut(query, SITUATION_MOST), says=[query], team_id=team_id,
                now=turn.now,
            )  # fmt: skip
            await teams.ask(tx, turn.person, "own.text", own.id, turn.now)
            await turn.leave_new(tx, views.ask_for_gap(own, query), screens.draft_subject(own))
        await turn.toast()

    def _zone(self, turn: Turn) -> ZoneInfo:
        return self._calendars.of(turn.person.team_id).zone


def _days(turn: Turn) -> int:
    """For how long a button says. Raises OutOfDate for what no button of ours says."""
    days = turn.heard.int_arg(1)
    if days not in DAYS or len(turn.heard.args) < 2:
        raise OutOfDate(_("这个按钮已经不能用了，请发 /help。"))
    return days


def _readable(text: str) -> Tidied:
    """The wording typed, without a customer's data. Raises Unreadable when it can't be one: too long, or with a {…}
    that nobody could fill."""
    if len(text) > LONGEST:
        raise Unreadable(_("太长了，一句话术最多 {most} 字，请挑最好的一句再发。").format(most=LONGEST))
    tidy = tidied(text)
    if slot := unknown_slot(tidy.text):
        raise Unreadable(views.unknown_slot_sentence(slot))
    return tidy
