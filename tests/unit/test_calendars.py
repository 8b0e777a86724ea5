"""Calendars in layers: the phrasebook, what was set for everybody, what was set for one team; and who may set what."""

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import NotAllowed, SettingsError, Unreadable
from bot.promises.calendar_actions import clear_day, clear_hours, import_days, set_day, set_hours
from bot.promises.calendar_file import read_calendar_file
from bot.promises.calendar_import import Imported
from bot.promises.calendars import EVERYBODY, Calendars
from bot.promises.hours import read_hours, say_hours
from bot.promises.workdays import SpecialDay
from bot.shared.database import Database
from bot.teams import actions as teams
from bot.teams.person import Person
from tests.conftest import THURSDAY

NOW = THURSDAY.astimezone(UTC)
DATA = yaml.safe_load((Path(__file__).parents[2] / "phrasebook" / "calendar.yaml").read_text(encoding="utf-8"))
SATURDAY, SUNDAY = date(2026, 6, 13), date(2026, 6, 14)
NATIONAL_DAY = date(2026, 10, 1)
MORNING = ((time(9), time(12)),)
A_YEAR = Imported(
    years={
        2026: {NATIONAL_DAY: SpecialDay("rest", "国庆节"), SUNDAY: SpecialDay("work", "国庆节")},
        2027: {date(2027, 10, 1): SpecialDay("rest", "国庆节"), date(2026, 12, 31): SpecialDay("rest", "元旦")},
    }
)


class Office:
    """Two teams, their people, their calendars."""

    def __init__(self, database: Database, url: str) -> None:
        self.database, self.url = database, url
        self.book = read_calendar_file(DATA | {"teams": {"夜班组": {"hours": {"周六": ["20:00-24:00"]}}}})
        self.calendars = Calendars(self.book)
        self.people: dict[str, Person] = {}

    async def opens(self) -> None:
        async with self.database.transaction() as tx:
            for number, (name, role, team) in enumerate(
                (("小李", "agent", "一组"), ("陈主管", "supervisor", "一组"), ("吴主管", "supervisor", "二组"), ("机主", "owner", "一组")), 1
            ):  # fmt: skip
                self.people[name] = await teams.enrol(tx, telegram_id=number, name=name, role=role, team=team, now=NOW)

    def team(self, name: str) -> int:
        return next(person.team_id for person in self.people.values() if person.team == name)

    async def does(self, action: Any, *given: Any, by: str | None = None, **more: Any) -> Any:
        """The action, and everybody sees it."""
        async with self.database.transaction() as tx:
            done = await action(tx, *given, by=self.people[by] if by else None, now=NOW, **more)
        await self.looks()
        return done

    async def looks(self) -> None:
        async with self.database.reading() as tx:
            await self.calendars.refresh(tx)

    async def events(self) -> list[tuple[str, int | None, dict[str, Any]]]:
        async with self.database.reading() as tx:
            rows = await tx.connection.execute_fetchall("SELECT * FROM events WHERE subject = 'calendar' ORDER BY id")
        return [(row["kind"], row["who"], json.loads(row["detail"])) for row in rows]

    def works(self, team: str | int, day: date) -> bool:
        return self.calendars.of(self.team(team) if isinstance(team, str) else team).is_working(day)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    url = f"sqlite:///{tmp_path / 'huashu.sqlite3'}"
    database = await Database.open(url)
    try:
        office = Office(database, url)
        await office.opens()
        await office.looks()
        yield office
    finally:
        await database.close()


async def test_a_teams_own_day_touches_no_other_team(office: Office) -> None:
    await office.does(
        set_day, team_id=office.team("一组"), day=SATURDAY, kind="work", name="盘点", hours=MORNING, by="陈主管"
    )
    assert office.works("一组", SATURDAY)
    assert not office.works("二组", SATURDAY) and not office.works(EVERYBODY, SATURDAY)
    special = office.calendars.of(office.team("一组")).days[SATURDAY]
    assert special == SpecialDay("work", "盘点", hours=MORNING, official=False, team=True)


async def test_everybodys_day_reaches_every_team_but_those_with_their_own(office: Office) -> None:
    await office.does(set_day, team_id=office.team("二组"), day=NATIONAL_DAY, kind="rest", by="吴主管")
    await office.does(set_day, team_id=EVERYBODY, day=NATIONAL_DAY, kind="work", by="机主")
    assert office.works("一组", NATIONAL_DAY) and office.works(EVERYBODY, NATIONAL_DAY)
    assert not office.works("二组", NATIONAL_DAY)


async def test_cleared_the_arrangement_holds_again(office: Office) -> None:
    team = office.team("一组")
    await office.does(set_day, team_id=team, day=NATIONAL_DAY, kind="work", by="陈主管")
    assert await office.does(clear_day, team_id=team, day=NATIONAL_DAY, by="陈主管") is True
    assert not office.works("一组", NATIONAL_DAY)
    assert await office.does(clear_day, team_id=team, day=NATIONAL_DAY, by="陈主管") is False


