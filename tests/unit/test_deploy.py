"""Both ways to deploy start the same command, keep data where they say, and know no setting that the bot does not."""

import configparser
import re
import runpy
import tomllib
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.inbox import intake
from bot.settings import ENVIRONMENT, Settings, read_settings
from bot.shared.clock import MovableClock
from bot.shared.database import Database, path_of

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NOON = datetime(2026, 6, 11, 4, 0, tzinfo=UTC)
# Every name under which the environment sets something.
NAMES = {ENVIRONMENT.get(name, f"HUASHU_{name.upper()}") for name in Settings.model_fields}


class _Repeated(dict[str, Any]):
    """systemd allows a key several times."""

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, list) and key in self:
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def read_unit() -> dict[str, list[str]]:
    parser = configparser.RawConfigParser(strict=False, dict_type=_Repeated, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DEPLOY / "huashu.service", encoding="utf-8")
    return {key: value.split("\n") for key, value in parser.items("Service")}


def dockerfile() -> str:
    """Without comments, continued lines joined."""
    lines = [line for line in read("Dockerfile").splitlines() if not line.startswith("#")]
    return "\n".join(lines).replace("\\\n", " ")


def compose() -> dict[str, Any]:
    return yaml.safe_load(read("compose.yaml"))["services"]["bot"]


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def example(*, uncommented: bool = False) -> dict[str, str]:
    """The lines of huashu.env.example; with the optional ones too when asked."""
    mark = "#?" if uncommented else ""
    return dict(re.findall(rf"^{mark}([A-Z_]+)=(.*)$", read("huashu.env.example"), re.MULTILINE))


def test_every_way_starts_huashu_run() -> None:
    assert read_unit()["ExecStart"] == ["/opt/huashu/bin/huashu run"]
    assert 'CMD ["huashu", "run"]' in dockerfile().splitlines()
    assert compose()["command"] == ["huashu", "run"]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert "huashu" in scripts


def test_data_stays_where_the_manual_says() -> None:
    unit = read_unit()
    assert "HUASHU_HOME=/var/lib/huashu" in unit["Environment"]
    assert unit["StateDirectory"] == ["huashu"]
    assert re.search(r"HUASHU_HOME=/data\b", dockerfile())
    assert "VOLUME /data" in dockerfile()
    assert "data:/data" in compose()["volumes"]
    for home in ("/var/lib/huashu", "/data"):
        file = path_of(Settings(home=Path(home)).database)
        assert str(file) in read("README.md")


def test_the_bot_is_never_root_and_always_comes_back() -> None:
    unit = read_unit()
    assert unit["DynamicUser"] == ["yes"]
    assert unit["Restart"] == ["always"]
    assert unit["EnvironmentFile"] == ["/etc/huashu/huashu.env"]
    assert re.search(r"^USER (?!root)", dockerfile(), re.MULTILINE)
    assert compose()["restart"] == "always"
    assert compose()["env_file"] == "huashu.env"


def test_only_locked_packages_with_known_hashes_are_installed() -> None:
    installs = re.findall(r"pip install [^\n&]*", dockerfile())
    assert installs
    for install in installs:
        assert "--require-hashes -r requirements.lock" in install or "--no-deps --no-index" in install


def test_the_example_names_only_settings_there_are() -> None:
    assert set(example(uncommented=True)) <= NAMES
    assert set(example()) == {"BOT_TOKEN"}
    assert example()["BOT_TOKEN"] == ""
    named = re.findall(r"\b(HUASHU_[A-Z_]+|DATABASE_URL|BOT_TOKEN)\b", read("README.md") + dockerfile())
    assert set(named) <= NAMES


@pytest.mark.parametrize("uncommented", [False, True], ids=["as it ships", "everything switched on"])
def test_the_example_can_be_used(uncommented: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in example(uncommented=uncommented).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path))
    settings = read_settings()
    assert settings.home == tmp_path
    if uncommented:
        assert (settings.webhook is not None, settings.org, settings.tz) == (True, "我们公司", "Asia/Shanghai")


def test_the_ports_are_the_ones_the_bot_listens_on() -> None:
    port = Settings.model_fields["port"].default
    assert f"EXPOSE {port}" in dockerfile()
    assert f"127.0.0.1:{port}:{port}" in read("compose.yaml")
    assert f"reverse_proxy 127.0.0.1:{port}" in read("README.md")
    assert example(uncommented=True)["HUASHU_PORT"] == str(port)


def test_what_the_image_copies_is_let_in_and_is_there() -> None:
    rules = [line for line in read("Dockerfile.dockerignore").splitlines() if line and not line.startswith("#")]
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile(), re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert rules[0] == "*"
    assert copied == allowed
    for source in copied:
        assert (ROOT / source).exists()


def test_whatever_the_bot_reads_at_run_time_is_in_the_wheel() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    wheel = targets["targets"]["wheel"]
    assert wheel["packages"] == ["bot"]  # with all that lies in it: statements, migrations, page, catalogues
    assert wheel["force-include"] == {"phrasebook": "bot/phrasebook"}
    left_out = [*targets.get("exclude", []), *wheel.get("exclude", [])]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()  # hatchling leaves these out as well
    needed = [
        file
        for ending in ("*.sql", "*.html", "*.css", "*.js", "*.po", "*.npz")
        for file in (ROOT / "bot").rglob(ending)
    ]
    assert {file.suffix for file in needed} >= {".sql", ".html", ".css", ".js"}
    for file in needed:
        path = file.relative_to(ROOT).as_posix()
        for pattern in (*left_out, *ignored):
            assert not fnmatch(path, pattern.strip("/") + "*") and not fnmatch(file.name, pattern), pattern
    assert list((ROOT / "phrasebook").rglob("*.yaml")) and list((ROOT / "phrasebook").rglob("*.schema.json"))


class TestHealthcheck:
    """Polling or webhook: healthy is who handles what arrives."""

    @pytest.fixture
    def problem(self) -> Any:
        return runpy.run_path(str(DEPLOY / "healthcheck.py"))["problem"]

    def test_without_a_token_it_is_the_playground(self, problem: Any, tmp_path: Path) -> None:
        assert "BOT_TOKEN" in problem(Settings(home=tmp_path, bot_token=""), NOON)

    async def test_a_message_that_nobody_handles_is_told(self, problem: Any, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path, bot_token="1:a")
        assert "还没有数据库" in problem(settings, NOON)
        clock = MovableClock(start=NOON)
        database = await Database.open(settings.database)
        try:
            await intake.store(database, clock, [{"update_id": 1, "message": {"chat": {"id": 1001}}}])
            assert problem(settings, clock.now()) is None
            await clock.advance(timedelta(minutes=3))
            assert "有 1 条消息" in problem(settings, clock.now())
            async with database.transaction() as tx:
                await intake.close(tx, 1, clock)
            assert problem(settings, clock.now()) is None
        finally:
            await database.close()
