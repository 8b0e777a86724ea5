"""What can happen to a promise: each verb in the caller's transaction, each leaving an event behind."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import NotAllowed, OutOfDate
from bot.language.speech import _
from bot.promises.clocks import AGENT, PROMISE, TRANSFERRED, Clocks, Policy
from bot.promises.moments import say_clock
from bot.promises.promise import KEPT, MOVED, Draft, Promise
from bot.promises.workdays import Calendar
from bot.shared.database import Row, Statements, Transaction, instant, instant_or_none, stored
from bot.teams import actions as teams
from bot.teams.person import Person

Q = Statements(__file__)
RECEIPT = "收到"  # how a report was answered, on record


def promise_of(row: Row) -> Promise:
    return Promise(
        id=row["id"],
        number=row["number"],
        clock=row["clock"],
        who=row["who"],
        state=row["state"],
        version=row["version"],
        team_id=row["team_id"],
        owner_id=row["owner_id"],
        complaint_id=row["complaint_id"],
        customer=row["customer"],
        gist=row["gist"],
        due=instant(row["due_at"]),
        due_says=row["due_says"],
        why=tuple(json.loads(row["why"])),
        warn_at=tuple(instant(at) for at in json.loads(row["warn_at"])),
        set_at=instant(row["set_at"]),
        look_at=instant_or_none(row["look_at"]),
        policy=Policy.from_data(json.loads(row["policy"])),
        extended=row["extended"],
        raised_at=instant_or_none(row["raised_at"]),
        taken_by=row["taken_by"],
        taken_at=instant_or_none(row["taken_at"]),
        answered_by=row["answered_by"],
        answered_at=instant_or_none(row["answered_at"]),
        answer=row["answer"],
        progress=row["progress"],
        progress_at=instant_or_none(row["progress_at"]),
        card_chat=row["card_chat"],
        card_message=row["card_message"],
    )


async def make(
    tx: Transaction,
    *,
    owner: Person,
    customer: str,
    gist: str,
    due: datetime,
    due_says: str,
    policy: Policy,
    now: datetime,
    zone: ZoneInfo,
    why: Sequence[str] = (),
    complaint_id: int | None = None,
    card: tuple[int, int] | None = None,
) -> Promise:
    """A new promise with a number of its day; its clock runs from now. `card` is the (chat, message) that shows it.

    Raises OutOfDate when the deadline has passed while the agent was confirming it.
    """
    _still_ahead(due, now, zone)
    day = now.astimezone(zone).strftime("%m%d")
    number = f"{day}-{await Q.next_number(tx, day=now.astimezone(zone).date().isoformat()):02d}"
    if await Q.number_taken(tx, number=number):  # the same day of an earlier year
        number = f"{now.astimezone(zone):%y}{number}"
    id = await Q.make(
        tx,
        number=number,
        clock=PROMISE,
        who=AGENT,
        team_id=owner.team_id,
        owner_id=owner.id,
        complaint_id=complaint_id,
        customer=customer,
        gist=gist,
        due_at=stored(due),
        due_says=due_says,
        why=as_list(why),
        warn_at="[]",
        policy=json.dumps(policy.to_data()),
        card_chat=card[0] if card else None,
        card_message=card[1] if card else None,
        now=stored(now),
    )
    promise = await get(tx, id)
    await note(tx, promise, "made", owner, now, due=stored(due), says=due_says)
    return promise


async def start(
    tx: Transaction, promise: Promise, event: str, by: Person, *, clocks: Clocks, now: datetime, calendar: Calendar
) -> None:
    """The clocks that the norms start on a complaint with this event, beside its promise.

    What a post has to be told is left out when somebody of that post or above did it.
    """
    for clock in clocks.started_by(event):
        words, reading = clock.deadline(now, calendar)
        if reading.due is None or (clock.who != AGENT and by.leads):
            continue
        id = await Q.make(
            tx,
            number=promise.number,
            clock=clock.id,
            who=clock.who,
            team_id=promise.team_id,
            owner_id=promise.owner_id,
            complaint_id=promise.complaint_id,
            customer=promise.customer,
            gist=promise.gist,
            due_at=stored(reading.due),
            due_says=words,
            why=as_list(reading.steps),
            warn_at=json.dumps([stored(at) for at in clock.warnings(now, reading.due, calendar)]),
            policy=json.dumps(clock.policy.to_data()),
            card_chat=None,
            card_message=None,
            now=stored(now),
        )
        await note(tx, await get(tx, id), "made", by, now, due=stored(reading.due), clock=clock.id)


async def happened(tx: Transaction, promise: Promise, event: str, by: Person, what: str, now: datetime) -> None:
    """An event of a complaint: the clocks that ran until it stop, the others are looked at again."""
    for clock in await case(tx, promise):
        if clock.is_open and event in clock.policy.until:
            state = MOVED if event == TRANSFERRED else KEPT
            await Q.answer(tx, id=clock.id, state=state, who=by.id, answer=what, now=stored(now))
            await note(tx, clock, event, by, now, what=what, late=now > clock.due)
    if promise.complaint_id:
        tx.stir("promises")
        await Q.look_at_case(tx, complaint_id=promise.complaint_id, now=stored(now))


async def transfer(
    tx: Transaction, promise: Promise, by: Person, department: str, *, clocks: Clocks, now: datetime, calendar: Calendar
) -> None:
    """The matter went to another department; its owner still answers for it (首问负责). Raises OutOfDate when it is there."""
    if any(clock.is_open and TRANSFERRED in clock.policy.until for clock in await case(tx, promise)):
        await happened(tx, promise, TRANSFERRED, by, department, now)
        await start(tx, promise, TRANSFERRED, by, clocks=clocks, now=now, calendar=calendar)
        return
    raise OutOfDate(_("#{number} 已经转过部门，或已经办结。").format(number=promise.number))


async def case(tx: Transaction, promise: Promise) -> list[Promise]:
    """All clocks of its complaint, the agent's own promise first; just itself when there is no complaint."""
    if promise.complaint_id is None:
        return [promise]
    return [promise_of(row) for row in await Q.clocks_of(tx, complaint_id=promise.complaint_id)]


