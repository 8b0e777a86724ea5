"""python -m tests.bench: print the figures of this machine and write BENCH.md."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.settings import Settings
from tests.bench.checking import check_drafts
from tests.bench.figures import Row, as_markdown, as_table, median, percentiles
from tests.bench.searching import MANY_ROUNDS, QUERIES, ROUNDS, search_phrases
from tests.bench.stage import BARE, HUASHU, PEOPLE, ROOT, Stage

STARTS = 3
ASKED = 150
LOGGED = 50
FLOOD = 300
FLOODS = 2
WARM = 20
BREATH = 0.03  # seconds between two questions: an agent reads before the next
SETTLED = 3.0  # seconds after which memory is looked at
ECHO = "裸 PTB 回声"
REPORT = ROOT / "BENCH.md"
Advance = Callable[[], None]


class Bench:
    """Both bots run side by side; every measurement takes them in turn, so that drift of the machine hits both."""

    def __init__(self, ours: Stage, bare: Stage, bar: Progress) -> None:
        self._stages = (ours, bare)
        self._bar = bar

    async def run(self) -> list[Row]:
        await self._start()
        await asyncio.sleep(SETTLED)
        idle = self._memory("内存，空闲")
        answering = await self._answering()
        logging = await self._logging()
        polling = await self._flooding("轮询")
        await asyncio.sleep(SETTLED)
        loaded = self._memory("内存，忙过后")
        await self._stop()
        starting = await self._starting()
        await self._start(webhook=True)
        pushed = await self._flooding("webhook")
        await self._stop()
        return [starting, *answering, *logging, polling, pushed, idle, loaded]

    async def _start(self, *, webhook: bool = False) -> None:
        """Both are up, everybody has pressed Start, and the first slow answers are over."""
        advance = self._task("启动" if not webhook else "启动（webhook）", len(self._stages))
        for stage in self._stages:
            stage.start(webhook=webhook)
            for person in PEOPLE:
                await stage.ask(person, "/start")
            for text in islice(cycle(QUERIES), WARM):
                await stage.ask(PEOPLE[0], text)
            advance()

    async def _stop(self) -> None:
        for stage in self._stages:
            await stage.stop()

    async def _starting(self) -> Row:
        """From the start of the process to the answer to a message that was waiting."""
        advance = self._task("冷启动", STARTS)
        seconds: tuple[list[float], ...] = ([], [])
        for _start in range(STARTS):
            for stage, taken in zip(self._stages, seconds, strict=True):
                waiting = asyncio.ensure_future(stage.ask(PEOPLE[1], QUERIES[1]))
                await asyncio.sleep(0)  # the message is queued now; what follows is the bot's
                stage.start()
                taken.append((await waiting)[0])
                await stage.stop()
            advance()
        return median("冷启动到首条答复", *seconds, "s", ECHO)

    async def _answering(self) -> list[Row]:
        advance = self._task("话术答复", ASKED)
        seconds: tuple[list[float], ...] = ([], [])
        for text in islice(cycle(QUERIES), ASKED):
            for stage, taken in zip(self._stages, seconds, strict=True):
                taken.append((await stage.ask(PEOPLE[1], text))[0])
                await asyncio.sleep(BREATH)
            advance()
        return percentiles("话术答复", *seconds, ECHO)

    async def _logging(self) -> list[Row]:
        """/complaint → the card; 登记 → the card has changed. The other one only shows and changes a message."""
        advance = self._task("登记投诉", LOGGED)
        cards: tuple[list[float], ...] = ([], [])
        presses: tuple[list[float], ...] = ([], [])
        for number in range(LOGGED):
            line = f"/complaint 张先生 1380013{number:04} {number + 1}栋电梯又坏了，答应明天下午3点前答复"
            for stage, carded, pressed in zip(self._stages, cards, presses, strict=True):
                seconds, card = await stage.ask(PEOPLE[2], line)
                carded.append(seconds)
                await asyncio.sleep(BREATH)
                pressed.append(await stage.press(PEOPLE[2], card, "登记"))
                await asyncio.sleep(BREATH)
            advance()
        other = "裸 PTB 卡片"
        return percentiles("投诉出卡片", *cards, other) + percentiles("按“登记”", *presses, other)

    async def _flooding(self, way: str) -> Row:
        advance = self._task(f"{FLOOD} 条齐发（{way}）", FLOODS * len(self._stages))
        rates: tuple[list[float], ...] = ([], [])
        for _flood in range(FLOODS):
            for stage, measured in zip(self._stages, rates, strict=True):
                measured.append(await stage.flood(islice(cycle(QUERIES), FLOOD)))
                advance()
        return median(f"{FLOOD} 条齐发，{way}", *rates, "条/s", ECHO)

    def _memory(self, what: str) -> Row:
        ours, theirs = (stage.memory() for stage in self._stages)
        return Row(what=what, ours=ours, theirs=theirs, unit="MB", other=ECHO)

    def _task(self, name: str, steps: int) -> Advance:
        task = self._bar.add_task(name, total=steps)
        return lambda: self._bar.advance(task)


def searching(bar: Progress) -> tuple[list[Row], list[str]]:
    """Rows, and what they do not show: whether anything was found."""
    task = bar.add_task("只查话术库", total=ROUNDS + MANY_ROUNDS)
    with TemporaryDirectory() as home:
        return search_phrases(Settings(home=Path(home)), lambda: bar.advance(task))


def checking(bar: Progress) -> tuple[list[Row], list[str]]:
    task = bar.add_task("查草稿", total=2)
    return check_drafts(lambda: bar.advance(task))


@asynccontextmanager
async def stages() -> AsyncIterator[tuple[Stage, Stage]]:
    with TemporaryDirectory() as home, TemporaryDirectory() as other_home:
        ours, bare = Stage(HUASHU, Path(home)), Stage(BARE, Path(other_home))
        await ours.open()
        await bare.open()
        try:
            ours.enrol()
            yield ours, bare
        finally:
            await ours.close()
            await bare.close()


async def measure(bar: Progress) -> tuple[list[Row], list[str]]:
    found, told = searching(bar)
    checked, said = checking(bar)
    async with stages() as (ours, bare):
        rows = await Bench(ours, bare, bar).run()
    notes = [
        "绝对数字随机器和负载而变，看同一次运行里的比值。两个机器人各是独立进程，对着本进程里的 Bot API 替身，轮流测。",
        "时间都是客服等的时间：从发出或按下，到机器人的消息出现或改好。",
        "裸 PTB 是 python-telegram-bot 照手册写的机器人：回声，投诉只出一张带按钮的卡片，什么也不保存；"
        "话术先把每条消息写进磁盘再确认，查询、登记、卡片都存盘。",
        f"库里 {len(PEOPLE)} 人。冷启动 {STARTS} 次取中位数；答复 {ASKED} 次、投诉 {LOGGED} 次，一次一条；"
        f"齐发是 {len(PEOPLE)} 人一起发 {FLOOD} 条，{FLOODS} 次取中位数。Telegram 自己只放行约 30 条/s。",
        *told,
        *said,
    ]
    return rows + found + checked, notes


def main() -> None:
    screen = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        rows, notes = asyncio.run(measure(bar))
    screen.print(as_table(rows))
    for note in notes:
        screen.print(note)
    REPORT.write_text(as_markdown(rows, notes), encoding="utf-8")


if __name__ == "__main__":
    main()
