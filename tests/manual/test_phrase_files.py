"""Phrases come in as a file and leave as one: in chat, and by `huashu phrasebook`."""

import io
import json
import sqlite3
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from bot.cli import app as huashu
from bot.collecting import actions as collecting
from bot.collecting import sifting
from bot.collecting.file_actions import take_in
from bot.phrases.exchange import FORMATS, MOST_BYTES, read
from bot.shared.message import Button, Message
from bot.teams import actions as teams
from tests.team import GROUP, Someone, Team

HEADER = ["情境", "话术1", "话术2", "客户会怎么说", "停用日期"]
PARKING = ["停车缴费", "停车费在出口扫码就能付。", None, "停车多少钱\n停车费怎么交", None]
RUDE = ["催单", "你催什么催", None, None, None]
RULES = ["访客登记", "请访客在前台登记。", None, None, None]
NAMELESS = [None, "请您放心。", None, None, None]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in (HEADER, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def sends(someone: Someone, name: str, data: bytes, caption: str = "") -> None:
    """A document, as from the paper clip of the chat."""
    world = someone._team.playground.world
    await world.send_file(someone.id, "document", name, data, caption=caption, chat=someone.id)
    await someone._team.rest()


def received(someone: Someone) -> tuple[str, bytes]:
    """The newest file from the bot, its name and what is in it."""
    world = someone._team.playground.world
    file = next(message.file for message in reversed(someone.said()) if message.file)
    return file.name, world.file(file.id)[1]


# In


async def test_a_supervisor_sends_a_workbook_and_everybody_finds_its_wordings(team: Team) -> None:
    chen, li = team["陈主管"], team["小李"]
    await sends(chen, "话术.xlsx", workbook(PARKING, ["快递代收", "包裹放在前台。", "包裹可以存在前台。", None, None]))
    preview = chen.hears("话术.xlsx：读到 3 条。")
    assert chen.buttons(preview) == ["导入 3 条", "取消"]
    await chen.presses("导入 3 条")
    chen.sees(preview, "已导入 3 条到团队话术")
    await chen.presses("看团队话术")
    chen.sees(preview, "团队话术 3 条", "停车缴费")
    await li.types("停车费怎么交")
    li.hears("停车缴费", "停车费在出口扫码就能付。")


async def test_bad_rows_are_named_before_anything_is_taken_in(team: Team) -> None:
    chen = team["陈主管"]
    await sends(chen, "话术.xlsx", workbook(PARKING, RUDE, NAMELESS))
    preview = chen.hears("读到 3 条，2 条有问题", "第 3 行：“你”不能说", "第 4 行：缺情境")
    assert len(preview.text.splitlines()) <= 8
    await chen.presses("导入 1 条")
    chen.sees(preview, "已导入 1 条", "没导入的 2 条", "改好后再发一次就行")


async def test_nothing_is_taken_in_before_the_press_and_nothing_after_a_cancel(team: Team) -> None:
    chen = team["陈主管"]
    await sends(chen, "话术.xlsx", workbook(PARKING))
    preview = chen.hears("读到 1 条")
    await chen.presses("取消")
    chen.sees(preview, "没有导入")
    await chen.types("/collect")
    chen.hears("团队话术 0 条")


async def test_the_same_file_twice_does_not_double(team: Team) -> None:
    chen = team["陈主管"]
    for told in ("读到 1 条。", "读到 1 条，1 条已经有了。"):
        await sends(chen, "话术.xlsx", workbook(PARKING))
        preview = chen.hears(told)
        if "导入 1 条" in chen.buttons(preview):
            await chen.presses("导入 1 条")
    chen.sees(preview, "没有新的，不用导入")
    assert chen.buttons(preview) == []
    await chen.types("/collect")
    chen.hears("团队话术 1 条")


async def test_a_file_is_taken_in_once_and_by_who_sent_it(team: Team) -> None:
    chen, zhou = team["陈主管"], team["周副总"]
    await sends(chen, "a.xlsx", workbook(PARKING))
    preview = chen.hears("a.xlsx")
    shown = team.playground.world.message(preview.chat, preview.id)
    stale = Message(text="旧", buttons=((Button(text="再导入一次", data=shown.buttons[0][0].value),),))
    for someone, told in ((zhou, "找不到这个文件了"), (chen, "已经处理过了")):
        if someone is chen:
            await chen.presses("导入 1 条", on=preview)
            chen.sees(preview, "已导入 1 条")
        assert team.bot
        await team.bot.telegram.send(someone.id, stale)
        assert told in await someone.presses("再导入一次", on=someone.hears("旧"))
    await chen.types("/collect")
    chen.hears("团队话术 1 条")


async def test_a_customers_name_and_phone_do_not_get_into_the_teams_wordings(team: Team) -> None:
    chen, li = team["陈主管"], team["小李"]
    await sends(
        chen, "a.xlsx", workbook(["电梯困人", "张先生，请按住呼叫键，或打13912345678。", None, "困在电梯里", None])
    )
    chen.hears("换成了 {", "共换了 2 处")
    await chen.presses("导入 1 条")
    await li.types("电梯困人")
    answer = li.hears("电梯困人")
    assert "张先生" not in answer.text and "13912345678" not in answer.text


async def test_what_customers_are_quoted_with_does_not_get_in_either(team: Team) -> None:
    chen = team["陈主管"]
    await sends(
        chen, "a.xlsx", workbook(["停车缴费", "停车费在出口扫码就能付。", None, "张先生13800138000问停车费", None])
    )
    chen.hears("读到 1 条")
    await chen.presses("导入 1 条")
    await chen.types("导出")
    asked = chen.hears("导出哪些？")
    await chen.presses("团队话术", on=asked)
    await chen.presses("CSV", on=asked)
    chen.hears("话术 1 条")
    chen.sees(asked, "已导出")
    told = received(chen)[1].decode()
    assert "问停车费" in told and "13800138000" not in told and "张先生" not in told


async def test_of_many_ways_to_ask_the_first_twelve_come_in_and_the_preview_says_so(team: Team) -> None:
    chen = team["陈主管"]
    many = "\n".join(f"停车费问法{'一二三四五六七八九十'[n % 10]}{'甲乙'[n // 10]}" for n in range(13))
    await sends(chen, "a.xlsx", workbook(["停车缴费", "停车费在出口扫码就能付。", None, many, None]))
    chen.hears("不会导入：12 句以外的叫法和问法")
    await chen.presses("导入 1 条")
    assert team.bot
    async with team.bot.database.reading() as tx:
        chen_himself = await teams.find(tx, chen.id)
        assert chen_himself
        (own,) = await collecting.of_team(tx, chen_himself)
    assert own.says == tuple(many.split("\n")[:12])


async def test_the_last_day_9999_12_31_means_for_good(team: Team) -> None:
    chen, li = team["陈主管"], team["小李"]
    await sends(chen, "a.xlsx", workbook([*PARKING[:4], "9999-12-31"], [*RULES[:4], date(9999, 12, 31)]))
    preview = chen.hears("读到 2 条")
    await chen.presses("导入 2 条")
    chen.sees(preview, "已导入 2 条")
    await li.types("停车费怎么交")
    li.hears("停车费在出口扫码就能付。")


async def test_after_its_last_day_an_imported_wording_is_not_offered(team: Team) -> None:
    chen, li = team["陈主管"], team["小李"]
    await sends(chen, "a.xlsx", workbook(["泳池换水", "泳池本周换水，周六开放。", None, "泳池怎么不开", "2026-06-12"]))
    chen.hears("读到 1 条")
    await chen.presses("导入 1 条")
    await team.until("18:00", days=1)
    await li.types("泳池换水")
    li.hears("泳池换水", "周六开放")
    await team.until("09:00", days=1)
    await li.types("泳池换水")
    assert "周六开放" not in li.hears().text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("话术.csv", "场景,话术,关键词\n停车缴费,停车费在出口扫码就能付。,停车费\n".encode("gb18030")),
        ("ours.yaml", "- {situation: 停车缴费, texts: [停车费在出口扫码就能付。], says: [停车费]}\n".encode()),
        ("canned.json", json.dumps([{"short_code": "停车缴费", "content": "停车费在出口扫码就能付。"}]).encode()),
        ("base.yml", "matches:\n  - {trigger: ':tc', label: 停车缴费, replace: 停车费在出口扫码就能付。}\n".encode()),
    ],
)
async def test_other_programs_files_are_read_too(team: Team, name: str, data: bytes) -> None:
    chen = team["陈主管"]
    await sends(chen, name, data)
    chen.hears("读到 1 条。")
    await chen.presses("导入 1 条")
    await chen.types("停车缴费")
    chen.hears("停车费在出口扫码就能付。")


