"""What the phrasebook forbids, what it says instead, and what a checked draft came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import Pattern
from typing import Literal

from bot.checks.regex import Regex

Level = Literal["bad", "hint"]
Reach = Literal["clause", "sentence"]
How = Literal["word", "clause", "sentence", "drop"]
Channel = Literal["formal", "shop"]
CHANNELS: tuple[Channel, ...] = ("formal", "shop")


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What is known about the conversation a draft is written for; some rules depend on it."""

    channel: Channel = "formal"
    fault_ours: bool = False  # established, not merely felt
    upset: bool = False  # the customer is angry right now

    def holds(self, name: str) -> bool:
        return {"fault_ours": self.fault_ours, "upset": self.upset}[name]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of wording that must not, or should rather not, reach a customer."""

    id: str
    kind: str
    level: Level
    why: str
    instead: str | None
    reach: Reach = "clause"  # how much of the draft its tone spoils
    forms: tuple[str, ...] = ()  # any of these, nearly literally, is a finding …
    sounds: bool = False  # … also when they only sound so …
    patterns: tuple[Regex, ...] = ()  # … and so is any of these …
    acquits: tuple[Regex, ...] = ()  # … unless one of these overlaps it
    cleared_by: tuple[Regex, ...] = ()  # … or stands anywhere in the draft
    softened_by: tuple[Regex, ...] = ()  # anywhere in the draft: bad becomes a hint
    channels: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    firm: bool = False  # no doubt about what it finds, however right its sentence sounds
    shipped: bool = False  # finds what it ships to find: no team has added to that
    bad: tuple[str, ...] = ()  # drafts this rule must find …
    fine: tuple[str, ...] = ()  # … and drafts in which nothing may be found

    @property
    def occasion(self) -> Occasion:
        """One that the rule concerns: for trying it out."""
        channel = next((name for name in CHANNELS if name in self.channels), CHANNELS[0])
        return Occasion(channel=channel, **dict.fromkeys(self.only_if, True))

    def concerns(self, occasion: Occasion) -> bool:
        if self.channels and occasion.channel not in self.channels:
            return False
        if any(occasion.holds(name) for name in self.unless):
            return False
        return all(occasion.holds(name) for name in self.only_if)


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """Say this instead: for findings of some rules, when their clause looks a certain way."""

    id: str
    rules: frozenset[str]
    how: How
    say: str
    when: Pattern[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Quoting:
    """By what the words of others are known: they are no wording of ours."""

    told: tuple[Regex, ...] = ()  # before an opening quotation mark: 您说“…
    own: tuple[Regex, ...] = ()  # … unless it is this: 我说“…
    after: tuple[Regex, ...] = ()  # behind a closing one: …”这样的话
    retold: tuple[Regex, ...] = ()  # without quotation marks: 您反映师傅处理不了


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The whole of forbidden.yaml."""

    rules: tuple[Rule, ...]
    spared: tuple[Regex, ...] = ()  # places no rule looks at
    quoting: Quoting = Quoting()
    slips: Mapping[str, str] = field(default_factory=dict)  # what is typed → what is meant
    alike: tuple[str, ...] = ()  # groups of characters that are one in forms …
    mixed_up: tuple[str, ...] = ()  # … and in longer forms


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A place in the draft, as the agent typed it, with the rule it touches."""

    start: int
    end: int
    found: str
    rule: str
    kind: str
    level: Level
    reach: Reach
    why: str
    instead: str | None


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """The agent commits to something here; `due` as the time reader read it, if there is a time."""

    text: str
    due: str | None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A draft after checking; `rewrite` is the whole draft put right, itself free of findings."""

    findings: tuple[Finding, ...]
    hints: tuple[Finding, ...]
    promises: tuple[Commitment, ...]
    rewrite: str | None

    @property
    def verdict(self) -> Literal["ok", "bad"]:
        return "bad" if self.findings else "ok"
