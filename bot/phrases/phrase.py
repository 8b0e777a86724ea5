"""A wording for the customer: the situation it fits, the sentences, what leads to it, what not to say instead."""

from dataclasses import dataclass
from datetime import time

from bot.phrases.fill import slots_in


@dataclass(frozen=True, kw_only=True)
class When:
    """The only time a wording fits: hours of the day (`start` up to, not including, `end`), a season, a holiday."""

    start: time | None = None
    end: time | None = None
    season: str | None = None
    holiday: str | None = None

    def fits(self, at: time) -> bool:
        """Whether the hour is right; 22:00–05:00 goes through midnight."""
        if self.start is None or self.end is None:
            return True
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One entry of the phrasebook."""

    id: str
    situation: str
    group: str
    texts: tuple[str, ...]  # the best first, with {slots}
    aliases: tuple[str, ...] = ()  # other names of the situation
    says: tuple[str, ...] = ()  # what customers say, or agents tell, that leads here
    avoid: tuple[str, ...] = ()  # what not to say here
    next: str | None = None  # "promise", "complaint" or "script:ID"
    tags: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    when: When | None = None

    @property
    def slots(self) -> frozenset[str]:
        """What has to be filled in before any of its texts can be sent."""
        return frozenset(slot for text in self.texts for slot in slots_in(text))
