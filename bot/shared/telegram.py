"""The only caller of the Bot API. Its errors are translated here into what a caller can do about them; they are not
for people to read."""

import warnings
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputFile,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram import error as problems
from telegram.constants import ParseMode
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.errors import SettingsError
from bot.language.speech import _
from bot.shared.message import Button, Message

# It would rather have us use get_updates, which parses.
warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)
UPDATES = ["message", "edited_message", "callback_query", "inline_query", "chosen_inline_result",
           "message_reaction", "my_chat_member"]  # fmt: skip


class Uncertain(Exception):
    """Telegram did not answer. `may_have_arrived`: the request may have been carried out all the same."""

    def __init__(self, why: str, *, may_have_arrived: bool) -> None:
        super().__init__(why)
        self.may_have_arrived = may_have_arrived


class SlowDown(Exception):
    """Telegram asks to wait this long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


class Refused(Exception):
    """Telegram said no for good. `unreachable`: this chat can't be written to (blocked, never started, gone)."""

    def __init__(self, why: str, *, unreachable: bool) -> None:
        super().__init__(why)
        self.unreachable = unreachable


class Unchanged(Exception):
    """An edit to what the message already says."""


class Moved(Exception):
    """The group became a supergroup with a new number."""

    def __init__(self, chat: int) -> None:
        super().__init__(f"moved to {chat}")
        self.chat = chat


class Telegram:
    """A bot on a Bot API server; `api_url` is another server than Telegram's own."""

    def __init__(self, token: str, api_url: str | None = None) -> None:
        server = (api_url or "https://api.telegram.org").rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=HTTPXRequest(connection_pool_size=16, read_timeout=10, connect_timeout=10),
            get_updates_request=HTTPXRequest(connection_pool_size=1, read_timeout=40, connect_timeout=10),
        )
        self.username = ""

    async def open(self) -> None:
        """Say hello; learns the bot's user name. Raises SettingsError when the token is not known, Uncertain when offline."""
        await _translated(self._bot.initialize())
        self.username = self._bot.username

    async def close(self) -> None:
        await self._bot.shutdown()

    async def updates(self, offset: int | None, wait: int = 25) -> list[dict[str, Any]]:
        """Long poll: updates from `offset` on. Asking with an offset confirms everything below it."""
        # As Telegram wrote them: what is stored is complete, and no update can fail to parse before it is on disk.
        asked = {"timeout": wait, "allowed_updates": UPDATES} | ({} if offset is None else {"offset": offset})
        found: list[dict[str, Any]] = await _translated(
            self._bot.do_api_request("getUpdates", asked, read_timeout=wait + 10)
        )
        return found

    async def use_polling(self) -> None:
        await _translated(self._bot.delete_webhook(drop_pending_updates=False))

    async def use_webhook(self, url: str, secret: str) -> None:
        await _translated(
            self._bot.set_webhook(url, secret_token=secret, allowed_updates=UPDATES, drop_pending_updates=False)
        )

    async def send(self, chat: int, message: Message) -> int:
        """Send; the number of the new message."""
        sent = await _translated(
            self._bot.send_message(
                chat,
                message.text,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(message),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return int(sent.message_id)

    async def send_file(self, chat: int, name: str, data: bytes, caption: str = "") -> int:
        """Send a document; the number of its message."""
        document = InputFile(data, filename=name)
        sent = await _translated(self._bot.send_document(chat, document, caption=caption or None))
        return int(sent.message_id)

    async def download(self, file: str) -> bytes:
        """What somebody sent, by its file_id; Telegram gives out no more than 20 MB."""
        found = await _translated(self._bot.get_file(file))
        return bytes(await _translated(found.download_as_bytearray()))

    async def edit(self, chat: int, number: int, message: Message) -> int:
        """Change a message in place."""
        await _translated(
            self._bot.edit_message_text(
                message.text,
                chat,
                number,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(message),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return number

    async def answer_press(self, query: str, text: str = "", *, alert: bool = False) -> None:
        """Let the button stop spinning, with a short word if there is one (200 characters)."""
        await _translated(self._bot.answer_callback_query(query, text[:200] or None, show_alert=alert))

    async def answer_inline(
        self, query: str, results: Sequence[tuple[str, str, str] | tuple[str, str, str, str]], *, start: str | None
    ) -> None:
        """Answer an inline search with (id, title, text) rows; a fourth is shown below the title instead of the text.
        `start` names a button that opens the private chat."""
        articles = [
            InlineQueryResultArticle(id, title, InputTextMessageContent(text), description=(*about, text)[0][:120])
            for id, title, text, *about in results
        ]
        button = InlineQueryResultsButton(start, start_parameter="inline") if start else None
        await _translated(self._bot.answer_inline_query(query, articles, cache_time=0, is_personal=True, button=button))

    async def leave(self, chat: int) -> None:
        """Leave a group."""
        await _translated(self._bot.leave_chat(chat))

    async def set_menu(self, commands: Sequence[tuple[str, str]], chat: int | None = None) -> None:
        """The command menu of one private chat, or of all groups."""
        scope: BotCommandScope = BotCommandScopeChat(chat) if chat else BotCommandScopeAllGroupChats()
        await _translated(self._bot.set_my_commands([BotCommand(*command) for command in commands], scope=scope))


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.text,
        callback_data=button.data,
        url=button.url,
        copy_text=CopyTextButton(button.copy) if button.copy else None,
        switch_inline_query_current_chat=button.here,
    )


async def _translated(call: Any) -> Any:
    """Await a Bot API call; its errors come out as ours."""
    try:
        return await call
    except problems.RetryAfter as problem:
        wait = problem.retry_after
        raise SlowDown(wait if isinstance(wait, timedelta) else timedelta(seconds=wait)) from None
    except problems.ChatMigrated as problem:
        raise Moved(problem.new_chat_id) from None
    except problems.Forbidden as problem:
        raise Refused(problem.message, unreachable=True) from None
    except problems.InvalidToken:
        raise SettingsError(_("Telegram 不认识这个 BOT_TOKEN，请核对后再启动。")) from None
    except problems.Conflict as problem:
        raise Uncertain(problem.message, may_have_arrived=False) from None
    except problems.BadRequest as problem:
        if "not modified" in problem.message:
            raise Unchanged(problem.message) from None
        raise Refused(problem.message, unreachable="chat not found" in problem.message.lower()) from None
    except problems.TimedOut as problem:
        raise Uncertain(problem.message, may_have_arrived=True) from None
    except problems.TelegramError as problem:  # NetworkError and whatever a proxy answers
        raise Uncertain(problem.message, may_have_arrived="ConnectError" not in problem.message) from None
