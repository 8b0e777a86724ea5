"""What can happen to a wording of one's own: each verb in the caller's transaction, each leaving an event behind.

A verb that claims answers False when somebody else was quicker; the row then tells what they did.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.collecting.wording import (
    APPROVED,
    CANCELLED,
    DRAFT,
    PERSONAL,
    PROPOSED,
    REPLACED,
    RETURNED,
    TEAM,
    WITHDRAWN,
    AskedBefore,
    Ending,
    OwnPhrase,
    next_report,
    root_of,
    valid_until,
)
from bot.errors import NotAllowed, OutOfDate, Unreadable
from bot.language.fold import fold
from bot.language.speech import _
from bot.phrases.phrase import Phrase
from bot.promises.workdays import Calendar
from bot.shared.database import Row, Statements, Transaction, instant, instant_or_none, stored
from bot.teams import actions as teams
from bot.teams.person import DEPUTY, OWNER, SUPERVISOR, Person

Q = Statements(__file__)


def own_phrase_of(row: Row) -> OwnPhrase:
    return OwnPhrase(
        id=row["id"],
        root=row["root"],
        team_id=row["team_id"],
        person_id=row["person_id"],
        scope=row["scope"],
        state=row["state"],
        situation=row["situation"],
        text=row["text"],
        says=tuple(json.loads(row["says"])),
        version=row["version"],
        replaces=row["replaces"],
        valid_from=instant_or_none(row["valid_from"]),
        valid_until=instant_or_none(row["valid_until"]),
        decided_by=row["decided_by"],
        decided_at=instant_or_none(row["decided_at"]),
        reason=row["reason"],
    )


# For the search and the favourites


async def own_phrases(tx: Transaction, person: Person, now: datetime) -> list[Phrase]:
    """The approved wordings of the person's team and their own personal ones, as far as they are in force."""
    rows = await Q.in_force(tx, team_id=person.team_id, person_id=person.id, now=stored(now))
    return [own_phrase_of(row).as_phrase() for row in rows]


async def own_stamp(tx: Transaction, person: Person, now: datetime) -> str:
    """Changes whenever `own_phrases` may have changed for this person: with every decision, and when a wording's
    first or last day comes (what is not in force is not counted). Cheap: one indexed statement.

    Whatever begins has begun later than all that was counted before; whatever only ends is counted no more.
    """
    row = await Q.stamp(tx, team_id=person.team_id, person_id=person.id, now=stored(now))
    return f"{person.team_id}:{person.id}:{row['many']}:{row['newest']}:{row['decided']}:{row['begun']}"


async def fate(tx: Transaction, person: Person, phrase_id: str, now: datetime) -> Ending:
    """What became of an own wording, as far as it is this person's business: another team's is "gone" for them.
    Its successor is the team's newest wording in force for the same situation.

    The id stays the same through versions: one that was reworded is live.
    """
    root = root_of(phrase_id)
    row = await Q.latest(tx, root=root) if root else None
    if row is None:
        return Ending(state="gone")
    last = own_phrase_of(row)
    if last.person_id != person.id if last.scope == PERSONAL else last.team_id != person.team_id:
        return Ending(state="gone")
    if last.in_force(now):
        return Ending(state="live", until=last.valid_until)
    if last.state == APPROVED and not last.expired(now):
        return Ending(state="gone")  # not in force yet
    same = fold(last.situation).text
    rows = await Q.team_in_force(tx, team_id=last.team_id, now=stored(now))
    successor = next((one for one in map(own_phrase_of, rows) if fold(one.situation).text == same), None)
    return Ending(
        state="withdrawn" if last.state == WITHDRAWN else "expired",
        until=last.decided_at if last.state == WITHDRAWN else last.valid_until,
        successor_text=successor.text if successor else None,
    )


# Drafts


async def draft(
    tx: Transaction, person: Person, *, text: str, now: datetime, situation: str = "", says: Sequence[str] = (),
    renews: OwnPhrase | None = None, again: OwnPhrase | None = None, team_id: int | None = None,
) -> OwnPhrase:  # fmt: skip
    """Something worth keeping, kept until it is decided what for. `renews`: the next version of a wording in use;
    `again`: a new try of one that was returned, or a personal one for the team; `team_id`: for another team."""
    before = renews or again
    id = await Q.add(
        tx,
        root=renews.root if renews else None,
        team_id=renews.team_id if renews else team_id or person.team_id,
        person_id=person.id,
        scope=renews.scope if renews else PERSONAL,
        situation=situation or (before.situation if before else ""),
        text=text,
        says=json.dumps(list(says) or list(before.says if before else ()), ensure_ascii=False),
        version=renews.version + 1 if renews else 1,
        replaces=before.id if before else None,
        now=stored(now),
    )
    await Q.first_version(tx, id=id)
    return await get(tx, id)


