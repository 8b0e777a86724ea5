"""为什么: how a time came about and why somebody was told. 推演: what would be, without anything being done."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import Norms
from bot.escalation.facts import facts_of
from bot.escalation.foresight import Said, foresee
from bot.outbox import actions as outbox
from bot.playground.message import Message as Seen
from bot.promises import actions as promises
from bot.promises import calendar_actions
from bot.promises.calendars import EVERYBODY
from bot.promises.promise import Promise
from bot.shared.database import instant
from bot.shared.message import Message, press
from bot.teams import actions as teams
from tests.conftest import THURSDAY
from tests.team import SHANGHAI, Someone, Team, team_at_work

CASE = "张先生 电梯坏了，答应明天下午3点前答复"


async def logged(team: Team, line: str = CASE) -> Seen:
    """小李 logs it, 陈主管 hears of it and says 收到."""
    li, chen = team["小李"], team["陈主管"]
    await li.types(f"/complaint {line}")
    card = li.hears("请核对后登记")
    await li.presses("登记")
    chen.hears("⚪ 新投诉：#0611-01")
    await chen.presses("收到")
    return card


async def promised(someone: Someone, line: str = "张先生 电梯坏了，今天下午3点前") -> Seen:
    """A promise without a complaint: one clock."""
    await someone.types(f"/promise {line}")
    card = someone.hears("记为承诺")
    await someone.presses("记下")
    return card


@pytest.fixture
async def afternoon(tmp_path: Path, norms: Norms) -> AsyncIterator[Team]:
    """Thursday, a quarter to five."""
    async with team_at_work(tmp_path, norms, start=THURSDAY.replace(hour=16, minute=45)) as team:
        yield team


# 为什么: how a time came about


async def test_half_a_working_day_is_counted_step_by_step(afternoon: Team) -> None:
    li = afternoon["小李"]
    await logged(afternoon)
    await li.types("/why 0611-01")
    why = li.hears(
        "#0611-01 张先生 电梯坏了 的时间是怎么来的？", "承诺 明天 15:00（周五） · 读自“明天下午3点前”",
        "登记上报 今天 17:45 ✓ · 规范：1小时内", "首次答复 明天 11:30（周五） · 规范：半个工作日内",
    )  # fmt: skip
    assert li.buttons(why) == ["承诺", "登记上报", "首次答复", "办结"]
    await li.presses("首次答复")
    assert li.sees(why).text.splitlines() == [
        "为什么是 明天 11:30（周五）？#0611-01 张先生 电梯坏了",
        "首次答复 · 规范：半个工作日内",
        "1. 登记 今天 16:45",
        "2. 半个工作日 = 3 小时 45 分的工作时间（每天 7 小时 30 分的一半）",
        "3. 6月11日（周四）16:45–18:00 计 1 小时 15 分",
        "4. 6月12日（周五）09:00–11:30 计 2 小时 30 分",
        "5. 到6月12日（周五）11:30",
    ]
    assert li.buttons(why) == ["承诺", "登记上报", "办结", "全部"]
    await li.presses("全部")
    li.sees(why, "的时间是怎么来的？")


@pytest.mark.parametrize("asked", ["为什么 0611-01", "/why #0611-01", "/为什么 0611-01", "为什么 #0611-01？"])
async def test_the_number_may_be_written_as_one_likes(team: Team, asked: str) -> None:
    li = team["小李"]
    await promised(li)
    await li.types(asked)
    li.hears("为什么是 今天 15:00？#0611-01 张先生 电梯坏了", "承诺 · 读自“今天下午3点前”", "1. 记下 今天 10:00")


@pytest.mark.parametrize(
    "asked", ["为什么是今天15:00", "为什么是15:00？", "为啥是下午三点", "怎么是今天下午3点前呢", "为什麼是今天 15:00"]
)
async def test_a_deadline_is_asked_about_in_plain_words(team: Team, asked: str) -> None:
    li = team["小李"]
    await promised(li)
    await li.types(asked)
    li.hears("为什么是 今天 15:00？#0611-01")


async def test_a_deadline_is_known_by_the_words_of_the_day_it_was_set(team: Team) -> None:
    li = team["小李"]
    await promised(li, "张先生 电梯坏了，明天下午3点前")
    await team.until("09:00", days=1)
    await li.types("为什么是明天15:00")  # as was said yesterday
    li.hears("为什么是 今天 15:00？")


async def test_a_deadline_that_nothing_has_offers_what_there_is(team: Team) -> None:
    li = team["小李"]
    await promised(li)
    await li.types("为什么是周五16:00")
    which = li.hears("看哪一件的时间是怎么来的？", "#0611-01 张先生 电梯坏了 · 今天 15:00")
    await li.presses("#0611-01", on=which)
    li.sees(which, "为什么是 今天 15:00？")


async def test_two_cases_with_the_same_deadline_are_both_offered(team: Team) -> None:
    li = team["小李"]
    await promised(li)
    await promised(li, "王女士 漏水，今天下午3点前答复")
    await li.types("为什么是今天15:00")
    assert li.buttons(li.hears("看哪一件的时间是怎么来的？")) == ["#0611-01", "#0611-02"]


async def test_a_customers_question_is_no_question_about_a_deadline(team: Team) -> None:
    li = team["小李"]
    await promised(li)
    for text in ("为什么电梯又坏了", "为什么明天才来", "怎么还没修好"):
        await li.types(text)
        assert "为什么是" not in li.hears().text


async def test_without_a_number_the_only_case_is_meant(team: Team) -> None:
    li = team["小李"]
    await promised(li)
    for asked in ("/why", "为什么", "为什么？"):
        await li.types(asked)
        li.hears("为什么是 今天 15:00？#0611-01")


async def test_a_lead_is_offered_the_teams_cases_an_agent_only_their_own(team: Team) -> None:
    li, wang, chen = team["小李"], team["小王"], team["陈主管"]
    await promised(li)
    await promised(wang, "王女士 漏水，今天下午4点前答复")
    await chen.types("/why")
    assert chen.buttons(chen.hears("看哪一件的时间是怎么来的？")) == ["#0611-01", "#0611-02"]
    await wang.types("/why")
    wang.hears("为什么是 今天 16:00？#0611-02")


async def test_to_others_a_case_is_not_there(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await promised(li)
    for asked in ("/why 0611-01", "/why 0611-77", "/whatif 0611-01"):
        await wang.types(asked)
        assert "张先生" not in wang.hears("没有找到 #0611-").text
    await wang.types("为什么是今天15:00")
    assert "张先生" not in wang.hears().text
    assert team.bot
    forged = Message(text="别人的卡片", buttons=((press("看", "w.clock", 1), press("算", "w.told", 1)),))
    await team.bot.telegram.send(wang.id, forged)
    card = wang.hears("别人的卡片")
    for label in ("看", "算"):
        assert "找不到" in await wang.presses(label, on=card)
    wang.sees(card, "别人的卡片")


async def test_a_moved_deadline_shows_who_moved_it_and_why(team: Team) -> None:
    li = team["小李"]
    card = await promised(li)
    await team.until("10:30")
    await li.presses("延期")
    await li.presses("配件未到")
    await li.presses("明天上午")
    await li.presses("确定")
    li.hears("请现在就告诉客户")
    await li.presses("为什么", on=card)
    why = li.hears(
        "为什么是 明天 12:00（周五）？", "1. 记下 今天 10:00，原定 今天 15:00",
        "2. 今天 10:30，小李 改到 明天 12:00（周五）：配件未到",
    )  # fmt: skip
    assert "超时" not in why.text


async def test_a_deadline_moved_too_late_says_so(team: Team) -> None:
    li = team["小李"]
    await promised(li, "张先生 电梯坏了，30分钟内答复")
    await team.until("10:35")
    li.hears("还剩 15 分钟")
    li.hears("到时间了")
    await li.presses("延期")
    await li.presses("等其他部门")
    await li.presses("明天上午")
    await li.presses("确定")
    li.hears("请现在就告诉客户")
    await li.types("/why 0611-01")
    li.hears("需要其他部门配合（超时后才改）")


async def test_the_card_stays_when_why_is_pressed_on_it(team: Team) -> None:
    li = team["小李"]
    card = await promised(li)
    await li.presses("为什么", on=card)
    li.hears("为什么是 今天 15:00？")
    assert li.buttons(li.sees(card, "#0611-01")) == ["已答复", "记进展", "延期", "上报主管", "为什么"]


async def test_what_was_in_force_is_shown_after_the_calendar_changed(team: Team) -> None:
    li = team["小李"]
    await logged(team)
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await calendar_actions.set_day(
            tx, team_id=EVERYBODY, day=THURSDAY.date(), kind="rest", name="停电", by=None, now=team.clock.now()
        )
    await li.types("/whatif 半个工作日内")
    li.hears("推演“半个工作日内”：明天 14:15（周五）")
    await li.types("/why 0611-01")
    why = li.hears("首次答复 今天 15:15")
    await li.presses("首次答复")
    li.sees(why, "3. 6月11日（周四）10:00–12:00 计 2 小时")


async def test_an_older_record_without_steps_says_what_it_knows(team: Team) -> None:
    li = team["小李"]
    await promised(li)
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await tx.connection.execute("UPDATE promises SET why = '[]'")
    await li.types("/why 0611-01")
    assert li.hears().text.splitlines() == [
        "为什么是 今天 15:00？#0611-01 张先生 电梯坏了",
        "承诺 · 读自“今天下午3点前”",
        "1. 记下 今天 10:00",
        "2. 到 今天 15:00",
    ]


# 为什么通知我


async def overdue(team: Team) -> Seen:
    """张先生's promise of 15:00 is broken; 陈主管 hears of it at 15:20."""
    await promised(team["小李"])
    await team.until("15:20")
    for words in ("还剩 30 分钟", "到时间了", "已超时 10 分钟", "已通知 陈主管"):
        team["小李"].hears(words)
    return team["陈主管"].hears("已超时 20 分钟未答复")


