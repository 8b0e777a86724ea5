"""Where everything meets: settings, phrasebook, database, Telegram, clock and rooms are put together here, once."""

import asyncio
import contextlib
import gc
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.checks import actions as checks
from bot.checks import request_actions as requests
from bot.checks.check import Checker
from bot.checks.classifier import classifier
from bot.checks.commands import CheckCommands
from bot.checks.quiet import QuietCommands
from bot.checks.request_commands import RequestCommands
from bot.checks.rule import Rule
from bot.checks.watch import Watch
from bot.checks.yaml_file import read_replacements, read_rules
from bot.collecting import actions as collecting
from bot.collecting import file_actions
from bot.collecting.commands import CollectingCommands
from bot.collecting.files import FileCommands
from bot.collecting.report import GapReports
from bot.complaints.commands import ComplaintCommands
from bot.errors import BookError
from bot.escalation.commands import EscalationCommands
from bot.escalation.sweep import Sweep
from bot.escalation.why_commands import WhyCommands
from bot.inbox import intake
from bot.inbox.door import Door, Special
from bot.inbox.intake import Runner
from bot.inbox.turn import Turn
from bot.language.speech import _, spoken
from bot.outbox.deliver import Deliverer
from bot.phrases.commands import PhraseCommands
from bot.phrases.fill import Case, fill, in_script, say_to_customer, slots_in
from bot.phrases.index import Index
from bot.phrases.own import Own
from bot.phrases.phrase import Phrase
from bot.phrases.saved import open_index
from bot.promises import actions as promises
from bot.promises.calendar_commands import CalendarCommands
from bot.promises.calendar_file import CalendarFile, read_calendar_file
from bot.promises.calendars import EVERYBODY, Calendars
from bot.promises.clocks import Clocks, read_clocks
from bot.promises.commands import PromiseCommands
from bot.promises.making import PromiseMaking
from bot.promises.promise import Promise
from bot.settings import Settings
from bot.shared.book import Book, default_shipped
from bot.shared.clock import Clock
from bot.shared.database import Database, Row, Transaction
from bot.shared.loop import run_steps
from bot.shared.telegram import Refused, SlowDown, Telegram, Uncertain
from bot.teams import actions as teams
from bot.teams import views as team_views
from bot.teams.commands import TeamCommands
from bot.teams.person import Person, title
from bot.web.server import serve, webhook

log = structlog.get_logger()
OWN = Own(phrases=collecting.own_phrases, stamp=collecting.own_stamp, fate=collecting.fate)
HOLIDAY_NEAR = 7  # days before a holiday in which its greetings come first
EXTENDING = "delay"  # the phrase that tells a customer of a moved deadline
REFUSING = "refuse-now"  # the phrase that refuses what a lead did not agree to


@dataclass(frozen=True, kw_only=True)
class Norms:
    """The phrasebook, read and ready: what the engines work by."""

    index: Index
    apology: str
    refusal: str
    checker: Checker
    calendar: CalendarFile
    clocks: Clocks


def open_book(settings: Settings) -> Book:
    return Book(default_shipped(), settings.book)


def read_norms(settings: Settings) -> Norms:
    """Read the whole phrasebook. Raises BookError with every problem found, by file and line."""
    book = open_book(settings)
    index = open_index(book, settings.home)
    calendar, clocks = read_times(book, settings)
    norms = Norms(
        index=index,
        apology=_apology_in(index.phrases),
        refusal=_refusal_in(index.phrases),
        checker=read_checker(book),
        calendar=calendar,
        clocks=clocks,
    )
    gc.freeze()  # it stays for good: the collector need not walk it again and again
    return norms


def read_times(book: Book, settings: Settings) -> tuple[CalendarFile, Clocks]:
    """The calendar and the clocks of the phrasebook."""
    calendar = read_calendar_file(book.read("calendar.yaml"), zone=settings.tz or None)
    team = Calendars(calendar).of(EVERYBODY)
    return calendar, read_clocks(book.read("clocks.yaml"), book.read("chains.yaml"), team)


def _apology_in(phrases: Sequence[Phrase]) -> str:
    """The wording that tells a customer both why and until when; a team may have reworded it."""
    texts = (text for phrase in phrases if phrase.id == EXTENDING for text in phrase.texts)
    found = next((text for text in texts if "{reason}" in text and "{due}" in text), None)
    if found is None:
        raise BookError(_("话术 {id} 里要有一句同时带 {{reason}} 和 {{due}}，延期时发给客户用。").format(id=EXTENDING))
    return found


def _refusal_in(phrases: Sequence[Phrase]) -> str:
    """The wording that refuses a customer without a blank that nobody fills; a team may have reworded it."""
    texts = (text for phrase in phrases if phrase.id == REFUSING for text in phrase.texts)
    found = next((text for text in texts if set(slots_in(text)) <= {"称呼", "due"}), None)
    if found is None:
        raise BookError(_("话术 {id} 里要有一句只带称呼、时间的话，主管不同意时发给客户用。").format(id=REFUSING))
    return found


