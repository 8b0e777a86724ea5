"""The order of what was found learns gently from what the team and this person chose. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.phrases.index import Hit

# How much each may change a score: the team's choices, one's own, one's own for this query.
TEAM, PERSON, HERE = 0.08, 0.08, 0.12
WITHIN = 0.8  # a phrase passes another only when its own score is at least this share of the other's
NAMED = 1.0  # the score of a phrase called by its name
IN_SEASON, OUT_OF_SEASON = 1.1, 0.85


@dataclass(frozen=True, kw_only=True)
class Liking:
    """How often a phrase was chosen, less how often it was turned down: by the team, by the person, for this query."""

    team: int = 0
    person: int = 0
    here: int = 0

    @property
    def factor(self) -> float:
        return (
            1 + TEAM * math.tanh(self.team / 5) + PERSON * math.tanh(self.person / 3) + HERE * math.tanh(self.here / 2)
        )


def reorder(hits: Sequence[Hit], factors: Mapping[str, float]) -> list[Hit]:
    """The same hits, each moved a little by its factor (by phrase id).

    None is added or dropped; none passes one that was called by its name, or that fits much better.
    """
    ordered: list[Hit] = []
    for hit in hits:
        place = len(ordered)
        while place and _passes(hit, ordered[place - 1], factors):
            place -= 1
        ordered.insert(place, hit)
    return ordered


def _passes(hit: Hit, other: Hit, factors: Mapping[str, float]) -> bool:
    if hit.score < WITHIN * other.score or (other.score >= NAMED > hit.score):
        return False
    return hit.score * factors.get(hit.phrase.id, 1.0) > other.score * factors.get(other.phrase.id, 1.0)


def timely(hits: Iterable[Hit], query: str, moment: datetime) -> list[Hit]:
    """Without the greetings of another hour, unless the question names it."""
    return [
        hit
        for hit in hits
        if hit.phrase.when is None or hit.phrase.when.fits_hour(moment.time()) or hit.phrase.when.named_in(query)
    ]


def seasonal(hits: Iterable[Hit], query: str, moment: datetime, holiday: str | None) -> dict[str, float]:
    """Factors for the wordings of a season or a holiday: in front near their time, behind far from it."""
    factors = {}
    for hit in hits:
        when = hit.phrase.when
        if when and (when.season or when.holiday) and not when.named_in(query):
            factors[hit.phrase.id] = IN_SEASON if when.fits(moment, holiday) else OUT_OF_SEASON
    return factors
