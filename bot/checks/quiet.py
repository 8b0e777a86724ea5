"""Quiet groups 静默: what agents write there is checked, and only its author hears of it, in private."""

from collections import OrderedDict
from collections.abc import Callable

from bot.checks import actions, views
from bot.checks.check import Checker
from bot.checks.rule import Occasion
from bot.errors import NotAllowed, OutOfDate
from bot.inbox import intake
from bot.inbox.turn import Routes, Turn
from bot.language.fold import fold
from bot.language.speech import _
from bot.outbox import actions as outbox
from bot.shared.message import Message

OFF = ("off", "关", "关闭", "取消", "停")
REMEMBERED = 1000  # messages checked lately, in case they are edited


class QuietCommands:
    def __init__(self, checker: Callable[[], Checker]) -> None:
        self._checker = checker
        self._counted: OrderedDict[tuple[int, int], frozenset[str]] = OrderedDict()  # the rules each message broke

    def routes(self) -> Routes:
        return Routes(commands={"quiet": self.quiet}, words={"静默": "quiet"}, presses={"h.loud": self.speak_again})

    async def quiet(self, turn: Turn) -> None:
        """/quiet and /quiet off, in a group. Whatever there is to say to it is said in private."""
        if turn.heard.private:
            await turn.say(views.about_quiet())
            return
        async with turn.database.reading() as tx:
            hushed = await actions.quiet_team(tx, turn.heard.chat)
        if not turn.person.leads:
            if hushed is None:
                raise NotAllowed(_("静默由主管在群里打开。"))
            await self._privately(turn, views.only_leads_hush())
        elif fold(turn.rest).text in OFF:
            await self._loud(turn, turn.heard.chat)
        elif not turn.person.reachable:
            if hushed is not None:
                return  # it is quiet already, and nobody can be told so
            raise NotAllowed(_("请先私聊机器人发 /start，再来打开静默：有事只在私聊里说。"))
        elif hushed not in (None, turn.person.team_id):
            await self._privately(turn, views.others_group())
        else:
            async with turn.save() as tx:
                await actions.hush(tx, turn.heard.chat, turn.person, turn.now)
                await outbox.leave(tx, views.hushed(turn.heard.chat), chat=turn.person.telegram_id, now=turn.now)

    async def _loud(self, turn: Turn, chat: int) -> None:
        async with turn.save() as tx:
            if await actions.speak_again(tx, chat, turn.person, turn.now):
                message = views.loud()
            else:
                message = views.was_not_quiet()
            await outbox.leave(tx, message, chat=turn.person.telegram_id, now=turn.now)

    async def speak_again(self, turn: Turn) -> None:
        """关闭静默, in private."""
        async with turn.save() as tx:
            if not turn.person.leads or not await actions.speak_again(tx, turn.heard.number, turn.person, turn.now):
                raise OutOfDate(_("这个群已经不是静默的了。"))
            await turn.leave(tx, views.loud())
        await turn.toast(_("已关闭"))

    async def overheard(self, turn: Turn) -> bool:
        """Something was written in a group; False when the bot may speak there. Of what was typed nothing is kept."""
        async with turn.database.reading() as tx:
            team = await actions.quiet_team(tx, turn.heard.chat)
            channel = await actions.channel(tx, team) if team is not None else "formal"
        if team is None:
            return False
        text, own = turn.heard.text, not turn.heard.forwarded
        asked = own and text.startswith("/")
        checked = bool(text) and own and not asked and turn.person.team_id == team
        findings = self._checker().check(text, occasion=Occasion(channel=channel)).findings if checked else ()
        place = (turn.heard.chat, turn.heard.message)
        before = self._counted.get(place)  # of an edited message
        findings = tuple(finding for finding in findings if finding.rule not in (before or ()))
        async with turn.save() as tx:
            await intake.forget_words(tx, turn.heard.update_id)
            if findings:
                await actions.overheard(tx, turn.person, findings, turn.now)
            elif checked and before is None:
                await actions.record(tx, turn.person, (), turn.now)
            elif asked and turn.person.reachable:
                await outbox.leave(tx, views.silent_here(), chat=turn.person.telegram_id, now=turn.now)
        if checked:
            self._counted[place] = (before or frozenset()) | {finding.rule for finding in findings}
            if len(self._counted) > REMEMBERED:
                self._counted.popitem(last=False)
        return True

    async def _privately(self, turn: Turn, message: Message) -> None:
        async with turn.save() as tx:
            await outbox.leave(tx, message, chat=turn.person.telegram_id, now=turn.now)
