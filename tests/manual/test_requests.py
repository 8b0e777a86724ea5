"""请示: what an agent may not promise alone is asked of a lead, who decides once, for everybody to see."""

from bot.playground.message import Message
from bot.teams import actions as teams
from tests.manual.test_checks import checks, copied
from tests.manual.test_collecting import presses_forged
from tests.manual.test_promises import logged
from tests.manual.test_wording import labels, rows
from tests.team import GROUP, Someone, Team

DRAFT = "张先生，我们会双倍赔偿您"


async def asks(team: Team, someone: Someone, draft: str = DRAFT) -> tuple[Message, Message]:
    """A draft is checked and asked about: what its author sees, and what the lead is told."""
    await checks(someone, draft, "越权承诺")
    await someone.presses("请示主管")
    receipt = someone.hears("⚪ 已请示 陈主管（客服主管）", "答复前先不要答应客户")
    return receipt, team["陈主管"].hears("⚪ 小李 请示：", f"“{draft}”", "为什么要请示：")


async def test_a_lead_agrees_and_the_sentence_may_be_sent(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    receipt, notice = await asks(team, li)
    assert labels(notice) == [["同意", "不同意", "写意见"]]
    assert await chen.presses("同意") == "已答复 小李"
    chen.sees(notice, "✅ 陈主管 今天 10:00 同意", DRAFT)
    assert labels(chen.sees(notice)) == []
    answer = li.hears("✅ 陈主管 今天 10:00 同意", "可以这样说：")
    assert copied(answer) == [DRAFT]
    li.sees(receipt, "✅ 陈主管 今天 10:00 同意")
    await team.passes(days=1)  # nobody is told again


async def test_a_lead_refuses_and_the_agent_gets_the_approved_refusal(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    receipt, notice = await asks(team, li)
    await chen.presses("不同意")
    chen.sees(notice, "🔴 陈主管 今天 10:00 不同意")
    li.sees(receipt, "🔴 陈主管 今天 10:00 不同意")
    answer = li.hears("🔴 陈主管 今天 10:00 不同意", "改成这样说：", "张先生，", "暂时无法满足", "15:15前")
    assert "赔偿" not in copied(answer)[0]
    await li.presses("记为承诺 15:15")  # the refusal names a time too
    li.hears("记为承诺：张先生", "答复 今天 15:15")
    await li.presses("取消")


async def test_an_opinion_says_yes_or_no_by_its_first_words(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    _receipt, notice = await asks(team, li)
    await chen.presses("写意见")
    chen.sees(notice, "意见怎么写？")
    await chen.types("同意，最多赔 200 元")
    chen.hears("✅ 陈主管 今天 10:00 同意", "意见：同意，最多赔 200 元")
    chen.sees(notice, "✅ 陈主管 今天 10:00 同意")
    answer = li.hears("✅ 陈主管 今天 10:00 同意", "意见：同意，最多赔 200 元", "按意见办")
    assert "可以这样说" not in answer.text  # the draft promises more than was agreed
    assert labels(answer) == []


async def test_a_bare_yes_is_no_condition(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await asks(team, li)
    await chen.presses("写意见")
    await chen.types("同意。")
    chen.hears("✅ 陈主管 今天 10:00 同意")
    assert copied(li.hears("✅ 陈主管 今天 10:00 同意", "可以这样说：")) == [DRAFT]


async def test_a_condition_said_before_the_yes_is_one_too(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await asks(team, li)
    await chen.presses("写意见")
    await chen.types("最多赔 200 元")
    asked = chen.hears("意见：最多赔 200 元", "是同意还是不同意？")
    await chen.presses("同意", on=asked)
    assert labels(li.hears("✅ 陈主管 今天 10:00 同意", "意见：最多赔 200 元", "按意见办")) == []


async def test_an_opinion_that_is_a_question_decides_nothing(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    _receipt, notice = await asks(team, li)
    await chen.presses("写意见")
    for words in ("可以吗？太多了吧", "不清楚，等我问一下财务"):
        await chen.types(words)
        asked = chen.hears(f"意见：{words}", "是同意还是不同意？")
    li.hears_nothing()
    assert await rows(team, "SELECT state FROM requests") == [("waiting",)]
    await chen.presses("不同意", on=asked)
    chen.sees(notice, "🔴 陈主管 今天 10:00 不同意")
    li.hears("🔴 陈主管 今天 10:00 不同意", "意见：不清楚，等我问一下财务")


async def test_an_opinion_that_says_neither_is_asked_about(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    _receipt, notice = await asks(team, li)
    await chen.presses("写意见")
    await chen.types("先查清楚是谁弄坏的")
    asked = chen.hears("意见：先查清楚是谁弄坏的", "是同意还是不同意？")
    li.hears_nothing()
    await chen.presses("不同意", on=asked)
    chen.sees(asked, "🔴 陈主管 今天 10:00 不同意")
    chen.sees(notice, "🔴 陈主管 今天 10:00 不同意")
    li.hears("不同意", "意见：先查清楚是谁弄坏的")


async def test_an_opinion_that_has_expired_decides_nothing(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await asks(team, li)
    await chen.presses("写意见")
    await chen.types("先查清楚")
    asked = chen.hears("是同意还是不同意？")
    await team.passes(minutes=11)
    assert "还没有定" in await chen.presses("同意", on=asked)
    li.hears_nothing()


async def test_writing_an_opinion_can_be_left(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    _receipt, notice = await asks(team, li)
    await chen.presses("写意见")
    assert await chen.presses("取消") == "没有定"
    assert labels(chen.sees(notice, "⚪ 小李 请示：")) == [["同意", "不同意", "写意见"]]


async def test_two_leads_cannot_both_decide(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    second = await another_lead(team)
    _receipt, notice = await asks_two(team, li)
    his = second.hears("⚪ 小李 请示：")
    world = team.playground.world
    pressed = [  # in the same moment
        await world.press(chen.id, notice.id, label="同意", chat=chen.id),
        await world.press(second.id, his.id, label="不同意", chat=second.id),
    ]
    await team.rest()
    said = {answer.query: answer.text for answer in world.answers}
    [(state, first)] = await rows(
        team, "SELECT r.state, p.name FROM requests AS r JOIN people AS p ON p.id = r.decided_by"
    )
    verdict = f"{first} 今天 10:00 {'同意' if state == 'agreed' else '不同意'}"
    assert (state, first) in (("agreed", "陈主管"), ("refused", "小赵"))
    won, lost = pressed if first == "陈主管" else reversed(pressed)
    assert said[won] == "已答复 小李" and said[lost].startswith(f"{first} 已经")
    li.hears(verdict)
    chen.sees(notice, verdict)
    second.sees(his, verdict)


async def test_the_sentence_alone_may_go_when_the_rest_of_the_draft_may_not(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await asks(team, li, "急什么。我们会双倍赔偿您。")
    await chen.presses("同意")
    assert copied(li.hears("可以这样说：")) == ["我们会双倍赔偿您。"]


async def test_nobody_answers_for_half_an_hour_and_the_next_level_hears(team: Team) -> None:
    li, chen, zhou = team["小李"], team["陈主管"], team["周副总"]
    receipt, first = await asks(team, li)
    await team.until("10:29")
    zhou.hears_nothing()
    await team.until("10:30")
    li.hears("🟡 请示还没人答复", "已再请示 周副总（主管副总经理）")
    notice = zhou.hears("🟡 小李 的请示还没人答复：", DRAFT)
    await zhou.presses("同意", on=notice)
    li.hears("✅ 周副总 今天 10:30 同意")
    for who, message in ((chen, first), (zhou, notice), (li, receipt)):
        who.sees(message, "✅ 周副总 今天 10:30 同意")


async def test_half_an_hour_is_working_time(team: Team) -> None:
    li, zhou = team["小李"], team["周副总"]
    await team.until("11:45")
    await asks(team, li)
    await team.until("13:44")  # the break from 12:00 to 13:30 does not count
    zhou.hears_nothing()
    await team.until("13:45")
    li.hears("已再请示 周副总")
    zhou.hears("🟡 小李 的请示还没人答复：")


async def test_when_nobody_is_above_the_agent_is_told_so_once(team: Team) -> None:
    li, zhou = team["小李"], team["周副总"]
    await asks(team, li)
    await team.until("10:30")
    li.hears("已再请示 周副总")
    zhou.hears("还没人答复")
    await team.until("11:00")
    li.hears("🟡 请示还没人答复", "上面没有人可以再报了", "陈主管（客服主管）、周副总（主管副总经理）")
    await team.passes(days=2)


async def test_a_lead_who_blocked_the_bot_holds_nothing_up(team: Team) -> None:
    li, chen, zhou = team["小李"], team["陈主管"], team["周副总"]
    await team.playground.world.block(chen.id)
    await team.rest()
    assert team.bot
    async with team.bot.database.transaction() as tx:  # Telegram has not told us yet
        known = await teams.find(tx, chen.id)
        assert known
        await teams.started(tx, known, team.clock.now())
    await checks(li, DRAFT)
    await li.presses("请示主管")
    li.hears("⚪ 已请示 陈主管")
    li.hears("🟡 请示还没人答复", "已再请示 周副总")
    zhou.hears("请示", DRAFT)


async def test_with_nobody_to_ask_it_says_so(team: Team) -> None:
    li = team["小李"]
    for name in ("陈主管", "周副总"):
        await team.playground.world.block(team[name].id)
    await team.rest()
    await checks(li, DRAFT)
    assert "没有能收到请示的主管" in await li.presses("请示主管")
    assert await rows(team, "SELECT COUNT(*) FROM requests") == [(0,)]


async def test_pressed_twice_it_is_asked_once(team: Team) -> None:
    li = team["小李"]
    await asks(team, li)
    assert "已经请示过了" in await li.presses("请示主管")


async def test_the_open_case_goes_with_it(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await logged(li)
    await checks(li, "我们会双倍赔偿您")
    await li.presses("请示主管")
    li.hears("⚪ 已请示")
    chen.hears("客户：#0611-01 张先生 电梯坏了")


async def test_any_text_can_be_asked_about(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await li.types("/ask")
    li.hears("请示什么？")
    await li.types("能不能给张先生减免一个月物业费")
    li.hears("⚪ 已请示 陈主管")
    chen.hears("⚪ 小李 请示：\n“能不能给张先生减免一个月物业费”")
    await chen.presses("同意")
    answer = li.hears("✅ 陈主管 今天 10:00 同意", "按意见办")
    assert labels(answer) == []


async def test_who_asks_never_decides_and_agents_never_do(team: Team) -> None:
    wang, chen, zhou = team["小王"], team["陈主管"], team["周副总"]
    await chen.types("请示 能不能减免物业费")
    chen.hears("⚪ 已请示 周副总")  # a supervisor asks above
    notice = zhou.hears("⚪ 陈主管 请示：")
    assert "要由主管来定" in await presses_forged(team, wang.name, "a.yes", 1)
    assert "要由 陈主管 的上级来定" in await presses_forged(team, chen.name, "a.yes", 1)
    zhou.sees(notice, "⚪ 陈主管 请示：")


async def test_nobody_decides_what_their_equal_or_their_superior_asked(team: Team) -> None:
    chen, zhou = team["陈主管"], team["周副总"]
    zhao = await another_lead(team)
    await chen.types("请示 能不能减免物业费")
    chen.hears("⚪ 已请示 周副总")
    for verb in ("a.yes", "a.no", "a.write"):
        assert "要由 陈主管 的上级来定" in await presses_forged(team, zhao.name, verb, 1)
    assert await rows(team, "SELECT state FROM requests") == [("waiting",)]
    await zhou.presses("同意", on=zhou.hears("⚪ 陈主管 请示："))
    chen.hears("✅ 周副总 今天 10:00 同意")
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await teams.enrol(tx, telegram_id=zhao.id, name="小赵", role="owner", team="客服二组", now=team.clock.now())
    await zhou.types("请示 能不能再减免一个月")
    zhou.hears("⚪ 已请示 小赵（机主）")
    assert "要由 周副总 的上级来定" in await presses_forged(team, chen.name, "a.yes", 2)
    await zhao.presses("同意", on=zhao.hears("⚪ 周副总 请示："))  # the owner, of whatever team
    zhou.hears("✅ 小赵 今天 10:00 同意")


async def test_in_a_group_it_is_asked_in_private(team: Team) -> None:
    await team["陈主管"].types("/start", in_group=True)
    await team["小李"].types("/ask 给张先生减免", in_group=True)
    assert "请到私聊里用" in team.playground.world.messages(GROUP)[-1].text


async def another_lead(team: Team) -> Someone:
    """小赵 joins as a second supervisor."""
    assert team.bot
    zhao = team["小赵"]
    async with team.bot.database.transaction() as tx:
        await teams.enrol(tx, telegram_id=zhao.id, name="小赵", role="supervisor", team=None, now=team.clock.now())
    await zhao.types("/start")
    zhao.hears("已加入")
    return zhao


async def asks_two(team: Team, someone: Someone) -> tuple[Message, Message]:
    await checks(someone, DRAFT)
    await someone.presses("请示主管")
    receipt = someone.hears("⚪ 已请示 陈主管（客服主管）、小赵（客服主管）")
    return receipt, team["陈主管"].hears("⚪ 小李 请示：")
