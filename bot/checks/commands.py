"""Checking a draft before it is sent: /check, 检查 as a reply, and @bot ?草稿."""

from collections.abc import Callable

from bot.checks import views
from bot.checks.check import Checker
from bot.errors import Unreadable
from bot.inbox.turn import Routes, Turn
from bot.language.speech import _
from bot.shared.text import cut
from bot.teams import actions as teams

LONGEST = 2000


class CheckCommands:
    def __init__(self, checker: Callable[[], Checker]) -> None:
        self._checker = checker

    def routes(self) -> Routes:
        return Routes(
            commands={"check": self.check},
            words={"检查": "check", "查忌语": "check"},
            answers={"check.draft": self.check},
        )

    async def check(self, turn: Turn) -> None:
        """/check 这个我不知道"""
        draft = turn.rest or turn.heard.reply_text
        if not draft:
            async with turn.save() as tx:
                await teams.ask(tx, turn.person, "check.draft", "", turn.now)
                await turn.leave(tx, views.ask_draft())
            return
        if len(draft) > LONGEST:
            raise Unreadable(_("太长了，一次最多检查 {most} 字，请分段发。").format(most=LONGEST))
        checked = self._checker().check(draft)
        await turn.say(views.result(draft, checked))

    async def inline(self, turn: Turn) -> None:
        """@bot ?这个我不知道: the first result is the better sentence."""
        draft = turn.rest.lstrip("?？ ")
        checked = self._checker().check(draft) if draft else None
        results = []
        if checked and checked.rewrite:
            results.append(("rewrite", _("改成这样发"), checked.rewrite))
        elif checked and not checked.findings:
            results.append(("fine", _("可以发，没有忌语"), draft))
        why = None
        if checked and checked.findings and not checked.rewrite:
            why = cut(_("请改写：{why}").format(why=checked.findings[0].why), 60)
        await turn.telegram.answer_inline(turn.heard.query, results, start=why)