async def get(tx: Transaction, id: int) -> OwnPhrase:
    """Raises OutOfDate when there is none (a button of another bot's, or forged)."""
    row = await Q.own_phrase(tx, id=id)
    if row is None:
        raise OutOfDate(_("找不到这条话术了。发 /collect 看现有的。"))
    return own_phrase_of(row)


async def open_draft(tx: Transaction, id: int, person: Person) -> OwnPhrase:
    """This person's draft. Raises OutOfDate when it was settled or is somebody else's."""
    own = await get(tx, id)
    if own.person_id != person.id:
        raise OutOfDate(_("找不到这条话术了。发 /collect 看现有的。"))
    if own.state != DRAFT:
        raise OutOfDate(_("这条已经处理过了。发 /collect 看现有的。"))
    return own


async def proposal(tx: Transaction, id: int, person: Person) -> OwnPhrase:
    """A recommended wording, decided or not, for somebody who may decide about it. Raises NotAllowed, OutOfDate."""
    own = await get(tx, id)
    if not own.may_be_decided_by(person) or own.scope != TEAM:
        raise NotAllowed(_("审批由本团队的主管来做。"))
    return own


async def kept(tx: Transaction, id: int, person: Person) -> OwnPhrase:
    """A wording in use (or expired) that this person may change. Raises NotAllowed, OutOfDate."""
    own = await get(tx, id)
    if own.scope == PERSONAL and own.person_id != person.id:
        raise OutOfDate(_("找不到这条话术了。发 /collect 看现有的。"))
    if not own.may_be_changed_by(person):
        raise NotAllowed(_("团队话术由本团队的主管来改。"))
    if own.state == WITHDRAWN:
        raise OutOfDate(_("这条已经停用了。"))
    if own.state != APPROVED:
        raise OutOfDate(_("这条已经换成新的了。发 /collect 看现有的。"))
    return own


async def reword(tx: Transaction, own: OwnPhrase, text: str, by: Person, now: datetime) -> OwnPhrase:
    """Other words for what is not decided yet. Raises OutOfDate when it is decided by now, Unreadable when what is
    recommended would be there twice."""
    if own.state == PROPOSED:
        await _not_there_yet(tx, replace(own, text=text), TEAM, now, waiting=True)
    if await Q.reword(tx, id=own.id, text=text, state=own.state) != 1:
        raise OutOfDate(_("这条已经处理过了。发 /collect 看现有的。"))
    if own.state == PROPOSED:
        await note(tx, own, "mended", by, now, old=own.text, text=text)
    return await get(tx, own.id)


async def situate(tx: Transaction, own: OwnPhrase, situation: str, says: Sequence[str]) -> OwnPhrase:
    """What it is for, and what leads to it."""
    if await Q.situate(tx, id=own.id, situation=situation, says=_json(says), state=own.state) != 1:
        raise OutOfDate(_("这条已经处理过了。发 /collect 看现有的。"))
    return await get(tx, own.id)


async def cancel(tx: Transaction, own: OwnPhrase, by: Person, now: datetime) -> bool:
    return await _become(tx, own, CANCELLED, by, now)


# Decisions


async def keep(tx: Transaction, own: OwnPhrase, scope: str, by: Person, *, now: datetime) -> bool:
    """The draft is in use from now on, for its author or, by somebody who may decide, for the team.

    A next version takes the place of the one before it, not sooner than that begins. Raises NotAllowed, Unreadable
    when there is the same wording already, or OutOfDate when the version it renews has changed meanwhile.
    """
    scope = own.scope if own.renews else scope
    if scope == TEAM and not own.may_be_decided_by(by):
        raise NotAllowed(_("审批由本团队的主管来做。"))
    await _not_there_yet(tx, own, scope, now)
    since, until = now, None
    if own.renews:
        before = await get(tx, own.replaces or 0)
        since = max(now, before.valid_from or now)
        until = before.valid_until if not before.expired(now) else None
        if not await _become(tx, before, REPLACED, by, now, seen=APPROVED, new=own.id):
            raise OutOfDate(_("这条刚刚被改过或停用了，请发 /collect 看最新的。"))
    return await _become(tx, own, APPROVED, by, now, scope=scope, since=since, until=until)


