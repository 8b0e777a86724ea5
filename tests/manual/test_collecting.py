"""收录: a good wording becomes one's own or the team's, is approved, renewed and withdrawn; the week's gaps are filled."""

import asyncio
from datetime import timedelta
from itertools import pairwise

from bot.collecting import actions as collecting
from bot.collecting.wording import Ending
from bot.phrases.phrase import Phrase
from bot.shared.database import stored
from bot.shared.message import Message, press
from bot.teams import actions as teams
from tests.team import GROUP, Someone, Team

GOOD = "您反映的情况我已经记下来，十分钟内给您回电话"


async def phrases(team: Team, name: str) -> list[Phrase]:
    """What the search may offer this person of the team's and their own wordings."""
    assert team.bot
    async with team.bot.database.reading() as tx:
        person = await teams.find(tx, team[name].id)
        assert person
        return await collecting.own_phrases(tx, person, team.clock.now())


async def texts(team: Team, name: str) -> list[str]:
    return [text for phrase in await phrases(team, name) for text in phrase.texts]


async def ending(team: Team, name: str, phrase_id: str) -> Ending:
    """What became of a wording, as this person may know it."""
    assert team.bot
    async with team.bot.database.reading() as tx:
        person = await teams.find(tx, team[name].id)
        assert person
        return await collecting.fate(tx, person, phrase_id, team.clock.now())


async def enrolled(team: Team, name: str, *, role: str, team_name: str) -> None:
    """Somebody joins another team, or moves there."""
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await teams.enrol(
            tx, telegram_id=team[name].id, name=name, role=role, team=team_name, now=team.clock.now()
        )  # fmt: skip


async def presses_forged(team: Team, name: str, verb: str, *args: object) -> str:
    """A button with this on it, as an old message may still have one; what pops up."""
    assert team.bot
    forged = Message(text="旧", buttons=((press("点", verb, *args),),))
    number = await team.bot.telegram.send(team[name].id, forged)
    team[name].hears("旧")
    return await team[name].presses("点", on=team.playground.world.message(team[name].id, number))


async def imported(team: Team, *rows: str) -> None:
    """陈主管 takes in a sheet of: situation, wording, first day, last day."""
    chen, world = team["陈主管"], team.playground.world
    sheet = "\n".join(("情境,话术1,生效日期,停用日期", *rows)).encode()
    await world.send_file(chen.id, "document", "话术.csv", sheet, chat=chen.id)
    await team.rest()
    chen.hears(f"读到 {len(rows)} 条")
    await chen.presses(f"导入 {len(rows)} 条")


async def collected(someone: Someone, text: str = GOOD, situation: str = "客户要求尽快回电") -> None:
    """As far as the card that asks what the wording shall be kept for."""
    await someone.types(f"收录 {text}")
    someone.hears("什么情况下用这句？")
    await someone.types(situation)
    someone.hears(f"情境：{situation}", text)


async def proposed(team: Team, **how: str):
    """小李 recommends a wording; the card that 陈主管 gets."""
    li = team["小李"]
    await collected(li, **how)
    await li.presses("推荐给团队")
    li.sees(li.said()[-1], "⚪ 已推荐给团队，等 陈主管 审批")
    return team["陈主管"].hears("⚪ 待审批：小李 推荐一句话术")


async def adopted(team: Team, text: str = GOOD, situation: str = "客户要求尽快回电") -> None:
    """陈主管 takes a wording in for the team."""
    chen = team["陈主管"]
    await collected(chen, text, situation)
    await chen.presses("直接收进团队话术")
    chen.sees(chen.said()[-1], "✅ 已收进团队话术，全组都能搜到")


# Collecting


async def test_a_sentence_becomes_ones_own(team: Team) -> None:
    li = team["小李"]
    await li.types(f"收录 {GOOD}")
    question = li.hears(GOOD, "什么情况下用这句？")
    assert 3 <= len(li.buttons(question)) <= 4  # the nearest situations of the book, and 取消
    await li.types("客户要求尽快回电")
    card = li.hears("情境：客户要求尽快回电", GOOD)
    assert li.buttons(card) == ["存为我的话术", "推荐给团队", "改", "取消"]
    assert await li.presses("存为我的话术") == "已收录"
    li.sees(card, "✅ 已存为我的话术，只有自己搜得到")
    assert await texts(team, "小李") == [GOOD]
    assert await texts(team, "小王") == await texts(team, "陈主管") == []


