"""What was left to be said is said: once, in order, the urgent first, and honestly when Telegram has its moods."""

import asyncio
import shutil
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.outbox import actions as outbox
from bot.outbox.deliver import AGAIN, AT_ONCE, Deliverer
from bot.shared.database import Database, Row, Transaction
from bot.shared.message import Message, press
from bot.shared.telegram import Moved, Refused, SlowDown, Uncertain, Unchanged

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
LI, CHEN, GROUP = 1001, 1003, -1001
AGAIN_SAYS = "（可能重复：上次发送时中断）"


@dataclass
class PaperTelegram:
    """A Telegram to hold in the hand: chats remember what they show, and moods come on order.

    A mood strikes one call; `arrives` lets the call be carried out all the same.
    """

    shows: dict[tuple[int, int], str] = field(default_factory=dict)
    sent: list[tuple[int, str]] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    buttons: dict[tuple[int, int], Any] = field(default_factory=dict)
    moods: dict[int, deque[tuple[Exception, bool]]] = field(default_factory=dict)
    at_each_call: Any = None
    held: dict[int, asyncio.Event] = field(default_factory=dict)  # a chat whose line is slow until its event comes
    last: int = 100

    def next(self, chat: int, mood: Exception, *, times: int = 1, arrives: bool = False) -> None:
        self.moods.setdefault(chat, deque()).extend([(mood, arrives)] * times)

    async def send(self, chat: int, message: Message) -> int:
        async with self._in_a_mood(chat):
            self.last += 1
            self.shows[chat, self.last] = message.text
            self.buttons[chat, self.last] = message.buttons
            self.sent.append((chat, message.text))
            return self.last

    async def edit(self, chat: int, number: int, message: Message) -> int:
        async with self._in_a_mood(chat):
            if self.shows.get((chat, number)) == message.text:
                raise Unchanged("message is not modified")
            self.shows[chat, number] = message.text
            self.edits.append((chat, number, message.text))
            return number

    @asynccontextmanager
    async def _in_a_mood(self, chat: int) -> AsyncIterator[None]:
        if self.at_each_call:
            await self.at_each_call()
        if chat in self.held:
            await self.held[chat].wait()
        mood, arrives = self.moods[chat].popleft() if self.moods.get(chat) else (None, True)
        if mood and not arrives:
            raise mood
        yield
        if mood:
            raise mood

    def heard(self, chat: int) -> list[str]:
        return [text for where, text in self.sent if where == chat]


