"""Taking the wordings of a file in as a team's own."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.collecting import actions
from bot.collecting.sifting import Incoming
from bot.collecting.wording import APPROVED, DRAFT, TEAM
from bot.language.fold import fold
from bot.shared.database import Statements, Transaction, stored
from bot.shared.text import cut
from bot.teams.person import Person

Q = Statements(__file__)


async def known_of(tx: Transaction, person: Person) -> set[str]:
    """The wordings the person's team has, folded."""
    return {fold(own.text).text for own in await actions.of_team(tx, person)}


async def take_in(
    tx: Transaction, incoming: Sequence[Incoming], by: Person, *, file: str, now: datetime, zone: ZoneInfo
) -> int:
    """Wordings of a team from now on, approved by who sends them; how many are new. A second time nothing is."""
    known = await known_of(tx, by)
    taken = 0
    for one in incoming:
        same = fold(one.text).text
        if same in known:
            continue
        known.add(same)
        own = await actions.draft(tx, by, text=one.text, situation=one.situation, says=one.says, now=now)
        since = datetime.combine(one.start, time(), zone) if one.start else now
        until = datetime.combine(one.until + timedelta(days=1), time(), zone) if one.until else None
        await Q.become(
            tx, id=own.id, state=APPROVED, seen=DRAFT, scope=TEAM, who=by.id, now=stored(now),
            valid_from=stored(since), valid_until=stored(until) if until else None, reason="",
        )  # fmt: skip
        await actions.note(tx, own, APPROVED, by, now, text=own.text, situation=own.situation, file=cut(file, 80))
        taken += 1
    return taken