async def test_a_caption_does_not_make_the_file_a_question(team: Team) -> None:
    chen = team["陈主管"]
    await sends(chen, "话术.xlsx", workbook(PARKING), caption="新的话术，请导入")
    chen.hears("读到 1 条")


async def test_an_agent_hears_who_imports_and_what_they_can_do(team: Team) -> None:
    li = team["小李"]
    await sends(li, "话术.xlsx", workbook(PARKING))
    li.hears("由主管来做", "收录")
    await li.types("导出")
    li.hears("由主管来做")


async def test_a_broken_a_huge_and_a_foreign_file_are_sentences(team: Team) -> None:
    chen = team["陈主管"]
    await sends(chen, "话术.xlsx", b"PK\x03\x04 not a workbook")
    chen.hears("打不开这个 Excel 文件")
    await sends(chen, "话术.csv", b"x" * (MOST_BYTES + 1))
    chen.hears("最多 2 MB")
    await sends(chen, "合同.pdf", b"%PDF-1.7")
    chen.hears("这里只能处理文字")


async def test_when_telegram_does_not_give_the_file_out_the_person_hears_so(team: Team) -> None:
    chen = team["陈主管"]
    team.playground.world.fail_next("getFile", 400, "Bad Request: file is too big")
    await sends(chen, "话术.xlsx", workbook(PARKING))
    chen.hears("文件没取下来，请再发一次")


