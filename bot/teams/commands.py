"""Joining and who is who: /start with an invitation, /invite, /team, /help, the language and zone of a person."""

from collections.abc import Callable, Sequence

from bot.errors import NotAllowed, OutOfDate, Unreadable
from bot.inbox.turn import Routes, Turn
from bot.language.fold import fold
from bot.language.speech import SOURCE, SPOKEN, _, speaking, zone_named
from bot.shared.database import Transaction
from bot.teams import actions, views
from bot.teams.menu import put_menu
from bot.teams.person import ROLES, role_named
from bot.teams.zones import read_zone

THE_TEAMS = ("与团队一致", "和团队一致", "团队时间")  # typed instead of a city


class TeamCommands:
    """`posts` are the roles that the escalation chain needs filled."""

    def __init__(self, posts: Callable[[], Sequence[str]], link: Callable[[str], str]) -> None:
        self._posts, self._link = posts, link

    def routes(self) -> Routes:
        return Routes(
            commands={
                "start": self.start,
                "help": self.help,
                "invite": self.invite,
                "team": self.team,
                "zone": self.zone,
            },
            words={"帮助": "help", "邀请": "invite", "团队": "team", "时区": "zone"},
            presses={
                "t.speak": self.speak,
                "t.invite": self.invite_to,
                "t.help": self.back_to_help,
                "t.zone": self.ask_zone,
                "t.zoned": self.zone_chosen,
            },
            answers={"team.zone": self.zone_typed},
        )

    async def start(self, turn: Turn) -> None:
        """/start: from now on the bot may write to this person. In a group, a lead takes the group in."""
        if not turn.heard.private:
            await self._take_group(turn)
            return
        async with turn.save() as tx:
            await actions.started(tx, turn.person, turn.now)
            await turn.leave(tx, views.welcome(turn.person))
        await put_menu(turn.telegram, turn.person)

    async def _take_group(self, turn: Turn) -> None:
        if not turn.person.leads:
            raise NotAllowed(_("接入群聊由主管来做：请主管在群里发 /start。"))
        async with turn.save() as tx:
            await actions.bind_group(tx, turn.person.team_id, turn.heard.chat)
            await turn.leave_new(tx, views.group_taken(turn.person))

    async def joined(self, turn: Turn) -> None:
        """The bot was added to a group: by a lead, it is taken in; by anybody else it says so and leaves.

        In a private chat: the person blocked the bot, or took that back.
        """
        if turn.heard.private:
            async with turn.save() as tx:
                if turn.heard.joined:
                    await actions.started(tx, turn.person, turn.now)
                else:
                    await actions.unreachable(tx, turn.person.telegram_id, turn.now)
            return
        if not turn.heard.joined:
            return
        if turn.person.leads:
            await self._take_group(turn)
        else:
            await turn.say(views.group_refused())
            await turn.telegram.leave(turn.heard.chat)

    async def help(self, turn: Turn) -> None:
        await turn.say(views.help_text(turn.person, private=turn.heard.private))

    async def speak(self, turn: Turn) -> None:
        locale = turn.heard.args[0] if turn.heard.args else ""
        if locale not in SPOKEN:
            locale = SOURCE
        async with turn.save() as tx:
            await actions.speak(tx, turn.person, locale)
            with speaking(locale):
                await turn.leave(tx, views.help_text(turn.person, private=turn.heard.private))
        with speaking(locale):
            await turn.toast()
            await put_menu(turn.telegram, turn.person, locale)

    async def back_to_help(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await self._no_question(tx, turn)
            await turn.leave(tx, views.help_text(turn.person, private=turn.heard.private))
        await turn.toast()

    async def zone(self, turn: Turn) -> None:
        """/时区, /时区 东京"""
        if turn.rest:
            await self.zone_typed(turn)
            return
        async with turn.save() as tx:
            await self._ask_zone(tx, turn)

    async def ask_zone(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await self._ask_zone(tx, turn)
        await turn.toast()

    async def zone_typed(self, turn: Turn) -> None:
        await self._live_in(turn, None if fold(turn.rest).text in THE_TEAMS else read_zone(turn.rest))

    async def zone_chosen(self, turn: Turn) -> None:
        zone = turn.heard.args[0] if turn.heard.args else None
        if zone and zone_named(zone) is None:
            raise OutOfDate(_("这个按钮已经不能用了，请发 /help。"))
        await self._live_in(turn, zone)
        await turn.toast()

    async def _ask_zone(self, tx: Transaction, turn: Turn) -> None:
        await actions.ask(tx, turn.person, "team.zone", "", turn.now)
        await turn.leave(tx, views.ask_zone(turn.person, now=turn.now))

    async def _live_in(self, turn: Turn, zone: str | None) -> None:
        async with turn.save() as tx:
            await actions.live_in(tx, turn.person, zone)
            await self._no_question(tx, turn)
            await turn.leave(tx, views.zone_set(zone, now=turn.now))

    async def _no_question(self, tx: Transaction, turn: Turn) -> None:
        """The question about the zone is answered; another that was asked since stands."""
        asked = await actions.question(tx, turn.person, turn.now)
        if asked and asked[0] == "team.zone":
            await actions.drop_question(tx, turn.person)

    async def invite(self, turn: Turn) -> None:
        """/invite 客服"""
        if not any(turn.person.may_invite(role) for role in ROLES):
            raise NotAllowed(_("邀请同事由主管来做。"))
        role = role_named(turn.rest)
        if not turn.rest:
            await turn.say(views.ask_role(turn.person))
        elif role is None:
            raise Unreadable(
                _("没有这个岗位：{role}。可以写：客服、客服主管、主管副总经理、机主。").format(role=turn.rest[:20])
            )
        else:
            await self._invite(turn, role)

    async def invite_to(self, turn: Turn) -> None:
        role = turn.heard.args[0] if turn.heard.args else ""
        if role in ROLES:
            await self._invite(turn, role)
        await turn.toast()

    async def _invite(self, turn: Turn, role: str) -> None:
        if not turn.heard.private:
            raise NotAllowed(_("邀请链接只在私聊里发。"))
        async with turn.save() as tx:
            token = await actions.invite(tx, role=role, by=turn.person, now=turn.now)
            await turn.leave(tx, views.invitation(role, self._link(token)))

    async def team(self, turn: Turn) -> None:
        if not turn.person.leads:
            raise NotAllowed(_("团队由主管查看。"))
        async with turn.database.reading() as tx:
            people = [p for p in await actions.everybody(tx) if p.team_id == turn.person.team_id]
        filled = {person.role for person in people if person.reachable}
        await turn.say(views.team(people, empty=[role for role in self._posts() if role not in filled]))