@dataclass
class Office:
    """The outbox, somebody who delivers, and a clock on the wall."""

    file: Path
    database: Database
    telegram: PaperTelegram
    deliverer: Deliverer
    now: datetime = NOON

    async def leave(self, text: str, chat: int = LI, **more: Any) -> int | None:
        async with self.database.transaction() as tx:
            return await outbox.leave(tx, Message(text=text), chat=chat, now=self.now, **more)

    async def delivers(self) -> None:
        """Until nothing may be sent now."""
        while await self.deliverer.deliver_one(self.now):
            pass
        assert await self.deliverer.idle(self.now)

    async def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await self.delivers()

    async def states(self) -> dict[str, str]:
        return {row["body"].split('"')[3]: row["state"] for row in await self.rows()}

    async def rows(self) -> list[Row]:
        async with self.database.reading() as tx:
            return list(await tx.connection.execute_fetchall("SELECT * FROM outbox ORDER BY id"))

    @asynccontextmanager
    async def second(self) -> AsyncIterator[Deliverer]:
        """Another process at the same database and the same Telegram."""
        database = await Database.open(f"sqlite:///{self.file}")
        try:
            yield Deliverer(database, self.telegram)  # type: ignore[arg-type]
        finally:
            await database.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as it is made; to copy it is quicker than to make one for each test."""
    file = tmp_path_factory.mktemp("empty") / "huashu.sqlite3"

    async def make() -> None:
        await (await Database.open(f"sqlite:///{file}")).close()

    asyncio.run(make())
    return file


@pytest.fixture
async def office(tmp_path: Path, empty: Path) -> AsyncIterator[Office]:
    file = shutil.copy(empty, tmp_path / "huashu.sqlite3")
    database = await Database.open(f"sqlite:///{file}")
    telegram = PaperTelegram()
    yield Office(file, database, telegram, Deliverer(database, telegram))  # type: ignore[arg-type]
    await database.close()


def silence(*, arrived: bool = True) -> Uncertain:
    return Uncertain("Timed out", may_have_arrived=arrived)


def slow_down(seconds: float) -> SlowDown:
    return SlowDown(timedelta(seconds=seconds))


# Order


async def test_in_a_chat_what_was_left_first_is_said_first(office: Office) -> None:
    for text in ("一", "二", "三"):
        await office.leave(text)
    await office.delivers()
    assert office.telegram.heard(LI) == ["一", "二", "三"]


async def test_receipts_go_before_urgent_notices_and_those_before_the_others(office: Office) -> None:
    await office.leave("提醒", priority=outbox.NOTICE)
    await office.leave("升级到第二级", CHEN, priority=outbox.URGENT)
    await office.leave("已登记", priority=outbox.RECEIPT)
    await office.delivers()
    assert [text for _, text in office.telegram.sent] == ["已登记", "升级到第二级", "提醒"]


async def test_one_chat_that_must_wait_keeps_its_order_and_holds_up_nobody_else(office: Office) -> None:
    office.telegram.next(LI, slow_down(20))
    await office.leave("一")
    await office.leave("二")
    await office.leave("给陈主管", CHEN)
    await office.delivers()
    assert office.telegram.sent == [(CHEN, "给陈主管")]
    await office.passes(19)
    assert office.telegram.heard(LI) == []
    await office.passes(1)
    assert office.telegram.heard(LI) == ["一", "二"]


async def test_a_slow_chat_holds_up_nobody_else_and_never_has_two_on_the_way(office: Office) -> None:
    slow = office.telegram.held[LI] = asyncio.Event()
    for text in ("一", "二"):
        await office.leave(text)
    await office.leave("给陈主管", CHEN)
    while await office.deliverer.send_due(office.now):
        pass
    async with asyncio.timeout(5):
        while not office.telegram.heard(CHEN):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert [row["state"] for row in await office.rows()][:2] == ["sending", "waiting"]
    assert not await office.deliverer.idle(office.now)
    slow.set()
    await office.deliverer.finish()
    assert office.telegram.heard(LI) == ["一"]
    await office.delivers()
    assert office.telegram.heard(LI) == ["一", "二"]


async def test_only_so_many_are_on_the_way_at_once(office: Office) -> None:
    slow = asyncio.Event()
    office.telegram.held = dict.fromkeys(range(1, AT_ONCE + 3), slow)
    for chat in office.telegram.held:
        await office.leave("到时间了", chat)
    begun = 0
    while await office.deliverer.send_due(office.now):
        begun += 1
    assert begun == AT_ONCE
    slow.set()
    await office.deliverer.finish()
    assert len(office.telegram.sent) == AT_ONCE


# Once


async def test_one_key_is_said_once_whoever_leaves_it_again(office: Office) -> None:
    assert await office.leave("还剩 30 分钟", key="promise:1:v1:before:0:0:1")
    assert await office.leave("还剩 30 分钟", key="promise:1:v1:before:0:0:1") is None
    await office.delivers()
    assert await office.leave("还剩 30 分钟", key="promise:1:v1:before:0:0:1") is None
    await office.delivers()
    assert office.telegram.heard(LI) == ["还剩 30 分钟"]


async def test_without_a_key_the_same_words_may_be_said_twice(office: Office) -> None:
    await office.leave("已登记")
    await office.leave("已登记")
    await office.delivers()
    assert office.telegram.heard(LI) == ["已登记", "已登记"]


async def test_two_deliverers_never_send_one_message_twice(office: Office) -> None:
    async def slowly() -> None:
        await asyncio.sleep(0.001)

    office.telegram.at_each_call = slowly
    async with office.database.transaction() as tx:
        for number in range(30):
            await outbox.leave(tx, Message(text=str(number)), chat=number % 7, now=office.now)

    async def works(deliverer: Deliverer) -> None:
        while not await deliverer.idle(office.now):
            await deliverer.deliver_one(office.now)

    async with office.second() as second, office.second() as third:
        await asyncio.gather(*(works(one) for one in (office.deliverer, office.deliverer, second, third)))
    assert sorted(int(text) for _, text in office.telegram.sent) == list(range(30))
    for chat in range(7):
        assert office.telegram.heard(chat) == [str(number) for number in range(chat, 30, 7)]


async def test_a_message_somebody_else_has_just_tried_is_left_to_wait(office: Office) -> None:
    """Two saw it; the quicker was told to slow down; the slower must not try again at once."""
    office.telegram.next(LI, slow_down(30))
    await office.leave("一")
    seen, gate = asyncio.Event(), asyncio.Event()

    class Slow(Database):
        """Sees what is to be sent, then is held up before it takes it."""

        @asynccontextmanager
        async def transaction(self) -> AsyncIterator[Transaction]:
            seen.set()
            await gate.wait()
            async with super().transaction() as tx:
                yield tx

    database = await Slow.open(f"sqlite:///{office.file}")
    try:
        slower = asyncio.create_task(Deliverer(database, office.telegram).deliver_one(office.now))  # type: ignore[arg-type]
        await seen.wait()
        await office.delivers()
        gate.set()
        await slower
    finally:
        await database.close()
    assert office.telegram.sent == []
    await office.passes(30)
    assert office.telegram.heard(LI) == ["一"]


# Edits


async def test_of_several_looks_of_one_message_only_the_newest_is_shown(office: Office) -> None:
    for look in ("🟢 还有一天", "🟡 还有半小时", "✅ 已答复"):
        await office.leave(look, edits=5)
    await office.leave("另一张卡片", edits=6)
    await office.delivers()
    assert office.telegram.edits == [(LI, 5, "✅ 已答复"), (LI, 6, "另一张卡片")]
    assert [row["state"] for row in await office.rows()] == ["superseded", "superseded", "sent", "sent"]


async def test_a_look_replaced_while_it_was_on_its_way_never_comes_back(office: Office) -> None:
    office.telegram.next(LI, silence())
    await office.leave("🟢 还有一天", edits=5)
    once = iter((True,))

    async def meanwhile() -> None:
        if next(once, False):
            await office.leave("✅ 已答复", edits=5)

    office.telegram.at_each_call = meanwhile
    await office.delivers()
    await office.passes(60)
    assert office.telegram.shows == {(LI, 5): "✅ 已答复"}
    assert office.telegram.edits == [(LI, 5, "✅ 已答复")]


async def test_an_edit_that_changes_nothing_is_done(office: Office) -> None:
    office.telegram.shows[LI, 5] = "✅ 已答复"
    await office.leave("✅ 已答复", edits=5)
    await office.delivers()
    (row,) = await office.rows()
    assert (row["state"], row["message"], row["attempts"]) == ("sent", 5, 1)


async def test_an_edit_in_doubt_is_repeated_without_a_remark(office: Office) -> None:
    office.telegram.next(LI, silence(), arrives=True)
    await office.leave("✅ 已答复", edits=5)
    await office.delivers()
    await office.passes(1)
    assert office.telegram.shows == {(LI, 5): "✅ 已答复"}
    assert await office.states() == {"✅ 已答复": "sent"}


async def test_an_edit_of_a_message_that_is_gone_is_given_up_and_nobody_is_called_unreachable(office: Office) -> None:
    refused: list[int] = []
    office.deliverer.on_refused = noting(refused)
    office.telegram.next(LI, Refused("message to edit not found", unreachable=False))
    await office.leave("✅ 已答复", edits=5)
    await office.delivers()
    assert (await office.states(), refused) == ({"✅ 已答复": "failed"}, [])


# What is not true any more


async def test_what_is_withdrawn_is_not_said(office: Office) -> None:
    await office.leave("已超时，报主管", CHEN, subject="promise:1", key="promise:1:v1:escalate:1:0:2")
    await office.leave("到时间了", subject="promise:1", key="promise:1:v1:due:0:0:1")
    await office.leave("别的承诺", subject="promise:2", key="promise:2:v1:escalate:1:0:2")
    async with office.database.transaction() as tx:
        await outbox.withdraw(tx, subject="promise:1", keys="promise:1:%:escalate:%")
    await office.delivers()
    assert [text for _, text in office.telegram.sent] == ["到时间了", "别的承诺"]


async def test_a_reply_finds_what_the_message_was_about(office: Office) -> None:
    await office.leave("到时间了", subject="promise:1", key="promise:1:v1:due:0:0:1")
    await office.delivers()
    async with office.database.reading() as tx:
        row = await outbox.told_by(tx, chat=LI, message=office.telegram.last)
        assert row
        assert row["subject"] == "promise:1"
        assert await outbox.told_by(tx, chat=CHEN, message=office.telegram.last) is None
        assert len(await outbox.on_screens(tx, subject="promise:1", keys="%:due:%")) == 1
        assert len(await outbox.left_about(tx, subject="promise:1", keys="%")) == 1


# Moods


@pytest.mark.parametrize("wait", [1, 30, 119])
async def test_told_to_slow_down_it_waits_as_long_as_asked(office: Office, wait: int) -> None:
    office.telegram.next(LI, slow_down(wait))
    await office.leave("到时间了")
    await office.delivers()
    await office.passes(wait - 0.01)
    assert office.telegram.sent == []
    await office.passes(0.01)
    assert office.telegram.heard(LI) == ["到时间了"]


async def test_without_a_line_it_tries_again_less_and_less_often_and_never_stops(office: Office) -> None:
    office.telegram.next(LI, silence(arrived=False), times=len(AGAIN) + 1)
    await office.leave("到时间了")
    await office.delivers()
    for pause in (*AGAIN, AGAIN[-1]):
        assert office.telegram.sent == []
        await office.passes(pause - 0.1)
        assert office.telegram.sent == []
        await office.passes(0.1)
    (text,) = office.telegram.heard(LI)
    assert text.startswith("到时间了\n（晚到 2 分钟）")
    assert "可能重复" not in text


async def test_when_it_may_have_arrived_it_is_said_again_and_says_so(office: Office) -> None:
    office.telegram.next(LI, silence(), arrives=True)
    async with office.database.transaction() as tx:
        message = Message(text="到时间了", buttons=((press("已答复", "p.done", 1, 1),),))
        await outbox.leave(tx, message, chat=LI, now=office.now)
    await office.delivers()
    await office.passes(1)
    assert office.telegram.heard(LI) == ["到时间了", f"到时间了\n{AGAIN_SAYS}"]
    assert office.telegram.buttons[LI, office.telegram.last] == message.buttons


async def test_once_in_doubt_always_in_doubt(office: Office) -> None:
    office.telegram.next(LI, silence())
    office.telegram.next(LI, slow_down(3))
    await office.leave("到时间了")
    await office.delivers()
    await office.passes(1)
    await office.passes(3)
    assert office.telegram.heard(LI) == [f"到时间了\n{AGAIN_SAYS}"]


@pytest.mark.parametrize(
    ("late", "remark"),
    [(0, ""), (119, ""), (120, ""), (121, "\n（晚到 2 分钟）"), (3600, "\n（晚到 60 分钟）")],
)
async def test_what_comes_late_says_how_late(office: Office, late: int, remark: str) -> None:
    await office.leave("到时间了")
    await office.passes(late)
    assert office.telegram.heard(LI) == ["到时间了" + remark]


async def test_a_crash_while_sending_is_told_after_the_next_start(office: Office) -> None:
    office.telegram.next(LI, asyncio.CancelledError(), arrives=True)  # type: ignore[arg-type]
    await office.leave("一")
    await office.leave("二")
    with pytest.raises(asyncio.CancelledError):
        await office.deliverer.deliver_one(office.now)
    async with office.second() as after:
        await after.start()
        while await after.deliver_one(office.now):
            pass
    assert office.telegram.heard(LI) == ["一", f"一\n{AGAIN_SAYS}", "二"]


def noting(chats: list[int]) -> Any:
    async def note(tx: Transaction, row: Row, now: datetime) -> None:
        chats.append(row["chat"])

    return note


async def test_blocked_is_noted_and_not_tried_again(office: Office) -> None:
    refused: list[int] = []
    office.deliverer.on_refused = noting(refused)
    office.telegram.next(CHEN, Refused("bot was blocked by the user", unreachable=True))
    await office.leave("已超时", CHEN)
    await office.delivers()
    await office.passes(3600)
    assert (office.telegram.sent, refused) == ([], [CHEN])
    assert await office.states() == {"已超时": "failed"}


async def test_refused_for_another_reason_does_not_close_the_chat(office: Office) -> None:
    refused: list[int] = []
    office.deliverer.on_refused = noting(refused)
    office.telegram.next(LI, Refused("message is too long", unreachable=False))
    await office.leave("太长")
    await office.leave("下一条")
    await office.delivers()
    assert (office.telegram.heard(LI), refused) == (["下一条"], [])


async def test_a_group_that_moved_is_followed_with_all_that_waits_for_it(office: Office) -> None:
    moved: list[tuple[int, int]] = []

    async def note(tx: Transaction, chat: int, new_chat: int) -> None:
        moved.append((chat, new_chat))

    office.deliverer.on_moved = note
    office.telegram.next(GROUP, Moved(-100777))
    await office.leave("一", GROUP)
    await office.leave("二", GROUP)
    await office.delivers()
    assert moved == [(GROUP, -100777)]
    assert office.telegram.sent == [(-100777, "一"), (-100777, "二")]


# Our own mistakes


async def test_a_mistake_of_ours_is_tried_again_and_then_holds_up_nobody(office: Office) -> None:
    office.telegram.next(LI, RuntimeError("a bug"), times=len(AGAIN) + 1)
    await office.leave("坏的")
    await office.leave("好的")
    with capture_logs() as logged:
        await office.delivers()
        for pause in AGAIN:
            assert office.telegram.sent == []
            await office.passes(pause)
    assert office.telegram.heard(LI) == ["好的"]
    assert await office.states() == {"坏的": "failed", "好的": "sent"}
    assert {line["event"] for line in logged} == {"message not delivered"}


async def test_what_could_not_be_recorded_is_said_again_and_says_so(office: Office) -> None:
    async def fails(tx: Transaction, chat: int, new_chat: int) -> None:
        raise RuntimeError("the group is known already")

    office.deliverer.on_moved = fails
    office.telegram.next(GROUP, Moved(-100777))
    await office.leave("一", GROUP)
    with capture_logs():
        await office.delivers()
    await office.passes(1)
    assert office.telegram.sent == [(GROUP, f"一\n{AGAIN_SAYS}")]