async def test_after_a_restart_the_button_still_takes_the_file_in(team: Team) -> None:
    chen = team["陈主管"]
    await sends(chen, "话术.xlsx", workbook(PARKING))
    preview = chen.hears("读到 1 条")
    await team.stops()
    await team.starts()
    await chen.presses("导入 1 条")
    chen.sees(preview, "已导入 1 条")


async def test_how_to_import_is_one_word_away(team: Team) -> None:
    chen = team["陈主管"]
    await chen.types("导入")
    chen.hears("直接发过来", "情境", "话术1")


# Out


async def test_a_supervisor_takes_the_book_away_as_a_workbook_and_sends_it_back_changed(team: Team) -> None:
    chen = team["陈主管"]
    await chen.types("导出")
    asked = chen.hears("存成哪种？")
    assert chen.buttons(asked) == ["Excel", "CSV", "YAML", "Chatwoot", "espanso"]
    await chen.presses("Excel")
    chen.hears("改好后发回来就能导入")
    chen.sees(asked, "已导出 话术.xlsx")
    name, data = received(chen)
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    assert name == "话术.xlsx" and sheet is not None and sheet.max_row == len(team.norms.index.phrases) + 1
    sheet["B2"] = "请您把车停在二号楼前。"
    out = io.BytesIO()
    book.save(out)
    await sends(chen, name, out.getvalue())
    preview = chen.hears("条已经有了")
    assert chen.buttons(preview) == ["导入 1 条", "取消"]


async def test_the_teams_own_can_leave_alone(team: Team) -> None:
    chen = team["陈主管"]
    await sends(chen, "话术.xlsx", workbook(PARKING))
    chen.hears("读到 1 条")
    await chen.presses("导入 1 条")
    await chen.types("导出")
    asked = chen.hears("导出哪些？", "团队话术 1 条")
    await chen.presses("团队话术", on=asked)
    chen.sees(asked, "导出 1 条")
    await chen.presses("Chatwoot", on=asked)
    chen.hears("话术 1 条")
    chen.sees(asked, "存不下", "客户会怎么说")
    name, data = received(chen)
    assert name == "chatwoot.json"
    assert json.loads(data) == [{"short_code": "停车缴费", "content": "停车费在出口扫码就能付。"}]


@pytest.mark.parametrize("words", ["/export", "导出", "/import"])
async def test_in_a_group_nothing_is_exported(team: Team, words: str) -> None:
    chen = team["陈主管"]
    await chen.types("/start", in_group=True)
    await chen.types(words, in_group=True)
    said = [message for message in team.playground.world.messages(GROUP) if message.sender != chen.id]
    assert "已接入" in said[0].text and "私聊" in said[1].text
    assert [message.file for message in said] == [None, None]


# On the command line


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path / "home"))

    def run(*words: object):
        return CliRunner().invoke(huashu, ["phrasebook", *map(str, words)])

    return run


def a_team() -> None:
    CliRunner().invoke(
        huashu, ["team", "add", "--telegram-id", "7", "--name", "陈主管", "--role", "supervisor", "--team", "一组"]
    )


