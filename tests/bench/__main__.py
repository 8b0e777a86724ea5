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
from tests.bench.figures import Row, as_markdown, as_table, median, percentiles
from tests.bench.searching import QUERIES, search_phrases
from tests.bench.stage import BARE, HUASHU, PEOPLE, ROOT, Stage

STARTS = 5
ASKED = 200
LOGGED = 60
FLOOD = 300
FLOODS = 3
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
        loaded = self._memory("内存，忙过之后")
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
        return median("冷启动到答复第一条消息", *seconds, "s", ECHO)

    async def _answering(self) -> list[Row]:
        advance = self._task("话术答复", ASKED)
        seconds: tuple[list[float], ...] = ([], [])
        for text in islice(cycle(QUERIES), ASKED):
            for stage, taken in zip(self._stages, seconds, strict=True):
                taken.append((await stage.ask(PEOPLE[1], text))[0])
                await asyncio.sleep(BREATH)
            advance()
        return percentiles("找话术，发出到收到", *seconds, ECHO)

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
        other = "裸 PTB 带按钮，不存盘"
        return percentiles("/complaint 到出卡片", *cards, other) + percentiles("按“登记”到卡片变样", *presses, other)

    async def _flooding(self, way: str) -> Row:
        advance = self._task(f"同时 {FLOOD} 条（{way}）", FLOODS * len(self._stages))
        rates: tuple[list[float], ...] = ([], [])
        for _flood in range(FLOODS):
            for stage, measured in zip(self._stages, rates, strict=True):
                measured.append(await stage.flood(islice(cycle(QUERIES), FLOOD)))
                advance()
        return median(f"{len(PEOPLE)} 人同时 {FLOOD} 条，{way}", *rates, "条/s", f"{ECHO}，{way}")

    def _memory(self, what: str) -> Row:
        ours, theirs = (stage.memory() for stage in self._stages)
        return Row(what=what, ours=ours, theirs=theirs, unit="MB", other=ECHO)

    def _task(self, name: str, steps: int) -> Advance:
        task = self._bar.add_task(name, total=steps)
        return lambda: self._bar.advance(task)


def searching(bar: Progress) -> tuple[list[Row], str]:
    """Rows, and what they do not show: whether anything was found."""
    task = bar.add_task("只查话术库", total=10)
    with TemporaryDirectory() as home:
        texts, ours, like = search_phrases(Settings(home=Path(home)), lambda: bar.advance(task))
    rows = percentiles("只查话术库", ours.seconds, like.seconds, f"SQLite LIKE，同样 {texts} 条")
    return rows, f"查话术库的 {len(QUERIES)} 句里，话术找到 {ours.answered} 句，LIKE 找到 {like.answered} 句。"


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
    async with stages() as (ours, bare):
        rows = await Bench(ours, bare, bar).run()
    notes = [
        "绝对数字随机器而变，看同一次运行里的比值。两个机器人都是独立进程，对着本进程里的 Bot API 替身，轮流测。",
        "对照只回声，什么也不保存；话术先把每条消息写进磁盘再确认，查库、登记、改卡片都存盘。",
        f"冷启动取 {STARTS} 次中位数，库里已有 {len(PEOPLE)} 人；答复 {ASKED} 次、投诉 {LOGGED} 次，一次一条；"
        f"同时 {FLOOD} 条取 {FLOODS} 次中位数。Telegram 自己只放行约 30 条/s。",
        told,
    ]
    return rows + found, notes


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
