"""The playground keeps Telegram's rules: asked by a real python-telegram-bot over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Application, CommandHandler, ContextTypes
from telegram.request import HTTPXRequest

from bot.playground.errors import PlaygroundError
from bot.playground.server import Playground
from bot.playground.world import GROUP_ID, World

LI, WANG, CHEN, ZHOU, ZHAO = 1001, 1002, 1003, 1004, 1005
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4) + b"\x08\x02\x00\x00\x00"


class MovedClock:
    def __init__(self) -> None:
        self.at = MONDAY
        self.due: datetime | None = None

    def now(self) -> datetime:
        return self.at

    async def advance(self, delta: timedelta) -> None:
        self.at += delta

    def next_due(self) -> datetime | None:
        return self.due


@asynccontextmanager
async def running(**settings: Any) -> AsyncIterator[Playground]:
    playground = Playground(webhook_pause=0.01, **settings)
    await playground.start()
    try:
        yield playground
    finally:
        await playground.stop()


def _plain_http() -> HTTPXRequest:
    """Without the certificates nobody needs on loopback: loading them takes longer than most tests."""
    return HTTPXRequest(connection_pool_size=8, httpx_kwargs={"verify": False, "trust_env": False})


@asynccontextmanager
async def talking(playground: Playground, token: str | None = None) -> AsyncIterator[Bot]:
    bot = Bot(
        token or playground.token,
        base_url=playground.base_url,
        base_file_url=playground.base_file_url,
        request=_plain_http(),
        get_updates_request=_plain_http(),
    )
    await bot.initialize()
    try:
        yield bot
    finally:
        await bot.shutdown()


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def playground(clock: MovedClock) -> AsyncIterator[Playground]:
    async with running(clock=clock) as started:
        yield started


@pytest.fixture
def world(playground: Playground) -> World:
    return playground.world


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[Bot]:
    async with talking(playground) as one:
        yield one


async def heard(bot: Bot, **wanted: Any) -> list[Update]:
    """What a bot hears now; everything heard is confirmed."""
    updates = list(await bot.get_updates(timeout=0, **wanted))
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return updates


@pytest.fixture
async def opened(bot: Bot, world: World) -> Bot:
    """小李 and 小王 have started the bot, and the bot has heard it."""
    await world.start(LI)
    await world.start(WANG)
    await heard(bot)
    return bot


@contextmanager
def refused(error: type[TelegramError], words: str) -> Iterator[None]:
    """Refused with Telegram's words; python-telegram-bot changes their capitals."""
    with pytest.raises(error) as told:
        yield
    assert words.lower() in told.value.message.lower()


def keyboard(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("按钮", **button)]])


# Who may call


async def test_a_wrong_token_is_unauthorized(playground: Playground) -> None:
    with pytest.raises(InvalidToken):
        async with talking(playground, token="123:wrong"):
            pass


