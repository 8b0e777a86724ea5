"""A wording somebody made their own, from draft to withdrawn, and the rules about it. Pure."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.complaints.intake import PHONE, PLACE
from bot.language.fold import fold
from bot.phrases.fill import SLOTS, address_in, slots_in, without_address
from bot.phrases.phrase import Phrase
from bot.promises.workdays import Calendar
from bot.shared.text import cut
from bot.teams.person import OWNER, Person

DRAFT, PROPOSED, APPROVED = "draft", "proposed", "approved"
RETURNED, REPLACED, WITHDRAWN, CANCELLED = "returned", "replaced", "withdrawn", "cancelled"
TEAM, PERSONAL = "team", "personal"

LONGEST = 500  # characters of a wording: more than that nobody sends as one message
SITUATION_MOST = 40
SAYS_MOST = 12
DAYS = (0, 90, 30)  # for how long a wording is approved by one press; 0: for good
GAPS_MOST, UNUSED_MOST, UNUSED_FROM = 8, 5, 3


@dataclass(frozen=True, kw_only=True)
class OwnPhrase:
    """One version. `root` is the id of the first: the phrase is "own-<root>" through all of them."""

    id: int
    root: int
    team_id: int
    person_id: int
    scope: str
    state: str
    situation: str
    text: str
    says: tuple[str, ...]
    version: int
    replaces: int | None
    valid_from: datetime | None
    valid_until: datetime | None
    decided_by: int | None
    decided_at: datetime | None
    reason: str

    @property
    def phrase_id(self) -> str:
        return f"own-{self.root}"

    @property
    def renews(self) -> bool:
        """A next version of a wording that is in use."""
        return self.root != self.id

    @property
    def seal(self) -> str:
        """Eight characters that tell these words from others: who decides has seen exactly them."""
        return hashlib.blake2s(f"{self.situation}\n{self.text}".encode(), digest_size=4).hexdigest()

    def expired(self, now: datetime) -> bool:
        return self.valid_until is not None and self.valid_until <= now

    def in_force(self, now: datetime) -> bool:
        begun = self.valid_from is None or self.valid_from <= now
        return self.state == APPROVED and begun and not self.expired(now)

    def may_be_decided_by(self, person: Person) -> bool:
        """Supervisors and above decide for their team; an owner for any."""
        return person.leads and (person.team_id == self.team_id or person.role == OWNER)

    def may_be_changed_by(self, person: Person) -> bool:
        """A personal wording is its author's alone; a team's is for those who decide."""
        return self.person_id == person.id if self.scope == PERSONAL else self.may_be_decided_by(person)

    def as_phrase(self) -> Phrase:
        """As the search knows it."""
        return Phrase(
            id=self.phrase_id,
            situation=self.situation,
            group="团队话术" if self.scope == TEAM else "我的话术",
            texts=(self.text,),
            says=self.says,
        )


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What became of a wording somebody keeps: "live", "expired", "withdrawn" or "gone"; `until` when it ended."""

    state: Literal["live", "expired", "withdrawn", "gone"]
    until: datetime | None = None
    successor_text: str | None = None


def root_of(phrase_id: str) -> int | None:
    """17 of "own-17"; None for a phrase of the book."""
    number = phrase_id.removeprefix("own-")
    return int(number) if number != phrase_id and re.fullmatch(r"[0-9]{1,18}", number) else None