async def test_a_lead_asks_why_they_were_told_and_what_comes_next(team: Team) -> None:
    notice, chen = await overdue(team), team["陈主管"]
    await chen.presses("为什么", on=notice)
    assert chen.hears().text.splitlines() == [
        "为什么通知我：#0611-01 张先生 电梯坏了",
        "承诺 今天 15:00 · 读自“今天下午3点前”",
        "14:30、15:00、15:10 提醒小李，已送达",
        "15:20 报陈主管（第 1 级），已送达",
        "接下来：今天 15:40 报周副总（第 2 级）；有人接手就不再报。",
        "升级链：客服主管 → 主管副总经理（登记时的版本）",
    ]
    assert chen.buttons(notice) == ["我来处理", "催责任人", "为什么"]
    await chen.presses("时间怎么算的")
    chen.sees(chen.said()[-1], "为什么是 今天 15:00？")
    await chen.presses("为什么通知我")
    chen.sees(chen.said()[-1], "接下来：今天 15:40")


async def test_why_me_may_be_typed(team: Team) -> None:
    notice, chen = await overdue(team), team["陈主管"]
    await chen.types("为什么通知我？")
    chen.hears("为什么通知我：#0611-01")
    await chen.types("为什么", reply_to=notice)
    chen.hears("为什么通知我：#0611-01")


