"""What reached the Bot API, and misfortune on order: calls that fail the way Telegram sometimes fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

REMEMBERED = 20_000


@dataclass(frozen=True, kw_only=True)
class Call:
    """One Bot API call that arrived; status 0 means that the connection was cut instead of an answer."""

    method: str
    params: Mapping[str, Any]
    status: int
    answer: Any  # the result, or the description of the refusal
    at: datetime


@dataclass(kw_only=True)
class Fault:
    method: str  # lower case
    status: int  # 0: the connection closes without an answer
    description: str
    parameters: Mapping[str, Any] | None
    times: int
    chat: int | None  # None: any
    after: bool  # the call is carried out first

    def strikes(self, method: str, chat: object) -> bool:
        return self.times > 0 and self.method == method and (self.chat is None or str(self.chat) == str(chat))


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def take(self, method: str, chat: object) -> Fault | None:
        """The fault that strikes this call, used up by it."""
        struck = next((one for one in self._waiting if one.strikes(method, chat)), None)
        if struck:
            struck.times -= 1
        return struck
