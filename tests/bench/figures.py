"""The rows of the report and how they look, in the terminal and in BENCH.md."""

import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from os import cpu_count
from pathlib import Path

from rich.table import Table

HEAD = ("量什么", "话术", "对照", "单位", "话术 ÷ 对照", "对照是什么")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure beside its alternative's."""

    what: str
    ours: float
    theirs: float
    unit: str
    other: str

    def cells(self) -> tuple[str, ...]:
        return (
            self.what,
            _short(self.ours),
            _short(self.theirs),
            self.unit,
            f"{self.ours / self.theirs:.2f}×",
            self.other,
        )


def percentiles(what: str, ours: Sequence[float], theirs: Sequence[float], other: str) -> list[Row]:
    """p50 and p99 of two lists of seconds, in milliseconds."""
    return [
        Row(what=f"{what} p{p}", ours=1e3 * _share(ours, p), theirs=1e3 * _share(theirs, p), unit="ms", other=other)
        for p in (50, 99)
    ]


def median(what: str, ours: Sequence[float], theirs: Sequence[float], unit: str, other: str) -> Row:
    return Row(what=what, ours=statistics.median(ours), theirs=statistics.median(theirs), unit=unit, other=other)


def machine() -> str:
    """When and on what this was measured."""
    return "；".join(
        (
            f"{datetime.now().astimezone():%Y-%m-%d %H:%M %z}",
            f"CPU {_cpu()}，{cpu_count()} 个逻辑核",
            f"{platform.python_implementation()} {platform.python_version()}，{platform.system()}",
            f"python-telegram-bot {version('python-telegram-bot')}",
        )
    )


def as_table(rows: Sequence[Row]) -> Table:
    table = Table(title=machine(), title_justify="left")
    for place, name in enumerate(HEAD):
        table.add_column(name, justify="right" if place in (1, 2, 4) else "left")
    for row in rows:
        table.add_row(*row.cells())
    return table


def as_markdown(rows: Sequence[Row], notes: Sequence[str]) -> str:
    lines = [" | ".join(HEAD), "--- | ---: | ---: | --- | ---: | ---", *(" | ".join(row.cells()) for row in rows)]
    table = "\n".join(f"| {line} |" for line in lines)
    told = "\n".join(f"- {note}" for note in notes)
    return f"# 性能\n\n由 `make bench` 生成，每次运行都会覆盖，请勿手改。\n\n{machine()}\n\n{table}\n\n{told}\n"


def _share(seconds: Sequence[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1]


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _cpu() -> str:
    """The processor's name, where the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