async def test_once_somebody_is_on_it_nothing_comes_next(team: Team) -> None:
    notice, chen = await overdue(team), team["陈主管"]
    await chen.presses("我来处理", on=notice)
    team["小李"].hears("⚪ 陈主管")
    await chen.types("为什么通知我")
    chen.hears("陈主管 已接手，不再往上报。")


async def test_a_report_says_until_when_received_must_be_said(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await li.types(f"/complaint {CASE}")
    li.hears("请核对后登记")
    await li.presses("登记")
    notice = chen.hears("⚪ 新投诉")
    await chen.presses("为什么", on=notice)
    chen.hears("登记上报 今天 11:00 · 规范：1小时内", "今天 11:00 报周副总（第 2 级）；点“收到”就不再报。")


async def test_nobody_was_told_and_it_is_asked(team: Team) -> None:
    await promised(team["小李"])
    await team["小李"].types("为什么通知我")
    team["小李"].hears("看哪一件的时间是怎么来的？")


# 推演: what a time would come to


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("半个工作日内", ["推演“半个工作日内”：今天 15:15", "1. 起算 今天 10:00", "10:00–12:00 计 2 小时"]),
        ("三天内", ["推演“三天内”：6月15日（周一）18:00", "6月14日（周日）是休息日，顺延到6月15日（周一）"]),
        ("9月30日16:00 半个工作日内", ["10月8日（周四）10:45", "1. 起算 9月30日（周三）16:00", "10月8日（周四）09:00–10:45"]),
        ("周五16:45登记，三个工作日内答复", ["6月17日（周三）18:00", "1. 起算 明天 16:45（周五）"]),
        ("2027年1月5日10点 三天内", ["2027年1月8日（周五）18:00", "注意：2027年放假安排未录入，按周末推算"]),
        ("从明天9点起", ["推演：明天 09:00（周五） 登记一件投诉"]),
    ],
)  # fmt: skip
async def test_what_a_length_would_come_to(team: Team, asked: str, told: list[str]) -> None:
    await team["小李"].types(f"/whatif {asked}")
    team["小李"].hears(*told)


