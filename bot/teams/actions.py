"""Enrolment, invitations and the questions the bot is waiting for. Each is one verb in the caller's transaction."""

import hashlib
import secrets
from datetime import datetime, timedelta

from bot.errors import NotAllowed
from bot.language.speech import SOURCE, _
from bot.shared.database import Row, Statements, Transaction, stored
from bot.teams.person import OWNER, ROLES, Person, title

Q = Statements(__file__)
INVITATION_LASTS = timedelta(days=3)
QUESTION_LASTS = timedelta(minutes=10)  # after that a text is a new thing, not the answer
FIRST_TEAM = "客服一组"


def person_of(row: Row) -> Person:
    return Person(
        id=row["id"],
        telegram_id=row["telegram_id"],
        name=row["name"],
        role=row["role"],
        team_id=row["team_id"],
        team=row["team"],
        locale=row["locale"],
        zone=row["zone"],
        started=row["started_at"] is not None,
        reachable=row["started_at"] is not None and row["unreachable_since"] is None and row["left_at"] is None,
        left=row["left_at"] is not None,
    )


async def find(tx: Transaction, telegram_id: int) -> Person | None:
    row = await Q.person_by_telegram(tx, telegram_id=telegram_id)
    return person_of(row) if row else None


async def get(tx: Transaction, person_id: int) -> Person:
    return person_of(await Q.person(tx, id=person_id))


async def everybody(tx: Transaction) -> list[Person]:
    return [person_of(row) for row in await Q.people(tx)]


async def in_role(tx: Transaction, team_id: int, role: str) -> list[Person]:
    return [person_of(row) for row in await Q.in_role(tx, team_id=team_id, role=role)]


async def owners(tx: Transaction) -> list[Person]:
    """The owners of the bot, of whatever team."""
    return [person_of(row) for row in await Q.all_in_role(tx, role=OWNER)]


async def leave(tx: Transaction, telegram_id: int, now: datetime) -> bool:
    """They left the team: the bot says nothing more to them and takes nothing from them. False when nobody is here."""
    return bool(await Q.leave(tx, telegram_id=telegram_id, now=stored(now)) == 1)


async def enrol(
    tx: Transaction, *, telegram_id: int, name: str, role: str, team: str | None, now: datetime, locale: str = SOURCE
) -> Person:
    """Add a person, or give one who is here this name, role and team. The team is made when it is new."""
    row = await (Q.team_by_name(tx, name=team) if team else Q.first_team(tx))
    team_id = row["id"] if row else await Q.add_team(tx, name=team or FIRST_TEAM, now=stored(now))
    number = await Q.add_person(
        tx, telegram_id=telegram_id, name=name, role=role, team_id=team_id, locale=locale, now=stored(now)
    )
    return await get(tx, number)


async def started(tx: Transaction, person: Person, now: datetime) -> None:
    """They pressed /start: from now on the bot may write to them."""
    await Q.started(tx, id=person.id, now=stored(now))


async def unreachable(tx: Transaction, telegram_id: int, now: datetime) -> None:
    await Q.unreachable(tx, telegram_id=telegram_id, now=stored(now))


async def speak(tx: Transaction, person: Person, locale: str) -> None:
    await Q.speak(tx, id=person.id, locale=locale)


async def live_in(tx: Transaction, person: Person, zone: str | None) -> None:
    """From now on times are shown to them in this zone, beside the team's; None: in the team's alone."""
    await Q.live_in(tx, id=person.id, zone=zone)


async def invite(tx: Transaction, *, role: str, by: Person | None, now: datetime) -> str:
    """A new one-time invitation; its token is in the answer and nowhere else. `by` None: the first owner's.

    Raises NotAllowed when this person may not invite to that role.
    """
    if by and not by.may_invite(role):
        raise NotAllowed(_("这个岗位要由上一级来邀请。"))
    token = secrets.token_urlsafe(18)
    await Q.invite(
        tx,
        token_hash=_hash(token),
        role=role,
        team_id=by.team_id if by else None,
        made_by=by.id if by else None,
        now=stored(now),
        expires_at=stored(now + INVITATION_LASTS),
    )
    return token


async def owner_link_needed(tx: Transaction) -> bool:
    return not await Q.owners(tx)


async def renew_owner_link(tx: Transaction, now: datetime) -> str:
    """The token for the first owner. Earlier ones that nobody used stop working."""
    await Q.withdraw_owner_invitations(tx, now=stored(now))
    return await invite(tx, role=OWNER, by=None, now=now)


async def accept(tx: Transaction, *, token: str, telegram_id: int, name: str, locale: str, now: datetime) -> Person:
    """Join by invitation. Raises NotAllowed when the token is unknown, used or too old: one sentence for all three,
    so that guessing teaches nothing."""
    known = await find(tx, telegram_id)
    used = await Q.use_invitation(tx, token_hash=_hash(token), telegram_id=telegram_id, now=stored(now))
    if used != 1 and known:
        raise NotAllowed(_("已经在 {team} 了，不用再点邀请链接。").format(team=known.team))
    if used != 1:
        raise NotAllowed(_("这个邀请链接已失效。请向主管要一个新的。"))
    invitation = await Q.invitation(tx, token_hash=_hash(token))
    if known and ROLES.index(known.role) >= ROLES.index(invitation["role"]):
        # A lead who tries the link meant for an agent must neither lose a role nor use the link up.
        raise NotAllowed(_("已经是{role}，这个链接没有用掉。").format(role=title(known.role)))
    invited_to = await Q.team(tx, id=invitation["team_id"]) if invitation["team_id"] else None
    team = invited_to["name"] if invited_to else (known.team if known else None)
    return await enrol(
        tx, telegram_id=telegram_id, name=known.name if known else name, role=invitation["role"], team=team, now=now,
        locale=locale,
    )  # fmt: skip


async def team_of_group(tx: Transaction, chat: int) -> int | None:
    """The team that a group belongs to."""
    row = await Q.team_of_group(tx, chat=chat)
    return row["id"] if row else None


async def bind_group(tx: Transaction, team_id: int, chat: int) -> None:
    """This group is the team's from now on, whoever had it before."""
    await Q.unbind_group(tx, chat=chat)
    await Q.bind_group(tx, team_id=team_id, chat=chat)


async def move_group(tx: Transaction, chat: int, new_chat: int) -> None:
    """The group became a supergroup: keep its new number."""
    await Q.move_group(tx, chat=chat, new_chat=new_chat)


async def ask(tx: Transaction, person: Person, kind: str, subject: object, now: datetime) -> None:
    """The next text of this person answers this question (for a few minutes)."""
    await Q.ask(tx, person_id=person.id, kind=kind, subject=str(subject), now=stored(now))


async def question(tx: Transaction, person: Person, now: datetime) -> tuple[str, str] | None:
    """The question this person is answering: (kind, subject)."""
    row = await Q.question(tx, person_id=person.id, since=stored(now - QUESTION_LASTS))
    return (row["kind"], row["subject"]) if row else None


async def drop_question(tx: Transaction, person: Person) -> None:
    await Q.drop_question(tx, person_id=person.id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
