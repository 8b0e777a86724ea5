"""Asking for wording: free text, /say, and @bot in any chat; and what was kept of it: 收藏."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.errors import OutOfDate
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.speech import _, speaking, spoken
from bot.outbox import actions as outbox
from bot.phrases import actions, views
from bot.phrases.fill import READY, Case, address_in, in_script, is_traditional, opening, without_address
from bot.phrases.index import Hit, Index
from bot.phrases.liking import reorder, seasonal, timely
from bot.phrases.own import Own, Owned, Shelves
from bot.phrases.phrase import Phrase
from bot.phrases.pieces import plain, written
from bot.phrases.search import NO_CASE, UNDECIDED, Place, Search
from bot.phrases.views import Asked, Keepsake, Wording
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import cut
from bot.teams import actions as teams
from bot.teams.person import Person

LOOKED_AT = 300  # characters of a query that are read; a customer's story says what it is about by then
DEPTH = actions.DEPTH
DEEP = 60  # how deep a courtesy for the scene is looked for
SPARE = 6  # more than shown, for what is out of force or out of season
INLINE_MOST = 3
NEAREST = 3
SOON = timedelta(minutes=30)
VALUE_MOST = 60  # characters of a blank; what is longer is a new question
# What an empty inline search shows: the wordings of the first minute of any conversation.
OPENING = "您好 请稍等"
# The groups a courtesy is taken from, and what is looked for when a complaint itself leads to none of them.
COURTESIES = ("安抚同理", "致歉")
COURTEOUS = (*COURTESIES, "致谢", "回应道谢", "问候", "欢迎", "祝福", "告别")
SOOTHING = "安抚愤怒"
NEAR_ENOUGH = 0.7  # of the best score: what fits the message that well fits its mood


class PhraseCommands:
    """`working` adds a team's working time to an instant (promises.workdays), so that an offered time is one people work at.

    `cases` knows the open cases of an agent; `note_gap` hears that a team found nothing, or nothing it liked; `log`
    begins a complaint; `holiday` names the one that is near.
    """

    def __init__(
        self,
        index: Callable[[], Index],
        org: str,
        working: Callable[[int, datetime, timedelta], datetime],
        *,
        own: Own | None = None,
        cases: Callable[[Transaction, Person], Awaitable[Sequence[Case]]] | None = None,
        note_gap: Callable[[Transaction, int, datetime], Awaitable[None]] | None = None,
        log: Handler | None = None,
        holiday: Callable[[int, datetime], str | None] = lambda team_id, now: None,
    ) -> None:
        self._index, self._org, self._working = index, org, working
        self._own, self._shelves = own, Shelves(own, index) if own else None
        self._cases_of, self._note_gap, self._log = cases, note_gap, log
        self._holiday = holiday
        self._book: tuple[Index | None, Mapping[str, Phrase]] = (None, {})

    def routes(self) -> Routes:
        return Routes(
            commands={"say": self.say, "favourites": self.favourites},
            words={"话术": "say", "收藏": "favourites", "我的话术": "favourites", "我的收藏": "favourites"},
            presses={
                "s.more": self.more,
                "s.case": self.case,
                "s.menu": self.menu,
                "s.back": self.back,
                "s.up": partial(self.judge, actions.UP),
                "s.down": partial(self.judge, actions.DOWN),
                "s.keep": self.keep,
                "s.lang": self.speak,
                "s.style": self.style,
                "s.fill": self.fill,
                "s.slot": self.slot_chosen,
                "s.skip": self.skip,
                "s.near": self.near,
                "s.log": self.log,
                "k.page": self.favourites_page,
                "k.drop": self.drop_favourite,
            },
            answers={"phrase.query": self.say, "phrase.slot": self.slot_typed},
        )

    # Asking

    async def say(self, turn: Turn) -> None:
        """客户等了很久 → the best wordings."""
        query = (turn.rest or turn.heard.reply_text)[:LOOKED_AT]
        if not query:
            await turn.say(views.ask_query())
            return
        passed_on = turn.heard.forwarded or not turn.rest
        own = await self._owned(turn)
        with speaking(_script(query)):
            async with turn.database.reading() as tx:
                hits = await self._find(tx, turn, query, own)
                cases = await self._cases(tx, turn)
            search = Search(id=turn.heard.update_id, query=query, order=_places(hits), script=spoken())
            if passed_on and hits:
                search = replace(search, courtesy=self._courtesy(turn, query, hits))
            nearest = self._nearest(turn, query) if turn.heard.private and not hits else []
            search, message = self._screen(turn, search, own, cases, nearest)
            async with turn.save() as tx:
                if not hits and self._note_gap:
                    await self._note_gap(tx, turn.person.team_id, turn.now)
                await actions.record(tx, search, turn.person, found=len(hits), now=turn.now)
                await turn.leave_new(tx, message)

    async def inline(self, turn: Turn) -> None:
        """@bot 道歉 in any chat: a tap sends the wording."""
        query = turn.rest[:LOOKED_AT]
        own = await self._owned(turn)
        with speaking(_script(query)):
            async with turn.database.reading() as tx:
                hits = await self._find(tx, turn, query or OPENING, own)
            found = _ready_to_send(hits, self._asked(turn, address_in(query) or ""))
            results = [
                (f"{one.phrase.id[:60]}/{n}", cut(in_script(one.phrase.situation, spoken()), 40), one.text)
                for n, one in enumerate(found)
            ]
            nothing = None if results else _("没找到，去私聊再找")
            await turn.telegram.answer_inline(turn.heard.query, results, start=nothing)

    async def chosen(self, turn: Turn) -> None:
        """A tap sent one of the inline results: that counts for the next order."""
        phrase = (turn.heard.args[0] if turn.heard.args else "").rpartition("/")[0]
        own = await self._owned(turn)
        async with turn.save() as tx:
            if self._known(phrase, own):
                await actions.choose(tx, turn.person, phrase, turn.rest or OPENING, actions.SENT, turn.now)

    async def _find(self, tx: Transaction, turn: Turn, query: str, own: Owned) -> list[Hit]:
        """What fits, in force and in time, in the order the team's choices gave it."""
        moment = self._local(turn)
        hits = self._in_force(self._index().find(query, DEPTH + SPARE, *own.indexes), moment)
        hits = timely(hits, query, moment)[:DEPTH]
        factors = seasonal(hits, query, moment, self._holiday(turn.person.team_id, turn.now))
        liked = await actions.liked(tx, turn.person, [hit.phrase.id for hit in hits], query) if hits else {}
        for phrase, liking in liked.items():
            factors[phrase] = factors.get(phrase, 1.0) * liking.factor
        return reorder(hits, factors)

    def _in_force(self, hits: Sequence[Hit], moment: datetime) -> list[Hit]:
        """Without what may not be said today; what follows it stands in its place."""
        day = moment.date()
        found: dict[str, Hit] = {}
        for hit in hits:
            if not hit.phrase.valid.on(day):
                successor = self._successor(hit.phrase, moment)
                if successor is None:
                    continue
                hit = replace(hit, phrase=successor, text=0)
            found.setdefault(hit.phrase.id, hit)
        return list(found.values())

    def _successor(self, phrase: Phrase, moment: datetime) -> Phrase | None:
        """What is said instead of a wording that has run out; successors may have successors."""
        passed = {phrase.id}
        while phrase.valid.successor and (phrase.valid.until and phrase.valid.until < moment.date()):
            following = self._phrase(phrase.valid.successor)
            if following is None or following.id in passed:
                return None
            if following.valid.on(moment.date()):
                return following
            passed.add(following.id)
            phrase = following
        return None

    def _courtesy(self, turn: Turn, query: str, hits: Sequence[Hit]) -> str:
        """The kind sentence for the scene: of what fits the message well, else for a trouble one that calms.

        Empty when the answer itself begins with one, or when no kindness is called for.
        """
        if hits[0].phrase.group in COURTEOUS:
            return ""
        moment = self._local(turn)
        deeper = self._index().find(query, DEEP)
        kind = [hit for hit in deeper if hit.phrase.group in COURTESIES and hit.score >= NEAR_ENOUGH * hits[0].score]
        if any(hit.phrase.next in ("complaint", "promise") for hit in hits[: views.A_PAGE]):
            kind += [hit for hit in self._index().find(SOOTHING, DEEP) if hit.phrase.group == COURTESIES[0]]
        sentences = (opening(text) for hit in self._in_force(kind, moment) for text in hit.phrase.texts)
        return next(filter(None, sentences), "")

    def _nearest(self, turn: Turn, query: str) -> list[Phrase]:
        moment = self._local(turn)
        hits = timely(self._in_force(self._index().nearest(query, NEAREST + SPARE), moment), query, moment)
        return [hit.phrase for hit in hits[:NEAREST]]

    async def _owned(self, turn: Turn) -> Owned:
        """The team's and the person's own wordings; in a group only what all of the team may see."""
        if self._shelves is None:
            return Owned()
        own = await self._shelves.of(turn.database, turn.person, turn.now)
        return own if turn.heard.private else own.shared()

    def _phrase(self, name: str) -> Phrase | None:
        """A phrase of the book by its id."""
        index = self._index()
        if self._book[0] is not index:
            self._book = (index, {phrase.id: phrase for phrase in index.phrases})
        return self._book[1].get(name)

    def _known(self, phrase: str, own: Owned) -> Phrase | None:
        return own.get(phrase) or self._phrase(phrase)

    async def _cases(self, tx: Transaction, turn: Turn) -> Sequence[Case]:
        """Open cases of the agent; never in a group, where nobody's customers are named."""
        if not turn.heard.private or self._cases_of is None:
            return ()
        return await self._cases_of(tx, turn.person)

    # The screen

    def _screen(
        self, turn: Turn, search: Search, own: Owned, cases: Sequence[Case], nearest: Sequence[Phrase] = ()
    ) -> tuple[Search, Message]:
        """The answer as it stands, and the search with what is on the screen noted."""
        asked = self._asked_for(turn, search, cases)
        found = self._wordings(search, own, asked)
        if not found:
            return search, views.nothing_found(search, nearest, noted=self._note_gap is not None)
        courtesy = views.said(search.courtesy, asked) if search.courtesy else ""
        search = search.showing([one.phrase.id for one in views.on_page(found, search.page)])
        return search, views.answer(search, found, asked=asked, private=turn.heard.private, courtesy=courtesy)

    def _wordings(self, search: Search, own: Owned, asked: Asked) -> list[Wording]:
        """Raises OutOfDate when nothing may be said any more of what was found."""
        found = [(hit.phrase, hit.text) for hit in self._standing(search, own, asked.local)]
        if search.order and not found:
            raise OutOfDate(_("这几条都已停用，请再搜一次。"))
        return views.wordings(found, asked, language=search.language, style=search.style)

    def _standing(self, search: Search, own: Owned, moment: datetime) -> list[Hit]:
        """What was found then, as far as it may be said now."""
        known = [(phrase, text) for id, text in search.order if (phrase := self._known(id, own))]
        hits = [Hit(phrase=phrase, text=text % len(phrase.texts), score=0.0) for phrase, text in known]
        hits = self._in_force(hits, moment)
        return timely(hits, search.query, moment) or hits

    def _asked_for(self, turn: Turn, search: Search, cases: Sequence[Case]) -> Asked:
        """Who is addressed: a name in the query, else the customer of the case, else 先生 or 女士 by a button."""
        if not turn.heard.private:  # nothing that was given in private is shown in a group
            return self._asked(turn, address_in(search.query) or search.address)
        named = address_in(search.query)
        case = None if named else _case(search, cases)
        customer = case and (address_in(case.customer) or case.customer)
        asked = self._asked(turn, named or search.address or customer or "")
        few = cases if not named and len(cases) <= views.CASES_MOST else ()
        if case and case.due > turn.now:
            asked = replace(asked, due=case.due.astimezone(asked.due.tzinfo))
        return replace(asked, case=case, cases=few, slots=search.slots)

    def _asked(self, turn: Turn, address: str) -> Asked:
        now = self._local(turn)
        due = views.offered_due(now + SOON, self._working(turn.person.team_id, turn.now, SOON))
        return Asked(address=address, speaker=turn.person.name, org=self._org, local=now, due=due)

    def _local(self, turn: Turn) -> datetime:
        return turn.now.astimezone(self._working(turn.person.team_id, turn.now, timedelta()).tzinfo)

    async def _reopened(self, tx: Transaction, turn: Turn, id: int, own: Owned) -> Search:
        """The search of a pressed button; one kept before it was kept in order is asked again."""
        search = await actions.reopen(tx, id, turn.person)
        if search.order:
            return search
        hits = await self._find(tx, turn, search.query, own)
        return replace(search, order=_places(hits), script=search.script or _script(search.query))

    async def _redraw(self, turn: Turn, change: Callable[[Search], Search]) -> None:
        """The same search on the same message, one thing different."""
        own = await self._owned(turn)
        async with turn.save() as tx:
            search = change(await self._reopened(tx, turn, turn.heard.number, own))
            await self._show(tx, turn, search, own)
        await turn.toast()

    async def _show(self, tx: Transaction, turn: Turn, search: Search, own: Owned, *, below: bool = False) -> None:
        """The answer as it stands: in place of what was pressed, or (`below`) under what was typed."""
        with speaking(search.script):
            search, message = self._screen(turn, search, own, await self._cases(tx, turn))
            await actions.keep(tx, search)
            await (turn.leave_new(tx, message) if below else turn.leave(tx, message))

    # What a press changes

    async def more(self, turn: Turn) -> None:
        """换一批, 先生, 女士."""
        page = max(0, turn.heard.int_arg(1))
        title = turn.heard.args[2] if len(turn.heard.args) > 2 else ""
        await self._redraw(
            turn,
            lambda search: replace(search, page=page, address=title[:6] or search.address, case=_kept(search, title)),
        )

    async def case(self, turn: Turn) -> None:
        """The customer it is about; 不填这位客户, 不填客户."""
        number = turn.heard.int_arg(1)
        await self._redraw(turn, lambda search: replace(search, case=number if number > 0 else NO_CASE, address=""))

    async def near(self, turn: Turn) -> None:
        """One of the nearest situations, when nothing was found."""
        phrase = self._phrase(turn.heard.args[1] if len(turn.heard.args) > 1 else "")
        if phrase is None:
            raise OutOfDate(_("这一条已不在话术库里，请换个说法再搜。"))
        others = [(hit.phrase.id, hit.text) for hit in self._index().find(phrase.situation, DEPTH)]
        order = ((phrase.id, 0), *(place for place in others if place[0] != phrase.id))
        await self._redraw(turn, lambda search: replace(search, order=order, near=True, page=0))

    async def speak(self, turn: Turn) -> None:
        language = "en" if turn.heard.args[1:] == ("en",) else ""
        await self._redraw(turn, lambda search: replace(search, language=language, style=""))

    async def style(self, turn: Turn) -> None:
        style = turn.heard.args[1] if turn.heard.args[1:] in (("formal",), ("shop",)) else ""
        await self._redraw(turn, lambda search: replace(search, language="", style=style))

    async def back(self, turn: Turn) -> None:
        """返回, 取消: the answer again."""
        own = await self._owned(turn)
        async with turn.save() as tx:
            await self._drop_question(tx, turn)
            await self._show(tx, turn, await self._reopened(tx, turn, turn.heard.number, own), own)
        await turn.toast()

    async def log(self, turn: Turn) -> None:
        """登记投诉: what was typed becomes the draft of a complaint; too short a word asks for the story."""
        own = await self._owned(turn)
        async with turn.database.reading() as tx:
            search = await self._reopened(tx, turn, turn.heard.number, own)
        if self._log is None:
            raise OutOfDate(_("请发 /complaint 登记投诉。"))
        story = search.query if len(search.query) >= views.STORY else ""
        # As if it had been typed: the draft comes below, the wordings stay.
        typed = replace(turn.heard, kind="text", message=0, text=search.query)
        await self._log(replace(turn, heard=typed, rest=story))
        await turn.toast()

    # 更多

    async def menu(self, turn: Turn) -> None:
        own = await self._owned(turn)
        async with turn.save() as tx:
            await self._show_menu(tx, turn, await self._reopened(tx, turn, turn.heard.number, own), own)
        await turn.toast()

    async def judge(self, kind: str, turn: Turn) -> None:
        """👍 and 👎."""
        own = await self._owned(turn)
        async with turn.save() as tx:
            search, phrase = await self._chosen_phrase(tx, turn, own)
            again = search.marks.get(phrase.id) == kind
            search = await actions.judge(tx, search, turn.person, phrase.id, kind, turn.now)
            if kind == actions.DOWN and self._note_gap:
                await self._note_gap(tx, turn.person.team_id, turn.now)
            await self._show_menu(tx, turn, search, own)
        await turn.toast(_("已经记过了，谢谢。") if again else views.thanks(kind, search.query))

    async def keep(self, turn: Turn) -> None:
        """收藏, and 取消收藏 under the same button."""
        own = await self._owned(turn)
        async with turn.save() as tx:
            search, phrase = await self._chosen_phrase(tx, turn, own)
            kept = phrase.id in await actions.favourites(tx, turn.person)
            if kept:
                await actions.unfavour(tx, turn.person, phrase.id)
            else:
                await actions.favour(
                    tx, turn.person, phrase.id, dict(search.order).get(phrase.id, 0), search.query, turn.now
                )
            await self._show_menu(tx, turn, search, own)
        await turn.toast(_("已取消收藏。") if kept else _("已收藏。以后发“收藏”就能拿到。"))

    async def _chosen_phrase(self, tx: Transaction, turn: Turn, own: Owned) -> tuple[Search, Phrase]:
        """The search of a pressed button and the phrase it names, one that this search found."""
        search = await self._reopened(tx, turn, turn.heard.number, own)
        standing = [hit.phrase for hit in self._standing(search, own, self._local(turn))]
        phrase = next((phrase for phrase in standing if turn.heard.args[1:] == (phrase.id,)), None)
        if phrase is None:
            raise OutOfDate(_("这一条已不在话术库里，请再搜一次。"))
        return search, phrase

    async def _show_menu(self, tx: Transaction, turn: Turn, search: Search, own: Owned) -> None:
        with speaking(search.script):
            found = self._wordings(search, own, self._asked_for(turn, search, await self._cases(tx, turn)))
            kept = await actions.favourites(tx, turn.person)
            await actions.keep(tx, search)
            await turn.leave(tx, views.menu(search, found, kept=kept))

    # Filling a blank

    async def fill(self, turn: Turn) -> None:
        """填原因: the first blank of what is on the screen."""
        own = await self._owned(turn)
        async with turn.save() as tx:
            await self._ask_slot(tx, turn, await self._reopened(tx, turn, turn.heard.number, own), own)
        await turn.toast()

    async def skip(self, turn: Turn) -> None:
        """跳过: the next blank, or the answer when there is none."""
        key = turn.heard.args[1] if len(turn.heard.args) > 1 else ""
        own = await self._owned(turn)
        async with turn.save() as tx:
            search = await self._reopened(tx, turn, turn.heard.number, own)
            search = replace(search, skipped=tuple(dict.fromkeys((*search.skipped, key))))
            await self._ask_slot(tx, turn, search, own)
        await turn.toast()

    async def _ask_slot(self, tx: Transaction, turn: Turn, search: Search, own: Owned) -> None:
        with speaking(search.script):
            found = self._wordings(search, own, self._asked_for(turn, search, await self._cases(tx, turn)))
            shown = views.on_page(found, search.page)
            slots = views.open_slots(shown, search.skipped)
            if slots:
                await teams.ask(
                    tx, turn.person, "phrase.slot", f"{search.id}:{slots[0]}:{turn.heard.message}", turn.now
                )
                await actions.keep(tx, search)
                await turn.leave(tx, views.ask_slot(search, slots[0], shown))
                return
        await self._drop_question(tx, turn)
        await self._show(tx, turn, search, own)

    async def slot_chosen(self, turn: Turn) -> None:
        slot = turn.heard.args[1] if len(turn.heard.args) > 1 else ""
        values = READY.get(slot, ())
        if not values:
            raise OutOfDate(_("这一步已过期，请再点一次。"))
        value = values[turn.heard.int_arg(2) % len(values)]
        own = await self._owned(turn)
        async with turn.save() as tx:
            search = await self._reopened(tx, turn, turn.heard.number, own)
            await self._drop_question(tx, turn)
            await self._show(tx, turn, search.with_slot(slot, in_script(value, search.script)), own)
        await turn.toast()

    async def slot_typed(self, turn: Turn) -> None:
        """What was typed goes into the blank; a customer's message or a long text is a new question."""
        number, _sep, asked = turn.subject.partition(":")
        slot, _sep, message = asked.rpartition(":")  # a blank of somebody's own may be called anything
        if turn.heard.forwarded or len(turn.rest) > VALUE_MOST:
            async with turn.database.transaction() as tx:
                await teams.drop_question(tx, turn.person)
            await self.say(turn)
            return
        own = await self._owned(turn)
        async with turn.save() as tx:
            search = await self._reopened(tx, turn, int(number), own)
            await teams.drop_question(tx, turn.person)
            with speaking(search.script):
                await outbox.leave(tx, views.filled_below(), chat=turn.heard.chat, edits=int(message), now=turn.now)
            await self._show(tx, turn, search.with_slot(slot, cut(turn.rest, VALUE_MOST)), own, below=True)

    async def _drop_question(self, tx: Transaction, turn: Turn) -> None:
        """The blank is not asked for any more; another room's question stays."""
        asked = await teams.question(tx, turn.person, turn.now)
        if asked and asked[0] == "phrase.slot":
            await teams.drop_question(tx, turn.person)

    # 收藏

    async def favourites(self, turn: Turn) -> None:
        """收藏, 我的话术: what somebody kept, and their own wordings."""
        own = await self._owned(turn)
        async with turn.save() as tx:
            await turn.leave_new(tx, await self._keepsakes(tx, turn, own, 0))

    async def favourites_page(self, turn: Turn) -> None:
        own = await self._owned(turn)
        async with turn.save() as tx:
            await turn.leave(tx, await self._keepsakes(tx, turn, own, turn.heard.number))
        await turn.toast()

    async def drop_favourite(self, turn: Turn) -> None:
        own = await self._owned(turn)
        async with turn.save() as tx:
            await actions.unfavour(tx, turn.person, turn.heard.args[0] if turn.heard.args else "")
            await turn.leave(tx, await self._keepsakes(tx, turn, own, turn.heard.int_arg(1)))
        await turn.toast(_("已取消收藏。"))

    async def _keepsakes(self, tx: Transaction, turn: Turn, own: Owned, page: int) -> Message:
        kept = await actions.favourites(tx, turn.person)
        asked = self._asked(turn, "")
        names = [*kept, *(name for name in own.mine.phrases if name not in kept)]
        page %= views.pages_of(len(names))
        shown = names[page * views.A_PAGE :][: views.A_PAGE]
        found = [await self._keepsake(tx, turn, name, own, asked, kept.get(name)) for name in shown]
        return views.keepsakes(found, page, len(names))

    async def _keepsake(
        self, tx: Transaction, turn: Turn, name: str, own: Owned, asked: Asked, kept: int | None
    ) -> Keepsake:
        """A wording on the list; one that has run out comes with the one to say instead. `kept`: which of its texts."""
        favourite = kept is not None
        phrase = self._known(name, own)
        if phrase and phrase.valid.on(asked.local.date()):
            said = views.wording(phrase, min(kept or 0, len(phrase.texts) - 1), asked)
            return Keepsake(id=name, title=in_script(phrase.situation, spoken()), text=said.text, favourite=favourite)
        ended, text = _("这一条已不在话术库里。"), ""
        title = in_script(phrase.situation, spoken()) if phrase else _("以前的收藏")
        if phrase:
            following = self._successor(phrase, asked.local)
            text = views.wording(following, 0, asked).text if following else ""
            ended = views.ended_on(phrase.valid.until, bool(text))
        elif self._own:
            fate = await self._own.fate(tx, turn.person, name, turn.now)
            text = views.said(fate.successor_text, asked) if fate.successor_text else ""
            until = fate.until.astimezone(asked.local.tzinfo).date() if fate.until else None
            ended = views.ended_on(until, bool(text)) if fate.state in ("expired", "withdrawn") else ended
        return Keepsake(id=name, title=title, text=text, favourite=favourite, ended=ended)