async def propose(tx: Transaction, own: OwnPhrase, by: Person, now: datetime) -> bool:
    """Recommend the draft to the team; who decides has to be told."""
    if own.renews:
        raise NotAllowed(_("新版本不用推荐，直接换成这句就行。"))
    await _not_there_yet(tx, own, TEAM, now, waiting=True)
    return await _become(tx, own, PROPOSED, by, now, scope=TEAM)


async def approve(tx: Transaction, own: OwnPhrase, by: Person, *, days: int, now: datetime, zone: ZoneInfo) -> bool:
    """For so many days, or for good (0). Raises Unreadable when the team has the same words already."""
    if own.state == PROPOSED:
        await _not_there_yet(tx, own, TEAM, now)
    return await _become(
        tx, own, APPROVED, by, now, seen=PROPOSED, since=now, until=valid_until(days, now, zone)
    )  # fmt: skip


async def send_back(tx: Transaction, own: OwnPhrase, by: Person, reason: str, now: datetime) -> bool:
    return await _become(tx, own, RETURNED, by, now, seen=PROPOSED, reason=reason)


async def withdraw(tx: Transaction, own: OwnPhrase, by: Person, now: datetime) -> bool:
    """Nobody is offered it from now on."""
    return await _become(
        tx, own, WITHDRAWN, by, now, seen=APPROVED, since=own.valid_from, until=own.valid_until
    )  # fmt: skip


async def redate(tx: Transaction, own: OwnPhrase, until: datetime | None, by: Person, now: datetime) -> OwnPhrase:
    """Another last day, or none. Raises OutOfDate when it is not in use any more."""
    changed = await Q.redate(
        tx, id=own.id, valid_until=stored(until) if until else None, who=by.id, now=stored(now)
    )  # fmt: skip
    if changed != 1:
        raise OutOfDate(_("这条已经停用或换成新的了。"))
    await note(tx, own, "redated", by, now, until=stored(until) if until else None)
    return await get(tx, own.id)


async def _become(
    tx: Transaction, own: OwnPhrase, state: str, by: Person, now: datetime, *, seen: str | None = None,
    scope: str = "", since: datetime | None = None, until: datetime | None = None, reason: str = "", **detail: object,
) -> bool:  # fmt: skip
    changed = await Q.become(
        tx, id=own.id, state=state, seen=seen or own.state, scope=scope or own.scope, who=by.id, now=stored(now),
        valid_from=stored(since) if since else None, valid_until=stored(until) if until else None, reason=reason,
    )  # fmt: skip
    if changed != 1:
        return False
    await note(tx, own, state, by, now, text=own.text, situation=own.situation, reason=reason, **detail)
    return True


async def _not_there_yet(
    tx: Transaction, own: OwnPhrase, scope: str, now: datetime, *, waiting: bool = False
) -> None:  # fmt: skip
    """Raises Unreadable when the same words are in use already, or will be; `waiting`: or wait for a decision."""
    same = fold(own.text).text
    rows = await Q.there(
        tx, root=own.root, scope=scope, team_id=own.team_id, person_id=own.person_id, now=stored(now)
    )  # fmt: skip
    for other in map(own_phrase_of, rows):
        if fold(other.text).text != same or (other.state == PROPOSED and not waiting):
            continue
        there = _("团队话术里已经有这一句了：{situation}。") if scope == TEAM else _("已经存过这一句了：{situation}。")
        if other.state == PROPOSED:
            there = _("这一句已经有人推荐，正等审批：{situation}。")
        raise Unreadable(there.format(situation=other.situation))


# Lists


async def of_team(tx: Transaction, person: Person) -> list[OwnPhrase]:
    return [own_phrase_of(row) for row in await Q.team_kept(tx, team_id=person.team_id)]


async def of_person(tx: Transaction, person: Person) -> list[OwnPhrase]:
    """Their personal ones, and what they recommended that is not decided yet."""
    return [own_phrase_of(row) for row in await Q.personal_kept(tx, person_id=person.id)]