async def test_a_beginning_that_is_not_clear_is_asked_about(team: Team) -> None:
    li = team["小李"]
    await li.types("推演 明天起半个工作日内")
    asked = li.hears("“半个工作日内”从什么时候算起？")
    assert li.buttons(asked) == ["明天 09:00（周五）", "明天 13:30（周五）", "明天 17:00（周五）", "现在"]
    await li.presses("明天 13:30（周五）")
    li.sees(asked, "推演“半个工作日内”：明天 17:15（周五）")


async def test_the_beginning_may_be_typed(team: Team) -> None:
    li = team["小李"]
    await li.types("推演 明天 三天内")
    li.hears("“三天内”从什么时候算起？")
    await li.types("明天上午十点")
    li.hears("推演“三天内”：6月15日（周一）18:00", "1. 起算 明天 10:00（周五）")
    await li.types("张先生催单")  # the question is answered: this is a new thing
    assert "推演" not in li.hears().text


@pytest.mark.parametrize("text", ["随便看看", "昨天16:45登记，半个工作日内", "100年内", "长" * 61])
async def test_what_can_not_be_counted_is_told(team: Team, text: str) -> None:
    li = team["小李"]
    await li.types(f"/whatif {text}")
    assert "<b>" not in li.hears().text
    await li.types("半个工作日内")
    li.hears()


# 推演: who would hear of it


async def test_the_timetable_of_a_complaint_that_nobody_answers(team: Team) -> None:
    for name, called in (("小李", "小李"), ("陈主管", "客服")):  # a lead sees it as if an agent had logged it
        await team[name].types("/whatif")
        assert team[name].hears().text.splitlines() == [
            "推演：今天 10:00 登记一件投诉，没人处理",
            "登记上报 今天 11:00 · 要点“收到”",
            "10:00 报陈主管 · 11:00 报周副总",
            "承诺 今天 15:15",
            f"14:45、15:15、15:25 提醒{called}",
            "15:35 报陈主管 · 15:55 报周副总 · 16:25、16:55、17:25 再报周副总",
            "不另外提醒：首次答复 今天 15:15 · 办结 今天 18:00",
        ]


async def test_other_beginnings_and_promises_by_button(team: Team) -> None:
    li = team["小李"]
    await li.types("推演")
    table = li.hears("推演：今天 10:00")
    assert li.buttons(table) == [
        "✓ 现在", "今晚 20:00", "周六 10:00", "节前 6月18日 16:00", "30 分钟", "✓ 半个工作日", "三天",
    ]  # fmt: skip
    await li.presses("周六 10:00")
    li.sees(table, "推演：6月13日（周六）10:00", "承诺 6月15日（周一）14:15")
    await li.presses("30 分钟")
    li.sees(table, "推演：6月13日（周六）10:00", "承诺 6月13日（周六）10:30", "10:50 报陈主管 · 11:10 报周副总")
    await team.until("20:30")
    assert await li.presses("今晚 20:00") == "这个时间已经过了，请另选一个。"
    await li.types("推演")
    assert "今晚 20:00" not in li.buttons(li.hears("推演：今天 20:30"))


async def test_a_counted_time_leads_on_to_who_would_hear_of_it(team: Team) -> None:
    li = team["小李"]
    await li.types("/whatif 周五16:45登记，2小时内")
    told = li.hears("明天 18:45（周五）")
    await li.presses("没人处理会怎样")
    li.sees(told, "推演：明天 16:45（周五） 登记", "承诺 明天 18:45（周五）", "19:05 报陈主管")


async def test_a_post_that_nobody_fills_is_told(team: Team) -> None:
    await team.playground.world.block(team["周副总"].id)
    await team.rest()
    await team["小李"].types("/whatif")
    table = team["小李"].hears("注意：主管副总经理无人能收通知", "15:35 报陈主管 · 16:05、16:35、17:05 再报陈主管")
    assert "周副总" not in table.text


