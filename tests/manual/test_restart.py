"""The process may die at any moment: nothing that was acknowledged is lost, what fell due meanwhile is told once."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.inbox import intake
from bot.playground.server import Playground
from tests.manual.test_promises import logged
from tests.team import Team

LINE = "/complaint 张先生 13800138000 电梯坏了，答应今天下午3点前答复"


async def test_what_was_typed_while_the_bot_was_down_is_handled(team: Team) -> None:
    li = team["小李"]
    await team.stops()
    await li.types(LINE)
    await li.types("客户等了很久")
    await team.starts()
    li.hears("请核对后登记")
    li.hears("让客户久等")


async def test_a_question_survives_a_restart(team: Team) -> None:
    li = team["小李"]
    card = await logged(li)
    await li.presses("已答复")
    await team.stops()
    await team.starts()
    await li.types("已修好")
    li.hears("✅ #0611-01", "已修好")
    li.sees(card, "✅")


async def test_what_fell_due_meanwhile_is_told_once_and_says_how_late(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await team.stops()
    await team.passes(hours=5, minutes=15)  # 15:15: two reminders were missed
    await team.starts()
    li.hears("🔴 已超时 15 分钟：#0611-01", "机器人曾停机")
    await team.until("15:20")
    li.hears("已通知 陈主管")
    team["陈主管"].hears("🔴 已超时 20 分钟未答复")


async def test_after_a_long_outage_no_level_is_skipped(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await team.stops()
    await team.passes(hours=8)  # 18:00
    await team.starts()
    li.hears("🔴 已超时 3 小时", "机器人曾停机")
    li.hears("已通知 陈主管")
    team["陈主管"].hears("🔴 已超时 3 小时未答复", "机器人曾停机")
    await team.passes(minutes=19)
    team["周副总"].hears_nothing()
    await team.passes(minutes=1)
    team["周副总"].hears("🔴 已超时 3 小时 20 分未答复")
    li.hears("已通知 周副总")


async def test_a_message_that_was_being_sent_is_sent_again_and_says_so(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    assert team.bot
    async with team.bot.database.transaction() as tx:
        from bot.outbox import actions as outbox
        from bot.shared.message import Message

        await outbox.leave(tx, Message(text="在途"), chat=li.id, now=team.clock.now())
        await tx.connection.execute("UPDATE outbox SET state = 'sending' WHERE body LIKE '%在途%'")
    await team.stops()
    await team.starts()
    li.hears("在途", "可能重复")


# The real process, killed with SIGKILL


@asynccontextmanager
async def huashu(*args: str, home: Path, **env: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *args, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "HUASHU_HOME": str(home), **env},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


async def until(true, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_killed_again_and_again_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    play = Playground(home=None)
    await play.start()
    world = play.world
    for number, name, role in ((1001, "小李", "agent"), (1003, "陈主管", "supervisor"), (1004, "周副总", "deputy")):
        async with huashu(
            "team", "add", "--telegram-id", str(number), "--name", name, "--role", role, home=tmp_path
        ) as process:
            assert await process.wait() == 0
    wanted = 24
    env = {"BOT_TOKEN": play.token}
    try:
        await world.start(1001)
        for number in range(wanted):
            await world.say(
                1001, f"/complaint 张先生 第{number}号电梯坏了，答应明天下午3点前答复".replace("第", "编号")
            )
        for wait in (0.0, 0.02, 0.1, 0.3):
            before = world.pending()
            async with huashu("run", "--api-url", play.url, home=tmp_path, **env):
                await until(lambda b=before: world.pending() < b or world.pending() == 0)
                await asyncio.sleep(wait)
        async with huashu("run", "--api-url", play.url, home=tmp_path, **env) as process:
            drafts = lambda: [m for m in world.messages(1001) if "请核对后登记" in m.text]  # noqa: E731
            await until(lambda: world.pending() == 0 and len({m.text for m in drafts()}) >= wanted)
            assert process.stdout
            process.send_signal(signal.SIGTERM)
            await process.wait()
    finally:
        await play.stop()
    import sqlite3

    with sqlite3.connect(tmp_path / "huashu.sqlite3") as database:
        said = [row[0] for row in database.execute("SELECT said FROM complaints ORDER BY id")]
        open_updates = database.execute("SELECT COUNT(*) FROM updates WHERE done_at IS NULL").fetchone()[0]
        states = dict(database.execute("SELECT state, COUNT(*) FROM outbox GROUP BY state").fetchall())
    assert len(said) == len(set(said)) == wanted, "each complaint exactly once"
    assert open_updates == 0
    assert set(states) == {"sent"}
    repeated = [m for m in drafts() if "可能重复" in m.text]
    assert len(drafts()) - wanted == len(repeated), json.dumps([m.text for m in drafts()], ensure_ascii=False)


async def test_what_is_typed_while_the_database_is_locked_is_answered_afterwards(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = team["小李"]
    monkeypatch.setattr(intake, "PAUSE", 0.01)
    store, refused = intake.store, asyncio.Event()

    async def watched(*args) -> None:
        try:
            await store(*args)
        except sqlite3.OperationalError:
            refused.set()
            raise

    monkeypatch.setattr(intake, "store", watched)
    await team.bot.database._writer.execute("PRAGMA busy_timeout=100")  # instead of ten seconds
    other = sqlite3.connect(team.settings.database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await team.playground.world.say(li.id, "客户等了很久", chat=li.id)
    await asyncio.wait_for(refused.wait(), 10)
    li.hears_nothing()
    other.execute("ROLLBACK")
    other.close()
    await team.rest()
    li.hears("让客户久等")