async def waiting(tx: Transaction, person: Person) -> list[OwnPhrase]:
    """What waits for this person's decision."""
    rows = await Q.proposed(tx, team_id=person.team_id, every=int(person.role == OWNER))
    return [own_phrase_of(row) for row in rows]


async def deciders(tx: Transaction, team_id: int) -> list[Person]:
    """Who is asked: the team's supervisors; when none can be reached its deputies, then owners."""
    for role in (SUPERVISOR, DEPUTY, OWNER):
        if fill := [person for person in await teams.in_role(tx, team_id, role) if person.reachable]:
            return fill
    return [person for person in await teams.owners(tx) if person.reachable]


# Gaps


async def note_gap(tx: Transaction, team_id: int, now: datetime, calendar: Calendar) -> None:
    """Somebody of the team found nothing, or nothing they liked: the team's next weekly report has something to tell."""
    tx.stir("collecting")
    await Q.note_gap(tx, team_id=team_id, look_at=stored(next_report(now, calendar)))


async def next_look(tx: Transaction) -> datetime | None:
    """When the next weekly report is due."""
    return instant_or_none(await Q.next_report(tx))


async def reports_due(tx: Transaction, now: datetime) -> list[tuple[int, datetime, datetime | None]]:
    """Teams whose report is due: (team, when it was due, up to when searches were reported)."""
    return [
        (row["team_id"], instant(row["look_at"]), instant_or_none(row["covered_until"]))
        for row in await Q.reports_due(tx, now=stored(now))
    ]


async def reported(tx: Transaction, team_id: int, seen: datetime, now: datetime) -> bool:
    """Claim the report; False when another process was quicker."""
    return bool(await Q.reported(tx, team_id=team_id, seen=stored(seen), now=stored(now)) == 1)


async def put_off(tx: Transaction, team_id: int, seen: datetime, later: datetime) -> None:
    await Q.put_off(tx, team_id=team_id, seen=stored(seen), later=stored(later))


async def searches(tx: Transaction, team_id: int, since: datetime | None, now: datetime) -> list[AskedBefore]:
    rows = await Q.searches_between(tx, team_id=team_id, since=stored(since) if since else "", now=stored(now))
    return [
        AskedBefore(
            id=row["id"], query=row["query"], found=row["found"], hits=tuple(json.loads(row["hits"])),
            judged=row["judged"],
        )
        for row in rows
    ]  # fmt: skip


async def chosen(tx: Transaction, team_id: int) -> list[str]:
    """Phrases that somebody of the team chose at any time."""
    return [row["phrase"] for row in await Q.chosen(tx, team_id=team_id)]


async def situation_of(tx: Transaction, root: int) -> str | None:
    """What an own wording that is still in use is for; a personal one is nobody else's business."""
    row = await Q.latest(tx, root=root)
    return row["situation"] if row and row["state"] == APPROVED and row["scope"] == TEAM else None


async def gap(tx: Transaction, search: int, person: Person) -> tuple[str, int]:
    """What was searched for in vain and the team that did, for somebody who may fill the gap.

    Raises NotAllowed, OutOfDate.
    """
    row = await Q.gap(tx, id=search)
    if not person.leads:
        raise NotAllowed(_("补缺口由主管来做；好话术可以发“收录”推荐。"))
    if row is None or (row["team_id"] != person.team_id and person.role != OWNER):
        raise OutOfDate(_("找不到这条记录了。"))
    return row["query"], row["team_id"]


async def filled(tx: Transaction, query: str, team_id: int, now: datetime) -> OwnPhrase | None:
    """The team's wording that was made for this query, if somebody has done that by now."""
    same = fold(query).text
    rows = await Q.team_in_force(tx, team_id=team_id, now=stored(now))
    return next((own for own in map(own_phrase_of, rows) if any(fold(said).text == same for said in own.says)), None)


async def note(tx: Transaction, own: OwnPhrase, kind: str, who: Person, now: datetime, **detail: object) -> None:
    """Something happened; events are never changed, so that every version can be read there."""
    await Q.note(
        tx,
        at=stored(now),
        subject=own.phrase_id,
        who=who.id,
        kind=kind,
        detail=json.dumps({"version": own.version, **detail}, ensure_ascii=False),
    )


def _json(words: Sequence[str]) -> str:
    return json.dumps(list(words), ensure_ascii=False)
