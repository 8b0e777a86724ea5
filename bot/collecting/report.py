"""The weekly report of gaps, the clock's way: what is due is decided, claimed and left to be said in one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.collecting import actions, views
from bot.collecting.wording import gaps, masked, next_report, root_of, unused
from bot.language.speech import speaking
from bot.outbox import actions as outbox
from bot.promises.calendars import Calendars
from bot.shared.database import Database, Transaction

log = structlog.get_logger()
LATE = timedelta(minutes=2)


class GapReports:
    """`situation` names a phrase of the book by its id; None when there is none."""

    def __init__(self, database: Database, calendars: Calendars, situation: Callable[[str], str | None]) -> None:
        self._database, self._calendars, self._situation = database, calendars, situation

    async def look(self, now: datetime) -> bool:
        """Make the reports that are due; True when there was one. A team that fails must not silence the others."""
        async with self._database.reading() as tx:
            await self._calendars.refresh(tx)
            due = await actions.reports_due(tx, now)
        made = False
        for team_id, planned, since in due:
            try:
                made |= await self._report(team_id, planned, since, now)
            except Exception:
                log.exception("gap report not made", team=team_id)
                async with self._database.transaction() as tx:
                    await actions.put_off(tx, team_id, planned, now + timedelta(minutes=1))
        return made

    async def _report(self, team_id: int, planned: datetime, since: datetime | None, now: datetime) -> bool:
        """One team's report: everything since the last one, also when it comes late."""
        async with self._database.transaction() as tx:
            people = await actions.deciders(tx, team_id)
            if not people:  # nobody can be told: nothing is lost, next week covers both
                await actions.put_off(tx, team_id, planned, next_report(now, self._calendars.of(team_id)))
                return True
            if not await actions.reported(tx, team_id, planned, now):
                return False
            searches = await actions.searches(tx, team_id, since, now)
            found = gaps(searches)
            idle = await self._named(tx, unused(searches, await actions.chosen(tx, team_id)), now)
            if not found and not idle:
                return True
            week = planned.astimezone(self._calendars.of(team_id).zone).date().isoformat()
            for person in people:
                with speaking(*person.voice):
                    message = views.report(
                        found, [masked(gap.query, 28) for gap in found], idle, late=now - planned > LATE
                    )
                await outbox.leave(
                    tx, message, chat=person.telegram_id, now=now, subject=f"gaps:{team_id}",
                    key=f"gaps:{team_id}:{week}:{person.id}", priority=outbox.NOTICE,
                )  # fmt: skip
        return True

    async def _named(self, tx: Transaction, often: list[tuple[str, int]], now: datetime) -> list[tuple[str, int]]:
        """The situations of the phrases; one that is not there any more is left out."""
        named = []
        for phrase, times in often:
            own = root_of(phrase)
            name = await actions.situation_of(tx, own) if own else self._situation(phrase)
            if name:
                named.append((name, times))
        return named
