"""What is kept of checks: a draft for the buttons below it, counts without text, a team's style, its quiet groups."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.checks.counts import Counts, Overheard, RuleCount, Stretch, by_class
from bot.checks.rule import Channel, Finding
from bot.errors import OutOfDate
from bot.language.speech import _
from bot.shared.database import Row, Statements, Transaction, instant, instant_or_none, stored
from bot.teams.person import Person

Q = Statements(__file__)
DRAFTS_LAST = timedelta(days=2)
TELLS_APART = timedelta(minutes=1)  # between two words to one person about what they wrote in quiet groups
AT_ONCE = 50


# Drafts


async def keep_draft(tx: Transaction, id: int, person: Person, text: str, now: datetime) -> None:
    """Keep a draft for its buttons, by the number of the update it came in; those of days ago are forgotten."""
    await Q.forget_drafts(tx, before=stored(now - DRAFTS_LAST))
    await Q.keep_draft(tx, id=id, person_id=person.id, text=text, now=stored(now))


async def draft_of(tx: Transaction, id: int, person: Person) -> str:
    """Raises OutOfDate when it was forgotten, or is somebody else's."""
    row = await Q.draft(tx, id=id, person_id=person.id)
    if row is None:
        raise OutOfDate(_("这次检查已过期。请把草稿再发一次 /check。"))
    return str(row["text"])


# Counts


async def record(
    tx: Transaction, person: Person, findings: Sequence[Finding], now: datetime, *, untold: bool = False
) -> None:
    """One check and the rules it touched. `untold`: its author will be told of it later."""
    check = await Q.check(tx, person_id=person.id, team_id=person.team_id, now=stored(now), untold=int(untold))
    for (rule, kind), times in Counter((finding.rule, finding.kind) for finding in findings).items():
        await Q.found(tx, check_id=check, rule=rule, kind=kind, times=times)


async def counts_of(tx: Transaction, person: Person, stretch: Stretch) -> Counts:
    """A person's own."""
    asked = {"person_id": person.id, **_stored(stretch)}
    row = await Q.own_checks(tx, **asked)
    rules = [_rule_count(rule) for rule in await Q.own_rules(tx, **asked)]
    return Counts(checks=row["times"], checks_before=row["before"], classes=by_class(rules))


async def counts_of_team(tx: Transaction, team_id: int, stretch: Stretch) -> Counts:
    """Of a team's agents together."""
    asked = {"team_id": team_id, **_stored(stretch)}
    row = await Q.team_checks(tx, **asked)
    return Counts(
        checks=row["times"],
        checks_before=row["before"],
        classes=by_class([_rule_count(rule) for rule in await Q.team_rules(tx, **asked)]),
        people=row["people"],
        people_before=row["people_before"],
    )


def _stored(stretch: Stretch) -> dict[str, str]:
    return {name: stored(getattr(stretch, name)) for name in ("since", "now", "before", "until")}


def _rule_count(row: Row) -> RuleCount:
    return RuleCount(rule=row["rule"], kind=row["kind"], times=row["times"], before=row["before"])


# Style


async def channel(tx: Transaction, team_id: int) -> Channel:
    """How a team talks to its customers."""
    return "shop" if await Q.channel(tx, team_id=team_id) == "shop" else "formal"


async def set_channel(tx: Transaction, team_id: int, chosen: Channel, by: Person, now: datetime) -> None:
    await Q.set_channel(tx, team_id=team_id, channel=chosen, who=by.id, now=stored(now))
    await note(tx, f"team:{team_id}", "style", by, now, channel=chosen)


# Quiet groups


async def quiet_team(tx: Transaction, chat: int) -> int | None:
    """The team whose quiet group this is; None when the bot may speak there."""
    team: int | None = await Q.quiet_group(tx, chat=chat)
    return team


async def hush(tx: Transaction, chat: int, by: Person, now: datetime) -> None:
    """From now on the bot reads this group and says nothing in it."""
    await Q.hush(tx, chat=chat, team_id=by.team_id, who=by.id, now=stored(now))
    await note(tx, f"team:{by.team_id}", "hushed", by, now, chat=chat)


async def speak_again(tx: Transaction, chat: int, by: Person, now: datetime) -> bool:
    """False when it was not quiet, or is another team's."""
    if await Q.speak_again(tx, chat=chat, team_id=by.team_id) != 1:
        return False
    await note(tx, f"team:{by.team_id}", "unhushed", by, now, chat=chat)
    return True


async def move_group(tx: Transaction, chat: int, new_chat: int) -> None:
    """The group became a supergroup: it stays quiet."""
    await Q.move_quiet(tx, chat=chat, new_chat=new_chat)


async def overheard(tx: Transaction, person: Person, findings: Sequence[Finding], now: datetime) -> None:
    """What somebody wrote in a quiet group breaks the norms: they are told soon, once a minute at most."""
    await record(tx, person, findings, now, untold=person.reachable)
    if not person.reachable:
        return
    row = await Q.next_tell(tx, person_id=person.id)
    if row and row["look_at"]:
        return
    told_at = instant_or_none(row["told_at"]) if row else None
    look_at = max(now, told_at + TELLS_APART) if told_at else now
    await Q.tell_at(tx, person_id=person.id, look_at=stored(look_at))
    tx.stir("checks")


async def tells_due(tx: Transaction, now: datetime) -> list[tuple[int, datetime]]:
    """Whom to tell now: (person, when it was due)."""
    return [(row["person_id"], instant(row["look_at"])) for row in await Q.tells_due(tx, now=stored(now), most=AT_ONCE)]


async def claim_tell(tx: Transaction, person_id: int, seen: datetime, now: datetime) -> list[Overheard]:
    """Everything they have not been told yet; nothing when another process was quicker."""
    if await Q.claim_tell(tx, person_id=person_id, seen=stored(seen), now=stored(now)) != 1:
        return []
    rows = await Q.untold(tx, person_id=person_id)
    await Q.told(tx, person_id=person_id)
    return [Overheard(at=instant(row["at"]), rule=row["rule"], kind=row["kind"]) for row in rows]


# Both


async def next_look(tx: Transaction) -> datetime | None:
    """When something about checks and requests is due next."""
    return instant_or_none(await Q.next_look(tx))


async def note(tx: Transaction, subject: str, kind: str, who: Person | None, now: datetime, **detail: object) -> None:
    """Something happened; events are never changed."""
    tx.stir("checks")
    await Q.note(
        tx, at=stored(now), subject=subject, who=who.id if who else None, kind=kind,
        detail=json.dumps(detail, ensure_ascii=False),
    )  # fmt: skip
