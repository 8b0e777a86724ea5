"""Every team's calendar: the phrasebook's, with what was imported and set for all teams or one laid over it."""

from bot.promises.workdays import Calendar
from bot.shared.database import Transaction


class Calendars:
    """Kept in memory and read again when somebody changed something: ask `refresh` before using `of`."""

    def __init__(self, book: Calendar) -> None:
        self._book = book

    def of(self, team_id: int) -> Calendar:
        """The calendar a team works by."""
        return self._book

    async def refresh(self, tx: Transaction) -> None:
        """Take in what was changed since, by whatever process."""
