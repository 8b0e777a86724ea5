"""What must not get mixed up: two times typed, old notices, edits, other people's cases, groups, teams."""

from bot.shared.message import Message, press
from bot.teams import actions as teams
from tests.manual.test_escalation import overdue
from tests.manual.test_promises import logged
from tests.team import GROUP, SHANGHAI, Team


async def test_the_time_that_counts_is_the_one_on_the_pressed_message(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await li.presses("延期")
    await li.types("等A|B配件")
    li.hears("新的答复时间？")
    await li.types("后天上午十点")
    first = li.hears("新时间 6月13日（周六）10:00")
    await li.types("明天下午三点")
    second = li.hears("新时间 明天 15:00")
    await li.presses("确定", on=second)
    li.sees(second, "🟢 #0611-01", "明天 15:00（周五")
    li.hears("请现在就告诉客户", "等A|B配件", "明天 15:00前")
    assert "已经改过" in await li.presses("确定", on=first)


async def test_a_new_time_that_passes_while_it_is_confirmed_does_not_count(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await li.presses("延期")
    await li.presses("配件未到")
    await li.types("今天10点05分")
    echo = li.hears("新时间 今天 10:05")
    await team.passes(minutes=6)
    assert "已经过了" in await li.presses("确定", on=echo)


async def test_nobody_reads_a_colleagues_case_by_a_forged_button(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await logged(li)
    assert team.bot
    for verb in ("p.back", "p.card", "p.done", "p.note", "p.extend", "p.raise", "e.take", "e.urge"):
        forged = Message(text="伪", buttons=((press("点", verb, 1, 1),),))
        number = await team.bot.telegram.send(wang.id, forged)
        message = wang.hears("伪")
        assert await wang.presses("点", on=team.playground.world.message(wang.id, number))
        wang.sees(message, "伪")


async def test_customers_names_do_not_stay_in_groups(team: Team) -> None:
    li = team["小李"]
    world = team.playground.world
    await team["陈主管"].types("/start", in_group=True)
    await li.types("/say 张先生催单", in_group=True)
    answer = world.messages(GROUP)[-1]
    assert not any("记为承诺" in button.text for row in answer.buttons for button in row)
    assert team.bot
    forged = Message(text="伪", buttons=((press("点", "n.record", 99999999, "张先生"),),))
    number = await team.bot.telegram.send(GROUP, forged)
    assert "请到私聊里操作" in await li.presses("点", on=world.message(GROUP, number))


async def test_a_lead_who_comes_back_hears_of_what_is_broken(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    for lead in (chen, team["周副总"]):
        await team.playground.world.block(lead.id)
    await team.rest()
    await logged(li)
    await team.until("15:15")
    for _reminder in range(3):
        li.hears("#0611-01")
    await team.playground.world.unblock(chen.id)
    await chen.types("/my")
    chen.hears("手头没有待答复的承诺")
    await team.until("15:20")
    chen.hears("🔴 已超时 20 分钟未答复")
    li.hears("已通知 陈主管")


async def test_having_asked_for_help_does_not_hide_that_it_was_broken(team: Team) -> None:
    li, chen, zhou = team["小李"], team["陈主管"], team["周副总"]
    await logged(li)
    await li.presses("上报主管")
    chen.hears("🟡 小李 请求协助")
    li.hears("已通知 陈主管")
    await team.until("14:00")
    for _again in range(4):  # the deputy, and again while nobody takes it on
        zhou.hears("请求协助")
        li.hears("已通知 周副总")
    await team.until("15:20")
    for _reminder in range(3):
        li.hears("#0611-01")
    chen.hears("🔴 已超时 20 分钟未答复")
    li.hears("🔴 已超时 20 分钟", "已通知 陈主管")


async def test_an_old_received_does_not_disarm_the_new_deadline(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    notice = chen.hears("已超时 20 分钟未答复")
    await li.presses("延期")
    await li.presses("等其他部门")
    await li.presses("明天上午")
    await li.presses("确定")
    li.hears("请现在就告诉客户")
    await chen.types("收到", reply_to=notice)
    chen.hears("时间已经改过，旧通知不用再处理")
    await team.until("12:20", days=1)
    for _reminder in range(4):
        li.hears("#0611-01")
    chen.hears("🔴 已超时 20 分钟未答复")


async def test_correcting_an_old_message_does_not_answer_an_open_question(team: Team) -> None:
    li = team["小李"]
    number = await li.types("客户等了很就")
    li.hears("")
    card = await logged(li)
    await li.presses("已答复")
    await li.edits(number, "客户等了很久")
    li.hears("改旧消息不算回答")
    li.sees(card, "怎么答复客户的？")


async def test_an_answer_may_begin_with_a_word_that_is_also_a_command(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await li.presses("记进展")
    await li.types("进展：配件已到")
    li.hears("进展 今天 10:00：进展：配件已到")


async def test_a_question_about_what_others_have_settled_is_let_go(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    chen.hears("已超时 20 分钟未答复")
    await li.presses("已答复")
    await chen.presses("我来处理")
    li.hears("⚪ 陈主管")
    await chen.presses("已答复")
    await chen.presses("已解决并告知")
    li.hears("✅ 陈主管 已答复客户")
    await li.types("客户很生气")
    li.hears("已经答复过了")
    await li.types("客户等了很久")
    li.hears("让客户久等")


async def test_editing_a_cancelled_draft_says_so(team: Team) -> None:
    li = team["小李"]
    number = await li.types("/complaint 张先生 电梯坏了，今天下午3点前答复")
    li.hears("请核对后登记")
    await li.presses("取消")
    await li.edits(number, "/complaint 张先生 电梯坏了，今天下午4点前答复")
    li.hears("这条草稿已取消")


async def test_a_group_that_becomes_a_supergroup_stays_the_teams(team: Team) -> None:
    from bot.inbox import intake

    await team["陈主管"].types("/start", in_group=True)
    assert team.bot
    moved = {"message_id": 9, "date": 0, "chat": {"id": GROUP, "type": "group"}, "migrate_to_chat_id": -1009999}
    await intake.store(team.bot.database, team.clock, [{"update_id": 77, "message": moved}])
    await team.rest()
    async with team.bot.database.reading() as tx:
        assert await teams.team_of_group(tx, GROUP) is None
        assert await teams.team_of_group(tx, -1009999)


async def test_who_left_the_team_hears_and_does_nothing_more(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    assert team.bot
    async with team.bot.database.transaction() as tx:
        assert await teams.leave(tx, li.id, team.clock.now())
    await li.types("/my")
    li.hears("需要邀请才能使用")
    await team.until("15:20")
    team["陈主管"].hears("🔴 已超时 20 分钟未答复")


async def test_another_teams_leads_are_not_told_and_may_not_act(team: Team) -> None:
    assert team.bot
    li, zhao = team["小李"], team["小赵"]
    async with team.bot.database.transaction() as tx:
        await teams.enrol(
            tx, telegram_id=zhao.id, name="小赵", role="supervisor", team="客服二组", now=team.now.astimezone(SHANGHAI)
        )
    await zhao.types("/start")
    zhao.hears("已加入 客服二组")
    await logged(li)
    await team.until("15:20")
    for _reminder in range(4):
        li.hears("#0611-01")
    team["陈主管"].hears("🔴 已超时 20 分钟未答复")
    forged = Message(text="伪", buttons=((press("点", "e.take", 1, 1),),))
    number = await team.bot.telegram.send(zhao.id, forged)
    zhao.hears("伪")
    assert await zhao.presses("点", on=team.playground.world.message(zhao.id, number)) == "这一步要由主管来操作。"


async def test_who_took_it_on_and_then_left_the_chat_does_not_keep_it_quiet(team: Team) -> None:
    await overdue(team)
    chen, li = team["陈主管"], team["小李"]
    chen.hears("已超时 20 分钟未答复")
    await chen.presses("我来处理")
    li.hears("⚪ 陈主管")
    await team.playground.world.block(chen.id)
    await team.rest()
    await team.until("15:51")
    team["周副总"].hears("未答复：#0611-01")
    li.hears("已通知 周副总")


async def test_answers_keep_the_order_of_what_was_asked(team: Team) -> None:
    li = team["小李"]
    world = team.playground.world
    for text in ("/complaint 张先生 电梯坏了，今天下午3点前答复", "客户等了很久", "/my"):
        await world.say(li.id, text)
    await team.rest()
    li.hears("请核对后登记")
    li.hears("让客户久等")
    li.hears("手头没有待答复的承诺")


async def test_a_command_in_chinese_is_never_swallowed_by_an_open_question(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 您的快递我帮您查着")
    li.hears("什么情况下用")
    await li.types("投诉 张先生 13800138000 电梯坏了，答应明天下午3点前答复")
    card = li.hears("张先生", "电梯")
    assert "登记" in li.buttons(card)
    await li.presses("登记", on=card)
    team["陈主管"].hears("⚪ 新投诉")
    await li.types("我的")
    li.hears("张先生")


async def test_a_long_story_without_a_full_stop_is_understood(team: Team) -> None:
    li = team["小李"]
    await li.types(
        "我前天住进来空调就是坏的打了三次前台都说马上派人来结果一晚上没人来孩子都热发烧了"
        "现在还要收我全价房费今天不给我退钱我就去投诉还要让大家都看看你们是什么酒店"
    )
    li.hears("①")