def read_checker(book: Book) -> Checker:
    """An overlay may add rules and reword them, never lift a prohibition: hence the shipped book as the floor."""
    return Checker(read_rules(book, Book(default_shipped())), read_replacements(book), classifier())


class App:
    """A running bot. `open` builds it; `run` serves until cancelled."""

    def __init__(self, settings: Settings, norms: Norms, database: Database, telegram: Telegram, clock: Clock) -> None:
        self.settings, self.norms = settings, norms
        self.database, self.telegram, self.clock = database, telegram, clock
        self.calendars = Calendars(norms.calendar)
        self.sweep = Sweep(database, self.calendars)
        self.reports = GapReports(database, self.calendars, self._situation)
        self.watch = Watch(database, self.calendars, self._rules)
        self.deliverer = Deliverer(database, telegram)
        self.deliverer.on_refused = self._refused
        self.deliverer.on_moved = _group_moved
        self.runner = Runner(database, clock, self._build_door().handle)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings, clock: Clock | None = None, norms: Norms | None = None
    ) -> AsyncIterator["App"]:
        """Everything a bot needs, closed again afterwards. Raises HuashuError with what a person must put right."""
        async with AsyncExitStack() as stack:
            if norms is None:
                norms = await asyncio.to_thread(read_norms, settings)
            database = await Database.open(settings.database)
            stack.push_async_callback(database.close)
            telegram = Telegram(settings.bot_token, str(settings.api_url) if settings.api_url else None)
            await _until_answered(telegram.open)
            stack.push_async_callback(telegram.close)
            yield cls(settings, norms, database, telegram, clock or Clock())

    async def run(self) -> None:
        """Take updates in, handle them, look at what is due, deliver what is to be said."""
        await self.deliverer.start()
        changed = self.database.listen
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.runner.run())
                tasks.create_task(self.runner.forget_old())
                tasks.create_task(run_steps(self.clock, changed("promises"), (self.sweep.look,)))
                tasks.create_task(run_steps(self.clock, changed("collecting"), (self.reports.look,)))
                tasks.create_task(run_steps(self.clock, changed("checks"), (self.watch.look,)))
                tasks.create_task(run_steps(self.clock, changed("outbox"), (self.deliverer.send_due,)))
                tasks.create_task(self._menu_for_groups())
                tasks.create_task(self._listen())
        finally:
            await self.deliverer.finish()

    async def _listen(self) -> None:
        if self.settings.webhook is None:
            await _until_answered(self.telegram.use_polling)
            await intake.poll(self.database, self.clock, self.telegram)
            return
        secret = self.settings.webhook_secret or secrets.token_urlsafe(32)
        address = str(self.settings.webhook)

        async def store(updates: intake.Updates) -> None:
            await intake.store(self.database, self.clock, updates)

        server = webhook(urlsplit(address).path or "/", secret, store)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(serve(server, self.settings.port))
            await _until_answered(lambda: self.telegram.use_webhook(address, secret))

    async def _menu_for_groups(self) -> None:
        with contextlib.suppress(Refused, Uncertain, SlowDown):
            await self.telegram.set_menu(team_views.menu("agent", private=False))

    async def owner_link(self) -> str | None:
        """The one-time link for the first owner; None once there is one."""
        async with self.database.transaction() as tx:
            if not await teams.owner_link_needed(tx):
                return None
            return self.link(await teams.renew_owner_link(tx, self.clock.now()))

    def link(self, token: str) -> str:
        """A deep link that sends /start with this token."""
        return f"https://t.me/{self.telegram.username}?start={token}"

    async def next_due(self) -> datetime | None:
        """When something is to be said next, for the playground's clock."""
        async with self.database.reading() as tx:
            looks = [await promises.next_look(tx), await collecting.next_look(tx), await checks.next_look(tx)]
        return min((look for look in looks if look), default=None)

    async def idle(self) -> bool:
        """Nothing that arrived is unhandled, nothing due is undecided, nothing to be said is unsaid."""
        now = self.clock.now()
        due = await self.next_due()
        return (due is None or due > now) and await self.deliverer.idle(now) and await self.runner.idle()

    def _build_door(self) -> Door:
        phrases = PhraseCommands(
            lambda: self.norms.index, self.settings.org, self._working_time, cases=_open_cases, holiday=self._holiday,
            own=OWN, note_gap=self._note_gap, log=lambda turn: complaints.complaint(turn),
        )  # fmt: skip
        why = WhyCommands(lambda: self.norms.clocks, self.calendars, phrases.say)
        complaints = ComplaintCommands(lambda: self.norms.clocks, self.calendars, why.text)
        making = PromiseMaking(lambda: self.norms.clocks, self.calendars, why.text)
        handling = PromiseCommands(lambda: self.norms.clocks, self.calendars, self._apology)
        checking = CheckCommands(
            lambda: self.norms.checker, lambda: self.norms.clocks, self.calendars, promise=making.promise,
            extend=handling.ask_reason,
        )  # fmt: skip
        requesting = RequestCommands(
            lambda: self.norms.checker, lambda: self.norms.clocks, lambda: self.norms.refusal, self.calendars
        )
        quiet = QuietCommands(lambda: self.norms.checker)
        escalation = EscalationCommands(self.calendars)
        files = FileCommands(lambda: self.norms.checker, lambda: self.norms.index.phrases, self.calendars)
        own = CollectingCommands(lambda: self.norms.checker, lambda: self.norms.index, self.calendars, files.export)
        calendar = CalendarCommands(self.calendars, file_actions)

        async def filed(turn: Turn) -> bool:
            return await calendar.filed(turn) or await files.filed(turn)

        people = TeamCommands(lambda: [level.post for level in self.norms.clocks.promise.levels], self.link)
        return Door(
            self.database, self.clock, self.telegram,
            rooms=[
                room.routes()
                for room in (
                    phrases, checking, requesting, quiet, complaints, making, handling, escalation, why, own, files,
                    calendar, people,
                )
            ],
            special=Special(
                text=why.text, inline=phrases.inline, inline_check=checking.inline, chosen=phrases.chosen,
                chosen_check=checking.chosen, overheard=quiet.overheard, moved=_group_moved,
                filed=filed, edited=complaints.edited,
                received=escalation.received, reacted=escalation.reacted, joined=people.joined,
            ),
            refresh=self.calendars.refresh,
        )  # fmt: skip

    def _working_time(self, team_id: int, start: datetime, span: timedelta) -> datetime:
        return self.calendars.of(team_id).add_working_time(start, span)

    async def _note_gap(self, tx: Transaction, team_id: int, now: datetime) -> None:
        await collecting.note_gap(tx, team_id, now, self.calendars.of(team_id))

    def _holiday(self, team_id: int, now: datetime) -> str | None:
        """The holiday that is on or near, for the wordings of its greetings."""
        calendar = self.calendars.of(team_id)
        today = now.astimezone(calendar.zone).date()
        ahead = (calendar.special(today + timedelta(days=days)) for days in range(HOLIDAY_NEAR + 1))
        return next((day.name for day in ahead if day and day.kind == "rest"), None)

    def _situation(self, phrase_id: str) -> str | None:
        """What a phrase of the book is for."""
        return next((phrase.situation for phrase in self.norms.index.phrases if phrase.id == phrase_id), None)

    def _rules(self) -> Mapping[str, Rule]:
        """The rules in force by their ids."""
        return {rule.id: rule for rule in self.norms.checker.rules}

    def _apology(self, promise: Promise, reason: str) -> str:
        """What to tell the customer of a moved deadline, in the reader's script."""
        now = self.clock.now()
        given = {
            "称呼": promise.customer,
            "reason": reason,
            "due": say_to_customer(promise.due, now=now, zone=self.calendars.of(promise.team_id).zone),
        }
        return fill(in_script(self.norms.apology, spoken()), given).text

    async def _refused(self, tx: Transaction, row: Row, now: datetime) -> None:
        """Somebody can't be reached: note it, and let whoever comes next be told at once."""
        await teams.unreachable(tx, row["chat"], now)
        if row["subject"].startswith("promise:"):
            await promises.look_now(tx, int(row["subject"].removeprefix("promise:")), now)
        if row["subject"].startswith("request:"):
            await requests.look_now(tx, int(row["subject"].removeprefix("request:")), now)