async def test_hours_of_a_team_and_back(office: Office) -> None:
    team = office.team("一组")
    hours, seasons = read_hours("每天 8:00-20:00\n夏令 5月至9月：每天 7:00-19:00")
    await office.does(set_hours, team_id=team, hours=hours, seasons=seasons, by="陈主管")
    await office.does(set_hours, team_id=team, zone="Asia/Urumqi", by="陈主管")
    ours = office.calendars.of(team)
    assert say_hours(ours) == ["每天 08:00–20:00", "夏令（5月1日至9月30日）：每天 07:00–19:00"]
    assert ours.zone.key == "Asia/Urumqi"
    assert office.calendars.of(office.team("二组")) == office.calendars.of(EVERYBODY)
    await office.does(set_hours, team_id=team, seasons=(), by="陈主管")
    assert say_hours(office.calendars.of(team)) == ["每天 08:00–20:00"]
    assert await office.does(clear_hours, team_id=team, by="陈主管") is True
    assert office.calendars.of(team) == office.calendars.of(EVERYBODY)
    assert await office.does(clear_hours, team_id=team, by="陈主管") is False


@pytest.mark.parametrize("none", [(), None])
async def test_a_teams_own_hours_are_not_hidden_by_everybodys_season(office: Office, none: tuple[()] | None) -> None:
    hours, seasons = read_hours("每天 8:00-20:00\n夏令 5月至9月：每天 7:00-19:00")
    await office.does(set_hours, team_id=EVERYBODY, hours=hours, seasons=seasons)
    await office.does(set_hours, team_id=office.team("一组"), hours=hours, seasons=none, by="陈主管")
    assert say_hours(office.calendars.of(office.team("一组"))) == ["每天 08:00–20:00"]
    assert len(say_hours(office.calendars.of(office.team("二组")))) == 2


async def test_a_year_is_replaced_as_a_whole_and_days_set_by_hand_stay(office: Office) -> None:
    await office.does(set_day, team_id=EVERYBODY, day=date(2026, 10, 2), kind="rest", by="机主")
    before = office.calendars.with_import(EVERYBODY, A_YEAR)
    assert await office.does(import_days, A_YEAR, team_id=EVERYBODY, by="机主") == 4
    ours = office.calendars.of(EVERYBODY)
    assert before == ours, "what was shown before is what came"
    assert ours.years == {2024, 2025, 2026, 2027}
    assert ours.is_working(SUNDAY), "made up for"
    assert not ours.is_working(date(2026, 12, 31)), "of the arrangement of 2027"
    assert not ours.is_working(date(2026, 10, 2)), "set by hand"
    assert ours.is_working(date(2026, 10, 5)), "the phrasebook's holiday is not in this arrangement"
    assert not ours.is_working(date(2025, 10, 1))

    shorter = Imported(years={2026: {NATIONAL_DAY: SpecialDay("rest", "国庆节")}})
    await office.does(import_days, shorter, team_id=EVERYBODY)
    assert not office.works(EVERYBODY, SUNDAY)
    assert not office.works(EVERYBODY, date(2026, 12, 31)), "2027 was not imported again"
    assert not office.works(EVERYBODY, date(2026, 10, 2))


async def test_a_team_may_have_a_year_that_others_have_not(office: Office) -> None:
    await office.does(import_days, A_YEAR, team_id=office.team("二组"), by="吴主管")
    assert office.calendars.of(office.team("二组")).has_table(2027)
    assert not office.calendars.of(office.team("一组")).has_table(2027)


async def test_a_file_with_problems_is_not_taken(office: Office) -> None:
    with pytest.raises(Unreadable):
        await office.does(import_days, Imported(problems=("第 2 行：……",)), team_id=EVERYBODY)
    assert await office.events() == []


async def test_the_files_own_team_has_its_hours(office: Office) -> None:
    async with office.database.transaction() as tx:
        night = await teams.enrol(tx, telegram_id=9, name="小夜", role="agent", team="夜班组", now=NOW)
    await office.looks()
    assert say_hours(office.calendars.of(night.team_id)) == ["周六 20:00–24:00"]


# Who may


@pytest.mark.parametrize(
    ("who", "team", "may"),
    [
        ("小李", "一组", False),
        ("陈主管", "一组", True),
        ("陈主管", "二组", False),
        ("陈主管", None, False),
        ("机主", "二组", True),
        ("机主", None, True),
        (None, None, True),  # the command line
    ],
)
async def test_leads_change_their_own_team_and_owners_all(
    office: Office, who: str | None, team: str | None, may: bool
) -> None:
    team_id = office.team(team) if team else EVERYBODY
    actions: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (set_day, (), {"day": SATURDAY, "kind": "work"}),
        (clear_day, (), {"day": SATURDAY}),
        (set_hours, (), {"zone": "Asia/Tokyo"}),
        (clear_hours, (), {}),
        (import_days, (A_YEAR,), {}),
    ]
    for action, given, more in actions:
        if may:
            await office.does(action, *given, team_id=team_id, by=who, **more)
        else:
            with pytest.raises(NotAllowed):
                await office.does(action, *given, team_id=team_id, by=who, **more)
    assert len(await office.events()) == (6 if may else 0)


