"""One due thing: load the facts, decide, claim the look, leave the messages, all in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.escalation.decide import Notice, decide
from bot.escalation.facts import facts_of, told_about
from bot.language.speech import speaking
from bot.outbox import actions as outbox
from bot.promises import actions as promises
from bot.promises import screens, views
from bot.promises.calendars import Calendars
from bot.promises.promise import Promise
from bot.shared.database import Database, Transaction
from bot.shared.message import Message
from bot.teams import actions as teams
from bot.teams.person import OWNER, Person, title

log = structlog.get_logger()
LATE = timedelta(minutes=2)
FAILED_AGAIN = timedelta(minutes=1)
AT_ONCE = 50


class Sweep:
    """Decides what is due."""

    def __init__(self, database: Database, calendars: Calendars) -> None:
        self._database, self._calendars = database, calendars

    async def look(self, now: datetime) -> bool:
        """Look at what is due; True when something was decided. One promise that fails must not silence the others."""
        async with self._database.reading() as tx:
            await self._calendars.refresh(tx)
            due = await promises.due_now(tx, now, AT_ONCE)
        decided = False
        for number in due:
            try:
                decided |= await self.look_at(number, now)
            except Exception:
                log.exception("promise not looked at", promise=number)
                async with self._database.transaction() as tx:
                    await promises.look_now(tx, number, now + FAILED_AGAIN)
        return decided

    async def look_at(self, number: int, now: datetime) -> bool:
        """Decide about one promise and save the next look with the messages; False when there is nothing to do."""
        async with self._database.transaction() as tx:
            promise = await promises.get(tx, number)
            if promise.look_at is None or promise.look_at > now:
                return False
            case = await promises.case(tx, promise)
            facts = await facts_of(tx, promise, case)
            promise = facts.promise
            decision = decide(facts, now)
            if not await promises.looked(tx, promise, decision.look_at):
                return False
            for notice in decision.notices:
                await self._leave(tx, promise, notice, case, now)
            if decision.notices and not promise.reported:  # a report changes nothing of what others see
                await screens.show(tx, promise, now=now, zone=self._zone(promise))
        return True

    def _zone(self, promise: Promise) -> ZoneInfo:
        return self._calendars.of(promise.team_id).zone

    async def _leave(
        self, tx: Transaction, promise: Promise, notice: Notice, case: Sequence[Promise], now: datetime
    ) -> None:
        owner = await teams.get(tx, promise.owner_id)
        late = now - notice.planned > LATE
        for person_id in notice.people:
            person = await teams.get(tx, person_id)
            if person.left:
                continue
            with speaking(*person.voice):
                message = await self._words(tx, promise, notice, case, owner, now, late=late)
            left = await outbox.leave(
                tx, message, chat=person.telegram_id, now=now, subject=promise.subject,
                key=screens.notice_key(promise, notice.kind, notice.level, notice.turn, person),
                priority=outbox.URGENT if notice.level > 1 else outbox.NOTICE,
            )  # fmt: skip
            if left:
                await promises.note(tx, promise, f"told_{notice.kind}", person, now, level=notice.level, late=late)
        if notice.kind in screens.LADDERS:
            await self._tell_owner(tx, promise, notice, case, owner, now)

    async def _words(
        self, tx: Transaction, promise: Promise, notice: Notice, case: Sequence[Promise], owner: Person,
        now: datetime, *, late: bool,
    ) -> Message:  # fmt: skip
        if notice.kind == "follow":
            return views.follow_up(promise, now=now)
        if notice.kind == screens.REPORT:
            again = notice.level > 1 and promise.overdue(now)
            return views.report(
                promise, case[0], owner=owner.name, now=now, zone=self._zone(promise), again=again, late=late
            )
        if notice.kind not in screens.LADDERS:
            return views.reminder(promise, case=case, now=now, zone=self._zone(promise), late=late)
        posts = [level.post for level in promise.policy.levels] + [OWNER]
        return views.escalation(
            promise, owner=owner.name, now=now, zone=self._zone(promise), late=late,
            reminded=[told.at for told in await told_about(tx, promise) if told.kind in ("warn", "before", "due", "after")],
            next_post=title(posts[notice.next_level - 1]) if notice.next_level else "", next_at=notice.next_at,
        )  # fmt: skip

    async def _tell_owner(
        self, tx: Transaction, promise: Promise, notice: Notice, case: Sequence[Promise], owner: Person, now: datetime
    ) -> None:
        if owner.left:
            return
        names = []
        with speaking(*owner.voice):
            for person_id in notice.people:
                person = await teams.get(tx, person_id)
                names.append(f"{person.name}（{title(person.role)}）")
            message = views.owner_told(promise, case=case, names=names, now=now)
        key = screens.notice_key(promise, f"{notice.kind}_told", notice.level, notice.turn, owner)
        await outbox.leave(
            tx, message, chat=owner.telegram_id, now=now, subject=promise.subject, key=key, priority=outbox.NOTICE
        )