def as_list(lines: Sequence[str]) -> str:
    """Lines as they stand in a row."""
    return json.dumps(list(lines), ensure_ascii=False)


async def draft(
    tx: Transaction, person: Person, *, customer: str, gist: str, due: datetime | None, says: str, now: datetime,
    why: Sequence[str] = (),
) -> Draft:  # fmt: skip
    """What was typed, kept until it is confirmed or dropped."""
    id = await Q.draft(
        tx, person_id=person.id, customer=customer, gist=gist, due_at=stored(due) if due else None, due_says=says,
        why=as_list(why), now=stored(now),
    )  # fmt: skip
    return await open_draft(tx, id, person)


async def open_draft(tx: Transaction, id: int, person: Person) -> Draft:
    """Raises OutOfDate when it was confirmed or dropped already (or is somebody else's)."""
    row = await Q.open_draft(tx, id=id, person_id=person.id)
    if row is None:
        raise OutOfDate(_("这条草稿已经处理过了。发 /my 看看手头的承诺。"))
    return Draft(
        id=row["id"],
        customer=row["customer"],
        gist=row["gist"],
        due=instant_or_none(row["due_at"]),
        due_says=row["due_says"],
        why=tuple(json.loads(row["why"])),
    )


async def redraft(tx: Transaction, draft: Draft, *, due: datetime | None, says: str, why: Sequence[str] = ()) -> Draft:
    await Q.redraft(tx, id=draft.id, due_at=stored(due) if due else None, due_says=says, why=as_list(why))
    return replace(draft, due=due, due_says=says, why=tuple(why))


async def drop_draft(tx: Transaction, draft: Draft) -> None:
    await Q.close_draft(tx, id=draft.id)


async def keep_draft(
    tx: Transaction,
    draft: Draft,
    owner: Person,
    *,
    policy: Policy,
    now: datetime,
    zone: ZoneInfo,
    card: tuple[int, int],
) -> Promise:
    """The draft becomes a promise. Raises OutOfDate when it has no time, or one that has passed."""
    if draft.due is None:
        raise OutOfDate(_("还没有时间，请先选一个。"))
    await Q.close_draft(tx, id=draft.id)
    return await make(
        tx, owner=owner, customer=draft.customer, gist=draft.gist or _("给客户答复"), due=draft.due,
        due_says=draft.due_says, why=draft.why, policy=policy, now=now, zone=zone, card=card,
    )  # fmt: skip


