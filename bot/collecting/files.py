"""Files of phrases in chat: one that is sent is read, told and taken in; 导出 sends one back."""

import asyncio
from collections.abc import Callable, Sequence

from bot.checks.check import Checker
from bot.collecting import actions, file_actions
from bot.collecting import file_views as views
from bot.collecting.sifting import Sifted, sift, wordings_of
from bot.errors import NotAllowed, OutOfDate, Unreadable
from bot.inbox.turn import Routes, Turn
from bot.language.speech import _
from bot.phrases.exchange import CARRIED, FORMATS, MOST_BYTES, export, read
from bot.phrases.phrase import Phrase
from bot.promises.calendars import Calendars
from bot.shared.telegram import Refused, SlowDown, Uncertain

ENDINGS = ("xlsx", "xlsm", "xls", "csv", "tsv", "yaml", "yml", "json")


class FileCommands:
    """`checker` and `phrases` are called when needed, so that a changed phrasebook counts at once. `phrases` are the book's."""

    def __init__(
        self, checker: Callable[[], Checker], phrases: Callable[[], Sequence[Phrase]], calendars: Calendars
    ) -> None:
        self._checker, self._phrases, self._calendars = checker, phrases, calendars

    def routes(self) -> Routes:
        return Routes(
            commands={"export": self.export, "import": self.ask_file},
            words={"导出": "export", "导入": "import"},
            presses={"f.take": self.take, "f.drop": self.drop, "f.what": self.ask_form, "f.out": self.send},
        )

    # In

    async def ask_file(self, turn: Turn) -> None:
        self._only_leads(turn)
        await turn.say(views.ask_file())

    async def filed(self, turn: Turn) -> bool:
        """A file of phrases in private: what is in it, and a button to take it in. Other files are not ours."""
        heard = turn.heard
        if heard.file_name.lower().rpartition(".")[2] not in ENDINGS:
            return False
        self._only_leads(turn)
        sifted = await self._sifted(turn, heard.file, heard.file_name, heard.file_size)
        async with turn.save() as tx:
            await file_actions.file_sent(
                tx, heard.update_id, turn.person, file=heard.file, name=heard.file_name, now=turn.now
            )
            await turn.leave_new(tx, views.found_in(heard.file_name, sifted, heard.update_id))
        return True

    async def take(self, turn: Turn) -> None:
        """导入."""
        file, name = await self._sent(turn)
        sifted = await self._sifted(turn, file, name)
        async with turn.save() as tx:
            await file_actions.settle(tx, turn.heard.number, turn.person, turn.now)
            count = await file_actions.take_in(
                tx,
                sifted.incoming,
                turn.person,
                file=name,
                via="chat",
                now=turn.now,
                zone=self._calendars.of(turn.person.team_id).zone,
            )
            await turn.leave(tx, views.taken(name, count, sifted))
        await turn.toast(_("已导入"))

    async def drop(self, turn: Turn) -> None:
        """取消."""
        _file, name = await self._sent(turn)
        async with turn.save() as tx:
            await file_actions.settle(tx, turn.heard.number, turn.person, turn.now)
            await turn.leave(tx, views.put_away(name))
        await turn.toast()

    async def _sent(self, turn: Turn) -> tuple[str, str]:
        self._only_leads(turn)
        async with turn.database.reading() as tx:
            return await file_actions.sent_file(tx, turn.heard.number, turn.person)

    async def _sifted(self, turn: Turn, file: str, name: str, size: int = 0) -> Sifted:
        if size > MOST_BYTES:
            raise Unreadable(_("文件太大，最多 2 MB。请拆成几个再发。"))
        try:
            data = await turn.telegram.download(file)
        except (Refused, Uncertain, SlowDown) as problem:
            raise Unreadable(_("文件没取下来，请再发一次。")) from problem
        async with turn.database.reading() as tx:
            known = await file_actions.known_of(tx, turn.person)
        checker, book = self._checker(), self._phrases()
        return await asyncio.to_thread(lambda: sift(read(name, data), checker, known | wordings_of(book)))

    # Out

    async def export(self, turn: Turn) -> None:
        """导出."""
        self._only_leads(turn)
        team = await self._of_team(turn)
        await turn.say(views.ask_what(len(self._phrases()), len(team)))

    async def ask_form(self, turn: Turn) -> None:
        phrases = await self._chosen(turn)
        await turn.redraw(views.ask_form(turn.heard.args[0], len(phrases)))
        await turn.toast()

    async def send(self, turn: Turn) -> None:
        """The file itself; it goes out directly, so a crash just before means pressing again."""
        form = turn.heard.args[1] if len(turn.heard.args) > 1 else ""
        if form not in FORMATS:
            raise OutOfDate(_("这个按钮已经不能用了，请再发“导出”。"))
        phrases = await self._chosen(turn)
        if not phrases:
            raise OutOfDate(_("现在没有可以导出的了。"))
        name, data = await asyncio.to_thread(export, phrases, form)
        try:
            await turn.telegram.send_file(turn.heard.chat, name, data, views.caption(len(phrases)))
        except (Refused, Uncertain, SlowDown) as problem:
            raise Unreadable(_("文件没发出去，请再按一次。")) from problem
        async with turn.save() as tx:
            await turn.leave(tx, views.exported(name, len(phrases), losses(form)))
        await turn.toast(_("已发出"))

    async def _chosen(self, turn: Turn) -> list[Phrase]:
        self._only_leads(turn)
        what = turn.heard.args[0] if turn.heard.args else ""
        team = await self._of_team(turn) if what in (views.WHOLE, views.TEAM) else []
        return [*team, *(self._phrases() if what in (views.WHOLE, views.BOOK) else ())]

    async def _of_team(self, turn: Turn) -> list[Phrase]:
        async with turn.database.reading() as tx:
            own = await actions.of_team(tx, turn.person)
        return [one.as_phrase() for one in own if one.in_force(turn.now)]

    def _only_leads(self, turn: Turn) -> None:
        if not turn.person.leads:
            raise NotAllowed(_("导入和导出话术由主管来做。有一句好话，回复它写“收录”就能推荐。"))


def losses(form: str) -> list[str]:
    """What a format can't carry, in the words of the screens."""
    names = {
        "says": _("客户会怎么说"),
        "avoid": _("不要说"),
        "styles": _("别的口吻"),
        "en": _("英文"),
        "valid": _("有效期"),
    }
    return [name for field, name in names.items() if field not in CARRIED[form]]