async def test_an_unknown_method_is_not_found(playground: Playground) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{playground.url}/bot{playground.token}/sendTelepathy")
    assert answer.status_code == 404
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_call_may_come_as_query_form_or_json(playground: Playground, world: World) -> None:
    await world.start(LI)
    url = f"{playground.url}/bot{playground.token}/sendMessage"
    said = {"chat_id": LI, "text": "您好"}
    async with httpx.AsyncClient(trust_env=False) as client:
        answers = [
            await client.get(url, params=said),
            await client.post(url, data=said),
            await client.post(url, json=said),
            await client.post(url, data=said, files={"unused": ("空.txt", b"x")}),
        ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["您好"] * 4


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_a_page_elsewhere_cannot_reach_it(playground: Playground, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{playground.url}/chat/state", headers=headers)
    assert answer.status_code == 403


async def test_it_listens_on_loopback_only(playground: Playground) -> None:
    assert playground.url.startswith("http://127.0.0.1:")


async def test_the_bot_is_introduced(bot: Bot, world: World) -> None:
    me = await bot.get_me()
    assert (me.id, me.first_name, me.username) == (world.bot.id, "话术助手", "huashu_bot")
    assert me.supports_inline_queries


# Hearing


async def test_a_persons_words_arrive_with_who_where_and_when(opened: Bot, world: World) -> None:
    said = await world.say(LI, "客户要退款")
    (update,) = await heard(opened)
    assert update.message
    assert update.message.message_id == said
    assert update.message.text == "客户要退款"
    assert update.message.from_user and update.message.from_user.first_name == "小李"
    assert update.message.chat.type == "private"
    assert update.message.date == MONDAY


async def test_updates_return_until_an_offset_confirms_them(opened: Bot, world: World) -> None:
    await world.say(LI, "一")
    await world.say(LI, "二")
    first = await opened.get_updates(timeout=0)
    again = await opened.get_updates(timeout=0)
    assert [one.update_id for one in first] == [one.update_id for one in again]
    assert world.pending() == 2
    await opened.get_updates(offset=first[0].update_id + 1, timeout=0)
    assert world.pending() == 1


async def test_a_negative_offset_keeps_only_the_newest(opened: Bot, world: World) -> None:
    for word in ("一", "二", "三"):
        await world.say(LI, word)
    (update,) = await opened.get_updates(offset=-1, timeout=0)
    assert update.message and update.message.text == "三"
    assert world.pending() == 1


async def test_the_limit_bounds_one_answer(opened: Bot, world: World) -> None:
    for word in ("一", "二", "三"):
        await world.say(LI, word)
    assert len(await opened.get_updates(limit=2, timeout=0)) == 2


async def test_a_long_poll_answers_as_soon_as_somebody_speaks(opened: Bot, world: World) -> None:
    poll = asyncio.create_task(opened.get_updates(timeout=30))
    await until(lambda: world.queue.polled)
    await world.say(LI, "在吗")
    (update,) = await poll
    assert update.message and update.message.text == "在吗"


async def test_a_second_poller_ends_the_first_with_a_conflict(opened: Bot, playground: Playground) -> None:
    first = asyncio.create_task(opened.get_updates(timeout=30))
    await until(lambda: playground.world.queue.polled)
    async with talking(playground) as other:
        await other.get_updates(timeout=0)
        with refused(Conflict, "terminated by other getUpdates request"):
            await first


async def test_a_killed_poller_is_not_taken_for_a_listening_bot(playground: Playground, world: World) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        polling = client.get(f"{playground.url}/bot{playground.token}/getUpdates?timeout=30")
        poll = asyncio.create_task(polling)
        await until(lambda: world.queue.polled)
        poll.cancel()
        await until(lambda: not world.queue.polled)


async def test_a_command_can_be_handled_as_usual(playground: Playground, world: World) -> None:
    heard_parameters: list[list[str] | None] = []

    async def start(_: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        heard_parameters.append(context.args)

    application = (
        Application.builder()
        .token(playground.token)
        .base_url(playground.base_url)
        .base_file_url(playground.base_file_url)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        await world.start(LI, "invite_7")
        await until(lambda: heard_parameters == [["invite_7"]])
        assert world.online
        await application.updater.stop()
        await application.stop()


async def test_commands_mentions_addresses_and_tags_are_marked(opened: Bot, world: World) -> None:
    await world.say(LI, "😀 /say@huashu_bot 问 @xiaowang 见 https://t.me/x?a=1，#投诉 /说")
    (update,) = await heard(opened)
    assert update.message
    assert {kind.type: text for kind, text in update.message.parse_entities().items()} == {
        "bot_command": "/say@huashu_bot",
        "mention": "@xiaowang",
        "url": "https://t.me/x?a=1",
        "hashtag": "#投诉",
    }


async def test_a_command_glued_to_a_word_is_no_command(opened: Bot, world: World) -> None:
    await world.say(LI, "/say退款")
    (update,) = await heard(opened)
    assert update.message and not update.message.entities


async def test_edits_replies_and_forwards_are_heard(opened: Bot, world: World) -> None:
    first = await world.say(LI, "客户说很久没人管")
    await world.edit(LI, first, "客户说三天没人管")
    await world.say(LI, "就是这条", reply_to=first)
    await world.say(LI, "我要投诉", forward_from="王女士")
    await world.say(LI, "转给你", forward_from=WANG)
    _, edited, reply, hidden, known = await heard(opened)
    assert edited.edited_message and edited.edited_message.text == "客户说三天没人管"
    assert reply.message and reply.message.reply_to_message
    assert reply.message.reply_to_message.message_id == first
    assert hidden.message and hidden.message.forward_origin
    assert hidden.message.forward_origin.to_dict()["sender_user_name"] == "王女士"
    assert known.message and known.message.forward_origin
    assert known.message.forward_origin.to_dict()["sender_user"]["id"] == WANG


async def test_everything_in_the_team_group_is_heard_because_the_bot_is_its_admin(bot: Bot, world: World) -> None:
    await world.say(CHEN, "今天谁值班", chat=GROUP_ID)
    (update,) = await heard(bot)
    assert update.message and update.message.chat.title == "客服一组"
    member = await bot.get_chat_member(GROUP_ID, world.bot.id)
    assert member.status == "administrator"


async def test_a_long_text_arrives_in_parts_as_clients_send_it(opened: Bot, world: World) -> None:
    await world.say(LI, "长" * 4095 + "😀尾")
    updates = await heard(opened)
    assert [update.message.text for update in updates if update.message] == ["长" * 4095, "😀尾"]


async def test_a_visitor_is_not_in_the_group(world: World) -> None:
    with pytest.raises(PlaygroundError, match="不在这个群里"):
        await world.say(ZHAO, "你好", chat=GROUP_ID)


@pytest.mark.parametrize(("asked", "heard_of_it"), [([], 0), (["message", "message_reaction"], 1)])
async def test_reactions_are_heard_only_when_asked_for(
    opened: Bot, world: World, asked: list[str], heard_of_it: int
) -> None:
    await heard(opened, allowed_updates=asked)
    sent = await opened.send_message(LI, "收到请回应")
    await world.react(LI, sent.message_id, "👌")
    updates = await heard(opened)
    assert len(updates) == heard_of_it
    for update in updates:
        assert update.message_reaction
        assert [one.to_dict()["emoji"] for one in update.message_reaction.new_reaction] == ["👌"]
    assert world.message(LI, sent.message_id).reactions == {"👌": (LI,)}


async def test_the_kinds_allowed_are_remembered_by_later_polls(opened: Bot, world: World) -> None:
    await opened.get_updates(timeout=0, allowed_updates=["callback_query"])
    await world.say(LI, "没人听")
    assert world.pending() == 0


@pytest.mark.parametrize(
    ("minutes", "left"), [(2, 2), (3, 1), (24 * 60 - 1, 1), (24 * 60 + 1, 0)], ids=["2分", "3分", "近24时", "过24时"]
)
async def test_a_press_waits_150_seconds_and_a_message_a_day(
    opened: Bot, world: World, clock: MovedClock, minutes: int, left: int
) -> None:
    sent = await opened.send_message(LI, "请确认", reply_markup=keyboard(callback_data="ok"))
    await world.say(LI, "收到")
    await world.press(LI, sent.message_id, label="按钮")
    clock.at += timedelta(minutes=minutes)
    assert world.pending() == left


# Sending


async def test_a_text_is_sent_and_kept(opened: Bot, world: World) -> None:
    sent = await opened.send_message(LI, "您好，马上为您处理。")
    assert sent.date == MONDAY
    kept = world.messages(LI)[-1]
    assert (kept.id, kept.text, kept.sender) == (sent.message_id, "您好，马上为您处理。", world.bot.id)


@pytest.mark.parametrize("text", ["", "  ", "<b> </b>"])
async def test_an_empty_text_is_refused(opened: Bot, text: str) -> None:
    with refused(BadRequest, "empty"):
        await opened.send_message(LI, text, parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "fits"), [("字" * 4096, True), ("字" * 4097, False), ("😀" * 2048, True), ("😀" * 2048 + "字", False)]
)
async def test_a_text_may_have_4096_units_of_utf_16(opened: Bot, text: str, fits: bool) -> None:
    if fits:
        await opened.send_message(LI, text)
    else:
        with refused(BadRequest, "message is too long"):
            await opened.send_message(LI, text)


async def test_length_is_counted_after_entities_are_read(opened: Bot) -> None:
    await opened.send_message(LI, f"<b>{'字' * 4096}</b>", parse_mode="HTML")


async def test_a_caption_may_have_1024(opened: Bot) -> None:
    await opened.send_document(LI, b"x", filename="a.txt", caption="字" * 1024)
    with refused(BadRequest, "caption is too long"):
        await opened.send_document(LI, b"x", filename="a.txt", caption="字" * 1025)


@pytest.mark.parametrize(("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("字" * 21, True), ("字" * 22, False)])
async def test_callback_data_has_1_to_64_bytes(opened: Bot, data: str, fits: bool) -> None:
    if fits:
        await opened.send_message(LI, "选", reply_markup=keyboard(callback_data=data))
    else:
        with refused(BadRequest, "BUTTON_DATA_INVALID"):
            await opened.send_message(LI, "选", reply_markup=keyboard(callback_data=data))


@pytest.mark.parametrize(("length", "fits"), [(1, True), (256, True), (257, False)])
async def test_a_copy_button_has_1_to_256_characters(opened: Bot, length: int, fits: bool) -> None:
    markup = keyboard(copy_text=CopyTextButton("字" * length))
    if fits:
        await opened.send_message(LI, "抄", reply_markup=markup)
    else:
        with pytest.raises(BadRequest):
            await opened.send_message(LI, "抄", reply_markup=markup)


async def test_a_button_that_does_nothing_is_refused(opened: Bot) -> None:
    with refused(BadRequest, "Text buttons are unallowed"):
        await opened.send_message(LI, "选", reply_markup=keyboard())


@pytest.mark.parametrize(("url", "fits"), [("https://t.me/x", True), ("http://localhost:8000/x", False)])
async def test_a_button_leads_only_to_public_addresses(opened: Bot, url: str, fits: bool) -> None:
    if fits:
        await opened.send_message(LI, "看", reply_markup=keyboard(url=url))
    else:
        with refused(BadRequest, "Wrong HTTP URL"):
            await opened.send_message(LI, "看", reply_markup=keyboard(url=url))


async def test_a_reply_points_at_its_message(opened: Bot, world: World) -> None:
    asked = await world.say(LI, "怎么答")
    sent = await opened.send_message(LI, "这样答", reply_parameters=ReplyParameters(asked))
    assert sent.reply_to_message and sent.reply_to_message.message_id == asked
    assert world.messages(LI)[-1].reply_to == asked


async def test_a_reply_to_nothing_is_refused_unless_allowed(opened: Bot) -> None:
    with refused(BadRequest, "to be replied not found"):
        await opened.send_message(LI, "答", reply_parameters=ReplyParameters(999))
    await opened.send_message(LI, "答", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True))


async def test_a_reply_keyboard_is_kept_for_the_page(opened: Bot, world: World) -> None:
    sent = await opened.send_message(LI, "选", reply_markup=ReplyKeyboardMarkup([["话术", "投诉"]]))
    assert sent.reply_markup is None
    assert world.messages(LI)[-1].keyboard == [["话术", "投诉"]]


async def test_who_never_wrote_cannot_be_written_to(bot: Bot) -> None:
    with refused(Forbidden, "bot can't initiate conversation with a user"):
        await bot.send_message(LI, "您好")


async def test_who_blocked_the_bot_cannot_be_written_to_until_they_start_again(opened: Bot, world: World) -> None:
    await world.block(LI)
    with refused(Forbidden, "bot was blocked by the user"):
        await opened.send_message(LI, "您好")
    with pytest.raises(PlaygroundError):
        await world.say(LI, "在吗")
    await world.start(LI)
    await opened.send_message(LI, "您好")
    blocked, unblocked, started = await heard(opened)
    assert blocked.my_chat_member and blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member and unblocked.my_chat_member.new_chat_member.status == "member"
    assert started.message and started.message.text == "/start"


async def test_an_unknown_chat_is_not_found(opened: Bot) -> None:
    with refused(BadRequest, "chat not found"):
        await opened.send_message(424242, "您好")


async def test_a_bot_that_left_the_group_hears_and_says_nothing_there(opened: Bot, world: World) -> None:
    await opened.leave_chat(GROUP_ID)
    await world.say(LI, "它走了", chat=GROUP_ID)
    assert world.pending() == 0
    with refused(Forbidden, "bot was kicked"):
        await opened.send_message(GROUP_ID, "我还在")


# HTML


async def test_html_becomes_entities_counted_in_utf_16(opened: Bot, world: World) -> None:
    source = (
        "😀<b>粗<i>斜</i></b> <u>下</u> <s>删</s> <code>码</code> <a href='https://t.me/x'>链</a> "
        "<tg-spoiler>藏</tg-spoiler> &lt;&amp;&#20320;"
    )
    sent = await opened.send_message(LI, source, parse_mode="HTML")
    assert sent.text == "😀粗斜 下 删 码 链 藏 <&你"
    found = [(one.type, one.offset, one.length) for one in sent.entities]
    assert found == [
        ("bold", 2, 2),
        ("italic", 3, 1),
        ("underline", 5, 1),
        ("strikethrough", 7, 1),
        ("code", 9, 1),
        ("text_link", 11, 1),
        ("spoiler", 13, 1),
    ]
    assert sent.text_html == world.messages(LI)[-1].html.replace("<tg-spoiler>", '<span class="tg-spoiler">').replace(
        "</tg-spoiler>", "</span>"
    )


async def test_code_with_a_language_and_folding_quotes_are_read(opened: Bot, world: World) -> None:
    source = '<pre><code class="language-python">a &lt; b</code></pre>\n<blockquote expandable>长引文</blockquote>'
    sent = await opened.send_message(LI, source, parse_mode="HTML")
    assert [(one.type, one.language) for one in sent.entities] == [("pre", "python"), ("expandable_blockquote", None)]
    assert world.messages(LI)[-1].html == source


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<p>段</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("文<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>粗", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>粗</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("粗</b>", "Unexpected end tag at byte offset 3"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
    ],
)
async def test_html_telegram_does_not_know_is_refused(opened: Bot, source: str, complaint: str) -> None:
    with refused(BadRequest, "can't parse entities: " + complaint):
        await opened.send_message(LI, source, parse_mode="HTML")


async def test_markdown_is_refused(opened: Bot) -> None:
    with refused(BadRequest, "parse_mode"):
        await opened.send_message(LI, "*粗*", parse_mode="MarkdownV2")


async def test_blank_edges_are_cut_and_entities_with_them(opened: Bot) -> None:
    sent = await opened.send_message(LI, "\n <b> 粗 </b>\n", parse_mode="HTML")
    assert sent.text == "粗"
    assert [(one.offset, one.length) for one in sent.entities] == [(0, 1)]


# Editing and deleting


async def test_an_edit_changes_the_text_and_drops_the_buttons_not_given(opened: Bot, world: World) -> None:
    sent = await opened.send_message(LI, "待确认", reply_markup=keyboard(callback_data="ok"))
    await opened.edit_message_text("已确认", LI, sent.message_id)
    kept = world.message(LI, sent.message_id)
    assert (kept.text, kept.buttons) == ("已确认", [])
    assert kept.edited_at == MONDAY


async def test_an_edit_that_changes_nothing_is_refused(opened: Bot) -> None:
    sent = await opened.send_message(LI, "<b>同</b>", parse_mode="HTML", reply_markup=keyboard(callback_data="ok"))
    with refused(BadRequest, "message is not modified"):
        await opened.edit_message_text(
            "<b>同</b>", LI, sent.message_id, parse_mode="HTML", reply_markup=keyboard(callback_data="ok")
        )
    with refused(BadRequest, "message is not modified"):
        await opened.edit_message_reply_markup(LI, sent.message_id, reply_markup=keyboard(callback_data="ok"))


async def test_an_edit_of_a_missing_message_is_refused(opened: Bot) -> None:
    with refused(BadRequest, "message to edit not found"):
        await opened.edit_message_text("改", LI, 999)


async def test_the_bot_cannot_edit_what_a_person_wrote(opened: Bot, world: World) -> None:
    said = await world.say(LI, "原话")
    with refused(BadRequest, "can't be edited"):
        await opened.edit_message_text("改", LI, said)


async def test_captions_and_buttons_are_edited_on_their_own(opened: Bot, world: World) -> None:
    sent = await opened.send_document(LI, b"x", filename="a.txt", caption="旧")
    await opened.edit_message_caption(LI, sent.message_id, caption="新")
    await opened.edit_message_reply_markup(LI, sent.message_id, reply_markup=keyboard(callback_data="ok"))
    kept = world.message(LI, sent.message_id)
    assert (kept.text, kept.buttons[0][0].value) == ("新", "ok")
    with refused(BadRequest, "no text in the message"):
        await opened.edit_message_text("改", LI, sent.message_id)


async def test_messages_are_deleted_within_48_hours(opened: Bot, world: World, clock: MovedClock) -> None:
    old = await opened.send_message(LI, "一")
    clock.at += timedelta(hours=49)
    new = await world.say(LI, "二")
    await opened.delete_message(LI, new)
    with refused(BadRequest, "can't be deleted"):
        await opened.delete_message(LI, old.message_id)
    with refused(BadRequest, "to delete not found"):
        await opened.delete_message(LI, new)
    assert await opened.delete_messages(LI, [new, old.message_id])
    assert [one.text for one in world.messages(LI)] == ["/start", "一"]


async def test_the_bot_puts_one_reaction_and_only_a_known_one(opened: Bot, world: World) -> None:
    said = await world.say(LI, "收到")
    await opened.set_message_reaction(LI, said, "👍")
    assert world.message(LI, said).reactions == {"👍": (world.bot.id,)}
    with refused(BadRequest, "REACTION_INVALID"):
        await opened.set_message_reaction(LI, said, "✅")


# Buttons and inline queries


async def test_a_press_arrives_and_its_answer_returns(opened: Bot, world: World) -> None:
    sent = await opened.send_message(LI, "请确认", reply_markup=keyboard(callback_data="ok:1"))
    query = await world.press(LI, sent.message_id, "ok:1")
    (update,) = await heard(opened)
    assert update.callback_query and update.callback_query.data == "ok:1"
    assert update.callback_query.message and update.callback_query.message.message_id == sent.message_id
    await opened.answer_callback_query(update.callback_query.id, "已收到", show_alert=True)
    (answer,) = world.answers
    assert (answer.query, answer.person, answer.text, answer.alert) == (query, LI, "已收到", True)


async def test_a_button_that_is_gone_cannot_be_pressed(opened: Bot, world: World) -> None:
    sent = await opened.send_message(LI, "请确认", reply_markup=keyboard(callback_data="ok"))
    await opened.edit_message_reply_markup(LI, sent.message_id)
    with pytest.raises(PlaygroundError, match="按钮"):
        await world.press(LI, sent.message_id, "ok")


@pytest.mark.parametrize("story", ["twice", "unknown", "late"])
async def test_a_press_is_answered_once_within_150_seconds(
    opened: Bot, world: World, clock: MovedClock, story: str
) -> None:
    sent = await opened.send_message(LI, "请确认", reply_markup=keyboard(callback_data="ok"))
    query = await world.press(LI, sent.message_id, "ok")
    if story == "twice":
        await opened.answer_callback_query(query)
    if story == "unknown":
        query = "1"
    if story == "late":
        clock.at += timedelta(seconds=151)
    with refused(BadRequest, "query is too old and response timeout expired or query id is invalid"):
        await opened.answer_callback_query(query)


def article(identity: str, text: str = "非常抱歉，给您添麻烦了。", **more: Any) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(identity, "道歉", InputTextMessageContent(text, parse_mode="HTML"), **more)


async def asked(bot: Bot, world: World, question: str, answer: Callable[[str], Awaitable[object]]) -> Any:
    """小李 types a query; the bot hears it and answers by `answer(query_id)`."""
    typed = asyncio.create_task(world.inline(LI, question))
    await until(lambda: world.pending() == 1)
    (update,) = await heard(bot)
    assert update.inline_query and update.inline_query.query == question
    try:
        await answer(update.inline_query.id)
        return await typed
    finally:
        typed.cancel()


async def test_an_inline_query_is_answered_and_the_choice_is_heard(opened: Bot, world: World) -> None:
    button = InlineQueryResultsButton("更多", start_parameter="more")
    found = await asked(
        opened,
        world,
        "道歉",
        lambda query: opened.answer_inline_query(
            query, [article("a"), article("b", "<b>抱歉</b>")], cache_time=0, next_offset="2", button=button
        ),
    )
    assert [one.title for one in found.results] == ["道歉", "道歉"]
    assert (found.next_offset, found.button) == ("2", {"text": "更多", "start_parameter": "more"})
    sent = await world.choose(LI, found.query_id, "b", GROUP_ID)
    kept = world.message(GROUP_ID, sent)
    assert (kept.html, kept.via_bot, kept.sender) == ("<b>抱歉</b>", True, LI)
    chosen, message = await heard(opened)
    assert chosen.chosen_inline_result and chosen.chosen_inline_result.result_id == "b"
    assert message.message and message.message.via_bot


@pytest.mark.parametrize(
    ("results", "complaint"),
    [
        ([article(str(n)) for n in range(51)], "RESULTS_TOO_MUCH"),
        ([article("a"), article("a")], "RESULT_ID_DUPLICATE"),
        ([article("字" * 22)], "RESULT_ID_INVALID"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article("a", "<p>")], "can't parse entities"),
    ],
    ids=["51", "same id", "long id", "no id", "html"],
)
async def test_inline_results_are_at_most_50_with_ids_of_1_to_64_bytes(
    opened: Bot, world: World, results: list[InlineQueryResultArticle], complaint: str
) -> None:
    # python-telegram-bot pages long lists by itself; the raw call does not.
    raw = [one.to_dict() for one in results]
    with refused(BadRequest, f"{complaint}"):
        await asked(
            opened,
            world,
            "道歉",
            lambda query: opened._post("answerInlineQuery", {"inline_query_id": query, "results": raw}),
        )


async def test_an_inline_query_is_answered_within_30_seconds(opened: Bot, world: World, clock: MovedClock) -> None:
    async def late(query: str) -> None:
        clock.at += timedelta(seconds=31)
        await opened.answer_inline_query(query, [article("a")])

    with refused(BadRequest, "query is too old"):
        await asked(opened, world, "道歉", late)


async def test_an_inline_answer_is_kept_for_its_cache_time(opened: Bot, world: World, clock: MovedClock) -> None:
    await asked(opened, world, "道歉", lambda query: opened.answer_inline_query(query, [article("a")], cache_time=10))
    kept = await world.inline(LI, "道歉", seconds=0.1)
    assert [one.id for one in kept.results] == ["a"]
    clock.at += timedelta(seconds=11)
    assert (await world.inline(LI, "道歉", seconds=0.01)).late


async def test_a_button_on_an_inline_message_is_answered_by_its_inline_id(opened: Bot, world: World) -> None:
    offered = article("a", reply_markup=keyboard(callback_data="used"))
    found = await asked(opened, world, "道歉", lambda query: opened.answer_inline_query(query, [offered]))
    sent = await world.choose(LI, found.query_id, "a", GROUP_ID)
    await world.press(WANG, sent, "used", GROUP_ID)
    updates = await heard(opened)
    press = updates[-1].callback_query
    assert press and press.inline_message_id and not press.message
    assert await opened.edit_message_text("已采用", inline_message_id=press.inline_message_id)
    assert world.message(GROUP_ID, sent).text == "已采用"


# Files


async def test_files_travel_both_ways(opened: Bot, world: World) -> None:
    await world.send_file(LI, "document", "录音.txt", "通话记录".encode(), "请看 #证据")
    (update,) = await heard(opened)
    assert update.message and update.message.document
    assert (update.message.document.file_name, update.message.caption) == ("录音.txt", "请看 #证据")
    file = await opened.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()).decode() == "通话记录"
    again = await opened.send_document(WANG, update.message.document.file_id)
    assert again.document and again.document.file_size == len("通话记录".encode())


async def test_photos_must_be_pictures(opened: Bot, world: World) -> None:
    sent = await opened.send_photo(LI, PNG, caption="图")
    assert [(one.width, one.height) for one in sent.photo] == [(640, 480)]
    with refused(BadRequest, "IMAGE_PROCESS_FAILED"):
        await opened.send_photo(LI, b"<svg/>")
    kept = world.messages(LI)[-1]
    assert kept.file and (kept.file.kind, kept.text) == ("photo", "图")


async def test_voice_is_sent(opened: Bot) -> None:
    sent = await opened.send_voice(LI, b"OggS....")
    assert sent.voice and sent.voice.mime_type == "audio/ogg"


async def test_an_unknown_file_is_refused(opened: Bot) -> None:
    with refused(BadRequest, "wrong file identifier"):
        await opened.send_document(LI, "BQACnothing")
    with refused(BadRequest, "invalid file_id"):
        await opened.get_file("BQACnothing")


async def test_copies_hide_their_source_and_forwards_show_it(opened: Bot, world: World) -> None:
    said = await world.say(LI, "客户原话")
    copy = await opened.copy_message(WANG, LI, said)
    forward = await opened.forward_message(WANG, LI, said)
    assert world.message(WANG, copy.message_id).forwarded_from is None
    assert world.message(WANG, forward.message_id).forwarded_from == "小李"
    with refused(BadRequest, "to copy not found"):
        await opened.copy_message(WANG, LI, 999)


# Chats and menus


async def test_chats_and_members_are_described(opened: Bot) -> None:
    assert (await opened.get_chat(GROUP_ID)).title == "客服一组"
    assert (await opened.get_chat(LI)).username == "xiaoli"
    assert await opened.get_chat_member_count(GROUP_ID) == 5
    admins = await opened.get_chat_administrators(GROUP_ID)
    assert [one.user.first_name for one in admins] == ["话术助手", "陈主管", "周副总"]
    assert (await opened.get_chat_member(GROUP_ID, LI)).status == "member"
    assert (await opened.get_chat_member(GROUP_ID, ZHAO)).status == "left"


async def test_a_message_can_be_pinned(opened: Bot) -> None:
    sent = await opened.send_message(GROUP_ID, "今日看板")
    await opened.pin_chat_message(GROUP_ID, sent.message_id)
    pinned = (await opened.get_chat(GROUP_ID)).pinned_message
    assert pinned and pinned.message_id == sent.message_id
    await opened.unpin_chat_message(GROUP_ID)
    assert (await opened.get_chat(GROUP_ID)).pinned_message is None


async def test_the_narrowest_menu_is_shown(opened: Bot, world: World) -> None:
    def menu(name: str) -> list[BotCommand]:
        return [BotCommand(name, "说明")]

    def shown(person: int, chat: int) -> str:
        return world.commands(person, chat)[0]["command"]

    await opened.set_my_commands(menu("default"))
    assert shown(LI, LI) == "default"
    await opened.set_my_commands(menu("private"), BotCommandScopeAllPrivateChats())
    await opened.set_my_commands(menu("group"), BotCommandScopeAllGroupChats())
    assert (shown(LI, LI), shown(LI, GROUP_ID)) == ("private", "group")
    await opened.set_my_commands(menu("mine"), BotCommandScopeChat(LI))
    await opened.set_my_commands(menu("admins"), BotCommandScopeChatAdministrators(GROUP_ID))
    await opened.set_my_commands(menu("member"), BotCommandScopeChatMember(GROUP_ID, WANG))
    assert (shown(LI, LI), shown(WANG, WANG)) == ("mine", "private")
    assert (shown(LI, GROUP_ID), shown(WANG, GROUP_ID), shown(CHEN, GROUP_ID)) == ("group", "member", "admins")
    await opened.set_my_commands(menu("zhongwen"), BotCommandScopeChat(LI), language_code="zh")
    assert shown(LI, LI) == "zhongwen"
    assert (await opened.get_my_commands(BotCommandScopeChat(LI)))[0].command == "mine"
    await opened.delete_my_commands(BotCommandScopeChat(LI))
    await opened.delete_my_commands(BotCommandScopeChat(LI), language_code="zh")
    assert shown(LI, LI) == "private"


@pytest.mark.parametrize(
    ("name", "complaint"), [("投诉", "BOT_COMMAND_INVALID"), ("x" * 33, "BOT_COMMAND_INVALID"), ("A", "BOT_COMMAND")]
)
async def test_a_command_is_small_latin_letters(opened: Bot, name: str, complaint: str) -> None:
    with refused(BadRequest, f"{complaint}"):
        await opened.set_my_commands([(name, "说明")])


async def test_settings_of_the_bot_are_accepted(opened: Bot) -> None:
    assert await opened.set_my_name("话术")
    assert await opened.set_my_description("帮客服找话术")
    assert await opened.set_my_short_description("话术")
    assert await opened.set_chat_menu_button()
    assert await opened.send_chat_action(LI, "typing")


# Webhook


class Receiver:
    """A bot's webhook; `status` is what it answers next."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, Any], str | None]] = []
        self.statuses: list[int] = []
        self.answer: dict[str, Any] | None = None
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        update = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.got.append((update, headers.get("x-telegram-bot-api-secret-token")))
        status = self.statuses.pop(0) if self.statuses else 200
        body = json.dumps(self.answer).encode() if self.answer else b""
        kind = "Content-Type: application/json\r\n"
        writer.write(f"HTTP/1.1 {status} X\r\n{kind}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
        writer.write(body)
        await writer.drain()
        writer.close()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update, _ in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield one
    server.close()


async def test_a_webhook_is_called_with_its_secret(opened: Bot, world: World, receiver: Receiver) -> None:
    await opened.set_webhook(receiver.url, secret_token="secret-1")
    await world.say(LI, "您好")
    await until(lambda: world.pending() == 0)
    assert receiver.texts() == ["您好"]
    assert receiver.got[0][1] == "secret-1"
    assert world.online


async def test_a_webhook_hears_again_and_in_order_until_it_says_2xx(
    opened: Bot, world: World, receiver: Receiver
) -> None:
    receiver.statuses = [500, 502, 200]
    await opened.set_webhook(receiver.url)
    await world.say(LI, "一")
    await world.say(LI, "二")
    await until(lambda: world.pending() == 0)
    assert receiver.texts() == ["一", "一", "一", "二"]
    assert (await opened.get_webhook_info()).last_error_message == "Wrong response from the webhook: 502 X"


async def test_one_chat_in_trouble_does_not_hold_up_another(opened: Bot, world: World, receiver: Receiver) -> None:
    await world.say(LI, "一")
    await world.say(WANG, "二")
    await opened.set_webhook(receiver.url)
    await until(lambda: world.pending() == 0)
    assert sorted(receiver.texts()) == ["一", "二"]


async def test_a_webhook_may_answer_with_a_call(opened: Bot, world: World, receiver: Receiver) -> None:
    receiver.answer = {"method": "sendMessage", "chat_id": LI, "text": "收到"}
    await opened.set_webhook(receiver.url)
    await world.say(LI, "在吗")
    await until(lambda: world.messages(LI)[-1].text == "收到")


async def test_polling_and_a_webhook_exclude_each_other(opened: Bot, world: World, receiver: Receiver) -> None:
    poll = asyncio.create_task(opened.get_updates(timeout=30))
    await until(lambda: world.queue.polled)
    await opened.set_webhook(receiver.url)
    with refused(Conflict, "terminated by setWebhook request"):
        await poll
    with refused(Conflict, "webhook is active"):
        await opened.get_updates(timeout=0)
    await opened.delete_webhook()
    assert await opened.get_updates(timeout=0) == ()


async def test_pending_updates_can_be_dropped(opened: Bot, world: World) -> None:
    await world.say(LI, "旧事")
    assert (await opened.get_webhook_info()).pending_update_count == 1
    await opened.delete_webhook(drop_pending_updates=True)
    assert world.pending() == 0


async def test_a_webhook_elsewhere_must_be_https(opened: Bot) -> None:
    with refused(BadRequest, "HTTPS URL must be provided"):
        await opened.set_webhook("http://example.com/hook")


# Restarts


async def test_a_killed_playground_keeps_messages_and_updates(tmp_path: Path, clock: MovedClock) -> None:
    killed = Playground(home=tmp_path, clock=clock)
    await killed.world.start(LI)
    await killed.world.send_file(LI, "document", "a.txt", b"abc", "附件")
    async with running(home=tmp_path, clock=clock) as again, talking(again) as bot:
        assert again.token == killed.token
        assert again.world.messages(LI) == killed.world.messages(LI)
        _, update = await bot.get_updates(timeout=0)
        assert update.message and update.message.document
        assert await (await bot.get_file(update.message.document.file_id)).download_as_bytearray() == b"abc"
        await bot.send_message(LI, "还认得你")
        assert again.world.messages(LI)[-1].id == 3


async def test_a_press_before_a_restart_can_be_answered_after_it(tmp_path: Path, clock: MovedClock) -> None:
    async with running(home=tmp_path, clock=clock) as first, talking(first) as bot:
        await first.world.start(LI)
        sent = await bot.send_message(LI, "请确认", reply_markup=keyboard(callback_data="ok"))
        query = await first.world.press(LI, sent.message_id, "ok")
    async with running(home=tmp_path, clock=clock) as second, talking(second) as bot:
        assert await bot.answer_callback_query(query, "好")
        assert second.world.unread(LI, LI) == 1


# Misfortune on order


async def test_a_fault_strikes_once_and_the_call_is_not_carried_out(opened: Bot, world: World) -> None:
    world.fail_next("sendMessage", 429, "Too Many Requests: retry after 5", {"retry_after": 5})
    with pytest.raises(RetryAfter, match="Retry in 5 seconds"):
        await opened.send_message(LI, "您好")
    await opened.send_message(LI, "再来")
    assert [one.text for one in world.messages(LI)] == ["/start", "再来"]


async def test_a_fault_may_concern_one_chat(opened: Bot, world: World) -> None:
    world.fail_next("sendMessage", 500, "Internal Server Error", times=2, chat=WANG)
    await opened.send_message(LI, "您好")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await opened.send_message(WANG, "您好")
    await opened.send_message(WANG, "您好")


async def test_a_group_that_moved_tells_its_new_id(opened: Bot, world: World) -> None:
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    world.fail_next("sendMessage", 400, moved, {"migrate_to_chat_id": -1002})
    with pytest.raises(ChatMigrated) as told:
        await opened.send_message(GROUP_ID, "您好")
    assert told.value.new_chat_id == -1002


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_may_be_cut_before_or_after_the_call(opened: Bot, world: World, after: bool) -> None:
    world.fail_next("sendMessage", 0, after=after)
    with pytest.raises(NetworkError):
        await opened.send_message(LI, "到了吗")
    assert [one.text for one in world.messages(LI)][1:] == (["到了吗"] if after else [])
    assert world.ledger[-1].status == 0


async def test_the_ledger_holds_every_call_with_its_answer(opened: Bot, world: World) -> None:
    await opened.send_message(LI, "您好", reply_markup=keyboard(callback_data="ok"))
    with pytest.raises(BadRequest):
        await opened.send_message(424242, "您好")
    good, bad = list(world.ledger)[-2:]
    assert (good.method, good.status, good.at) == ("sendMessage", 200, MONDAY)
    assert good.params["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "ok"
    assert (bad.status, bad.answer) == (400, "Bad Request: chat not found")


async def until(true: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - a bystander has no event to wait for
            await asyncio.sleep(0.005)
