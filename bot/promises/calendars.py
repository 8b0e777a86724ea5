"""Every team's calendar: the phrasebook's, with what was imported and set for all teams or one laid over it."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

import aiosqlite

from bot.errors import SettingsError
from bot.language.speech import _, zone_named
from bot.promises.calendar_file import CalendarFile, Layer, laid_over
from bot.promises.hours import hours_of, periods_of, seasons_of
from bot.promises.workdays import Calendar, SpecialDay
from bot.shared.database import Row, Statements, Transaction, path_of

if TYPE_CHECKING:
    from bot.promises.calendar_import import Imported

Q = Statements(__file__)
EVERYBODY = 0
"""The team_id that stands for all teams."""


class Calendars:
    """Kept in memory and read again when somebody changed something: ask `refresh` before using `of`."""

    def __init__(self, book: CalendarFile) -> None:
        self._book = book
        self._stamp: tuple[object, ...] | None = None
        self._names: dict[int, str] = {}
        self._set: dict[int, Layer] = {}
        self._made: dict[int, Calendar] = {}

    @classmethod
    async def as_saved(cls, book: CalendarFile, url: str) -> "Calendars":
        """With what the database at that address says, if there is one: it is neither made nor migrated."""
        calendars, path = cls(book), path_of(url)
        if not path.is_file():
            return calendars
        try:
            async with aiosqlite.connect(f"file:{quote(str(path))}?mode=ro", uri=True) as connection:
                connection.row_factory = sqlite3.Row
                await calendars.refresh(Transaction(connection))
        except sqlite3.DatabaseError as problem:
            if "no such table" not in str(problem):  # of an earlier version, without calendars
                told = _("打不开数据库 {path}：{problem}。请检查文件夹权限和磁盘空间。")
                raise SettingsError(told.format(path=path, problem=problem)) from problem
        return calendars

    @property
    def teams(self) -> Mapping[str, int]:
        """The number of a team by its name."""
        return {name: team_id for team_id, name in self._names.items()}

    def of(self, team_id: int) -> Calendar:
        """The calendar a team works by; of EVERYBODY the one of teams that have nothing of their own."""
        if team_id not in self._made:
            self._made[team_id] = laid_over(self._layers(team_id))
        return self._made[team_id]

    def own(self, team_id: int) -> Layer:
        """What was imported and set for that team alone."""
        return self._set.get(team_id, Layer())

    def under(self, team_id: int) -> Calendar:
        """The calendar without what was set for that team by hand: what comes back when that is taken away."""
        return laid_over([*self._layers(team_id)[:-1], Layer(years=self.own(team_id).years)])

    def with_import(self, team_id: int, imported: "Imported") -> Calendar:
        """What the calendar would be if that were imported."""
        return laid_over([*self._layers(team_id), Layer(years=imported.years)])

    async def refresh(self, tx: Transaction) -> None:
        """Take in what was changed since, by whatever process; one small question when nothing was."""
        stamp = tuple(await Q.calendar_stamp(tx))
        if stamp == self._stamp:
            return
        days, hours = await Q.calendar_days(tx), await Q.team_hours(tx)
        self._names = {row["id"]: row["name"] for row in await Q.team_names(tx)}
        layers = {row["team_id"]: _hours_in(row) for row in hours}
        for team_id in {row["team_id"] for row in days}:
            own = [row for row in days if row["team_id"] == team_id]
            layers[team_id] = _with_days(layers.get(team_id, Layer()), own)
        self._set, self._made, self._stamp = layers, {}, stamp

    def _layers(self, team_id: int) -> list[Layer]:
        laid = [*self._book.layers(self._names.get(team_id)), self._set.get(EVERYBODY, Layer())]
        return laid if team_id == EVERYBODY else [*laid, self._set.get(team_id, Layer())]


def _hours_in(row: Row) -> Layer:
    return Layer(
        zone=zone_named(row["zone"]) if row["zone"] else None,
        hours=hours_of(json.loads(row["hours"])) if row["hours"] else None,
        seasons=seasons_of(json.loads(row["seasons"])) if row["seasons"] else None,
    )


def _with_days(layer: Layer, rows: Sequence[Row]) -> Layer:
    years: dict[int, dict[date, SpecialDay]] = {}
    days: dict[date, SpecialDay] = {}
    for row in rows:
        table = years.setdefault(row["year"], {}) if row["year"] else days
        table[date.fromisoformat(row["day"])] = _special_of(row)
    return replace(layer, years=years, days=days)


def _special_of(row: Row) -> SpecialDay:
    """A row of calendar_days."""
    return SpecialDay(
        kind="rest" if row["kind"] == "rest" else "work",
        name=row["name"],
        hours=periods_of(json.loads(row["hours"])) if row["hours"] else None,
        official=row["year"] != 0,
        team=row["team_id"] != EVERYBODY,
    )
