"""静默: in a group where agents talk to customers the bot reads, and says what it has to say to the author alone."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.checks.watch import Watch
from bot.inbox import intake
from tests.manual.test_collecting import presses_forged
from tests.manual.test_wording import rows
from tests.team import DOT, GROUP, Team

BAD = "急什么，欧阳先生"


def said_in_group(team: Team) -> list[str]:
    return [m.text for m in team.playground.world.messages(GROUP) if m.sender == team.playground.world.bot.id]


async def hushes(team: Team) -> None:
    """陈主管 turns it on."""
    await team["陈主管"].types("/quiet", in_group=True)
    hushed = team["陈主管"].hears("🟢 这个群已静默", "只私下告诉写的人", "BotFather")
    assert team["陈主管"].buttons(hushed) == ["关闭静默"]


async def test_a_bad_word_is_told_to_its_author_alone_and_never_in_the_group(team: Team) -> None:
    li = team["小李"]
    await hushes(team)
    await li.types("您好，师傅下午三点上门", in_group=True)
    await li.types(BAD, in_group=True)
    told = li.hears("🔴 群里的话有 1 处不能这样说：", "今天 10:00 不耐烦：", "改说“")
    assert "欧阳先生" not in told.text
    assert said_in_group(team) == []


async def test_once_a_minute_at_most_and_then_together(team: Team) -> None:
    li = team["小李"]
    await hushes(team)
    await li.types(BAD, in_group=True)
    li.hears("有 1 处")
    for text in (BAD, "这个我不知道"):
        await team.passes(seconds=10)
        await li.types(text, in_group=True)
    li.hears_nothing()
    await team.passes(seconds=39)
    li.hears_nothing()
    await team.passes(seconds=1)
    li.hears("有 2 处", "不耐烦", "不知道")
    await team.passes(minutes=5)
    await li.types(BAD, in_group=True)
    li.hears("有 1 处")  # after a while at once again


async def test_nothing_that_was_typed_there_is_kept(team: Team) -> None:
    li = team["小李"]
    await hushes(team)
    await li.types(BAD, in_group=True)
    li.hears("有 1 处")
    assert team.bot
    await team.playground.world.send_file(li.id, "document", "欧阳先生.png", DOT, chat=GROUP)
    customer = {"id": 2001, "is_bot": False, "first_name": "客户"}
    nobody = {"id": 1087968824, "is_bot": True, "first_name": "Group"}  # how Telegram names an anonymous admin
    said = {"date": 0, "chat": {"id": GROUP, "type": "group"}, "text": "我是欧阳先生，电话13912345678"}
    updates = [
        {"update_id": 77, "message": {**said, "message_id": 77, "from": customer}},
        {"update_id": 78, "edited_message": {**said, "message_id": 77, "from": customer}},
        {"update_id": 79, "message": {**said, "message_id": 79, "from": nobody}},
    ]
    await intake.store(team.bot.database, team.clock, updates)
    await team.rest()
    async with team.bot.database.reading() as tx:
        for table in ("updates", "outbox", "events", "checks", "check_findings", "quiet_tells", "checked_drafts"):
            kept = await tx.connection.execute_fetchall(f"SELECT * FROM {table}")
            words = " ".join(str(value) for row in kept for value in tuple(row))
            assert "欧阳先生" not in words and "13912345678" not in words, table
    assert await rows(team, "SELECT kind, times FROM check_findings") == [("不耐烦", 1)]


async def test_what_is_edited_into_something_bad_is_read_too(team: Team) -> None:
    li = team["小李"]
    await hushes(team)
    number = await li.types("您好", in_group=True)
    await team.playground.world.edit(li.id, number, BAD, chat=GROUP)
    await team.rest()
    li.hears("有 1 处")


async def test_what_is_edited_counts_once(team: Team) -> None:
    li = team["小李"]
    await hushes(team)
    number = await li.types(BAD, in_group=True)
    li.hears("有 1 处", "不耐烦")
    await team.playground.world.edit(li.id, number, f"{BAD}！", chat=GROUP)
    await team.rest()
    await team.passes(minutes=2)
    li.hears_nothing()
    assert await rows(team, "SELECT COUNT(*) FROM checks") == [(1,)]
    await team.playground.world.edit(li.id, number, f"{BAD}，这个我不知道", chat=GROUP)
    await team.rest()
    assert "不耐烦" not in li.hears("有 1 处", "不知道").text
    assert await rows(team, "SELECT SUM(times) FROM check_findings") == [(2,)]


async def test_words_of_others_are_not_held_against_who_forwards_them(team: Team) -> None:
    li = team["小李"]
    await hushes(team)
    await team.playground.world.say(li.id, BAD, chat=GROUP, forward_from="欧阳先生")
    await team.rest()
    await team.passes(minutes=2)
    li.hears_nothing()
    assert await rows(team, "SELECT COUNT(*) FROM checks") == [(0,)]


async def test_a_lead_who_cannot_be_written_to_does_not_make_it_speak(team: Team) -> None:
    chen = team["陈主管"]
    await hushes(team)
    await team.playground.world.block(chen.id)
    await team.rest()
    await chen.types("/quiet", in_group=True)
    assert said_in_group(team) == []


async def test_when_something_fails_the_author_alone_hears_it(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await hushes(team)
    await team.playground.world.block(wang.id)
    await team.rest()
    assert team.bot
    team.bot.norms = replace(team.bot.norms, checker=None)
    for someone in (li, wang):
        await someone.types(BAD, in_group=True)
    li.hears("群里刚才的一步没办成")
    assert said_in_group(team) == []
    assert await rows(team, "SELECT body FROM updates WHERE problem IS NOT NULL") == [("{}",), ("{}",)]


async def test_one_who_cannot_be_told_silences_nobody_else(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    li, wang = team["小李"], team["小王"]
    await hushes(team)
    tell = Watch._tell
    failed: list[datetime] = []

    async def failing(self: Watch, person_id: int, seen: datetime, now: datetime) -> bool:
        if person_id == 1 and not failed:
            failed.append(now)
            raise ValueError
        return await tell(self, person_id, seen, now)

    monkeypatch.setattr(Watch, "_tell", failing)
    await li.types(BAD, in_group=True)
    await wang.types(BAD, in_group=True)
    wang.hears("有 1 处")
    li.hears_nothing()
    await team.passes(minutes=1)
    assert failed
    li.hears("有 1 处")


async def test_commands_are_not_answered_there(team: Team) -> None:
    li = team["小李"]
    await team["陈主管"].types("/start", in_group=True)
    before = said_in_group(team)
    await hushes(team)
    await li.types("/say 催单", in_group=True)
    li.hears("那个群是静默的，命令请在这里发")
    assert said_in_group(team) == before


async def test_only_a_lead_turns_it_on_and_off(team: Team) -> None:
    li = team["小李"]
    await li.types("/quiet", in_group=True)
    assert said_in_group(team)[-1] == "静默由主管在群里打开。"
    await hushes(team)
    said = said_in_group(team)
    await li.types("/quiet off", in_group=True)
    li.hears("由主管打开和关闭，没有改")
    assert "已经不是静默的了" in await presses_forged(team, "小李", "h.loud", GROUP)
    assert said_in_group(team) == said


async def test_it_is_turned_off_by_a_button_or_in_the_group(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await hushes(team)
    await chen.presses("关闭静默")
    chen.sees(chen.said()[-1], "已关闭静默")
    await li.types(BAD, in_group=True)
    await hushes(team)
    await chen.types("/静默 关", in_group=True)
    chen.hears("已关闭静默")
    await chen.types("/quiet off", in_group=True)
    chen.hears("没有开静默，不用关")
    await li.types(BAD, in_group=True)
    assert await rows(team, "SELECT COUNT(*) FROM checks") == [(0,)]


async def test_in_private_it_says_where_it_is_turned_on(team: Team) -> None:
    chen = team["陈主管"]
    await chen.types("/quiet")
    chen.hears("静默要在群里打开", "/quiet off", "Group Privacy")


async def test_the_group_becomes_a_supergroup_and_stays_quiet(team: Team) -> None:
    await hushes(team)
    moved = {"message_id": 9, "date": 0, "chat": {"id": GROUP, "type": "group"}, "migrate_to_chat_id": -1009999}
    assert team.bot
    await intake.store(team.bot.database, team.clock, [{"update_id": 77, "message": moved}])
    await team.rest()
    assert await rows(team, "SELECT chat FROM quiet_groups") == [(-1009999,)]


async def test_what_was_overheard_counts_like_a_check(team: Team) -> None:
    li = team["小李"]
    await hushes(team)
    await li.types(BAD, in_group=True)
    li.hears("有 1 处")
    await li.types("/check 我的统计")
    li.hears("本周到现在检查 1 次", "不耐烦 1")


async def test_whoever_cannot_be_written_to_is_counted_and_told_nothing(team: Team) -> None:
    wang = team["小王"]
    await hushes(team)
    await team.playground.world.block(wang.id)
    await wang.types(BAD, in_group=True)
    assert await rows(team, "SELECT untold FROM checks") == [(0,)]
