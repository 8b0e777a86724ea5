"""One search and how its answer is wanted on the screen: what a button changes, kept as a row. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

UNDECIDED, NO_CASE = 0, -1
Place = tuple[str, int]  # a phrase's id and the number of its text that fits best


@dataclass(frozen=True, kw_only=True)
class Search:
    """`order` is what was found, best first; it stays while the answer is on the screen, whatever is learnt meanwhile."""

    id: int
    query: str
    order: tuple[Place, ...] = ()
    courtesy: str = ""  # a sentence with its slots, to be said first, when a customer's message was passed on
    script: str = ""  # the language of the answer
    page: int = 0
    address: str = ""  # 先生 or 女士, chosen by a button
    slots: Mapping[str, str] = field(default_factory=dict)  # filled by the agent
    skipped: tuple[str, ...] = ()
    language: str = ""  # "en"
    style: str = ""  # "formal", "shop"
    case: int = UNDECIDED  # the promise it is filled from
    marks: Mapping[str, str] = field(default_factory=dict)  # "up" or "down" by phrase
    shown: tuple[str, ...] = ()  # phrases that were on the screen
    near: bool = False  # nothing was found; these are the nearest

    def to_json(self) -> str:
        """What stands in the row beside query and shown."""
        kept = asdict(self)
        for name in ("id", "query", "shown"):
            del kept[name]
        return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)

    @classmethod
    def from_row(cls, *, id: int, query: str, given: str, hits: str) -> "Search":
        kept = json.loads(given)
        kept["order"] = tuple((phrase, text) for phrase, text in kept.get("order", ()))
        kept["skipped"] = tuple(kept.get("skipped", ()))
        return cls(id=id, query=query, shown=tuple(json.loads(hits)), **kept)

    def with_slot(self, slot: str, value: str) -> "Search":
        return replace(self, slots={**self.slots, slot: value})

    def showing(self, phrases: list[str]) -> "Search":
        """These are on the screen now."""
        return replace(self, shown=tuple(dict.fromkeys((*self.shown, *phrases))))

    @property
    def judged(self) -> str:
        """A search that led to one good wording was a good one."""
        marks = set(self.marks.values())
        return "up" if "up" in marks else "down" if marks else ""