async def test_the_nearest_situation_is_one_tap(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 实在抱歉让您久等了，我马上为您查进度")
    question = li.hears("什么情况下用这句？")
    label = li.buttons(question)[0]
    await li.presses(label)
    li.sees(question, f"情境：{label.rstrip('…')}")
    await li.presses("存为我的话术")
    (own,) = await phrases(team, "小李")
    assert own.group == "我的话术" and own.says  # what leads to the book's wording leads to this one too


async def test_a_reply_collects_the_message_replied_to(team: Team) -> None:
    li = team["小李"]
    world = team.playground.world
    number = await world.say(li.id, GOOD, forward_from="小王")
    await team.rest()
    li.hears("")
    await li.types("收录 客户催回电", reply_to=world.message(li.id, number))
    li.hears("情境：客户催回电", GOOD)


async def test_a_customers_data_does_not_get_into_a_wording(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 张先生您好，3栋1202室漏水的事已派人，请留意13800138000来电")
    question = li.hears(
        "【称呼】您好，【房号】漏水的事已派人，请留意【电话】来电", "“张先生”→【称呼】", "“13800138000”→【电话】"
    )
    assert "1202" not in question.text.split("\n")[1]
    assert not any("称呼" in label for label in li.buttons(question))  # the blanks lead to no situation
    await li.types("张先生家漏水13800138000")
    li.hears("情境：客户家漏水（电话）")
    await li.presses("存为我的话术")
    (own,) = await phrases(team, "小李")
    assert own.slots == {"称呼", "room", "phone"}


async def test_a_blank_of_the_bots_own_wordings_stays_a_blank(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 因为【原因】，【答复时间】前给您回复")
    li.hears("因为【原因】，【答复时间】前给您回复")


async def test_other_brackets_stay_and_a_blank_nobody_could_fill_is_refused(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 【温馨提示】【时间:上午】本月有{优惠内容}")
    li.hears("没有 {优惠内容} 这种填空", "【原因】")
    await li.types("收录 【温馨提示】【时间:上午】因为{原因}停水")
    li.hears("【温馨提示】【时间:上午】因为【原因】停水", "什么情况下用这句？")
    await li.types("停水通知")
    li.hears("情境：停水通知")
    await li.presses("存为我的话术")
    (own,) = await phrases(team, "小李")
    assert own.texts == ("【温馨提示】【时间:上午】因为{reason}停水",)
    assert own.slots == {"reason"}


async def test_a_forbidden_wording_is_not_kept_but_put_right(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 这个我不知道，您再等等吧")
    refusal = li.hears("还不能收录", "不知道", "可以改成：")
    assert li.buttons(refusal) == ["用改好的这句", "自己改", "取消"]
    await li.presses("用改好的这句")
    li.sees(refusal, "什么情况下用这句？")
    await li.types("暂时答不上来")
    card = li.hears("情境：暂时答不上来")
    assert "不知道" not in card.text


async def test_or_it_is_reworded_by_hand_as_often_as_it_takes(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 这个我不知道")
    li.hears("还不能收录")
    await li.presses("自己改")
    await li.types("这不归我管")
    li.hears("还不能收录")
    await li.types("我先帮您核实，马上回复您")
    li.hears("我先帮您核实", "什么情况下用这句？")


async def test_words_and_situation_can_be_changed_before_it_counts(team: Team) -> None:
    li = team["小李"]
    await collected(li)
    await li.presses("改")
    await li.presses("改这句话")
    await li.types("您说的我都记下了，十分钟内回电")
    card = li.hears("您说的我都记下了", "情境：客户要求尽快回电")
    await li.presses("改", on=card)
    await li.presses("改情境", on=card)
    await li.types("客户急着等电话")
    li.hears("情境：客户急着等电话", "您说的我都记下了")
    await li.presses("取消")
    li.sees(li.said()[-1], "没有收录")
    assert await texts(team, "小李") == []


async def test_too_long_is_said_and_nothing_is_kept(team: Team) -> None:
    li = team["小李"]
    await li.types("收录 " + "您好" * 300)
    li.hears("太长了，一句话术最多 500 字")
    await li.types(f"收录 {GOOD}")
    li.hears("什么情况下用这句？")
    await li.types("客" * 41)
    li.hears("最多 40 字")
    await li.types("客户要求尽快回电")
    li.hears("情境：客户要求尽快回电")


async def test_of_the_bots_own_messages_the_one_wording_is_taken(team: Team) -> None:
    li = team["小李"]
    await li.types("/check 这个我不知道")
    checked = li.hears("改成这样发：")
    await li.types("收录", reply_to=checked)
    li.hears("什么情况下用这句？")
    await li.types("取消")
    li.hears("已取消")
    await li.types("客户等了很久")
    answer = li.hears("不要说")
    await li.types("收录", reply_to=answer)
    li.hears("不知道收哪一句")


async def test_in_the_group_the_question_goes_to_the_private_chat(team: Team) -> None:
    li, world = team["小李"], team.playground.world
    await team["陈主管"].types("/start", in_group=True)
    number = await team["小王"].types("张先生，您的电梯十分钟内有人到", in_group=True)
    await li.types("收录", in_group=True, reply_to=world.message(GROUP, number))
    said = world.messages(GROUP)[-1]
    assert said.text == "已记下，请到私聊里接着收录。"
    li.hears("【称呼】，您的电梯十分钟内有人到", "什么情况下用这句？")


async def test_in_the_group_nothing_is_exported(team: Team) -> None:
    chen, world = team["陈主管"], team.playground.world
    await chen.types("/start", in_group=True)
    before = len(world.messages(GROUP))
    await chen.types("/collect 导出", in_group=True)
    (said,) = [message for message in world.messages(GROUP)[before:] if message.sender != chen.id]
    assert said.text == "这个命令请到私聊里用：/export"


# Approving


async def test_a_recommended_wording_is_approved_and_everybody_finds_it(team: Team) -> None:
    card = await proposed(team)
    chen, li = team["陈主管"], team["小李"]
    chen.sees(card, "情境：客户要求尽快回电", GOOD)
    assert chen.buttons(card) == ["批准·长期", "批准·90 天", "批准·30 天", "修改", "退回"]
    assert await texts(team, "小王") == []
    await team.passes(minutes=5)
    assert await chen.presses("批准·长期") == "已批准"
    chen.sees(card, "✅ 陈主管 今天 10:05 批准：小李 推荐的“客户要求尽快回电”", "长期有效")
    li.hears("✅ 推荐的话术被采纳了，谢谢！", "陈主管 批准，长期有效")
    assert await texts(team, "小王") == await texts(team, "小李") == [GOOD]
    (own,) = await phrases(team, "小王")
    assert (own.group, own.situation) == ("团队话术", "客户要求尽快回电")


async def test_it_may_be_approved_for_some_days_only(team: Team) -> None:
    card = await proposed(team)
    await team["陈主管"].presses("批准·30 天")
    team["陈主管"].sees(card, "有效期到 7月11日（含当天）")
    team["小李"].hears("有效期到 7月11日（含当天）")
    await team.until("23:59", days=30)
    assert await texts(team, "小王") == [GOOD]
    await team.passes(minutes=1)
    assert await texts(team, "小王") == []


async def test_returned_with_a_reason_it_can_be_put_right_and_recommended_again(team: Team) -> None:
    card = await proposed(team)
    chen, li = team["陈主管"], team["小李"]
    await chen.presses("退回")
    chen.sees(card, "为什么退回“客户要求尽快回电”？")
    await chen.presses("不够具体")
    chen.sees(card, "陈主管 今天 10:00 退回", "原因：不够具体")
    told = li.hears("推荐的话术被退回", "陈主管：不够具体")
    await li.presses("改好再推荐", on=told)
    li.sees(told, "改成怎么说？")
    await li.types("您要的结果我十分钟内电话告诉您")
    li.hears("情境：客户要求尽快回电", "十分钟内电话告诉您")
    await li.presses("推荐给团队")
    chen.hears("⚪ 待审批：小李", "十分钟内电话告诉您")
    await chen.presses("退回")
    await chen.types("先报上姓名，再说时间")
    chen.hears("陈主管 今天 10:00 退回", "先报上姓名")
    told = li.hears("推荐的话术被退回", "先报上姓名，再说时间")
    await li.presses("存为我的话术", on=told)
    assert await texts(team, "小李") == ["您要的结果我十分钟内电话告诉您"]


async def test_a_supervisor_mends_the_words_before_approving(team: Team) -> None:
    card = await proposed(team)
    chen, li = team["陈主管"], team["小李"]
    await chen.presses("修改")
    await chen.types("这不归我管")
    chen.hears("还不能收录")
    await chen.types("情况已记下，十分钟内由我给您回电")
    mended = chen.hears("⚪ 待审批", "十分钟内由我给您回电")
    chen.sees(card, "已更新，请看下面最新的一条")
    await chen.presses("批准·长期", on=mended)
    li.hears("被采纳了", "十分钟内由我给您回电")
    assert await texts(team, "小王") == ["情况已记下，十分钟内由我给您回电"]


async def test_nobody_approves_words_they_have_not_seen(team: Team) -> None:
    await proposed(team)
    chen, li = team["陈主管"], team["小李"]
    assert team.bot
    async with team.bot.database.reading() as tx:
        seen = (await collecting.get(tx, 1)).seal
    await chen.presses("修改")
    await chen.types("情况已记下，十分钟内由我给您回电")
    chen.hears("十分钟内由我给您回电")
    # Another device still showed the old words, and was pressed.
    assert await presses_forged(team, "陈主管", "o.yes", 1, 0, seen) == "这句刚刚改过，请看过新的再批准。"
    card = chen.sees(chen.said()[-1], "⚪ 待审批：小李", "十分钟内由我给您回电")
    assert await texts(team, "小李") == []
    assert await chen.presses("批准·长期", on=card) == "已批准"
    li.hears("被采纳了", "十分钟内由我给您回电")


async def test_of_two_supervisors_the_second_hears_what_the_first_did(team: Team) -> None:
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await teams.enrol(
            tx, telegram_id=team["小赵"].id, name="小赵", role="supervisor", team="客服一组", now=team.clock.now()
        )
    zhao, chen = team["小赵"], team["陈主管"]
    await zhao.types("/start")
    zhao.hears("已加入")
    await collected(team["小李"])
    await team["小李"].presses("推荐给团队")
    first, second = chen.hears("待审批"), zhao.hears("待审批")
    forged = Message(text="旧", buttons=((press("批准", "o.yes", 1, 0),),))
    number = await team.bot.telegram.send(zhao.id, forged)
    zhao.hears("旧")
    await chen.presses("批准·90 天", on=first)
    team["小李"].hears("被采纳了")
    zhao.sees(second, "✅ 陈主管 今天 10:00 批准")
    assert not zhao.buttons(second)
    stale = team.playground.world.message(zhao.id, number)
    assert await zhao.presses("批准", on=stale) == "陈主管 今天 10:00 已经批准了这条。"
    zhao.sees(stale, "✅ 陈主管")


async def test_a_recommendation_can_be_taken_back(team: Team) -> None:
    card = await proposed(team)
    await team["小李"].presses("撤回")
    team["小李"].sees(team["小李"].said()[-1], "推荐已撤回")
    team["陈主管"].sees(card, "小李 今天 10:00 撤回")
    assert not team["陈主管"].buttons(card)
    await team["陈主管"].types("审批")
    team["陈主管"].hears("没有待审批的话术")


async def test_approve_lists_what_waits(team: Team) -> None:
    chen, li = team["陈主管"], team["小李"]
    await proposed(team)
    await proposed(team, text="马上为您查，查到就回您", situation="客户问进度")
    await chen.types("/approve")
    listing = chen.hears("待审批 2 条", "① 客户要求尽快回电 · 小李", "② 客户问进度 · 小李")
    await chen.presses("②", on=listing)
    opened = chen.hears("⚪ 待审批：小李", "马上为您查")
    await chen.presses("批准·长期", on=opened)
    li.hears("被采纳了")
    await chen.types("/approve")
    chen.hears("⚪ 待审批：小李", GOOD)  # only one is left: its card at once


async def test_of_many_that_wait_the_first_six_are_shown(team: Team) -> None:
    chen, li = team["陈主管"], team["小李"]
    for number in range(1, 8):
        await collected(li, f"第{number}种说法，请您放心", f"情境{number}")
        await li.presses("推荐给团队")
        chen.hears("⚪ 待审批：小李")
    await chen.types("/approve")
    listing = chen.hears("待审批 7 条", "① 情境1 · 小李", "⑥ 情境6 · 小李", "… 还有 1 条")
    assert chen.buttons(listing) == ["①", "②", "③", "④", "⑤", "⑥"]


async def test_when_no_supervisor_can_be_reached_the_deputy_is_asked(team: Team) -> None:
    await team.playground.world.block(team["陈主管"].id)
    await team.rest()
    li = team["小李"]
    await collected(li)
    await li.presses("推荐给团队")
    li.sees(li.said()[-1], "等 周副总 审批")
    team["周副总"].hears("⚪ 待审批：小李")


async def test_agents_do_not_approve_and_other_teams_see_nothing(team: Team) -> None:
    assert team.bot
    await proposed(team)
    li, zhao = team["小李"], team["小赵"]
    async with team.bot.database.transaction() as tx:
        await teams.enrol(
            tx, telegram_id=zhao.id, name="小赵", role="supervisor", team="客服二组", now=team.clock.now()
        )
    await zhao.types("/start")
    zhao.hears("已加入 客服二组")
    await li.types("审批")
    li.hears("审批由本团队的主管来做")
    verbs = [
        "o.better", "o.text", "o.name", "o.sit", "o.edit", "o.card", "o.drop", "o.keep", "o.offer", "o.adopt",
        "o.open", "o.look", "o.yes", "o.mend", "o.no", "o.why", "o.redo", "o.mine", "o.show", "o.change", "o.stop",
        "o.stopok", "o.until", "o.til", "o.share", "g.fill",
    ]  # fmt: skip
    for someone in (zhao, li):
        for verb in verbs if someone is zhao else [v for v in verbs if v not in ("o.show",)]:
            for number in (1, 999, "x"):
                forged = Message(text="伪", buttons=((press("点", verb, number, "0"),),))
                sent = await team.bot.telegram.send(someone.id, forged)
                message = someone.hears("伪")
                assert await someone.presses("点", on=team.playground.world.message(someone.id, sent)), (verb, number)
                someone.sees(message, "伪")
    async with team.bot.database.reading() as tx:
        assert (await collecting.get(tx, 1)).state == "proposed"
    await zhao.types("收录")
    zhao.hears("团队话术 0 条")


async def test_what_was_approved_is_found_by_everybody_like_the_books_own(team: Team) -> None:
    wang, chen = team["小王"], team["陈主管"]
    await adopted(team, "恐龙化石展这周末闭馆，给您换成下周的票可以吗", "恐龙展闭馆改期")
    await wang.types("恐龙展闭馆改期")
    wang.hears("恐龙展闭馆改期", "恐龙化石展这周末闭馆")
    await chen.types("收录")
    chen.hears("团队话术 1 条")
    await chen.presses("①")
    await chen.presses("停用")
    await chen.presses("确定停用")
    await wang.types("恐龙展闭馆改期")
    assert "恐龙化石展" not in wang.hears("").text


async def test_somebody_the_bot_cannot_write_to_is_told_in_the_group(team: Team) -> None:
    wang, world = team["小王"], team.playground.world
    await team["陈主管"].types("/start", in_group=True)
    await world.block(wang.id)
    await team.rest()
    number = await team["小李"].types("十分钟内有人到，请放心", in_group=True)
    for text, reply in (("收录", world.message(GROUP, number)), ("/collect", None)):
        await wang.types(text, in_group=True, reply_to=reply)
        assert world.messages(GROUP)[-1].text == "请先去私聊点“开始”，再回来发一次“收录”。"


# Looking after what there is


async def test_a_supervisor_renews_a_team_wording(team: Team) -> None:
    await adopted(team)
    chen = team["陈主管"]
    (first,) = await phrases(team, "小李")
    await chen.types("收录")
    listing = chen.hears("团队话术 1 条", "① 客户要求尽快回电：您反映的情况", "收新的：")
    await chen.presses("①")
    chen.sees(listing, "第 1 版 · 陈主管 · 6月11日起 · 长期有效")
    await chen.presses("改", on=listing)
    await chen.types("情况已记下，五分钟内给您回电")
    chen.hears("情境：客户要求尽快回电", "五分钟内给您回电")
    assert await texts(team, "小李") == [GOOD]  # the old one serves until the new one counts
    await chen.presses("换成这句")
    (second,) = await phrases(team, "小李")
    assert (second.id, second.texts) == (first.id, ("情况已记下，五分钟内给您回电",))
    assert team.bot
    async with team.bot.database.reading() as tx:
        kinds = [
            row["kind"]
            for row in await tx.connection.execute_fetchall(
                "SELECT kind FROM events WHERE subject = ? ORDER BY id", (first.id,)
            )
        ]
    assert kinds == ["approved", "replaced", "approved"]


async def test_new_words_for_what_begins_later_begin_later_too(team: Team) -> None:
    await imported(team, "新收费,八月起停车费每小时五元。,2026-08-01,")
    chen = team["陈主管"]
    await chen.types("收录")
    chen.hears("团队话术 1 条", "（还没生效）")
    await chen.presses("①")
    await chen.presses("改")
    await chen.types("自八月一日起，停车费每小时五元。")
    chen.hears("自八月一日起")
    await chen.presses("换成这句")
    assert await texts(team, "小李") == []
    await team.until("00:00", days=51)
    assert await texts(team, "小李") == ["自八月一日起，停车费每小时五元。"]


async def test_of_two_who_renew_it_the_second_is_told(team: Team) -> None:
    await adopted(team)
    chen, zhou = team["陈主管"], team["周副总"]
    for lead in (chen, zhou):
        await lead.types("收录")
        lead.hears("团队话术 1 条")
        await lead.presses("①")
        await lead.presses("改")
        await lead.types(f"您好，这里是{lead.name}，今天下午三点前给您回电")
        lead.hears("情境：客户要求尽快回电")
    await zhou.presses("换成这句")
    assert "刚刚被改过" in await chen.presses("换成这句")
    assert await texts(team, "小李") == ["您好，这里是周副总，今天下午三点前给您回电"]


async def test_what_is_withdrawn_is_not_offered_and_names_its_successor(team: Team) -> None:
    await adopted(team)
    chen = team["陈主管"]
    (own,) = await phrases(team, "小李")
    await chen.types("收录")
    listing = chen.hears("团队话术 1 条")
    await chen.presses("①")
    await chen.presses("停用", on=listing)
    chen.sees(listing, "停用后全组就搜不到这句了")
    await chen.presses("确定停用", on=listing)
    chen.sees(listing, "陈主管 今天 10:00 停用：客户要求尽快回电")
    assert await texts(team, "小李") == []
    fate = await ending(team, "小李", own.id)
    assert (fate.state, fate.until, fate.successor_text) == ("withdrawn", team.clock.now(), None)
    await adopted(team, "您放心，五分钟内给您回电")
    fate = await ending(team, "小李", own.id)
    assert fate.successor_text == "您放心，五分钟内给您回电"


async def test_what_became_of_a_wording_is_no_other_teams_business(team: Team) -> None:
    await adopted(team)
    chen, li = team["陈主管"], team["小李"]
    await collected(li, "马上为您查，查到就回您", "客户问进度")
    await li.presses("存为我的话术")
    own, mine = await phrases(team, "小李")
    assert (await ending(team, "小李", own.id)).state == "live"
    assert (await ending(team, "小王", mine.id)).state == "gone"
    await enrolled(team, "小李", role="agent", team_name="客服二组")
    assert (await ending(team, "小李", own.id)).state == "gone"
    assert (await ending(team, "小李", mine.id)).state == "live"
    await chen.types("收录")
    chen.hears("团队话术 1 条")
    await chen.presses("①")
    await chen.presses("停用")
    await chen.presses("确定停用")
    await adopted(team, "内部优惠码八八八")
    assert (await ending(team, "小李", own.id)).successor_text is None
    assert (await ending(team, "小王", own.id)).successor_text == "内部优惠码八八八"


async def test_the_last_day_is_set_by_button_or_by_typing(team: Team) -> None:
    await adopted(team)
    chen = team["陈主管"]
    kept = chen.said()[-1]
    (own,) = await phrases(team, "小李")
    await chen.presses("到期日", on=kept)
    chen.sees(kept, "“客户要求尽快回电”用到哪天？")
    await chen.types("随便")
    chen.hears("")
    await chen.types("6月12日")
    chen.hears("有效期到 6月12日（含当天）")
    await team.until("23:59", days=1)
    assert await texts(team, "小李") == [GOOD]
    await team.passes(minutes=2)
    assert await texts(team, "小李") == []
    assert (await ending(team, "小李", own.id)).state == "expired"
    await chen.types("收录")
    chen.hears("（已到期）")
    await chen.presses("①")
    await chen.presses("到期日")
    await chen.presses("长期有效")
    assert await texts(team, "小李") == [GOOD]


async def test_agents_see_their_own_and_what_they_recommended(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await adopted(team, "这句是团队的，请您放心", "安抚客户")
    await collected(li)
    await li.presses("存为我的话术")
    await proposed(team, text="马上为您查，查到就回您", situation="客户问进度")
    await li.types("收录")
    listing = li.hears("我的话术 2 条", "① 客户问进度：马上为您查，查到就回您（待审批）", "② 客户要求尽快回电")
    await li.presses("②", on=listing)
    assert li.buttons(listing) == ["改", "停用", "推荐给团队", "返回"]
    await li.presses("推荐给团队", on=listing)
    team["陈主管"].hears("待审批", GOOD)
    await wang.types("收录")
    wang.hears("我的话术 0 条", "收新的：回复一条消息写“收录”")


async def test_a_long_list_is_turned_page_by_page(team: Team) -> None:
    chen = team["陈主管"]
    for number in range(5):
        await adopted(team, f"第{number}种说法，请您放心", f"情境{number}")
    await chen.types("收录")
    listing = chen.hears("团队话术 5 条（第 1/2 页）", "① 情境4", "④ 情境1")
    await chen.presses("下一页", on=listing)
    chen.sees(listing, "（第 2/2 页）", "① 情境0")
    await chen.presses("①", on=listing)
    await chen.presses("返回", on=listing)
    chen.sees(listing, "（第 2/2 页）")
    await chen.presses("我的话术", on=listing)
    chen.sees(listing, "我的话术 0 条")


async def test_the_same_words_are_not_taken_twice(team: Team) -> None:
    await adopted(team)
    li = team["小李"]
    await collected(li, situation="别的情境")
    assert "团队话术里已经有这一句了：客户要求尽快回电" in await li.presses("推荐给团队")


async def test_nor_recommended_twice_nor_approved_beside_the_same(team: Team) -> None:
    card = await proposed(team)
    li, wang, chen = team["小李"], team["小王"], team["陈主管"]
    await collected(wang, situation="别的情境")
    assert await wang.presses("推荐给团队") == "这一句已经有人推荐，正等审批：客户要求尽快回电。"
    await adopted(team, situation="催回电")
    assert await chen.presses("批准·长期", on=card) == "团队话术里已经有这一句了：催回电。"
    await chen.presses("修改", on=card)
    await chen.types(GOOD)
    chen.hears("团队话术里已经有这一句了：催回电。")
    await chen.types("已经记下，五分钟内回电")
    mended = chen.hears("⚪ 待审批", "五分钟内回电")
    await chen.presses("批准·长期", on=mended)
    li.hears("被采纳了", "五分钟内回电")
    assert await texts(team, "小王") == ["已经记下，五分钟内回电", GOOD]


async def test_nor_does_a_new_version_say_what_another_says(team: Team) -> None:
    await adopted(team, "五分钟内给您回电", "催回电")
    await adopted(team)
    chen = team["陈主管"]
    await chen.presses("改")
    await chen.types("五分钟内给您回电")
    chen.hears("情境：客户要求尽快回电")
    assert await chen.presses("换成这句") == "团队话术里已经有这一句了：催回电。"
    assert await texts(team, "小李") == ["五分钟内给您回电", GOOD]


async def test_everything_goes_on_after_a_restart(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await li.types(f"收录 {GOOD}")
    li.hears("什么情况下用这句？")
    await team.stops()
    await team.starts()
    await li.types("客户要求尽快回电")
    li.hears("情境：客户要求尽快回电")
    await team.stops()
    await team.starts()
    await li.presses("推荐给团队")
    chen.hears("待审批")
    await chen.presses("退回")
    await team.stops()
    await team.starts()
    await chen.types("重复了")
    chen.hears("退回", "原因：重复了")
    li.hears("被退回", "陈主管：重复了")


async def test_the_stamp_changes_with_everything_that_changes_the_list(team: Team) -> None:
    assert team.bot
    seen = []

    async def stamp() -> None:
        assert team.bot
        async with team.bot.database.reading() as tx:
            person = await teams.find(tx, team["小李"].id)
            assert person
            seen.append(await collecting.own_stamp(tx, person, team.clock.now()))

    chen = team["陈主管"]
    await stamp()
    await adopted(team)
    await stamp()
    kept = chen.said()[-1]
    await chen.presses("改", on=kept)
    await chen.types("换一种说法，请您放心")
    chen.hears("情境：")
    await chen.presses("换成这句")
    await stamp()
    await team.passes(minutes=1)
    await chen.presses("到期日")
    await chen.presses("30 天")
    await stamp()
    await team.passes(days=31)
    await stamp()
    assert all(one != next for one, next in pairwise(seen))


async def test_the_stamp_changes_when_one_runs_out_at_the_midnight_another_begins(team: Team) -> None:
    assert team.bot
    await imported(team, "泳池,泳池开放到二十点。,,2026-06-12", "泳池,泳池开放到二十二点。,2026-06-13,")
    await team.passes(minutes=1)
    await adopted(team)  # the newest, and last decided about
    seen = []
    for clock in ("23:59", "00:00"):
        await team.until(clock, days=1)
        async with team.bot.database.reading() as tx:
            person = await teams.find(tx, team["小李"].id)
            assert person
            seen.append(await collecting.own_stamp(tx, person, team.clock.now()))
    assert await texts(team, "小李") == ["泳池开放到二十二点。", GOOD]
    assert seen[0] != seen[1]


# Gaps


async def searched(team: Team, name: str, query: str, *, found: int = 0, judged: str = "", hits: str = "[]") -> None:
    """Somebody searched; the search notes a gap when there is one."""
    assert team.bot
    async with team.bot.database.transaction() as tx:
        person = await teams.find(tx, team[name].id)
        assert person
        last = (await tx.connection.execute_fetchall("SELECT COALESCE(MAX(id), 0) FROM searches"))[0][0]
        await tx.connection.execute(
            "INSERT INTO searches (id, person_id, query, at, found, judged, hits) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (max(last + 1, 9_000_000), person.id, query, stored(team.clock.now()), found, judged, hits),
        )
        if not found or judged == "down":
            await collecting.note_gap(tx, person.team_id, team.clock.now(), team.bot.calendars.of(person.team_id))


async def test_on_monday_morning_supervisors_hear_what_nobody_found(team: Team) -> None:
    chen = team["陈主管"]
    await searched(team, "小李", "张先生要求换梯")
    await searched(team, "小王", "太阳能板打折")
    await searched(team, "小李", "太阳能板打折")
    await searched(team, "小李", "停车月卡", found=3, judged="down")
    await searched(team, "小李", "催单", found=3)
    await team.until("08:59", days=4)
    chen.hears_nothing()
    await team.passes(minutes=1)
    report = chen.hears("上次报告以来，有 3 种问法没有合适的话术", "1 太阳能板打折（2 次）", "客户要求换梯", "停车月卡")
    assert "张" not in report.text and "催单" not in report.text
    assert chen.buttons(report) == ["补 1", "补 2", "补 3"]
    await team.passes(days=7)  # nothing new: silence


async def test_a_gap_is_filled_with_one_tap_and_found_by_those_words(team: Team) -> None:
    chen = team["陈主管"]
    await searched(team, "小李", "太阳能板打折")
    await team.until("09:00", days=4)
    report = chen.hears("上次报告以来，有 1 种问法")
    await chen.presses("补 1", on=report)
    chen.hears("有人搜“太阳能板打折”，该怎么说？")
    await chen.types("优惠我先替您核实，今天之内回复您")
    chen.hears("情境：太阳能板打折", "优惠我先替您核实")
    await chen.presses("直接收进团队话术")
    (own,) = await phrases(team, "小李")
    assert own.says == ("太阳能板打折",)
    assert "陈主管 已经补了" in await chen.presses("补 1", on=report)


async def test_a_gap_without_words_is_not_kept(team: Team) -> None:
    chen = team["陈主管"]
    await searched(team, "小李", "太阳能板打折")
    await team.until("09:00", days=4)
    chen.hears("上次报告以来，有 1 种问法")
    await chen.presses("补 1")
    chen.hears("有人搜“太阳能板打折”")
    assert await presses_forged(team, "陈主管", "o.adopt", 1) == "还没写要收录的那句话，请直接打字。"


async def test_an_owner_fills_the_gap_of_the_team_that_has_it(team: Team) -> None:
    boss = team["周副总"]
    await enrolled(team, "周副总", role="owner", team_name="客服一组")
    await enrolled(team, "小赵", role="agent", team_name="客服二组")  # a team without anybody who decides
    await searched(team, "小赵", "太阳能板打折")
    await team.until("09:00", days=4)
    report = boss.hears("上次报告以来，有 1 种问法")
    await boss.presses("补 1", on=report)
    boss.hears("有人搜“太阳能板打折”，该怎么说？")
    await boss.types("优惠我先替您核实，今天之内回复您")
    boss.hears("情境：太阳能板打折")
    await boss.presses("直接收进团队话术")
    assert await texts(team, "小赵") == ["优惠我先替您核实，今天之内回复您"]
    assert await texts(team, "小李") == []
    assert "周副总 已经补了" in await boss.presses("补 1", on=report)


async def test_what_the_search_did_not_find_comes_back_as_a_gap_and_is_found_once_filled(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    unknown = next(words for words in ("量子纠缠", "恐龙化石", "勾股定理") if not team.norms.index.find(words, 1))
    await li.types(unknown)
    li.hears("没找到合适的话术")
    await team.until("09:00", days=4)
    report = chen.hears("上次报告以来，有 1 种问法没有合适的话术", f"1 {unknown}")
    await chen.presses("补 1", on=report)
    chen.hears(f"有人搜“{unknown}”")
    await chen.types("这个我先替您问清楚，今天之内回复您")
    chen.hears(f"情境：{unknown}")
    await chen.presses("直接收进团队话术")
    await li.types(unknown)
    li.hears("这个我先替您问清楚，今天之内回复您")


async def test_two_processes_report_once(team: Team) -> None:
    assert team.bot
    from bot.app import App

    await searched(team, "小李", "太阳能板打折")
    async with App.open(team.settings, team.clock, norms=team.norms) as other:
        monday = team.clock.now() + timedelta(days=5)
        made = await asyncio.gather(team.bot.reports.look(monday), other.reports.look(monday))
    assert sorted(made) == [False, True]
    await team.passes(days=5)
    team["陈主管"].hears("太阳能板打折")


async def test_a_report_that_fails_half_way_is_made_whole_the_next_time(team: Team) -> None:
    assert team.bot
    chen = team["陈主管"]
    await searched(team, "小李", "太阳能板打折")
    await searched(team, "小李", "您好", found=1, hits="no list")
    await team.until("09:00", days=4)
    chen.hears_nothing()
    async with team.bot.database.transaction() as tx:
        await tx.connection.execute("UPDATE searches SET hits = '[]'")
    await team.passes(minutes=1)
    chen.hears("太阳能板打折")


async def test_what_is_found_often_and_never_chosen_is_named(team: Team) -> None:
    chen = team["陈主管"]
    some = team.norms.index.phrases[0]
    for _time in range(3):
        await searched(team, "小李", "您好", found=1, hits=f'["{some.id}"]')
    await searched(team, "小李", "太阳能板打折")
    await team.until("09:00", days=4)
    chen.hears("常被搜到却没人用：", f"{some.situation}（3 次）")


async def test_after_an_outage_the_report_comes_once_and_says_it_is_late(team: Team) -> None:
    await searched(team, "小李", "太阳能板打折")
    await team.stops()
    await team.passes(days=18)
    await team.starts()
    team["陈主管"].hears("太阳能板打折", "机器人曾停机，这份报告晚了")
    await team.stops()
    await team.starts()


async def test_with_nobody_to_tell_the_report_waits(team: Team) -> None:
    for lead in ("陈主管", "周副总"):
        await team.playground.world.block(team[lead].id)
    await team.rest()
    await searched(team, "小李", "太阳能板打折")
    await team.until("12:00", days=4)
    await team.playground.world.unblock(team["陈主管"].id)
    await team["陈主管"].types("/my")
    team["陈主管"].hears("手头没有")
    await team.until("09:00", days=7)
    team["陈主管"].hears("太阳能板打折")