@pytest.mark.parametrize(
    ("action", "given"),
    [(set_day, {"day": date(1999, 1, 1), "kind": "work"}), (set_hours, {"zone": "Mars/Olympus"})],
)
async def test_what_cannot_be_is_refused(office: Office, action: Any, given: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        await office.does(action, team_id=EVERYBODY, **given)
    assert await office.events() == []


# What remains of a change


async def test_every_change_says_who_and_what_was_there_before(office: Office) -> None:
    team = office.team("一组")
    await office.does(set_day, team_id=team, day=SATURDAY, kind="work", name="盘点", hours=MORNING, by="陈主管")
    await office.does(set_day, team_id=team, day=SATURDAY, kind="rest", by="机主")
    await office.does(clear_day, team_id=team, day=SATURDAY)
    first = {"day": "2026-06-13", "kind": "work", "name": "盘点", "hours": '["09:00-12:00"]'}
    then = {"day": "2026-06-13", "kind": "rest", "name": "", "hours": ""}
    chen, owner = office.people["陈主管"].id, office.people["机主"].id
    assert await office.events() == [
        ("day", chen, {"team": team, "day": "2026-06-13", "old": None, "new": first}),
        ("day", owner, {"team": team, "day": "2026-06-13", "old": first, "new": then}),
        ("day", None, {"team": team, "day": "2026-06-13", "old": then, "new": None}),
    ]


async def test_an_import_keeps_what_it_replaces(office: Office) -> None:
    await office.does(import_days, A_YEAR, team_id=EVERYBODY, by="机主")
    await office.does(import_days, A_YEAR, team_id=EVERYBODY, by="机主")
    told = [(detail["year"], len(detail["old"]), detail["new"]) for _kind, _who, detail in await office.events()]
    assert told == [(2026, 0, 2), (2027, 0, 2), (2026, 2, 2), (2027, 2, 2)]


async def test_another_process_sees_it_after_asking(office: Office) -> None:
    other = Calendars(office.book)
    async with office.database.reading() as tx:
        await other.refresh(tx)
    await office.does(set_day, team_id=EVERYBODY, day=SATURDAY, kind="work")
    assert not other.of(EVERYBODY).is_working(SATURDAY)
    async with office.database.reading() as tx:
        await other.refresh(tx)
    assert other.of(EVERYBODY).is_working(SATURDAY)


async def test_what_was_rolled_back_is_forgotten(office: Office) -> None:
    with pytest.raises(RuntimeError):
        async with office.database.transaction() as tx:
            await set_day(tx, team_id=EVERYBODY, day=SATURDAY, kind="work", by=None, now=NOW)
            await office.calendars.refresh(tx)
            assert office.works(EVERYBODY, SATURDAY)
            raise RuntimeError
    async with office.database.transaction() as tx:
        await set_day(tx, team_id=EVERYBODY, day=SUNDAY, kind="work", by=None, now=NOW + timedelta(seconds=1))
    await office.looks()
    assert office.works(EVERYBODY, SUNDAY)
    assert not office.works(EVERYBODY, SATURDAY)


async def test_a_zone_this_machine_does_not_know_breaks_nothing(office: Office) -> None:
    await office.does(set_hours, team_id=EVERYBODY, zone="Asia/Tokyo")
    async with office.database.transaction() as tx:
        await tx.connection.execute("UPDATE team_hours SET zone = 'Asia/Atlantis'")
        await set_day(tx, team_id=EVERYBODY, day=SUNDAY, kind="work", by=None, now=NOW)
    await office.looks()
    assert office.calendars.of(EVERYBODY).zone.key == "Asia/Shanghai"


# Only looked at


async def test_looked_at_from_outside_it_is_the_same(office: Office) -> None:
    await office.does(set_day, team_id=office.team("一组"), day=SATURDAY, kind="work")
    outside = await Calendars.as_saved(office.book, office.url)
    assert outside.teams == {"一组": office.team("一组"), "二组": office.team("二组")}
    assert outside.of(office.team("一组")) == office.calendars.of(office.team("一组"))


async def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    book = read_calendar_file(DATA)
    calendars = await Calendars.as_saved(book, f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert calendars.of(EVERYBODY) == Calendars(book).of(EVERYBODY)
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240


async def test_an_older_database_is_looked_at_and_not_migrated(tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, subject TEXT)")
    connection.close()
    before = file.read_bytes()
    book = read_calendar_file(DATA)
    assert (await Calendars.as_saved(book, f"sqlite:///{file}")).of(EVERYBODY) == Calendars(book).of(EVERYBODY)
    assert file.read_bytes() == before


async def test_a_broken_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "broken.sqlite3"
    file.write_text("no database at all, whatever its name says")
    with pytest.raises(SettingsError):
        await Calendars.as_saved(read_calendar_file(DATA), f"sqlite:///{file}")