def _script(query: str) -> str:
    """繁體 when the person reads it, or asked in it."""
    return "zh_Hant" if is_traditional(without_address(query)) else spoken()


def _places(hits: Sequence[Hit]) -> tuple[Place, ...]:
    return tuple((hit.phrase.id, hit.text) for hit in hits)


def _case(search: Search, cases: Sequence[Case]) -> Case | None:
    """The case an answer is filled from: the one chosen, or the only one whose matter the question touches."""
    if search.case == UNDECIDED:
        asked = _pairs(search.query)
        about = [case for case in cases if not asked.isdisjoint(_pairs(case.matter))]
        return about[0] if len(about) == 1 and not search.address else None
    return next((case for case in cases if case.id == search.case), None)


def _pairs(text: str) -> set[str]:
    """Pairs of characters that say what a text is about."""
    return {piece for piece in written(plain(text)) if len(piece) > 1}


def _kept(search: Search, title: str) -> int:
    """先生 or 女士 is somebody else than the customer of a case."""
    return NO_CASE if title else search.case


def _ready_to_send(hits: Sequence[Hit], asked: Asked) -> list[Wording]:
    """The best wording of each, without blanks where there is one; the first can be sent as it is, if any can."""
    found = []
    for hit in hits[:INLINE_MOST]:
        count = len(hit.phrase.texts)
        said = [views.wording(hit.phrase, (hit.text + turn) % count, asked) for turn in range(count)]
        found.append(next((one for one in said if not one.missing), said[0]))
    if len(found) < INLINE_MOST:  # few situations: their other wordings too
        others = views.wordings([(hit.phrase, hit.text) for hit in hits[:INLINE_MOST]], asked)
        texts = {one.text for one in found}
        found += [one for one in others if one.text not in texts][: INLINE_MOST - len(found)]
    first = next((place for place, one in enumerate(found) if not one.missing), 0)
    return found[first : first + 1] + found[:first] + found[first + 1 :]
