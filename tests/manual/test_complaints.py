"""Logging a complaint: one line, an echo, one press."""

from tests.team import Team

LINE = "/complaint 张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复"


async def test_one_line_is_echoed_and_logged_with_one_press(team: Team) -> None:
    li = team["小李"]
    await li.types(LINE)
    card = li.hears(
        "请核对后登记", "客户  张先生 13800138000", "地点  3栋", "3栋电梯又坏了",
        "答复  明天 15:00（周五，还剩 1 天 5 小时）", "读自“明天下午3点前”",
    )  # fmt: skip
    assert await li.presses("登记") == "已登记 #0611-01"
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    li.sees(card, "🟢 #0611-01 张先生 3栋电梯又坏了", "明天 15:00（周五", "责任人 小李")
    assert li.buttons(card) == ["已答复", "记进展", "延期", "转部门", "上报主管", "为什么"]


async def test_the_chinese_word_works_like_the_command(team: Team) -> None:
    li = team["小李"]
    await li.types("投诉 李女士 空调漏水 今天下班前答复")
    li.hears("李女士", "空调漏水", "今天 18:00")


async def test_without_a_time_the_bot_asks_and_never_logs(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 李女士 1801室 空调漏水")
    card = li.hears("还缺答复时间，内容已存为草稿", "空调漏水")
    assert li.buttons(card) == ["30 分钟", "今天下班前", "明天上午", "明天下班前", "自选", "取消"]
    await li.presses("明天上午")
    li.sees(card, "请核对后登记", "明天 12:00（周五")
    await li.presses("登记")
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    li.sees(card, "🟢 #0611-01")


async def test_a_vague_time_is_asked_back(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 李女士 空调漏水，答应尽快答复")
    card = li.hears("还缺答复时间", "尽快")
    await li.types("今天下午四点")
    li.hears("请核对后登记", "今天 16:00")
    await li.presses("取消")
    assert "登记" not in li.buttons(card)


async def test_ready_times_that_are_over_are_not_offered(team: Team) -> None:
    li = team["小李"]
    await team.until("19:30")
    await li.types("/complaint 李女士 空调漏水")
    card = li.hears("还缺答复时间")
    assert "今天下班前" not in li.buttons(card)


async def test_the_time_and_the_words_can_be_corrected_first(team: Team) -> None:
    li = team["小李"]
    await li.types(LINE)
    card = li.hears("请核对后登记")
    await li.presses("改时间")
    li.sees(card, "改答复时间", "答复  明天 15:00", "什么时候答复客户？")
    await li.types("后天上午十点")
    card = li.hears("请核对后登记", "6月13日（周六）10:00")
    await li.presses("改内容")
    li.sees(card, "请重写整条", "3栋电梯又坏了")
    await li.types("张先生 13800138000 3栋2号电梯困人，答应今天下午5点前答复")
    li.hears("3栋2号电梯困人", "今天 17:00")


async def test_editing_the_message_edits_the_draft(team: Team) -> None:
    li = team["小李"]
    number = await li.types(LINE)
    li.hears("3栋电梯又坏了")
    await li.edits(number, LINE.replace("3栋", "5栋"))
    li.hears("5栋电梯又坏了", "请核对后登记")
    await li.presses("登记")
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    await li.edits(number, LINE)
    li.hears("改原消息不影响已登记的 #0611-01")


async def test_two_presses_log_one_complaint(team: Team) -> None:
    li = team["小李"]
    await li.types(LINE)
    card = li.hears("请核对后登记")
    await li.presses("登记")
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    world = team.playground.world
    await world.say(li.id, LINE)
    await team.rest()
    second = li.hears("请核对后登记")
    first = await world.press(li.id, second.id, label="登记")
    again = await world.press(li.id, second.id, label="登记")
    await team.rest()
    told = {answer.query: answer.text for answer in world.answers}
    assert told[first] == "已登记 #0611-02"
    team["陈主管"].hears("⚪ 新投诉：#0611-02")
    assert told[again] == "已经登记为 #0611-02，不用再点。"
    li.sees(card, "#0611-01")


async def test_a_customer_who_complains_again_is_recognised_by_telephone(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await li.types("/complaint 张先生 13800138000 电梯坏了，答应今天下午3点前答复")
    li.hears("请核对后登记")
    await li.presses("登记")
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    await wang.types("/complaint 张先生 138-0013-8000 电梯还是没修，答应今天下午5点前答复")
    wang.hears("🟡 该客户 30 天内第 2 次")


async def test_a_group_is_no_place_for_customers_data(team: Team) -> None:
    li = team["小李"]
    await team["陈主管"].types("/start", in_group=True)
    await li.types(LINE, in_group=True)
    said = [m.text for m in team.playground.world.messages(-1001) if m.sender > 7_000_000]
    assert said[-1] == "这个命令请到私聊里用：/complaint"
    assert not any("13800138000" in text for text in said)


async def test_what_is_not_a_time_is_said_back(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 李女士 空调漏水")
    li.hears("还缺答复时间，内容已存为草稿")
    await li.types("那就看师傅安排")
    li.hears("还缺答复时间，内容已存为草稿", "没看懂时间“那就看师傅安排”")
    await li.types("昨天")
    li.hears("“昨天”已经过去了")


async def test_a_correction_typed_under_the_card_changes_it(team: Team) -> None:
    li = team["小李"]
    await li.types(LINE)
    first = li.hears("请核对后登记", "明天 15:00")
    await li.types("不对，是后天10点")
    second = li.hears("请核对后登记", "6月13日（周六）10:00")
    li.sees(first, "已更新，请看下面最新的一条")
    assert not li.buttons(first)  # a press on it would register what it does not show
    await li.types("客户等了很久")
    li.hears("让客户久等")
    await li.presses("登记", on=second)
    team["陈主管"].hears("⚪ 新投诉：#0611-01")
    li.sees(second, "#0611-01", "6月13日")


async def test_rewording_without_a_time_keeps_the_corrected_one(team: Team) -> None:
    li = team["小李"]
    await li.types(LINE)
    li.hears("请核对后登记")
    await li.presses("改内容")
    await li.types("张先生 13800138000 5栋电梯坏了")
    li.hears("请核对后登记", "5栋电梯坏了", "明天 15:00")


async def test_a_time_that_belongs_to_the_story_stays_in_it(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint 1208房李先生 说楼上装修太吵，灯也坏了 20分钟内答复")
    li.hears("李先生", "1208房", "楼上装修太吵，灯也坏了", "今天 10:20")