def valid_until(days: int, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the day so many days from now; None: for good."""
    return end_of_day(now + timedelta(days=days), zone) if days else None


def end_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone)


# What a customer must not leave behind in a wording for others

_ROOM = re.compile(r"\d{3,4}")
_HOTLINE = re.compile(r"(?:\+?86)?[48]00")
_LABELLED = {fold(label).text: slot for slot, label in SLOTS.items()}
_BLANK = re.compile(r"【([^【】{}\n]{1,24})】|\{([^【】{}\n]{1,24})\}")
# What else of a customer's others need not read. Matched in folded text.
_PRIVATE = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "（邮箱）"),
    (
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][ ·•・.-]?"
            r"(?:[a-z\d]{5,6}|[a-z\d]{4}[挂学警港澳])(?![a-z\d])"
        ),
        "（车牌）",
    ),
    (re.compile(r"\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,4})?(?!\d)|\d{6,}x?"), "（号码）"),  # cards, identity cards
)


@dataclass(frozen=True, kw_only=True)
class Tidied:
    """A wording fit for anybody's use; `replaced` is what was taken out, with the slot that stands for it."""

    text: str
    replaced: tuple[tuple[str, str], ...] = ()


def tidied(text: str) -> Tidied:
    """A sentence said to one customer as a wording for all: name, phone and room become slots, blanks slots again.

    Brackets that name no slot stay what they are: 【温馨提示】.
    """
    replaced: list[tuple[str, str]] = []
    text = _BLANK.sub(_slot, text)
    for pattern, slot, meant in ((PHONE, "phone", _is_personal), (PLACE, "room", _is_room)):
        text = _with_slots(text, pattern, slot, meant, replaced)
    while span := _address_span(text):
        start, end = span
        replaced.append((text[start:end], "称呼"))
        text = f"{text[:start]}{{称呼}}{text[end:]}"
    return Tidied(text=text, replaced=tuple(dict.fromkeys(replaced)))


def _slot(blank: re.Match[str]) -> str:
    """{reason} for 【原因】 and {原因}."""
    name = (blank[1] or blank[2]).strip()
    slot = _LABELLED.get(fold(name).text) or (name if blank[2] and name in SLOTS else None)
    return f"{{{slot}}}" if slot else blank[0]


def unknown_slot(text: str) -> str | None:
    """The first {…} that nobody could ever fill."""
    return next((slot for slot in slots_in(text) if slot not in SLOTS), None)


def masked(text: str, most: int = SITUATION_MOST) -> str:
    """What somebody searched for, as others may read it: nobody named with a title, no phone, room, number, plate."""
    given = {"称呼": "客户", "phone": "（电话）", "room": "（房号）"}
    plain = tidied(text).text
    for slot, said in given.items():
        plain = plain.replace(f"{{{slot}}}", said)
    for pattern, said in _PRIVATE:
        folded = fold(plain)
        for found in reversed(list(pattern.finditer(folded.text))):
            start, end = folded.span(*found.span())
            plain = plain[:start] + said + plain[end:]
    return cut(re.sub(r"(客户)(?:客户)+", r"\1", plain), most)


def _is_personal(phone: str) -> bool:
    return not _HOTLINE.match(phone)


def _is_room(place: str) -> bool:
    return _ROOM.search(place) is not None


def _with_slots(
    text: str, pattern: re.Pattern[str], slot: str, meant: Callable[[str], bool], replaced: list[tuple[str, str]]
) -> str:
    folded = fold(text)
    for found in reversed(list(pattern.finditer(folded.text))):
        if meant(found.group()):
            start, end = folded.span(*found.span())
            replaced.insert(0, (text[start:end], slot))
            text = f"{text[:start]}{{{slot}}}{text[end:]}"
    return text


def _address_span(text: str) -> tuple[int, int] | None:
    """Where somebody is addressed: 张先生 in 张先生，您好."""
    if address_in(text) is None:
        return None
    others = without_address(text)  # a blank stands where the name stood
    start = next(place for place, (a, b) in enumerate(zip(text, others, strict=False)) if a != b)
    return start, start + len(text) - len(others) + 1


# What the team looked for and did not find


@dataclass(frozen=True, kw_only=True)
class AskedBefore:
    """One search of somebody of the team; `hits` are the ids of the phrases shown."""

    id: int
    query: str
    found: int
    hits: tuple[str, ...]
    judged: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A query nobody has an answer to; `search` is one of those that asked it."""

    search: int
    query: str
    times: int


_TELLING = re.compile(r"[\u3400-\u9fff]{2}")  # emoji, keyboard mash and a lone 滚 are nobody's gap


def gaps(searches: Iterable[AskedBefore]) -> list[Gap]:
    """Queries that found nothing (and find nothing still) or only what was disliked, the most frequent first."""
    asked: dict[str, list[AskedBefore]] = defaultdict(list)
    for search in searches:
        asked[fold(" ".join(search.query.split())).text].append(search)
    found = [
        Gap(search=same[-1].id, query=same[-1].query, times=len(same))
        for words, same in asked.items()
        if _TELLING.search(words)
        and all(search.judged != "up" for search in same)
        and (same[-1].found == 0 or any(search.judged == "down" for search in same))
    ]
    found.sort(key=lambda gap: (-gap.times, gap.search))
    return found[:GAPS_MOST]


def unused(searches: Iterable[AskedBefore], chosen: Iterable[str]) -> list[tuple[str, int]]:
    """Phrases shown three times or more that nobody chose, with how often; the most frequent first."""
    shown = Counter(phrase for search in searches for phrase in dict.fromkeys(search.hits))
    taken = set(chosen)
    often = [(phrase, times) for phrase, times in shown.items() if times >= UNUSED_FROM and phrase not in taken]
    return sorted(often, key=lambda one: (-one[1], one[0]))[:UNUSED_MOST]


def next_report(now: datetime, calendar: Calendar) -> datetime:
    """When work begins on the next Monday, or on the first working day after it."""
    today = now.astimezone(calendar.zone).date()
    monday = today - timedelta(days=today.weekday())
    while (at := calendar.start_of_business(calendar.next_working(monday))) <= now:
        monday += timedelta(days=7)
    return at


def nearest_situations(phrases: Sequence[Phrase], most: int = 3) -> list[Phrase]:
    """The first phrases with situations of different names."""
    named: Mapping[str, Phrase] = {fold(phrase.situation).text: phrase for phrase in reversed(phrases)}
    return [phrase for phrase in phrases if named[fold(phrase.situation).text] is phrase][:most]
