"""The people a newcomer plays, and the clock they live by."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Person:
    id: int
    name: str
    title: str
    username: str
    language_code: str = "zh-hans"
    guest: bool = False  # not in the team group
    group_admin: bool = False


CAST = (
    Person(id=1001, name="小李", title="客服", username="xiaoli"),
    Person(id=1002, name="小王", title="客服", username="xiaowang"),
    Person(id=1003, name="陈主管", title="客服主管", username="chenzhuguan", group_admin=True),
    Person(id=1004, name="周副总", title="主管副总经理", username="zhoufuzong", group_admin=True),
    Person(id=1005, name="小赵", title="访客", username="xiaozhao", guest=True),
)


class Clock(Protocol):
    """A clock that can be moved, given by whoever runs the bot; moving it lets the bot do what falls due meanwhile."""

    def now(self) -> datetime: ...

    async def advance(self, delta: timedelta) -> None: ...

    def next_due(self) -> datetime | Awaitable[datetime | None] | None: ...


def utc_now() -> datetime:
    return datetime.now(UTC)
