"""The same bot against any Bot API server, by polling and by webhook, with people enrolled from the command line."""

import asyncio
import json
import socket
import sys
from pathlib import Path

import httpx

from bot.playground.server import Playground
from tests.manual.test_restart import huashu, until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def enrol(home: Path, number: int, name: str, role: str) -> None:
    async with huashu(
        "team", "add", "--telegram-id", str(number), "--name", name, "--role", role, home=home
    ) as process:
        assert await process.wait() == 0


async def test_by_webhook_with_a_secret(tmp_path: Path) -> None:
    play = Playground(home=None, webhook_pause=0.05)
    await play.start()
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    try:
        await enrol(tmp_path, 1001, "小李", "agent")
        await play.world.start(1001)
        async with huashu(
            "run", "--api-url", play.url, "--webhook", url, "--port", str(port), home=tmp_path, BOT_TOKEN=play.token
        ):
            await until(lambda: any("已加入" in m.text for m in play.world.messages(1001)))
            await play.world.say(1001, "客户等了很久")
            await until(lambda: any("让客户久等" in m.text for m in play.world.messages(1001)))
            async with httpx.AsyncClient() as outsider:
                update = {"update_id": 1, "message": {"message_id": 1, "date": 0, "text": "/my"}}
                assert (await outsider.post(url, json=update)).status_code == 403
                wrong = {"X-Telegram-Bot-Api-Secret-Token": "wrong"}
                assert (await outsider.post(url, json=update, headers=wrong)).status_code == 403
                assert (await outsider.get(f"http://127.0.0.1:{port}/healthz")).text == "ok"
    finally:
        await play.stop()


async def test_the_first_start_prints_the_owners_link(tmp_path: Path) -> None:
    play = Playground(home=None)
    await play.start()
    try:
        async with huashu("run", "--api-url", play.url, home=tmp_path, BOT_TOKEN=play.token) as process:
            assert process.stdout
            printed = b""
            while b"?start=" not in printed:
                printed += await asyncio.wait_for(process.stdout.readline(), 30)
            token = printed.decode().split("?start=")[1].split()[0]
            await play.world.start(1005, token)
            await until(lambda: any("岗位：机主" in m.text for m in play.world.messages(1005)))
    finally:
        await play.stop()


async def test_an_unknown_token_is_told_in_one_sentence(tmp_path: Path) -> None:
    play = Playground(home=None)
    await play.start()
    try:
        async with huashu("run", "--api-url", play.url, home=tmp_path, BOT_TOKEN="123456:wrong") as process:
            assert process.stdout
            said = (await process.stdout.read()).decode()
            assert await process.wait() == 1
        assert said.strip() == "Telegram 不认识这个 BOT_TOKEN，请核对后再启动。"
    finally:
        await play.stop()


async def test_broken_settings_and_books_are_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "huashu.yaml").write_text("org: 好家\nlog_level: loud\n", encoding="utf-8")
    async with huashu("run", home=tmp_path) as process:
        assert process.stdout
        said = (await process.stdout.read()).decode()
        assert await process.wait() == 1
    assert "huashu.yaml 第 2 行：log_level 只能是" in said and "Traceback" not in said
    (tmp_path / "huashu.yaml").unlink()
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "clocks.yaml").write_text("promise:\n  remind_before: 三十\n", encoding="utf-8")
    async with huashu("run", home=tmp_path, HUASHU_BOOK=str(tmp_path / "book")) as process:
        assert process.stdout
        said = (await process.stdout.read()).decode()
        assert await process.wait() == 1
    assert "clocks.yaml 第 2 行" in said and "三十" in said and "Traceback" not in said


async def command(home: Path, *args: str, given: str = "") -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *args, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env={"HUASHU_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    out, _err = await process.communicate(given.encode())
    return out.decode()


async def test_the_contracts_of_the_command_line(tmp_path: Path) -> None:
    found = json.loads(await command(tmp_path, "suggest", "客户等了很久", "--limit", "2", "--json"))
    assert [set(item) for item in found] == [{"id", "situation", "text", "score"}] * len(found)
    assert json.loads(await command(tmp_path, "suggest", "qzx@@", "--json")) == []
    checked = json.loads(await command(tmp_path, "check", "这个我不知道", "--json"))
    assert checked["verdict"] == "bad"
    assert set(checked) == {"verdict", "findings", "hints", "promises", "rewrite"}
    assert set(checked["findings"][0]) == {"start", "end", "found", "rule", "class", "why", "instead"}
    lines = [
        json.dumps({"text": "明天下午三点前答复", "now": "2026-06-11T10:00:00", "tz": "Asia/Shanghai"}),
        json.dumps({"text": "尽快", "now": "2026-06-11T10:00:00", "tz": "Asia/Shanghai"}),
    ]
    read = [
        json.loads(line)
        for line in (await command(tmp_path, "deadline", "--batch", given="\n".join(lines))).splitlines()
    ]
    assert read[0]["due"] == "2026-06-12T15:00:00+08:00" and read[0]["span"] == [0, 7]
    assert read[1]["due"] is None and read[1]["ask"]
