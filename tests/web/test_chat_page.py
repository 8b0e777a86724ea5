"""The chat page: one newcomer plays four people against the bot, in a real browser."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect
from telegram.constants import ChatAction

from bot.playground.server import Playground
from tests.web.desk import ANOTHER, CHEN, WORDING, XIAO_LI, DeskBot, Seat

pytestmark = pytest.mark.asyncio(loop_scope="session")

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


async def test_four_people_side_by_side(page: Page, li: Seat) -> None:
    for name, title in [("小李", "客服"), ("小王", "客服"), ("陈主管", "客服主管"), ("周副总", "主管副总经理")]:
        column = page.get_by_role("region", name=name)
        await expect(column).to_be_visible()
        await expect(column).to_contain_text(title)
    await expect(page.get_by_role("region", name="小赵")).to_have_count(0)
    await expect(li.tab("话术助手")).to_have_attribute("aria-selected", "true")
    await expect(li.tab("客服一组")).to_be_visible()


async def test_alt_and_a_number_sit_down_at_a_persons_keyboard(page: Page, li: Seat, chen: Seat) -> None:
    await page.keyboard.press("Alt+3")
    await expect(chen.field).to_be_focused()
    await page.keyboard.press("Alt+1")
    await expect(li.field).to_be_focused()


async def test_a_person_types_and_the_bot_answers(li: Seat) -> None:
    await li.types("你好")
    await li.field.press("Shift+Enter")
    await li.field.press_sequentially("第二行")
    await li.field.press("Enter")
    await li.sees("听到：你好\n第二行")
    await expect(li.field).to_have_value("")
    await expect(li.log.get_by_role("separator")).to_have_text("6月11日（周四）")
    await expect(li.message("听到").locator("time")).to_have_text("15:24")


async def test_enter_that_ends_an_ime_word_does_not_send(page: Page, li: Seat) -> None:
    await li.field.click()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5})
    await li.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    await keyboard.send("Input.insertText", {"text": "你好"})
    await expect(li.field).to_have_value("你好")
    await expect(li.log.locator(".message")).to_have_count(0)
    await li.field.press("Enter")
    await li.sees("听到：你好")


async def test_wording_stands_in_a_block_that_one_tap_copies(page: Page, li: Seat) -> None:
    await li.says("客户等了很久")
    block = li.log.locator(".pre")
    await expect(block.locator("pre")).to_have_text(WORDING)
    await expect(li.log.locator("strong")).to_have_text("让客户久等")
    await expect(li.log.locator("s")).to_have_text("急什么")
    await block.click()
    await expect(li.toast("已复制")).to_be_visible()
    await expect(block).to_contain_text("已复制")
    assert await page.evaluate("navigator.clipboard.readText()") == WORDING


async def test_code_on_a_line_of_its_own_is_a_block_too(page: Page, bot: DeskBot, li: Seat) -> None:
    await bot.meets(XIAO_LI)
    await bot.api.send_message(
        XIAO_LI.id,
        f"<b>① 让客户久等</b>\n<code>{WORDING}</code>\n不要说：急什么，见 <code>#0611-07</code>",
        parse_mode="HTML",
    )
    block = li.log.locator(".pre")
    await expect(block.locator("pre")).to_have_text(WORDING)
    await expect(li.log.locator("code")).to_have_text("#0611-07")
    await block.click()
    assert await page.evaluate("navigator.clipboard.readText()") == WORDING


async def test_a_double_click_does_not_press_what_took_the_buttons_place(li: Seat) -> None:
    await li.says("/complaint 张先生")
    await li.key("改时间").dblclick()
    await li.column.get_by_role("button", name="知道了").click()
    await expect(li.column.get_by_role("alertdialog")).to_have_count(0)


async def test_the_bots_greetings_are_no_news(page: Page, bot: DeskBot, li: Seat, chen: Seat) -> None:
    await bot.meets(CHEN)
    await bot.api.send_message(CHEN.id, "陈主管，已加入。")
    await expect(chen.tab("话术助手").locator(".badge")).to_have_text("1")
    await page.reload()
    await chen.sees("已加入")
    await expect(chen.tab("话术助手").locator(".badge")).to_have_count(0)


async def test_every_entity_is_drawn(bot: DeskBot, li: Seat) -> None:
    await bot.meets(XIAO_LI)
    await bot.api.send_message(
        XIAO_LI.id,
        '<b>粗<i>斜</i></b> <u>划</u> <code>#0611-07</code> <tg-spoiler>13800138000</tg-spoiler> <a href="https://example.org/">链接</a>'
        "<blockquote>读自“下午3点前”</blockquote>",
        parse_mode="HTML",
    )
    await expect(li.log.locator("strong em")).to_have_text("斜")
    await expect(li.log.locator("u")).to_have_text("划")
    await expect(li.log.locator("blockquote")).to_contain_text("下午3点前")
    await expect(li.log.get_by_role("link", name="链接")).to_have_attribute("href", "https://example.org/")
    await li.log.locator("code").click()
    await expect(li.toast("已复制")).to_be_visible()
    await li.log.locator(".spoiler").click()
    await expect(li.log.locator(".spoiler")).to_have_class("spoiler shown")


async def test_a_button_changes_the_message_in_place(li: Seat) -> None:
    await li.says("客户等了很久")
    await li.presses("换一句")
    message = li.message(ANOTHER)
    await expect(message).to_contain_text("已编辑")
    await expect(message.locator(".key")).to_have_count(0)
    await expect(li.log.locator(".message")).to_have_count(2)


async def test_a_button_answers_with_a_toast_or_an_alert(page: Page, li: Seat) -> None:
    await li.says("客户等了很久")
    await li.presses("记为承诺")
    await expect(li.toast("已记为承诺 15:30")).to_be_visible()
    await expect(li.key("记为承诺")).not_to_have_attribute("aria-busy", "true")
    await li.says("/complaint 张先生")
    await li.presses("改时间")
    await expect(page.get_by_role("alertdialog")).to_contain_text("15:40 前不能改派")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alertdialog")).to_have_count(0)


async def test_a_button_copies_opens_the_inline_list_or_follows_an_invitation(page: Page, li: Seat) -> None:
    await li.says("客户等了很久")
    await li.log.get_by_role("button", name="复制", exact=True).click()
    await expect(li.toast("已复制")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == WORDING
    await li.presses("再找")
    await expect(li.field).to_have_value("@huashu_bot 久等")
    await expect(li.column.get_by_role("option").first).to_contain_text("久等 第1句")
    await li.field.press("Escape")
    await li.presses("邀请")
    await li.sees("口令 inv-7")


async def test_at_sign_finds_wording_in_any_chat(li: Seat, wang: Seat) -> None:
    await li.opens("客服一组")
    await li.types("@h")
    await li.field.press("Tab")
    await expect(li.field).to_have_value("@huashu_bot ")
    await li.field.press_sequentially("久等")
    results = li.column.get_by_role("option")
    await expect(results).to_have_count(10)
    await expect(results.first).to_contain_text("久等 第1句")
    await li.column.get_by_role("listbox").evaluate("(list) => list.scrollTo(0, list.scrollHeight)")
    await expect(results).to_have_count(20)
    await li.field.press("ArrowDown")
    await expect(results.nth(1)).to_have_attribute("aria-selected", "true")
    await li.field.press("Enter")
    await li.sees("第2句：实在抱歉让您久等了。")
    await wang.opens("客服一组")
    await wang.sees("通过 @huashu_bot")


async def test_slash_opens_the_commands(li: Seat) -> None:
    await li.types("/")
    options = li.column.get_by_role("option")
    await expect(options).to_have_count(3)
    await expect(options.first).to_contain_text("登记投诉")
    await li.field.press_sequentially("c")
    await expect(options).to_have_count(2)
    await li.field.press("ArrowDown")
    await li.field.press("ArrowUp")
    await li.field.press("Tab")
    await expect(li.field).to_have_value("/complaint ")
    await li.field.fill("")
    await li.column.get_by_role("button", name="命令菜单").click()
    await options.filter(has_text="帮助").click()
    await li.sees("能做的事都在菜单里。")


async def test_replying_quotes_the_message(page: Page, li: Seat) -> None:
    await li.says("三栋电梯坏了")
    message = li.message("听到：三栋")
    await message.hover()
    await message.get_by_role("button", name="回复").click()
    await expect(li.column.locator(".context")).to_contain_text("回复 话术助手")
    await li.says("收到")
    await expect(li.log.locator(".mine .quoted-strip")).to_contain_text("听到：三栋电梯坏了")
    await li.field.press("Control+ArrowUp")  # by keyboard: the newest message
    await expect(li.column.locator(".context")).to_be_visible()
    await li.field.press("Escape")
    await expect(li.column.locator(".context")).to_be_hidden()


async def test_a_reaction_is_given_and_taken_back(li: Seat) -> None:
    await li.says("电梯")
    await li.message("听到").click(button="right", position={"x": 20, "y": 20})
    await li.page.get_by_role("menuitem", name="回应 🫡").click()
    chip = li.message("听到").locator(".reaction")
    await expect(chip).to_have_text("🫡")
    await chip.click()
    await expect(chip).to_have_count(0)


async def test_up_arrow_edits_the_last_message(li: Seat) -> None:
    await li.says("下午3点钱答复")
    await li.sees("听到：下午3点钱答复")
    await li.field.press("ArrowUp")
    await expect(li.field).to_have_value("下午3点钱答复")
    await li.says("下午3点前答复")
    await expect(li.log.locator(".mine")).to_contain_text("下午3点前答复")
    await expect(li.log.locator(".mine")).to_contain_text("已编辑")


async def test_a_message_is_forwarded_to_the_group(li: Seat, chen: Seat) -> None:
    await li.says("客户等了很久")
    await li.sees(WORDING)
    await li.message(WORDING).click(button="right", position={"x": 20, "y": 10})
    await li.page.get_by_role("menuitem", name="转发到客服一组").click()
    await expect(li.tab("客服一组")).to_have_attribute("aria-selected", "true")
    await chen.opens("客服一组")
    await chen.sees("转发自 话术助手")


async def test_a_photo_and_a_file(page: Page, li: Seat, tmp_path: Path) -> None:
    photo, sheet = tmp_path / "漏水.png", tmp_path / "维修单.xlsx"
    photo.write_bytes(PIXEL)
    sheet.write_bytes(b"PK" * 700)
    async with page.expect_file_chooser() as chooser:
        await li.column.get_by_role("button", name="添加图片或文件").click()
    await (await chooser.value).set_files(photo)
    await expect(li.column.locator(".shelf")).to_contain_text("漏水.png")
    await li.says("现场照片")
    await li.sees("收到图片，说明：现场照片")
    picture = li.log.locator(".photo img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(image) => image.complete && image.naturalWidth") == 1
    await expect(li.log.locator(".mine .reaction")).to_have_text("👌")

    await li.column.locator("input[type=file]").set_input_files(sheet)
    await li.field.press("Enter")
    await li.sees("收到文件 维修单.xlsx")
    await expect(li.log.locator(".file")).to_contain_text("1 KB")


async def test_files_can_be_dropped_or_pasted(page: Page, li: Seat) -> None:
    files = await page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File(['内容'], '记录.txt', {type: 'text/plain'})); return data; }"
    )
    await li.column.dispatch_event("dragover", {"dataTransfer": files})
    await expect(li.column.locator(".drop")).to_be_visible()
    await li.column.dispatch_event("drop", {"dataTransfer": files})
    await expect(li.column.locator(".drop")).to_be_hidden()
    await li.field.dispatch_event("paste", {"clipboardData": files})
    await expect(li.column.locator(".shelved").first).to_contain_text("记录.txt")
    await li.column.get_by_role("button", name="发送").click()
    await li.sees("收到文件 记录.txt")


async def test_unread_marks_stay_until_the_person_looks(page: Page, bot: DeskBot, li: Seat, chen: Seat) -> None:
    await bot.meets(CHEN)
    await li.field.click()
    await bot.api.send_message(CHEN.id, "🔴 超时 20 分钟未答复")
    await expect(chen.tab("话术助手").locator(".badge")).to_have_text("1")
    await expect(page).to_have_title("（1）话术 · 试用")
    await chen.field.click()
    await expect(chen.tab("话术助手").locator(".badge")).to_have_count(0)
    await li.opens("客服一组")
    await li.says("大家好")
    await expect(chen.tab("客服一组").locator(".badge")).to_have_text("1")
    await chen.opens("客服一组")
    await chen.sees("大家好")
    await expect(chen.tab("客服一组").locator(".badge")).to_have_count(0)


async def test_typing_is_shown(bot: DeskBot, li: Seat) -> None:
    await bot.meets(XIAO_LI)
    await bot.api.send_chat_action(XIAO_LI.id, ChatAction.TYPING)
    await expect(li.column).to_contain_text("正在输入…")
    await bot.api.send_message(XIAO_LI.id, "好了")
    await expect(li.column).not_to_contain_text("正在输入…")


async def test_reading_further_up_is_not_disturbed(bot: DeskBot, li: Seat) -> None:
    await bot.meets(XIAO_LI)
    for n in range(24):
        await bot.api.send_message(XIAO_LI.id, f"第{n}条\n内容\n内容")
    await li.sees("第23条")
    await expect(li.message("第23条")).to_be_in_viewport()
    await li.log.hover()
    await li.page.mouse.wheel(0, -2000)
    await expect(li.message("第23条")).not_to_be_in_viewport()
    await bot.api.send_message(XIAO_LI.id, "新来的")
    pill = li.column.get_by_role("button", name="新消息")
    await expect(pill).to_be_visible()
    await expect(li.message("新来的")).not_to_be_in_viewport()
    await pill.click()
    await expect(li.message("新来的")).to_be_in_viewport()
    await expect(pill).to_be_hidden()


async def test_time_is_moved_to_the_next_reminder(page: Page, bot: DeskBot, li: Seat, chen: Seat) -> None:
    await bot.meets(CHEN)
    await expect(page.get_by_role("group", name="时间")).to_contain_text("机器人的时间：6月11日（周四）15:24")
    onward = page.locator("#time-next")
    await expect(onward).to_be_disabled()
    await expect(onward).to_have_attribute("title", "现在没有等着的提醒：先登记一件投诉或记一个承诺")
    await page.get_by_role("button", name="+10 分钟").click()
    await expect(page.locator("#bot-time")).to_have_text("6月11日（周四）15:34")
    await li.says("/complaint 张先生")
    await li.presses("登记")
    await expect(onward).to_have_text("到下一个提醒（16:04）")
    await onward.click()
    await li.sees("还剩 30 分钟")
    await expect(onward).to_have_text("到下一个提醒（16:24）")
    await onward.click()
    await chen.sees("超时 20 分钟未答复")
    await expect(onward).to_be_disabled()
    await page.get_by_role("button", name="到明早").click()
    await expect(page.locator("#bot-time")).to_contain_text("6月12日（周五）")


async def test_the_welcome_offers_three_things_to_try(page: Page, li: Seat) -> None:
    welcome = page.get_by_role("region", name="欢迎")
    await expect(welcome).to_be_visible()
    await welcome.get_by_role("button", name="问一句话术").click()
    await expect(li.log.locator(".mine")).to_contain_text("客户等了很久")
    await li.sees(WORDING)
    await welcome.get_by_role("button", name="登记一件投诉").click()
    await expect(li.log.locator(".mine").last).to_contain_text("3栋电梯又坏了，答应明天下午3点前答复")
    await expect(li.key("登记")).to_have_class("key pointed")
    await page.reload()
    await expect(li.column).to_be_visible()
    await expect(welcome).to_be_hidden()


async def test_the_tour_walks_through_an_escalation(page: Page, bot: DeskBot, li: Seat, chen: Seat) -> None:
    await bot.meets(CHEN)
    await page.get_by_role("button", name="看它超时后怎么升级").click()
    tour = page.get_by_role("region", name="带看")
    await expect(tour).to_contain_text("先登记一件投诉")
    await tour.get_by_role("button", name="替小李写一件").click()
    await li.presses("登记")
    await tour.get_by_role("button", name="到下一个提醒（15:54）").click()
    await expect(tour).to_contain_text("15:54 看 小李")
    await expect(li.column).to_have_class("column told")
    await tour.get_by_role("button", name="到下一个提醒（16:14）").click()
    await expect(tour).to_contain_text("16:14 看 陈主管")
    await expect(chen.column).to_have_class("column told")
    await tour.get_by_role("button", name="结束", exact=True).click()
    await expect(tour).to_be_hidden()


async def test_a_guest_comes_by_chip_or_by_invitation(page: Page, playground: Playground) -> None:
    guest = Seat(page, "小赵")
    await page.get_by_role("button", name="＋ 访客").click()
    await expect(guest.field).to_be_focused()
    await expect(guest.tab("客服一组")).to_have_count(0)
    await page.get_by_role("button", name="－ 访客").click()
    await expect(guest.column).to_have_count(0)
    await page.goto(f"{playground.url}/?start=inv-9")
    await guest.sees("口令 inv-9")


async def test_names_and_texts_stay_text(page: Page, bot: DeskBot, li: Seat) -> None:
    attack = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
    await li.says(attack)
    await li.sees(f"听到：{attack}")
    await bot.api.send_message(XIAO_LI.id, attack)
    await bot.api.send_message(XIAO_LI.id, "点我", entities=[])
    await expect(li.log.locator("img, script")).to_have_count(0)
    assert await page.evaluate("window.broken") is None


async def test_dark_is_followed_and_remembered(page: Page) -> None:
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.emulate_media(color_scheme="dark")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.get_by_role("button", name="切换浅色").click()
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "light")


async def test_the_page_works_without_storage(browser: Browser, playground: Playground, bot: DeskBot) -> None:
    page = await browser.new_page(color_scheme="light", viewport={"width": 1440, "height": 900})
    await page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    await page.goto(playground.url)
    li = Seat(page, "小李")
    await page.get_by_role("button", name="切换深色").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await li.says("你好")
    await li.sees("听到：你好")
    await page.close()


@pytest.mark.parametrize("width", [390, 320])
async def test_a_phone_has_tabs_and_nothing_overflows(
    browser: Browser, playground: Playground, bot: DeskBot, width: int
) -> None:
    await bot.meets(CHEN)
    phone = await browser.new_context(viewport={"width": width, "height": 640}, has_touch=True)
    page = await phone.new_page()
    await page.goto(playground.url)
    li, chen = Seat(page, "小李"), Seat(page, "陈主管")
    await expect(li.column).to_be_visible()
    await expect(chen.column).to_be_hidden()
    await li.says("客户等了很久")
    await li.sees(WORDING)
    await bot.api.send_message(CHEN.id, "🔴 超时")
    tab = page.get_by_role("tablist", name="扮演谁").get_by_role("tab", name="陈主管")
    await expect(tab.locator(".badge")).to_have_text("1")
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    await expect(li.column.locator(".scroll")).to_have_js_property("scrollLeft", 0)
    assert await li.column.locator(".scroll").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    await tab.tap()
    await expect(li.column).to_be_hidden()
    await chen.sees("超时")
    await expect(tab.locator(".badge")).to_have_count(0)
    await phone.close()


async def test_a_bot_or_server_that_is_away_is_said_and_found_again(browser: Browser, tmp_path: Path) -> None:
    def chat(port: int) -> Playground:
        return Playground(home=tmp_path, port=port)

    first = chat(0)
    await first.start()
    page = await browser.new_page()
    await page.goto(first.url)
    li = Seat(page, "小李")
    strip = page.locator("#offline")
    await expect(strip).to_have_text("机器人正在重启，消息已收下，起来后会处理。")
    await expect(page.get_by_role("group", name="时间")).to_be_hidden()  # no clock was given to move
    await li.says("在吗")
    await li.sees("在吗")
    await first.stop()
    await expect(strip).to_have_text("连接断开，正在重连…")
    await li.says("还在吗")
    await expect(li.toast("没有连上服务器")).to_be_visible()
    await expect(li.field).to_have_value("还在吗")
    second = chat(urlsplit(first.url).port or 0)
    await second.start()
    await expect(strip).to_have_text("机器人正在重启，消息已收下，起来后会处理。")
    await li.field.press("Enter")
    await expect(li.log.locator(".mine")).to_have_count(2)
    await page.close()
    await second.stop()
