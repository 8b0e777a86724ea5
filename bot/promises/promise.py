"""承诺: what was promised to a customer, until when, and who answers for it. Pure.

A norm's time limit (首次答复 within half a working day) is a promise too, made by the house instead of the agent: it runs
beside the agent's own on every complaint, with the same reminders, and stops at another event.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.promises.clocks import AGENT, ANSWERED, PROMISE, RESOLVED, Policy
from bot.teams.person import Person

OPEN, KEPT = "open", "kept"
MOVED = "moved"  # of a clock of the norms: the matter went to another department, which has its own
SOON = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Instants in UTC. `version` grows with every new deadline; a button carries the one it was drawn for."""

    id: int
    number: str  # 1122-03: day and running number of the day; the clocks of one complaint share it
    clock: str = PROMISE  # else the id of a norm's clock
    who: str = AGENT  # the owner answers for it; else the post that does
    state: str
    version: int
    team_id: int
    owner_id: int
    complaint_id: int | None
    customer: str
    gist: str
    due: datetime
    due_says: str
    set_at: datetime
    look_at: datetime | None
    policy: Policy
    extended: int
    raised_at: datetime | None
    taken_by: int | None
    taken_at: datetime | None
    answered_by: int | None
    answered_at: datetime | None
    answer: str | None
    progress: str | None
    progress_at: datetime | None
    card_chat: int | None
    card_message: int | None
    why: tuple[str, ...] = ()  # how the deadline was counted, step by step
    warn_at: tuple[datetime, ...] = ()

    @property
    def subject(self) -> str:
        """What events, messages and notices about it are filed under."""
        return f"promise:{self.id}"

    @property
    def name(self) -> str:
        """How it is called on screens: #1122-03 张先生 电梯故障."""
        customer = "" if self.customer in self.gist else self.customer
        return " ".join(filter(None, (f"#{self.number}", customer, self.gist)))

    @property
    def own(self) -> bool:
        """What the agent promised, not a time limit of the norms."""
        return self.clock == PROMISE

    @property
    def reported(self) -> bool:
        """A report to a post: not the owner has to act but somebody there has to say 收到."""
        return self.who != AGENT

    @property
    def closes(self) -> bool:
        """Whether its owner has to settle the case for it (办结)."""
        return RESOLVED in self.policy.until and not self.reported

    @property
    def awaits_first_answer(self) -> bool:
        """Whether the customer has not heard anything yet, which an answer that settles nothing would mend."""
        return self.is_open and ANSWERED in self.policy.until

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    def overdue(self, now: datetime) -> bool:
        return self.is_open and now >= self.due

    def mark(self, now: datetime) -> str:
        """The one state mark at the start of a line."""
        if not self.is_open:
            return "✅"
        if now >= self.due:
            return "🔴"
        return "🟡" if self.due - now <= SOON else "🟢"

    def may_be_handled_by(self, person: Person) -> bool:
        """Its owner, whoever took it over, and the leads of its team."""
        return person.id in (self.owner_id, self.taken_by) or (person.leads and person.team_id == self.team_id)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A promise that was typed and not confirmed yet."""

    id: int
    customer: str
    gist: str
    due: datetime | None
    due_says: str
    why: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What its messages are filed under."""
        return f"draft:{self.id}"
