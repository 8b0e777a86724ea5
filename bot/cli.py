"""The `huashu` command: thin verbs over the rooms."""

import asyncio
import contextlib
import csv
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from bot.cli_calendar import calendar as calendars
from bot.cli_calendar import in_force
from bot.cli_phrasebook import phrasebook
from bot.errors import HuashuError, Unreadable
from bot.language.speech import _
from bot.settings import Settings, read_settings

app = typer.Typer(
    name="huashu", help="话术：客服和主管的 Telegram 助手。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
team = typer.Typer(help="团队：谁在什么岗位。", no_args_is_help=True)
app.add_typer(team, name="team")
app.add_typer(phrasebook, name="phrasebook")
app.add_typer(calendars, name="calendar")
screen = Console(highlight=False)

Json = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
Batch = Annotated[bool, typer.Option("--batch", help="逐行读 JSON，逐行答 JSON。")]


def main() -> None:
    """Exit codes: 0 fine, 1 a person must act (the sentence says what), 2 wrong usage."""
    try:
        app()
    except HuashuError as problem:
        print(problem.sentence, file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except BrokenPipeError:  # | head
        sys.stderr.close()


@app.command()
def suggest(
    text: Annotated[list[str] | None, typer.Argument(help="关键词或客户原话。")] = None,
    limit: Annotated[int, typer.Option(help="最多几条。", min=1, max=50)] = 3,
    as_json: Json = False,
    batch: Batch = False,
) -> None:
    """找话术。"""
    from bot.app import open_book
    from bot.phrases.fill import fill
    from bot.phrases.saved import open_index

    settings = read_settings()
    index = open_index(open_book(settings), settings.home)

    def answer(query: str) -> list[dict[str, Any]]:
        return [
            {
                "id": hit.phrase.id,
                "situation": hit.phrase.situation,
                "text": fill(hit.phrase.texts[hit.text], {}).text,
                "score": round(hit.score, 4),
            }
            for hit in index.find(query, limit)
        ]

    if batch:
        _answer_lines(lambda row: answer(str(row["q"])))
        return
    found = answer(_words(text))
    if as_json:
        _print_json(found)
        return
    if not found:
        screen.print(_("没找到合适的话术，换个说法试试。"))
    for hit in found:
        screen.print(f"[bold]{hit['situation']}[/bold]")
        screen.print(hit["text"], markup=False)


@app.command()
def check(
    text: Annotated[list[str] | None, typer.Argument(help="准备发给客户的话。")] = None,
    as_json: Json = False,
    batch: Batch = False,
) -> None:
    """查忌语。"""
    from bot.app import open_book, read_checker
    from bot.checks.check import as_json as data_of
    from bot.promises.timewords import read_time

    settings = read_settings()
    checker = read_checker(open_book(settings))
    calendar = in_force(settings)

    def due(words: str) -> str | None:
        reading = read_time(words, now=datetime.now(calendar.zone), calendar=calendar)
        return reading.due.isoformat() if reading.due else None

    def answer(draft: str) -> dict[str, Any]:
        return data_of(checker.check(draft, read_time=due))

    if batch:
        _answer_lines(lambda row: answer(str(row["text"])))
        return
    checked = answer(_words(text))
    if as_json:
        _print_json(checked)
        return
    if checked["verdict"] == "ok":
        screen.print(_("可以发，没有忌语。"))
    for finding in checked["findings"]:
        screen.print(_("🔴 {kind}“{found}”：{why}").format(kind=finding["class"], **finding), markup=False)
    for hint in checked["hints"]:
        screen.print(_("🟡 {kind}“{found}”：{why}").format(kind=hint["class"], **hint), markup=False)
    if checked["rewrite"]:
        screen.print(_("改成这样发：{rewrite}").format(rewrite=checked["rewrite"]), markup=False)
    if checked["findings"]:
        sys.exit(1)  # as deadline does when somebody has to act


@app.command()
def deadline(
    text: Annotated[list[str] | None, typer.Argument(help="含有时间的话。")] = None,
    now: Annotated[str | None, typer.Option(help="按这个时刻来读，如 2026-06-11T15:24。")] = None,
    tz: Annotated[str | None, typer.Option(help="时区，如 Asia/Shanghai。")] = None,
    as_json: Json = False,
    batch: Batch = False,
) -> None:
    """读承诺的时间。"""
    from dataclasses import replace

    from bot.promises.asking import read_as
    from bot.promises.moments import say_moment
    from bot.promises.timewords import Reading, read_time
    from bot.promises.timewords import as_json as data_of

    settings = read_settings(tz=tz)
    calendar = in_force(settings)
    if tz:
        calendar = replace(calendar, zone=ZoneInfo(tz))

    def answer(words: str, at: str | None, zone: str | None) -> tuple[datetime, Reading]:
        local = replace(calendar, zone=ZoneInfo(zone)) if zone else calendar
        moment = datetime.fromisoformat(at) if at else datetime.now(local.zone)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=local.zone)
        return moment, read_time(words, now=moment, calendar=local)

    if batch:
        _answer_lines(lambda row: data_of(answer(str(row["text"]), row.get("now"), row.get("tz"))[1]))
        return
    try:
        moment, read = answer(_words(text), now, None)
    except ValueError:
        raise typer.BadParameter(_("--now 要写成 2026-06-11T15:24 这样")) from None
    if as_json:
        _print_json(data_of(read))
    elif read.due:
        screen.print(f"{say_moment(read.due, now=moment, zone=calendar.zone)}  {read_as(read)}", markup=False)
    else:
        print(read.ask or read.error, file=sys.stderr)  # noqa: T201
        sys.exit(1)


@app.command()
def run(
    api_url: Annotated[str | None, typer.Option(help="另一个 Bot API 服务器的地址。")] = None,
    webhook: Annotated[str | None, typer.Option(help="Telegram 推送消息的地址；不写就主动取。")] = None,
    port: Annotated[int | None, typer.Option(help="接收推送的端口；演练场的网页端口。")] = None,
) -> None:
    """启动。没有 BOT_TOKEN 时打开演练场。"""
    from bot.log import set_up_logs

    settings = read_settings(api_url=api_url, webhook=webhook, port=port, playground_port=port)
    set_up_logs(settings)
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(_until_stopped(_serve(settings) if settings.bot_token else _play(settings)))


@app.command()
def playground(
    port: Annotated[int, typer.Option(help="网页和 Bot API 的端口。")] = 8765,
) -> None:
    """只开演练场，不开机器人：给 --api-url 用的 Bot API 替身。"""
    from bot.playground.server import Playground

    settings = read_settings()

    async def serve() -> None:
        play = Playground(home=settings.home / "playground", zone=settings.tz or "Asia/Shanghai", port=port)
        await play.start()
        screen.print(_("演练场：{url}").format(url=play.url), markup=False)
        screen.print(f"BOT_TOKEN={play.token} huashu run --api-url {play.url}", markup=False, soft_wrap=True)
        try:
            await asyncio.Event().wait()
        finally:
            await play.stop()

    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(_until_stopped(serve()))


async def _serve(settings: Settings) -> None:
    from bot.app import App, report_holes

    async with App.open(settings) as bot:
        screen.print(
            _("机器人 @{name} 已启动。数据在 {home}").format(name=bot.telegram.username, home=settings.home),
            markup=False,
            soft_wrap=True,
        )
        if link := await bot.owner_link():
            screen.print(
                _("第一次启动：机主请打开这个链接（只能用一次，3 天内有效）：\n{link}").format(link=link),
                markup=False,
                soft_wrap=True,
            )
        for hole in await report_holes(bot):
            screen.print(hole, markup=False)
        await bot.run()


async def _play(settings: Settings) -> None:
    """The playground and the bot in one process; they talk over HTTP all the same."""
    from bot.app import App, read_norms
    from bot.playground.server import Playground
    from bot.shared.clock import MovableClock

    if "HUASHU_HOME" not in os.environ and not settings.database_url:
        settings = settings.model_copy(update={"home": settings.home / "playground"})  # a real team's data stays apart
    norms = await asyncio.to_thread(read_norms, settings)
    settings.home.mkdir(parents=True, exist_ok=True)
    clock = MovableClock(settings.home / "playground-clock")
    play = Playground(home=settings.home / "playground", clock=clock, zone=norms.calendar.zone.key)
    await _listen(play, settings.playground_port)
    settings = settings.model_copy(update={"bot_token": play.token, "api_url": play.url})
    try:
        async with App.open(settings, clock, norms) as bot:
            clock.find_due = bot.next_due
            await _fill_posts(bot, play)
            screen.print(_("演练场：{url}").format(url=play.url), markup=False, soft_wrap=True)
            await bot.run()
    finally:
        await play.stop()


async def _listen(play: Any, port: int) -> None:
    """On the port that was asked for; a newcomer who asked for none gets another when the usual one is taken."""
    try:
        await play.start(port)
    except OSError:
        if port != Settings.model_fields["playground_port"].default:
            raise Unreadable(_("端口 {port} 被占用，请换一个。").format(port=port)) from None
        await play.start(0)


async def _fill_posts(bot: Any, play: Any) -> None:
    """The playground's cast takes its posts, as by `huashu team add`, and presses Start, once."""
    from bot.playground.people import CAST
    from bot.playground.world import GROUP_ID
    from bot.teams import actions as teams

    for person, role in zip(CAST, ("agent", "agent", "supervisor", "deputy"), strict=False):
        async with bot.database.transaction() as tx:
            if await teams.find(tx, person.id):
                continue
            known = await teams.enrol(
                tx, telegram_id=person.id, name=person.name, role=role, team=None, now=bot.clock.now()
            )
            await teams.bind_group(tx, known.team_id, GROUP_ID)
        await play.world.start(person.id)


async def _until_stopped(work: Any) -> None:
    """Ctrl-C and SIGTERM end it in order."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await task


@team.command("add")
def team_add(
    telegram_id: Annotated[int, typer.Option(help="Telegram 数字账号。", min=1)],
    name: Annotated[str, typer.Option(help="显示的名字。")],
    role: Annotated[str, typer.Option(help="agent 客服、supervisor 客服主管、deputy 主管副总经理、owner 机主。")],
    team: Annotated[str | None, typer.Option(help="团队名；不写就是第一个团队。")] = None,
) -> None:
    """加一个人，或改这个人的名字、岗位、团队。"""
    try:
        _enrol([{"telegram_id": str(telegram_id), "name": name, "role": role, "team": team or ""}])
    except Unreadable as problem:
        raise typer.BadParameter(problem.sentence) from None
    screen.print(_("已加入：{name}。请让本人打开机器人点“开始”，之后才能收到通知。").format(name=name), markup=False)


@team.command("remove")
def team_remove(telegram_id: Annotated[int, typer.Option(help="Telegram 数字账号。", min=1)]) -> None:
    """移出一个人：不再收到任何消息，也不能再用。记录保留。"""
    from bot.shared.clock import Clock
    from bot.teams import actions as teams

    async def save() -> bool:
        async with _database() as database, database.transaction() as tx:
            return await teams.leave(tx, telegram_id, Clock().now())

    if not asyncio.run(save()):
        raise Unreadable(_("找不到账号 {id}。用 huashu team list 查看。").format(id=telegram_id))
    screen.print(_("已移出。名下没答复的承诺会照常逐级升级。"))


@team.command("import")
def team_import(
    file: Annotated[Path, typer.Argument(help="people.csv：telegram_id,name,role,team", exists=True)],
) -> None:
    """从 CSV 导入。有一行不对就一行都不导入。"""
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:  # as Excel saves it in China
        text = data.decode("gb18030", errors="replace")
    rows = list(csv.DictReader(text.splitlines()))
    _enrol(rows)
    screen.print(_("已导入 {n} 人。").format(n=len(rows)))


@team.command("list")
def team_list(as_json: Json = False) -> None:
    """列出所有人。"""
    from bot.teams import actions as teams
    from bot.teams.person import title

    async def read() -> list[Any]:
        async with _database() as database, database.reading() as tx:
            return await teams.everybody(tx)

    people = asyncio.run(read())
    if as_json:
        _print_json(
            [
                {"telegram_id": p.telegram_id, "name": p.name, "role": p.role, "team": p.team, "started": p.started,
                 "reachable": p.reachable}
                for p in people
            ]
        )  # fmt: skip
        return
    if not people:
        screen.print(_("还没有人。用 huashu team add 添加，或启动后用机主链接加入。"))
        return
    table = Table(_("账号"), _("名字"), _("岗位"), _("团队"), _("能通知到"))
    for p in people:
        table.add_row(
            str(p.telegram_id), p.name, title(p.role), p.team, _("能") if p.reachable else _("还没打开机器人")
        )
    screen.print(table)


def _enrol(rows: list[dict[str, str]]) -> None:
    """All rows or none. Raises Unreadable naming each bad line."""
    from bot.shared.clock import Clock
    from bot.shared.text import clean
    from bot.teams import actions as teams
    from bot.teams.person import ROLES, role_named

    problems = []
    for number, row in enumerate(rows, 2):
        if not (row.get("telegram_id") or "").strip().isdigit() or int(row["telegram_id"]) >= 2**52:
            problems.append(_("第 {n} 行：telegram_id 要写数字账号。").format(n=number))
        if not clean(row.get("name") or ""):
            problems.append(_("第 {n} 行：缺名字。").format(n=number))
        row["role"] = role_named(row.get("role") or "") or ""
        if not row["role"]:
            problems.append(_("第 {n} 行：role 只能是 {roles}。").format(n=number, roles="、".join(ROLES)))
    if problems:
        if len(rows) == 1:
            problems = [problem.split("：", 1)[1] for problem in problems]
        raise Unreadable("\n".join(problems))

    async def save() -> None:
        async with _database() as database, database.transaction() as tx:
            for row in rows:
                await teams.enrol(
                    tx, telegram_id=int(row["telegram_id"]), name=clean(row["name"])[:64], role=row["role"],
                    team=(row.get("team") or "").strip() or None, now=Clock().now(),
                )  # fmt: skip

    asyncio.run(save())


@contextlib.asynccontextmanager
async def _database() -> Any:
    from bot.shared.database import Database

    database = await Database.open(read_settings().database)
    try:
        yield database
    finally:
        await database.close()


def _words(given: list[str] | None) -> str:
    """The text of the command line, or what is piped in."""
    text = " ".join(given) if given else "" if sys.stdin.isatty() else sys.stdin.read()
    if not text.strip():
        raise typer.BadParameter(_("请写上要查的文字。"))
    return text.strip()


def _lines() -> Iterator[dict[str, Any]]:
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError
        except (ValueError, TypeError):
            raise Unreadable(_("第 {n} 行不是 JSON 对象。").format(n=number)) from None
        yield row


def _answer_lines(answer: Callable[[dict[str, Any]], object]) -> None:
    """--batch: one answer a line, as the lines come."""
    for row in _lines():
        try:
            told = answer(row)
        except (KeyError, ValueError) as problem:
            raise Unreadable(_("这一行缺字段或写法不对：{problem}").format(problem=problem)) from None
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