async def test_an_open_case_from_now_on(team: Team) -> None:
    await overdue(team)
    chen = team["陈主管"]
    await chen.types("/whatif 0611-01")
    assert chen.hears().text.splitlines() == [
        "推演 #0611-01 张先生 电梯坏了：从现在起没人处理",
        "承诺 今天 15:00",
        "15:40 报周副总 · 16:10、16:40、17:10 再报周副总",
    ]


async def test_of_a_settled_case_nothing_is_to_come(team: Team) -> None:
    li = team["小李"]
    await promised(li)
    await li.presses("已答复")
    await li.presses("已解决并告知")
    await li.types("/whatif 0611-01")
    li.hears("之后不再提醒任何人。")


async def test_nothing_is_saved_and_nobody_else_hears_of_it(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    assert team.bot

    async def rows() -> list[object]:
        async with team.bot.database.reading() as tx:
            found = []
            for table in ("promises", "complaints", "drafts", "events", "numbers", "questions"):
                found += await tx.connection.execute_fetchall(f"SELECT '{table}', COUNT(*) FROM {table}")
            return [tuple(row) for row in found]

    before = await rows()
    for asked in ("", "半个工作日内", "9月30日16:00 半个工作日内", "0611-09", "随便", "周六 三天内"):
        for someone in (li, chen):
            await someone.types(f"/whatif {asked}")
            someone.hears()
    await li.presses("现在")
    await li.types("推演")
    li.hears("推演：")
    await li.presses("30 分钟")
    await chen.presses("现在")
    assert await rows() == before
    await team.passes(days=7)


# What is foreseen is what happens


async def foreseen(team: Team, case: list[Promise]) -> list[Said]:
    assert team.bot
    async with team.bot.database.reading() as tx:
        return foresee([await facts_of(tx, clock, case) for clock in case if clock.is_open], team.clock.now())


def by_person(said: list[Said]) -> Counter[tuple[str, int, str]]:
    return Counter((at(one.at), person, one.kind) for one in said for person in one.people)


def at(when: datetime) -> str:
    return f"{when.astimezone(SHANGHAI):%m-%d %H:%M}"


@pytest.mark.parametrize(
    "line", ["半个工作日内答复", "30分钟内答复", "明天下午3点前答复", "三天内答复", "今天下班前答复"]
)
async def test_what_is_foreseen_is_what_happens(team: Team, line: str) -> None:
    li, chen, zhou = team["小李"], team["陈主管"], team["周副总"]
    await li.types(f"/complaint 张先生 电梯坏了，{line}")
    li.hears("请核对后登记")
    await li.presses("登记")
    chen.hears("⚪ 新投诉")
    await team.until("10:07")
    assert team.bot
    async with team.bot.database.reading() as tx:
        case = await promises.case(tx, await promises.get(tx, 1))
    expected = by_person(await foreseen(team, case))
    start = team.clock.now()
    await team.passes(days=8)
    happened: Counter[tuple[str, int, str]] = Counter()
    async with team.bot.database.reading() as tx:
        people = {name: (await teams.find(tx, team[name].id)) for name in ("小李", "陈主管", "周副总")}
        for clock in case:
            for row in await outbox.left_about(tx, subject=clock.subject, keys=f"{clock.subject}:v%"):
                _subject, _id, _version, kind, _level, _turn, person = row["key"].split(":")
                if instant(row["created_at"]) > start:
                    happened[at(instant(row["created_at"])), int(person), kind] += 1
    assert happened == expected
    for someone in (li, chen, zhou):
        person = people[someone.name]
        assert person
        for _ in range(sum(count for (_at, who, _kind), count in expected.items() if who == person.id)):
            someone.hears("#0611-01")


async def test_the_timetable_of_an_imagined_complaint_is_that_of_one_that_is_logged(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await li.types("推演")
    imagined = li.hears("推演：今天 10:00").text.splitlines()
    await li.types("/complaint 张先生 电梯坏了，半个工作日内答复")
    li.hears("请核对后登记")
    await li.presses("登记")
    chen.hears("⚪ 新投诉")
    await li.types("推演 0611-01")
    real = li.hears("推演 #0611-01").text.splitlines()
    assert imagined[2] == f"10:00 报陈主管 · {real[2]}"  # which has happened by now
    assert imagined[3:] == real[3:]
