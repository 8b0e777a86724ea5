"""`huashu calendar`: looking at the working days and changing them from the command line."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import HuashuError
from tests.team import Team

Command = Callable[..., Result]
NEW_YEAR = ["2027-01-01", "2027-01-02", "2027-01-03"]
SPRING = [f"2027-02-{day:02}" for day in range(5, 14)]
NATIONAL = [f"2027-10-{day:02}" for day in range(1, 8)]


@pytest.fixture
def huashu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command in a fresh home; words come back in .output, a refusal's sentence too."""
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("DATABASE_URL", "HUASHU_BOOK", "HUASHU_TZ"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """放假安排 of 2027 as somebody typed it into a table."""
    file = tmp_path / "2027.csv"
    rows = [
        f"{day},休,{name}"
        for name, days in (("元旦", NEW_YEAR), ("春节", SPRING), ("国庆节", NATIONAL))
        for day in days
    ]
    file.write_text(
        "\n".join(["日期,类型,名称", *rows, "2027-02-20,班,春节", "2027-10-09,班,国庆节"]), encoding="gb18030"
    )
    return file


def grid(output: str) -> dict[int, str]:
    """What stands at the days of a month."""
    cells = [
        cell.split() for line in output.splitlines() if line.startswith("│") for cell in line.strip("│").split("│")
    ]
    return {int(cell[0]): " ".join(cell[1:]) for cell in cells if cell and cell[0].isdigit()}


def sentence(refused: Result) -> str:
    assert isinstance(refused.exception, HuashuError), refused.output
    return refused.exception.sentence


# Looking


def test_a_month_as_a_grid(huashu: Command) -> None:
    shown = huashu("calendar", "show", "2026-10")
    assert shown.exit_code == 0
    days = grid(shown.output)
    assert len(days) == 31
    assert (days[1], days[7], days[8], days[10], days[17]) == ("休", "休", "", "班", "˙")
    assert shown.output.count("国庆节") == 8
    assert "周一至周五 09:00–12:00、13:30–18:00" in shown.output
    assert "未录入" not in shown.output


def test_this_month_with_today_in_it(huashu: Command) -> None:
    assert huashu("calendar", "show").output.count("今天") == 1


def test_a_year_as_a_list(huashu: Command) -> None:
    shown = huashu("calendar", "show", "2026").output
    assert "10月1日–10月7日" in shown
    assert "9月20日（周日）、10月10日（周六）" in shown


def test_a_year_without_a_table_is_said_aloud(huashu: Command) -> None:
    for words in (["show", "2027-01"], ["show", "2027"], ["years"]):
        assert (
            "2027年放假安排未录入，按周末推算。录入：huashu calendar import 文件" in huashu("calendar", *words).output
        )


def test_looking_makes_no_database(huashu: Command, tmp_path: Path) -> None:
    for words in (["calendar", "show"], ["calendar", "years"], ["deadline", "明天下午三点前答复"], ["check", "您好"]):
        assert huashu(*words).exit_code == 0
    assert list(tmp_path.glob("*sqlite*")) == []


# A year's notice


def test_a_years_notice_is_tried_and_then_imported(huashu: Command, notice: Path) -> None:
    tried = huashu("calendar", "import", str(notice), "--dry-run").output
    assert "2027年：放假 19 天，调休上班 2 天。原来没有录入。" in tried
    assert "2027年2月20日（周六）：休息 → 春节调休上班" in tried
    assert "没有写入" in tried
    assert "未录入" in huashu("calendar", "show", "2027-02").output

    assert "已导入" in huashu("calendar", "import", str(notice)).output
    february = huashu("calendar", "show", "2027-02").output
    assert {day: grid(february)[day] for day in (4, 5, 13, 20, 21)} == {4: "", 5: "休", 13: "休", 20: "班", 21: "˙"}
    assert "未录入" not in february
    assert "导入，全部团队" in huashu("calendar", "years").output

    again = huashu("calendar", "import", str(notice), "--dry-run").output
    assert "替换原来的" in again and "上班和休息的日子都没有变化" in again


def test_what_was_imported_counts_in_deadlines(huashu: Command, notice: Path) -> None:
    before = huashu("deadline", "三个工作日内答复", "--now", "2027-02-04T10:00", "--json").output
    huashu("calendar", "import", str(notice))
    after = huashu("deadline", "三个工作日内答复", "--now", "2027-02-04T10:00", "--json").output
    assert "2027-02-17T18:00:00+08:00" not in before
    assert "2027-02-17T18:00:00+08:00" in after


def test_a_file_with_a_mistake_is_refused_by_line_and_nothing_is_taken(huashu: Command, notice: Path) -> None:
    notice.write_text(notice.read_text("gb18030") + "\n2027-02-30,休,春节\n2027-10-11,班,国庆节\n", encoding="utf-8")
    refused = huashu("calendar", "import", str(notice))
    assert refused.exit_code == 1
    assert sentence(refused).splitlines() == [
        "第 23 行：“2027-02-30”不是日期，写法例如 2027-10-01。",
        "第 24 行：2027-10-11 是周一，本来就上班，不会是调休。请核对日期。",
        "没有导入。",
    ]
    assert "未录入" in huashu("calendar", "years").output


def test_a_file_of_something_else_is_refused(huashu: Command, tmp_path: Path) -> None:
    (tmp_path / "话术.csv").write_text("情境,话术\n道歉,抱歉", encoding="utf-8")
    assert "第一行要写列名：日期,类型,名称" in sentence(huashu("calendar", "import", str(tmp_path / "话术.csv")))
    (tmp_path / "2027.xlsx").write_bytes(b"PK")
    assert "只认得 .json、.csv、.ics、.yaml" in sentence(huashu("calendar", "import", str(tmp_path / "2027.xlsx")))


# Days and hours


@pytest.fixture
def teams(huashu: Command) -> None:
    for number, name in enumerate(("一组", "二组"), 1):
        huashu("team", "add", "--telegram-id", str(number), "--name", "小李", "--role", "agent", "--team", name)


@pytest.mark.usefixtures("teams")
def test_a_day_for_one_team_and_back(huashu: Command) -> None:
    told = huashu("calendar", "day", "2026-12-24", "班", "--hours", "9:00-12:00", "--name", "平安夜", "--team", "一组")
    assert "已改：12月24日（周四）上班 09:00–12:00 平安夜（一组）。只对之后记的承诺生效。" in told.output
    assert (
        "12月24日（周四）上班 09:00–12:00 平安夜 · 一组设定"
        in huashu("calendar", "show", "2026-12", "--team", "一组").output
    )
    assert "平安夜" not in huashu("calendar", "show", "2026-12", "--team", "二组").output
    assert "12月24日（周四）上班" in huashu("calendar", "day", "2026-12-24", "清除", "--team", "一组").output
    assert "平安夜" not in huashu("calendar", "show", "2026-12", "--team", "一组").output
    assert "没有单独设置过（一组）" in sentence(huashu("calendar", "day", "2026-12-24", "清除", "--team", "一组"))


def test_a_day_for_all(huashu: Command) -> None:
    assert "10月3日（周六）上班（全部团队）" in huashu("calendar", "day", "2026-10-03", "班").output
    assert grid(huashu("calendar", "show", "2026-10").output)[3] == "班"
    assert "10月3日（周六）国庆节放假（全部团队）" in huashu("calendar", "day", "2026-10-03", "清除").output


@pytest.mark.usefixtures("teams")
def test_hours_for_one_team_with_a_season_and_a_zone(huashu: Command) -> None:
    typed = "周一至周五 9:00-18:00，周六 9:00-12:00\n5月1日至9月30日：每天 8:30-12:00"
    told = huashu("calendar", "hours", typed, "--zone", "Asia/Urumqi", "--team", "一组").output
    for line in ("周一至周五 09:00–18:00", "周六 09:00–12:00", "5月1日至9月30日：每天 08:30–12:00", "时区 Asia/Urumqi"):
        assert line in told
    assert "Asia/Urumqi" not in huashu("calendar", "show", "--team", "二组").output
    back = huashu("calendar", "hours", "清除", "--team", "一组").output
    assert "13:30–18:00" in back and "Asia/Shanghai" in back
    assert "没有单独设置过工作时间（一组）" in sentence(huashu("calendar", "hours", "清除", "--team", "一组"))


def test_the_only_team_is_meant_in_deadlines(huashu: Command) -> None:
    huashu("team", "add", "--telegram-id", "1", "--name", "小李", "--role", "agent", "--team", "一组")
    huashu("calendar", "hours", "每天 8:00-20:00", "--team", "一组")
    assert (
        "2026-06-13T20:00:00+08:00" in huashu("deadline", "两个工作日内", "--now", "2026-06-11T10:00", "--json").output
    )
    london = huashu("deadline", "两个工作日内", "--now", "2026-06-11T10:00", "--tz", "Europe/London", "--json").output
    assert "2026-06-13T20:00:00+01:00" in london


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "十月"], "请写 2026-10 或 2026"),
        (["show", "2026-13"], "请写 2026-10 或 2026"),
        (["day", "2026-13-01", "休"], "“2026-13-01”不是日期"),
        (["day", "2026-12-01", "玩"], "请写 休、班 或 清除"),
        (["day", "2026-12-01", "休", "--hours", "9:00-12:00"], "--hours 只能和 班 一起写"),
        (["day", "2026-12-01", "班", "--hours", "上午"], "没看懂“上午”"),
        (["hours", "随便"], "没看懂“随便”"),
        (["hours"], "请写上工作时间"),
    ],
)
def test_wrong_usage_is_explained(huashu: Command, words: list[str], told: str) -> None:
    refused = huashu("calendar", *words)
    assert refused.exit_code == 2
    assert told in refused.output.replace("\n", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "--team", "三组"], "没有“三组”这个团队。现有：一组、二组。"),
        (["day", "2026-12-01", "休", "--team", "三组"], "没有“三组”这个团队"),
        (["day", "1990-12-01", "休"], "日期要在 2000 年到 2100 年之间"),
        (["hours", "--zone", "Mars/Olympus"], "时区“Mars/Olympus”不存在"),
    ],
)
@pytest.mark.usefixtures("teams")
def test_what_cannot_be_is_told(huashu: Command, words: list[str], told: str) -> None:
    refused = huashu("calendar", *words)
    assert refused.exit_code == 1
    assert told in sentence(refused)


# While the bot runs


async def test_a_running_bot_reads_the_next_promise_by_the_new_calendar(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUASHU_HOME", str(team.home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    li = team["小李"]
    await li.types("/promise 张先生 两个工作日内答复")
    await li.presses("记下")
    before = li.hears("6月15日（周一）18:00")

    told = await asyncio.to_thread(CliRunner().invoke, app, ["calendar", "day", "2026-06-13", "班"])
    assert told.exit_code == 0

    await li.types("/promise 王女士 两个工作日内答复")
    li.hears("6月13日（周六）18:00")
    li.sees(before, "6月15日（周一）18:00")  # what was promised stays
