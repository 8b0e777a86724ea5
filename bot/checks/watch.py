"""The clock's way of the checks: a request nobody answers climbs, and what was overheard in quiet groups is told."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.checks import actions, request_actions, request_views, views
from bot.checks.request import ANSWER_WITHIN, raised
from bot.checks.request_commands import tell_leads
from bot.checks.rule import Rule
from bot.language.speech import speaking
from bot.outbox import actions as outbox
from bot.promises.calendars import Calendars
from bot.shared.database import Database, Transaction, stored
from bot.teams import actions as teams
from bot.teams.person import Person

log = structlog.get_logger()
FAILED_AGAIN = timedelta(minutes=1)


class Watch:
    """`rules` are the ones in force, by their ids: a word about a rule is taken from the book, never from the text."""

    def __init__(self, database: Database, calendars: Calendars, rules: Callable[[], Mapping[str, Rule]]) -> None:
        self._database, self._calendars, self._rules = database, calendars, rules

    async def look(self, now: datetime) -> bool:
        """Do what is due; True when there was something. One that fails must not silence the others."""
        async with self._database.reading() as tx:
            await self._calendars.refresh(tx)
            requests = await request_actions.due(tx, now)
            tells = await actions.tells_due(tx, now)
        done = False
        for id in requests:
            try:
                done |= await self._look_at(id, now)
            except Exception:
                log.exception("request not looked at", request=id)
                async with self._database.transaction() as tx:
                    await request_actions.look_now(tx, id, now + FAILED_AGAIN)
        for person_id, seen in tells:
            try:
                done |= await self._tell(person_id, seen, now)
            except Exception:
                log.exception("not told what was overheard", person=person_id)
                async with self._database.transaction() as tx:
                    await actions.Q.tell_at(tx, person_id=person_id, look_at=stored(now + FAILED_AGAIN))
        return done

    async def _look_at(self, id: int, now: datetime) -> bool:
        """The next level hears of a request when the one below did not answer in time; its asker hears it too."""
        async with self._database.transaction() as tx:
            request = await request_actions.get(tx, id)
            if not request.is_open or request.look_at is None or request.look_at > now:
                return False
            calendar = self._calendars.of(request.team_id)
            due = calendar.add_working_time(request.told_at, ANSWER_WITHIN)
            told = await self._told(tx, request.subject, request.notices)
            if not raised(told, now=now, due=due):
                return await request_actions.looked(
                    tx, request, level=request.level, told_at=request.told_at, look_at=due
                )
            asker = await teams.get(tx, request.person_id)
            level, leads = await request_actions.leads_from(tx, asker, request.level + 1)
            look_at = calendar.add_working_time(now, ANSWER_WITHIN) if leads else None
            if not await request_actions.looked(tx, request, level=level, told_at=now, look_at=look_at):
                return False
            request = await request_actions.get(tx, id)
            await tell_leads(tx, request, asker, leads, now, again=True)
            with speaking(*asker.voice):
                message = request_views.raised(request, leads, below=[person for person in told if person.reachable])
            await outbox.leave(
                tx, message, chat=asker.telegram_id, now=now, subject=request.subject, priority=outbox.NOTICE
            )
            await actions.note(tx, request.subject, "raised", None, now, level=level)
        return True

    async def _told(self, tx: Transaction, subject: str, keys: str) -> list[Person]:
        found = [await teams.find(tx, row["chat"]) for row in await outbox.left_about(tx, subject=subject, keys=keys)]
        return [person for person in found if person]

    async def _tell(self, person_id: int, seen: datetime, now: datetime) -> bool:
        """Everything somebody wrote in quiet groups since they were last told, in one message to them alone."""
        async with self._database.transaction() as tx:
            heard = await actions.claim_tell(tx, person_id, seen, now)
            person = await teams.get(tx, person_id)
            if not heard or person.left:
                return bool(heard)
            zone = self._calendars.of(person.team_id).zone
            with speaking(*person.voice):
                message = views.overheard(heard, self._rules(), now=now, zone=zone)
            await outbox.leave(tx, message, chat=person.telegram_id, now=now, priority=outbox.NOTICE)
        return True
