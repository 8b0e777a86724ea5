"""The desk the tests sit at: its clock, its bot with a few fixed answers, and a person's seat on the page."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Locator, Page, expect
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    ReactionTypeEmoji,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.playground.people import CAST, Person
from bot.playground.server import Playground

WORDING = "张先生，实在抱歉让您久等了。我现在就为您核实进度，15:30 前一定给您回复。"
ANOTHER = "让您等了这么久，是我们没有做好。15:30 前我给您准信。"
XIAO_LI, XIAO_WANG, CHEN, ZHOU, XIAO_ZHAO = CAST
THURSDAY_AFTERNOON = datetime(2026, 6, 11, 7, 24, tzinfo=UTC)  # 15:24 in Shanghai


class DeskClock:
    """Stands still until moved; then what falls due on the way is done."""

    def __init__(self) -> None:
        self._now = THURSDAY_AFTERNOON
        self._due: list[tuple[datetime, Callable[[], Awaitable[Any]]]] = []

    def now(self) -> datetime:
        return self._now

    def next_due(self) -> datetime | None:
        return min((at for at, _ in self._due), default=None)

    def at(self, moment: datetime, do: Callable[[], Awaitable[Any]]) -> None:
        self._due.append((moment, do))

    async def advance(self, delta: timedelta) -> None:
        end = self._now + delta
        for at, do in sorted(self._due, key=lambda one: one[0]):
            if at <= end:
                self._due.remove((at, do))
                self._now = max(self._now, at)
                await do()
        self._now = end


Context = ContextTypes.DEFAULT_TYPE


def keys(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


class DeskBot:
    """A few fixed answers, enough to show everything a message can be on the page."""

    def __init__(
        self, app: Application[Any, Any, Any, Any, Any, Any], playground: Playground, clock: DeskClock
    ) -> None:
        self.api = app.bot
        self._playground = playground
        self._clock = clock
        app.add_handlers(
            [
                CommandHandler("complaint", self.complaint),
                CommandHandler("start", self.start),
                CommandHandler("help", self.help),
                CallbackQueryHandler(self.pressed),
                InlineQueryHandler(self.inline),
                MessageHandler(filters.PHOTO | filters.Document.ALL, self.file),
                MessageHandler(filters.TEXT & filters.ChatType.PRIVATE & ~filters.UpdateType.EDITED, self.words),
            ]
        )

    async def meets(self, *people: Person) -> None:
        """Without a first /start from them, a bot may not write to people."""
        for person in people:
            await self._playground.world.start(person.id)

    async def start(self, update: Update, context: Context) -> None:
        if context.args:
            await _message(update).reply_text(f"口令 {context.args[0]}")

    async def help(self, update: Update, _: Context) -> None:
        await _message(update).reply_text("能做的事都在菜单里。")

    async def words(self, update: Update, _: Context) -> None:
        message = _message(update)
        if "等了" not in (message.text or ""):
            await message.reply_text(f"听到：{message.text}")
            return
        button = InlineKeyboardButton
        await message.reply_html(
            f"<b>让客户久等</b> · 先致歉，再给时间\n<pre>{WORDING}</pre>\n不要说：<s>急什么</s>",
            reply_markup=keys(
                [
                    button("复制", copy_text=CopyTextButton(WORDING)),
                    button("换一句", callback_data="another"),
                    button("记为承诺 15:30", callback_data="promise"),
                ],
                [
                    button("再找", switch_inline_query_current_chat="久等"),
                    button("邀请", url=f"https://t.me/{self.api.username}?start=inv-7"),
                ],
            ),
        )

    async def complaint(self, update: Update, _: Context) -> None:
        await _message(update).reply_html(
            "<b>请核对后登记</b>\n客户  张先生 13800138000\n答复  <b>明天 15:00（周五）</b>",
            reply_markup=keys(
                [InlineKeyboardButton(one, callback_data=one) for one in ("登记", "改时间", "改内容")],
            ),
        )

    async def pressed(self, update: Update, _: Context) -> None:
        query = update.callback_query
        assert query
        assert query.message
        match query.data:
            case "another":
                await query.edit_message_text(ANOTHER)
                await query.answer()
            case "promise":
                await query.answer("已记为承诺 15:30")
            case "登记":
                due = self._clock.now() + timedelta(minutes=30)
                self._clock.at(due, self.remind)
                self._clock.at(due + timedelta(minutes=20), self.escalate)
                await query.edit_message_text("🟢 #0611-07 电梯故障 · 张先生")
                await query.answer("已登记")
            case _:
                await query.answer("小李正在处理，15:40 前不能改派。", show_alert=True)

    async def remind(self) -> None:
        await self.api.send_message(XIAO_LI.id, "🟡 还剩 30 分钟：#0611-07")

    async def escalate(self) -> None:
        await self.api.send_message(CHEN.id, "🔴 超时 20 分钟未答复：#0611-07")

    async def inline(self, update: Update, _: Context) -> None:
        query = update.inline_query
        assert query
        first = int(query.offset or 0)
        results = [
            InlineQueryResultArticle(
                str(n),
                f"久等 第{n}句",
                InputTextMessageContent(f"第{n}句：实在抱歉让您久等了。"),
                description=f"第{n}句",
            )
            for n in range(first + 1, first + 11)
        ]
        await query.answer(results, cache_time=0, is_personal=True, next_offset=str(first + 10) if first < 20 else "")

    async def file(self, update: Update, _: Context) -> None:
        message = _message(update)
        kind = "图片" if message.photo else f"文件 {message.document and message.document.file_name}"
        await message.reply_text(f"收到{kind}，说明：{message.caption or '无'}", do_quote=True)
        await message.set_reaction(ReactionTypeEmoji("👌"))


def _message(update: Update) -> Message:
    assert update.effective_message
    return update.effective_message


class Seat:
    """One person's column on the page: what they do and what they see."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.column = page.locator(f'section.column[aria-label="{name}"]')
        self.field = self.column.get_by_role("combobox", name="消息")
        self.log = self.column.get_by_role("log")

    async def types(self, text: str) -> None:
        await self.field.click()
        await self.field.press_sequentially(text)

    async def says(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def sees(self, text: str) -> None:
        await expect(self.log).to_contain_text(text)

    async def presses(self, key: str) -> None:
        await self.key(key).click()

    async def opens(self, chat: str) -> None:
        await self.tab(chat).click()

    def key(self, text: str) -> Locator:
        return self.log.locator(".key").filter(has_text=text).last

    def tab(self, chat: str) -> Locator:
        return self.column.get_by_role("tab", name=chat)

    def message(self, text: str) -> Locator:
        return self.log.locator(".message").filter(has_text=text).last

    def toast(self, text: str) -> Locator:
        return self.column.locator(".toast").filter(has_text=text)
