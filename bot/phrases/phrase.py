"""A wording for the customer: the situation it fits, the sentences, what leads to it, what not to say instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Protocol

from bot.phrases.fill import slots_in

SEASONS = "冬冬春春春夏夏夏秋秋秋冬"  # of the twelve months
# Words that name a part of the day, each with an hour that lies in it.
DAY_PARTS = {"早": time(8), "上午": time(10), "中午": time(12), "下午": time(15), "晚": time(20), "夜": time(23)}


@dataclass(frozen=True, kw_only=True)
class When:
    """The only time a wording fits: hours of the day (`start` up to, not including, `end`), a season, a holiday."""

    start: time | None = None
    end: time | None = None
    season: str | None = None
    holiday: str | None = None

    def fits(self, moment: datetime, holiday: str | None = None) -> bool:
        """Whether hour, season and the `holiday` that is near are all right; `moment` is local."""
        return (
            self.fits_hour(moment.time())
            and self.season in (None, SEASONS[moment.month - 1])
            and (self.holiday is None or _bare(self.holiday) == _bare(holiday or ""))
        )

    def fits_hour(self, at: time) -> bool:
        """Whether the hour is right; 22:00–05:00 goes through midnight."""
        if self.start is None or self.end is None:
            return True
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def named_in(self, query: str) -> bool:
        """Whether the question itself names this time: 中秋, 夏天, 晚上."""
        hour = self.start is not None and any(self.fits_hour(at) for word, at in DAY_PARTS.items() if word in query)
        season = self.season is not None and self.season in query
        holiday = self.holiday is not None and _bare(self.holiday) in query
        return hour or season or holiday


def _bare(holiday: str) -> str:
    """中秋 and 中秋节 are one day; 春节 stays what it is."""
    return holiday.removesuffix("节") if len(holiday) > 2 else holiday


@dataclass(frozen=True, kw_only=True)
class Valid:
    """From which day to which, both included, a wording may be said; the id of the one to say afterwards."""

    start: date | None = None
    until: date | None = None
    successor: str | None = None

    def on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


ALWAYS = Valid()


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One entry of the phrasebook."""

    id: str
    situation: str
    group: str
    texts: tuple[str, ...]  # the best first, with {slots}
    aliases: tuple[str, ...] = ()  # other names of the situation
    says: tuple[str, ...] = ()  # what customers say, or agents tell, that leads here
    alarm: tuple[str, ...] = ()  # words that put it first whatever else was said: 着火, 想跳楼
    avoid: tuple[str, ...] = ()  # what not to say here
    styles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "formal", "shop": the same in another tone
    en: tuple[str, ...] = ()  # the first of `texts` in English, in their order
    next: str | None = None  # "promise", "complaint", "script:ID" or "form:ID"
    tags: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    when: When | None = None
    valid: Valid = ALWAYS

    @property
    def slots(self) -> frozenset[str]:
        """What has to be filled in before any of its texts can be sent."""
        return frozenset(slot for text in self.texts for slot in slots_in(text))

    def said(self, text: int, *, language: str = "", style: str = "") -> str | None:
        """One of its texts, in English or in another tone; None when it has none of that kind."""
        if language == "en":
            return self.en[text] if text < len(self.en) else None
        if style:
            texts = self.styles.get(style, ())
            return texts[min(text, len(texts) - 1)] if texts else None
        return self.texts[text]


class Fate(Protocol):
    """What became of a wording that somebody kept: `until` is when it stopped, then what to say instead."""

    @property
    def state(self) -> str: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def successor_text(self) -> str | None: ...
