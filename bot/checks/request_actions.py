"""What can happen to a request 请示: each verb in the caller's transaction, each leaving an event behind."""

from collections.abc import Sequence
from datetime import datetime

from bot.checks.actions import AT_ONCE, Q, note
from bot.checks.request import WAITING, Request, State
from bot.errors import NotAllowed, OutOfDate
from bot.language.speech import _
from bot.shared.database import Row, Transaction, instant, instant_or_none, stored
from bot.teams import actions as teams
from bot.teams.person import OWNER, ROLES, Person


def request_of(row: Row) -> Request:
    return Request(
        id=row["id"],
        team_id=row["team_id"],
        person_id=row["person_id"],
        text=row["text"],
        draft=bool(row["draft"]),
        why=row["why"],
        number=row["number"],
        state=row["state"],
        level=row["level"],
        told_at=instant(row["told_at"]),
        look_at=instant_or_none(row["look_at"]),
        decided_by=row["decided_by"],
        decided_at=instant_or_none(row["decided_at"]),
        opinion=row["opinion"],
    )


async def ask(
    tx: Transaction, by: Person, text: str, *, source: int, draft: bool, why: str, number: str | None, level: int,
    now: datetime, look_at: datetime,
) -> Request | None:  # fmt: skip
    """A new request, told to this level; None when this text was asked about before."""
    id = await Q.request(
        tx, source=source, team_id=by.team_id, person_id=by.id, text=text, draft=int(draft), why=why, number=number,
        level=level, now=stored(now), look_at=stored(look_at),
    )  # fmt: skip
    if id is None:
        return None
    request = await get(tx, id)
    await note(tx, request.subject, "asked", by, now)
    return request


async def get(tx: Transaction, id: int) -> Request:
    """Raises OutOfDate when there is none (a forged button)."""
    row = await Q.request_by_id(tx, id=id)
    if row is None:
        raise OutOfDate(_("找不到这条请示了。"))
    return request_of(row)


async def seen_by_lead(tx: Transaction, id: int, person: Person) -> Request:
    """The request, decided or not, for a lead above its asker, or the owner. Raises NotAllowed for anybody else."""
    request = await get(tx, id)
    theirs = person.team_id == request.team_id or person.role == OWNER
    if not (person.leads and theirs):
        raise NotAllowed(_("这条请示要由主管来定。"))
    asker = await teams.get(tx, request.person_id)
    above = person.role == OWNER or ROLES.index(person.role) > ROLES.index(asker.role)
    if not above or person.id == asker.id:
        raise NotAllowed(_("这条请示要由 {name} 的上级来定。").format(name=asker.name))
    return request


async def decide(tx: Transaction, request: Request, state: State, by: Person, opinion: str, now: datetime) -> bool:
    """A lead has decided. False when another was quicker."""
    if await Q.decide(tx, id=request.id, state=state, who=by.id, opinion=opinion, now=stored(now)) != 1:
        return False
    await note(tx, request.subject, state, by, now, opinion=opinion)
    return True


async def leads_from(tx: Transaction, asker: Person, level: int) -> tuple[int, list[Person]]:
    """The people of the lowest level, from this one up, who can be told; nobody asks themselves or somebody below."""
    for above in range(max(level, ROLES.index(asker.role) + 1), len(ROLES)):
        fill = await teams.in_role(tx, asker.team_id, ROLES[above])
        if ROLES[above] == OWNER and not any(person.reachable for person in fill):
            fill = await teams.owners(tx)
        if reachable := [person for person in fill if person.reachable and person.id != asker.id]:
            return above, reachable
    return len(ROLES), []


async def due(tx: Transaction, now: datetime) -> Sequence[int]:
    """The requests to look at now, the longest waiting first."""
    return [row["id"] for row in await Q.requests_due(tx, now=stored(now), most=AT_ONCE)]


async def looked(tx: Transaction, request: Request, *, level: int, told_at: datetime, look_at: datetime | None) -> bool:
    """Claim one look; False when it was decided or looked at meanwhile."""
    assert request.state == WAITING and request.look_at
    claimed = await Q.looked(
        tx, id=request.id, seen=stored(request.look_at), level=level, told_at=stored(told_at),
        next=stored(look_at) if look_at else None,
    )  # fmt: skip
    return bool(claimed == 1)


async def look_now(tx: Transaction, id: int, now: datetime) -> None:
    """Somebody who was told can't be reached: look who else can."""
    tx.stir("checks")
    await Q.look_now(tx, id=id, now=stored(now))