async def holes(tx: Transaction, promise: Promise) -> list[str]:
    """Posts of its chain with nobody who can be told, to be reported before anything is due."""
    empty = []
    for level in promise.policy.levels:
        fill = await teams.in_role(tx, promise.team_id, level.post)
        if not any(person.reachable for person in fill):
            empty.append(level.post)
    return empty


async def get(tx: Transaction, id: int) -> Promise:
    """Raises OutOfDate when there is none (a button of another bot's, or forged)."""
    row = await Q.promise(tx, id=id)
    if row is None:
        raise OutOfDate(_("找不到这条记录了。发 /my 看看手头的承诺。"))
    return promise_of(row)


async def seen_by(tx: Transaction, id: int, person: Person) -> Promise:
    """The promise, open or not, for somebody who may handle it; to others it is not there (OutOfDate)."""
    promise = await get(tx, id)
    if not promise.may_be_handled_by(person):
        raise OutOfDate(_("找不到这条记录了。发 /my 看看手头的承诺。"))
    return promise


async def find(tx: Transaction, number: str, person: Person) -> Promise | None:
    row = await Q.by_number(tx, number=number, team_id=person.team_id)
    return promise_of(row) if row else None


async def open_of(tx: Transaction, person: Person) -> list[list[Promise]]:
    """What a person answers for, the most urgent first: of each case the open clocks, the customer's promise first."""
    cases: dict[object, list[Promise]] = {}
    for promise in [promise_of(row) for row in await Q.open_of_owner(tx, owner_id=person.id)]:
        cases.setdefault(promise.complaint_id or promise.subject, []).append(promise)
    return [sorted(case, key=lambda promise: not promise.own) for case in cases.values()]


async def due_between(tx: Transaction, team_id: int, since: datetime, until: datetime) -> int:
    """How many open promises of a team (0: of all) fall due after `since` and until then."""
    count: int = await Q.due_between(tx, team_id=team_id, since=stored(since), until=stored(until))
    return count


async def handled_by(tx: Transaction, id: int, person: Person, version: int | None = None) -> Promise:
    """The open promise, when this person may act on it now.

    Raises NotAllowed, or OutOfDate when it is settled or (with `version`) has another deadline by now.
    """
    promise = await get(tx, id)
    if not promise.may_be_handled_by(person):
        raise NotAllowed(_("#{number} 由其他同事负责，不能代为操作。").format(number=promise.number))
    if promise.state == KEPT:
        raise OutOfDate(_("#{number} 已经答复过了。").format(number=promise.number))
    if not promise.is_open:
        raise OutOfDate(_("#{number} 已经了结。").format(number=promise.number))
    if version is not None and version != promise.version:
        raise OutOfDate(_("#{number} 的时间已经改过，请看最新的卡片。").format(number=promise.number))
    return promise


async def answer(tx: Transaction, promise: Promise, by: Person, what: str, now: datetime) -> Promise:
    """The customer was answered; the clock stops and nobody is told any more."""
    if await Q.answer(tx, id=promise.id, state=KEPT, who=by.id, answer=what, now=stored(now)) != 1:
        raise OutOfDate(_("#{number} 已经答复过了。").format(number=promise.number))
    await note(tx, promise, "answered", by, now, what=what, late=now > promise.due)
    return await get(tx, promise.id)


async def receive(tx: Transaction, promise: Promise, by: Person, now: datetime) -> bool:
    """收到: the post has heard of it, which is all a report asks for. False when somebody else was quicker."""
    if await Q.answer(tx, id=promise.id, state=KEPT, who=by.id, answer=RECEIPT, now=stored(now)) != 1:
        return False
    await note(tx, promise, "received", by, now, late=now > promise.due)
    return True


