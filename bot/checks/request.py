"""请示: an agent asks whether something may be promised; a lead agrees or refuses. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.language.fold import fold
from bot.teams.person import Person

State = Literal["waiting", "agreed", "refused"]
WAITING: Final = "waiting"
AGREED: Final = "agreed"
REFUSED: Final = "refused"
ANSWER_WITHIN = timedelta(minutes=30)  # of working time; then the next level hears
# Each stands alone, before the end, a mark or a blank: 同意不了 and 可以吗 decide nothing.
_YES = re.compile(r"我?(?:同意|可以|批准|准了|行|好的?|没问题|ok)(?!\w)")
_NO = re.compile(r"我?(?:不(?:同意|可以|行|能|批准|准|要)|拒绝|驳回)(?!\w)")
_ASKED = re.compile(r"[?吗]")
# What takes a yes back, or puts it off: 好的，我问下财务; and what takes a no back.
_NOT_YET = re.compile(r"不(?:同意|可以|行|批准|准)|拒绝|驳回|等|问|再说|再看|看看|看一|商量|考虑|想想|请示|核实|查")
_AFTER_ALL = re.compile(r"(?<!不)(?:同意|可以|批准)")
_SENTENCE_END = re.compile(r"[。.!]")
_NUMBER = re.compile(r"(?<!\d)(\d{4}(?:\d{2})?-\d{2,3})(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Request:
    """Instants in UTC. `level` was told last, at `told_at`: 1 supervisors, 2 deputies, 3 owners."""

    id: int
    team_id: int
    person_id: int
    text: str
    draft: bool  # a sentence for the customer, not a question to the lead
    why: str
    number: str | None  # of the case
    state: State
    level: int
    told_at: datetime
    look_at: datetime | None
    decided_by: int | None
    decided_at: datetime | None
    opinion: str

    @property
    def subject(self) -> str:
        """What its events and messages are filed under."""
        return f"request:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.state == WAITING

    def notice_key(self, level: int, person: Person) -> str:
        return f"{self.subject}:ask:{level}:{person.id}"

    @property
    def has_terms(self) -> bool:
        """The lead said more than a bare yes or no: 同意，最多赔 200 元. The draft as it stands is not what was agreed."""
        said = _plain(self.opinion)
        return bool(said) and not any((bare := kind.match(said)) and not said[bare.end() :] for kind in (_YES, _NO))

    @property
    def notices(self) -> str:
        """The keys of what leads were told, as a LIKE pattern."""
        return f"{self.subject}:ask:%"

    @property
    def receipt_key(self) -> str:
        """Of what the asker sees while it waits."""
        return f"{self.subject}:asked"


def raised(told: Sequence[Person], *, now: datetime, due: datetime) -> bool:
    """Whether the next level hears: the time is over, or nobody of those told can be reached any more."""
    return now >= due or not any(person.reachable for person in told)


def decision_in(words: str) -> State | None:
    """What an opinion comes to by its first word: 同意，最多赔 200 元 · 不同意. None when it does not say so beyond
    doubt: a decision is final, and to be asked once more costs the lead one tap."""
    said = _plain(words)
    if no := _NO.match(said):
        asked = _ASKED.search(_SENTENCE_END.split(said, maxsplit=1)[0])
        return None if asked or _AFTER_ALL.search(said, no.end()) else REFUSED
    if yes := _YES.match(said):
        return None if _ASKED.search(said) or _NOT_YET.search(said, yes.end()) else AGREED
    return None


def _plain(words: str) -> str:
    """Folded, without the marks around it."""
    return fold(words).text.strip(" ,，。.!~:：;；")


def case_in(text: str) -> str | None:
    """The number of a case that is named: 0611-01."""
    found = _NUMBER.search(fold(text).text)
    return found[1] if found else None
