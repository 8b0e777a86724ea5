"""A person of the team and what their role lets them do. Pure."""

from dataclasses import dataclass
from typing import Final

from bot.language.speech import _

AGENT, SUPERVISOR, DEPUTY, OWNER = "agent", "supervisor", "deputy", "owner"
ROLES: Final = (AGENT, SUPERVISOR, DEPUTY, OWNER)  # from the front line upwards


@dataclass(frozen=True, kw_only=True)
class Person:
    id: int
    telegram_id: int
    name: str
    role: str
    team_id: int
    team: str
    locale: str
    zone: str | None = None  # where they read, by its name in the tz database; None: in the team's
    started: bool  # pressed /start: the bot may write to them
    reachable: bool
    left: bool

    @property
    def voice(self) -> tuple[str, str | None]:
        """How they are spoken to, for `speaking`: their language and zone."""
        return self.locale, self.zone

    @property
    def leads(self) -> bool:
        """Supervisors and above see and handle the whole team's cases."""
        return self.role != AGENT

    def may_invite(self, role: str) -> bool:
        """Owners invite anybody; others only below themselves."""
        return self.role == OWNER or ROLES.index(role) < ROLES.index(self.role)


def title(role: str) -> str:
    """What the post is called."""
    return {AGENT: _("客服"), SUPERVISOR: _("客服主管"), DEPUTY: _("主管副总经理"), OWNER: _("机主")}[role]


def role_named(words: str) -> str | None:
    """The post somebody means by agent, 客服, 主管, 副总 …; None when there is none."""
    known = {title(role): role for role in ROLES} | {role: role for role in ROLES}
    known |= {"主管": "supervisor", "副总": "deputy", "副总经理": "deputy", "主管副总": "deputy"}
    return known.get(words.strip().lower())