async def extend(
    tx: Transaction, promise: Promise, by: Person, *, reason: str, due: datetime, says: str, now: datetime,
    zone: ZoneInfo, why: Sequence[str] = (),
) -> Promise:  # fmt: skip
    """A new deadline, with its own clock. An extension after the old one had passed is marked late.

    Raises OutOfDate for a time limit of the norms, which nobody may move.
    """
    may_be_extended(promise)
    _still_ahead(due, now, zone)
    changed = await Q.extend(
        tx, id=promise.id, version=promise.version, due_at=stored(due), due_says=says, why=as_list(why),
        now=stored(now),
    )  # fmt: skip
    if changed != 1:
        raise OutOfDate(_("#{number} 的时间刚刚被改过，请看最新的卡片。").format(number=promise.number))
    await note(
        tx, promise, "extended", by, now, reason=reason, old=stored(promise.due), due=stored(due), says=says,
        late=now > promise.due,
    )  # fmt: skip
    if promise.complaint_id:
        await Q.look_at_case(tx, complaint_id=promise.complaint_id, now=stored(now))
    return await get(tx, promise.id)


def may_be_extended(promise: Promise) -> None:
    """Raises OutOfDate for a time limit of the norms."""
    if not promise.own:
        raise OutOfDate(_("规范的时限不能延期。办不完请转部门，或记下进展。"))


async def record_progress(tx: Transaction, promise: Promise, by: Person, what: str, now: datetime) -> Promise:
    await Q.progress(tx, id=promise.id, progress=what, now=stored(now))
    await note(tx, promise, "progress", by, now, what=what)
    return await get(tx, promise.id)


async def raise_up(tx: Transaction, promise: Promise, by: Person, now: datetime) -> Promise:
    """Tell the first level now, whatever the deadline. Raises OutOfDate when that was done already."""
    if await Q.raise_up(tx, id=promise.id, now=stored(now)) != 1:
        raise OutOfDate(_("#{number} 已经上报过了。").format(number=promise.number))
    await note(tx, promise, "raised", by, now)
    return await get(tx, promise.id)


async def take(tx: Transaction, promise: Promise, by: Person, now: datetime) -> bool:
    """A lead takes the case on: the climb stops, of all its clocks. False when somebody else was quicker."""
    if await Q.take(tx, id=promise.id, who=by.id, now=stored(now)) != 1:
        return False
    await note(tx, promise, "taken", by, now)
    for clock in await case(tx, promise):
        if clock.reported:
            await receive(tx, clock, by, now)
        elif clock.id != promise.id:
            await Q.take(tx, id=clock.id, who=by.id, now=stored(now))
    return True


async def looked(tx: Transaction, promise: Promise, next_look: datetime | None) -> bool:
    """Claim one look at a promise; False when it changed or another process looked meanwhile."""
    seen = stored(promise.look_at) if promise.look_at else None
    next_at = stored(next_look) if next_look else None
    return bool(await Q.looked(tx, id=promise.id, version=promise.version, seen=seen, next=next_at) == 1)


async def look_now(tx: Transaction, id: int, now: datetime) -> None:
    """Look at this promise then."""
    tx.stir("promises")
    await Q.look_now(tx, id=id, now=stored(now))


async def due_now(tx: Transaction, now: datetime, most: int) -> list[int]:
    """The numbers of the promises to look at, the longest waiting first."""
    return [row["id"] for row in await Q.due(tx, now=stored(now), most=most)]


async def next_look(tx: Transaction) -> datetime | None:
    return instant_or_none(await Q.next_look(tx))


async def put_card(tx: Transaction, promise: Promise, chat: int, message: int) -> None:
    """This message shows the promise from now on and is edited when it changes."""
    await Q.card(tx, id=promise.id, chat=chat, message=message)


async def note(
    tx: Transaction, promise: Promise, kind: str, who: Person | None, now: datetime, **detail: object
) -> None:
    """Something happened; events are never changed."""
    tx.stir("promises")
    await Q.note(
        tx,
        at=stored(now),
        subject=promise.subject,
        who=who.id if who else None,
        kind=kind,
        detail=json.dumps(detail, ensure_ascii=False),
    )


def _still_ahead(due: datetime, now: datetime, zone: ZoneInfo) -> None:
    """Time goes on while an agent is confirming."""
    if due <= now:
        raise OutOfDate(_("{when} 已经过了，请换一个时间。").format(when=say_clock(due, now=now, zone=zone)))