def database(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "home" / "huashu.sqlite3", timeout=0, isolation_level=None)


@pytest.mark.parametrize("form", ["csv", "yaml", "chatwoot", "espanso"])
def test_text_formats_go_to_standard_output(run, form: str) -> None:
    done = run("export", "--format", form)
    assert done.exit_code == 0
    assert len(read(FORMATS[form], done.stdout_bytes).phrases) > 200


def test_a_workbook_needs_a_file(run, tmp_path: Path) -> None:
    assert run("export", "--format", "xlsx").exit_code == 2
    assert run("export", "--out", tmp_path / "a.xlsx").exit_code == 0
    assert load_workbook(tmp_path / "a.xlsx").active is not None


def test_import_says_what_came_in_and_what_not_and_does_not_double(run, tmp_path: Path) -> None:
    a_team()
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(PARKING, RUDE))
    dry = run("import", file, "--team", "一组", "--dry-run")
    assert dry.exit_code == 1 and "可以导入 1 条" in dry.output and "第 3 行：" in dry.output
    first = run("import", file, "--team", "一组")
    assert "已导入 1 条到一组；0 条已经有了，1 处有问题。" in first.output
    assert "已导入 0 条到一组；1 条已经有了" in run("import", file, "--team", "一组").output
    rows = database(tmp_path).execute("SELECT text, state, scope FROM own_phrases")
    assert rows.fetchall() == [("停车费在出口扫码就能付。", "approved", "team")]


def test_import_into_a_team_that_is_not_there_names_those_that_are(run, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(PARKING))
    done = run("import", file, "--team", "二组")
    assert done.exit_code == 1 and "没有“二组”这个团队" in str(done.exception)


def test_events_tell_that_it_was_not_the_supervisor_who_sent_the_file(run, tmp_path: Path) -> None:
    a_team()
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(PARKING, RULES))
    assert run("import", file, "--team", "一组").exit_code == 0
    rows = database(tmp_path).execute("SELECT subject, kind, detail FROM events WHERE kind = 'approved' ORDER BY id")
    told = {"version": 1, "file": "a.xlsx", "via": "cli"}
    assert [(*row[:2], json.loads(row[2])) for row in rows] == [
        ("own-1", "approved", told),
        ("own-2", "approved", told),
    ]
    assert database(tmp_path).execute("SELECT id, root FROM own_phrases").fetchall() == [(1, 1), (2, 2)]


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_while_a_file_is_looked_through_the_bot_can_write(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    a_team()
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(PARKING))
    sift, wrote = sifting.sift, []

    def and_meanwhile_the_bot_writes(*given):
        bot = database(tmp_path)
        bot.execute("BEGIN IMMEDIATE")  # fails at once where somebody else is writing
        bot.execute("ROLLBACK")
        wrote.append(bot)
        return sift(*given)

    monkeypatch.setattr(sifting, "sift", and_meanwhile_the_bot_writes)
    done = run("import", file, "--team", "一组", *more)
    assert done.exit_code == 0 and len(wrote) == 1, done.exception


async def test_a_big_file_is_one_statement_for_each_wording(team: Team) -> None:
    """In one transaction: while it lasts, nobody else is answered."""
    assert team.bot
    many = [
        sifting.Incoming(row=n, situation=f"情境{n}", text=f"第{n}句", says=(), start=None, until=None)
        for n in range(100)
    ]
    seen: list[str] = []
    async with team.bot.database.transaction() as tx:
        by = await teams.find(tx, team["陈主管"].id)
        assert by
        await tx.connection.set_trace_callback(seen.append)
        now = team.clock.now()
        taken = await take_in(tx, many, by, file="a.xlsx", via="chat", now=now, zone=ZoneInfo("Asia/Shanghai"))
        await tx.connection.set_trace_callback(None)
    assert taken == 100 and len(seen) < 110


def test_the_number_of_an_update_fits_wherever_it_is_kept(run, tmp_path: Path) -> None:
    """Telegram's are 64 bits; PostgreSQL's INTEGER has 32."""
    a_team()
    kinds = {
        table: database(tmp_path).execute(f"SELECT type FROM pragma_table_info('{table}') WHERE pk = 1").fetchone()
        for table in ("updates", "searches", "sent_files")
    }
    assert set(kinds.values()) == {("BIGINT",)}
