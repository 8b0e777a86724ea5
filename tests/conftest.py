from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import Norms, read_norms
from bot.settings import Settings
from tests.team import SHANGHAI, Team, team_at_work

THURSDAY = datetime(2026, 6, 11, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def norms(tmp_path_factory: pytest.TempPathFactory) -> Norms:
    """The phrasebook that ships, read once for all tests."""
    return read_norms(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture
async def team(tmp_path: Path, norms: Norms) -> AsyncIterator[Team]:
    """Thursday 11 June 2026, 10:00: four people at work. Whatever is said and not heard fails the test."""
    async with team_at_work(tmp_path, norms, start=THURSDAY) as team:
        yield team