async def _group_moved(tx: Transaction, chat: int, new_chat: int) -> None:
    """A group became a supergroup: it stays the team's, and quiet if it was."""
    await teams.move_group(tx, chat, new_chat)
    await checks.move_group(tx, chat, new_chat)


async def _open_cases(tx: Transaction, person: Person) -> list[Case]:
    """The customers an agent has open, the most urgent first."""
    return [
        Case(id=one.id, number=one.number, customer=one.customer, place="", matter=one.gist, due=one.due)
        for one, *_norms in await promises.open_of(tx, person)
    ]


async def _until_answered(ask: Callable[[], Awaitable[None]]) -> None:
    """Ask Telegram until it answers; what it refuses for good is told at once."""
    pause = 1.0
    while True:
        try:
            await ask()
            return
        except (Uncertain, SlowDown) as problem:
            log.warning("telegram does not answer", why=str(problem), again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30)


async def report_holes(app: App) -> list[str]:
    """Posts of a team's chain that nobody fills, as sentences, before anything is due."""
    async with app.database.reading() as tx:
        people = await teams.everybody(tx)
    found = []
    for team in dict.fromkeys(person.team for person in people):
        for level in app.norms.clocks.promise.levels:
            if not any(person.role == level.post and person.team == team for person in people):
                found.append(
                    _("{team} 的升级链缺 {post}：超时会跳过这一级，请用 /invite 补上。").format(
                        team=team, post=title(level.post)
                    )
                )
    return found
