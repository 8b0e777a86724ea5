"""Which norm gives which time: the reminders and the chain of a promise, as they are in the phrasebook. Pure.

The policy in force when a promise was made is kept with it, so editing the YAML never rewrites history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.errors import BookError
from bot.language.speech import _


@dataclass(frozen=True, kw_only=True)
class Level:
    post: str
    acknowledge_within: int  # minutes


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Times in minutes; meanings stand in phrasebook/clocks.yaml. Levels from the first to be told to the last."""

    remind_before: int
    remind_before_share: float
    remind_after: int
    escalate_after: int
    follow_up: int
    follow_up_times: int
    repeat_top: int
    repeat_top_times: int
    levels: tuple[Level, ...]

    def lead(self, set_at: datetime, due: datetime) -> timedelta:
        """How long before the deadline its owner is reminded."""
        return min(timedelta(minutes=self.remind_before), (due - set_at) * self.remind_before_share)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Policy":
        return cls(**{**data, "levels": tuple(Level(**level) for level in data["levels"])})


def read_policy(clocks: Mapping[str, Any], chains: Sequence[Mapping[str, Any]]) -> Policy:
    """The policy for new promises from clocks.yaml and chains.yaml.

    Raises BookError when the chain is not there.
    """
    settings = dict(clocks["promise"])
    wanted = settings.pop("chain")
    levels = next((chain["levels"] for chain in chains if chain["id"] == wanted), None)
    if levels is None:
        known = "、".join(chain["id"] for chain in chains)
        raise BookError(
            _("clocks.yaml：promise.chain 写的是“{wanted}”，chains.yaml 里没有；可以写：{known}。").format(
                wanted=wanted, known=known
            )
        )
    return Policy.from_data({**settings, "levels": levels})
