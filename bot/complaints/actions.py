"""Logging a complaint: a draft that survives anything, then a numbered case with a promise."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.complaints.complaint import DRAFT, Complaint
from bot.complaints.intake import GIST_MOST, Intake
from bot.errors import OutOfDate
from bot.language.speech import _
from bot.promises import actions as promises
from bot.promises.asking import read_as
from bot.promises.clocks import REGISTERED, Clocks
from bot.promises.promise import Promise
from bot.promises.workdays import Calendar
from bot.shared.database import Row, Statements, Transaction, instant_or_none, stored
from bot.shared.text import cut
from bot.teams.person import Person

Q = Statements(__file__)
LATELY = timedelta(days=30)


def complaint_of(row: Row) -> Complaint:
    return Complaint(
        id=row["id"],
        number=row["number"],
        state=row["state"],
        logged_by=row["logged_by"],
        said=row["said"],
        customer=row["customer"],
        phone=row["phone"],
        place=row["place"],
        matter=row["matter"],
        due=instant_or_none(row["due_at"]),
        due_says=row["due_says"] or "",
        source_message=row["source_message"],
        due_why=tuple(json.loads(row["due_why"])),
    )


async def draft(tx: Transaction, by: Person, said: str, intake: Intake, *, source: int, now: datetime) -> Complaint:
    """What was typed, on disk before the agent is shown anything."""
    id = await Q.draft(
        tx,
        team_id=by.team_id,
        logged_by=by.id,
        **_read(said, intake),
        source=source,
        now=stored(now),
    )
    return complaint_of(await Q.complaint(tx, id=id))


async def open_draft(tx: Transaction, id: int, by: Person) -> Complaint:
    """Raises OutOfDate when it was registered or cancelled already, or is somebody else's."""
    row = await Q.complaint(tx, id=id)
    if row is None or row["logged_by"] != by.id:
        raise OutOfDate(_("找不到这条草稿。要登记投诉，请发 /complaint。"))
    complaint = complaint_of(row)
    if complaint.state == DRAFT:
        return complaint
    if complaint.number:
        raise OutOfDate(_("已经登记为 #{number}，不用再点。").format(number=complaint.number))
    raise OutOfDate(_("这条草稿已经取消。要登记投诉，请发 /complaint。"))


async def draft_from(tx: Transaction, by: Person, message: int) -> Complaint | None:
    """The draft that this message of theirs began, when it is still one."""
    row = await Q.draft_from(tx, person_id=by.id, message=message)
    return complaint_of(row) if row else None


async def redraft(tx: Transaction, complaint: Complaint, said: str, intake: Intake) -> Complaint:
    await Q.redraft(
        tx,
        id=complaint.id,
        **_read(said, intake),
    )
    return complaint_of(await Q.complaint(tx, id=complaint.id))


async def retime(
    tx: Transaction, complaint: Complaint, due: datetime | None, says: str, why: Sequence[str] = ()
) -> Complaint:
    await Q.retime(
        tx, id=complaint.id, due_at=stored(due) if due else None, due_says=says, due_why=promises.as_list(why)
    )
    return complaint_of(await Q.complaint(tx, id=complaint.id))


async def register(
    tx: Transaction, complaint: Complaint, by: Person, *, clocks: Clocks, now: datetime, calendar: Calendar,
    card: tuple[int, int],
) -> Promise:  # fmt: skip
    """Draft to case: a number, its first-asked agent as owner (首问负责), a promise and the clocks of the norms.

    Raises OutOfDate without a deadline: no complaint is ever without one.
    """
    if complaint.due is None:
        raise OutOfDate(_("还没有答复时间，请先选一个。"))
    promise = await promises.make(
        tx, owner=by, customer=complaint.customer, gist=cut(complaint.matter, GIST_MOST) or _("投诉"), due=complaint.due,
        due_says=complaint.due_says, why=complaint.due_why, policy=clocks.promise, now=now, zone=calendar.zone,
        complaint_id=complaint.id, card=card,
    )  # fmt: skip
    await promises.start(tx, promise, REGISTERED, by, clocks=clocks, now=now, calendar=calendar)
    await Q.register(tx, id=complaint.id, number=promise.number, now=stored(now))
    return promise


async def cancel(tx: Transaction, complaint: Complaint) -> None:
    """The draft is set aside; its text stays on disk."""
    await Q.cancel(tx, id=complaint.id)


async def earlier(tx: Transaction, complaint: Complaint, by: Person, now: datetime) -> tuple[int, int]:
    """How often this telephone complained within 30 days before, and how many of those promises were broken."""
    if not complaint.phone:
        return 0, 0
    row = await Q.earlier(tx, phone=complaint.phone, team_id=by.team_id, since=stored(now - LATELY), now=stored(now))
    return row["times"], row["broken"]


def _read(said: str, intake: Intake) -> dict[str, str | None]:
    """What was typed and what was read from it, as it stands in a row."""
    return {
        "said": said,
        "customer": intake.customer,
        "phone": intake.phone,
        "place": intake.place,
        "matter": intake.matter,
        "due_at": stored(intake.reading.due) if intake.reading.due else None,
        "due_says": read_as(intake.reading),
        "due_why": promises.as_list(intake.reading.steps),
    }
