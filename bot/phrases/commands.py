"""Asking for wording: free text, /say, and @bot in any chat."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import OutOfDate
from bot.inbox.turn import Routes, Turn
from bot.language.speech import _
from bot.phrases import views
from bot.phrases.fill import address_in
from bot.phrases.index import Index
from bot.phrases.views import Asked
from bot.shared.database import Statements, stored
from bot.shared.text import cut

Q = Statements(__file__)
LOOKED_AT = 300  # characters of a query that are read; a customer's story says what it is about by then
DEPTH = 9
INLINE_DEPTH = 6
INLINE_PAGE = 10
SOON = timedelta(minutes=30)
# What an empty inline search shows: the wordings of the first minute of any conversation.
OPENING = "您好 请稍等"


class PhraseCommands:
    """`working` adds working time to an instant (promises.workdays), so that an offered time is one people work at."""

    def __init__(
        self, index: Callable[[], Index], org: str, working: Callable[[datetime, timedelta], datetime]
    ) -> None:
        self._index, self._org, self._working = index, org, working

    def routes(self) -> Routes:
        return Routes(
            commands={"say": self.say},
            words={"话术": "say"},
            presses={"s.more": self.more},
            answers={"phrase.query": self.say},
        )

    async def say(self, turn: Turn) -> None:
        """客户等了很久 → the best wordings."""
        query = turn.rest or turn.heard.reply_text
        if not query:
            await turn.say(views.ask_query())
            return
        query = query[:LOOKED_AT]
        asked = self._asked(turn, address_in(query) or "")
        found = views.wordings(self._index().find(query, DEPTH), asked)
        search = turn.heard.update_id
        private = turn.heard.private
        async with turn.save() as tx:
            await Q.searched(
                tx, id=search, person_id=turn.person.id, query=query, now=stored(turn.now), found=len(found)
            )
            if found:
                message = views.answer(query, found, search=search, page=0, asked=asked, private=private)
            else:
                message = views.nothing_found(query)
            await turn.leave_new(tx, message)

    async def more(self, turn: Turn) -> None:
        """换一批, 先生, 女士: the same search again."""
        async with turn.database.reading() as tx:
            row = await Q.search(tx, id=turn.heard.number, person_id=turn.person.id)
        if row is None:
            raise OutOfDate(_("这次查询已过期，请再发一次。"))
        address = turn.heard.args[2] if len(turn.heard.args) > 2 else ""
        asked = self._asked(turn, address or address_in(row["query"]) or "")
        found = views.wordings(self._index().find(row["query"], DEPTH), asked)
        page = turn.heard.int_arg(1)
        await turn.redraw(
            views.answer(row["query"], found, search=row["id"], page=page, asked=asked, private=turn.heard.private)
        )
        await turn.toast()

    async def inline(self, turn: Turn) -> None:
        """@bot 道歉 in any chat: a tap sends the wording."""
        query = turn.rest[:LOOKED_AT]
        asked = self._asked(turn, address_in(query) or "")
        found = views.wordings(self._index().find(query or OPENING, INLINE_DEPTH), asked)
        results = [
            (str(number), cut(wording.phrase.situation, 40), wording.text)
            for number, wording in enumerate(found[:INLINE_PAGE])
        ]
        nothing = None if results else _("没找到，去私聊再找")
        await turn.telegram.answer_inline(turn.heard.query, results, start=nothing)

    def _asked(self, turn: Turn, address: str) -> Asked:
        local = self._working(turn.now, timedelta())
        zone = local.tzinfo
        now = turn.now.astimezone(zone)
        due = views.offered_due(now + SOON, self._working(turn.now, SOON))
        return Asked(address=address, speaker=turn.person.name, org=self._org, local=now, due=due)
