"""What Telegram sends, as the rooms hear it; what can't be read is not heard and disturbs nobody."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.inbox.heard import FILES, Heard, Sender, chat_of, command, hear

LI = {"id": 1001, "is_bot": False, "first_name": "小李", "language_code": "zh-hans"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "小李"}
GROUP = {"id": -1001, "type": "supergroup", "title": "客服一组"}
BOT = {"id": 7, "is_bot": True, "first_name": "话术助手"}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 0, "from": LI, "chat": chat, **content}


def heard(**update: Any) -> Heard:
    found = hear({"update_id": 9, **update})
    assert found
    assert found.update_id == 9
    return found


# Messages


def test_a_text() -> None:
    assert heard(message=message(text=" 客户等了很久\u0000 ")) == Heard(
        update_id=9, kind="text", chat=1001, private=True, sender=Sender(id=1001, name="小李", language="zh-hans"),
        text="客户等了很久", message=5,
    )  # fmt: skip


def test_a_text_in_a_group_in_reply_to_another() -> None:
    said = heard(
        message=message(GROUP, text="检查", reply_to_message=message(GROUP, text="这个我不知道") | {"message_id": 4})
    )
    assert (said.chat, said.private, said.reply_to, said.reply_text) == (-1001, False, 4, "这个我不知道")


def test_an_edit_a_forward_and_a_caption() -> None:
    assert heard(edited_message=message(text="改了")).kind == "edited"
    assert heard(message=message(text="/my", forward_origin={"type": "hidden_user"})).forwarded
    captioned = heard(message=message(caption="客户等了很久", photo=[]))
    assert (captioned.kind, captioned.text) == ("text", "客户等了很久")


@pytest.mark.parametrize("kind", FILES)
def test_a_file_without_words(kind: str) -> None:
    assert heard(message=message(**{kind: {}})).kind == "file"


@pytest.mark.parametrize(
    "update",
    [
        {"message": message(new_chat_title="客服二组")},
        {"message": message(text="")},
        {"message": message(text="你好") | {"from": BOT}},
        {"message": {"message_id": 5, "date": 0, "chat": GROUP, "text": "频道的话"}},
        {"channel_post": message(text="频道的话")},
        {"poll": {}},
        {},
    ],
)
def test_what_nobody_listens_to(update: dict[str, Any]) -> None:
    assert hear({"update_id": 9, **update}) is None
    assert chat_of({"update_id": 9, **update}) == 0


def test_what_a_person_sends_through_a_bot_is_theirs() -> None:
    assert heard(message=message(text="抱歉让您久等", via_bot=BOT)).sender.id == 1001


def test_a_name_is_one_line_of_moderate_length() -> None:
    named = heard(message=message(text="你好") | {"from": {"id": 1, "first_name": "李" * 99, "last_name": "\u0007四"}})
    assert named.sender == Sender(id=1, name="李" * 64)


# Buttons, searches, reactions, groups


def test_a_press() -> None:
    pressed = heard(callback_query={"id": "77", "from": LI, "message": message(), "data": "p.done:12:1"})
    assert (pressed.kind, pressed.text, pressed.args, pressed.number) == ("press", "p.done", ("12", "1"), 12)
    assert (pressed.query, pressed.message, pressed.chat, pressed.private) == ("77", 5, 1001, True)


def test_a_press_under_a_message_that_is_gone() -> None:
    pressed = heard(callback_query={"id": "77", "from": LI, "data": "p.done:12:1"})
    assert (pressed.chat, pressed.private, pressed.message) == (1001, True, 0)


@pytest.mark.parametrize(
    ("argument", "number"),
    [("12", 12), ("-3", -3), ("", 0), ("x", 0), ("１２", 0), ("²", 0), ("9" * 18, int("9" * 18)), ("9" * 19, 0), ("1.5", 0)],
)  # fmt: skip
def test_an_argument_as_a_number(argument: str, number: int) -> None:
    assert heard(callback_query={"id": "1", "from": LI, "data": f"p.done:{argument}"}).number == number


def test_a_press_without_arguments_has_number_nought() -> None:
    pressed = heard(callback_query={"id": "1", "from": LI, "data": "p.done"})
    assert (pressed.number, pressed.int_arg(7)) == (0, 0)


def test_an_inline_search_belongs_to_whoever_searches() -> None:
    search = heard(inline_query={"id": "8", "from": LI, "query": " 道歉", "offset": ""})
    assert (search.kind, search.chat, search.text, search.query) == ("inline", 1001, "道歉", "8")


def test_a_reaction() -> None:
    nod = {"chat": PRIVATE, "message_id": 5, "user": LI, "date": 0, "old_reaction": [],
           "new_reaction": [{"type": "emoji", "emoji": "👌"}, {"type": "custom_emoji", "custom_emoji_id": "1"}]}  # fmt: skip
    assert heard(message_reaction=nod).emojis == ("👌", "")
    anonymous = {**nod, "actor_chat": GROUP}
    del anonymous["user"]
    assert hear({"update_id": 9, "message_reaction": anonymous}) is None


@pytest.mark.parametrize(("status", "joined"), [("member", True), ("administrator", True), ("left", False), ("kicked", False)])  # fmt: skip
def test_the_bot_is_taken_into_a_group_or_put_out(status: str, joined: bool) -> None:
    change = heard(
        my_chat_member={"chat": GROUP, "from": LI, "date": 0, "new_chat_member": {"status": status, "user": BOT}}
    )
    assert (change.kind, change.joined) == ("membership", joined)


# Commands

WORDS = {"话术": "say", "投诉": "complaint", "检查": "check", "我的": "my"}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("/say 催单", ("say", "催单")),
        ("/say@huashu_bot 催单", ("say", "催单")),
        ("/say@Huashu_Bot 催单", ("say", "催单")),
        ("/SAY 催单", ("say", "催单")),
        ("/say\n催单", ("say", "催单")),
        ("/say\n\n  催单\n还有", ("say", "催单\n还有")),
        ("/say   催单  很久", ("say", "催单  很久")),
        ("/say", ("say", "")),
        ("/say ", ("say", "")),
        ("/say@huashu_bot", ("say", "")),
        ("/投诉 张先生 电梯坏了", ("complaint", "张先生 电梯坏了")),
        ("/投訴 張先生 電梯壞了", ("complaint", "張先生 電梯壞了")),
        ("话术 催单", ("say", "催单")),
        ("話術 催單", ("say", "催單")),
        ("话术\u3000催单", ("say", "催单")),
        ("投诉\n张先生 电梯坏了", ("complaint", "张先生 电梯坏了")),
        ("投诉：张先生 电梯坏了", ("complaint", "张先生 电梯坏了")),
        ("投诉: 张先生 电梯坏了", ("complaint", "张先生 电梯坏了")),
        ("我的", ("my", "")),
        ("/frobnicate now", ("frobnicate", "now")),
        ("/", ("", "")),
        ("/say@other_bot 催单", None),
        ("话术本在哪里", None),
        ("投诉了三次", None),
        ("客户要投诉 电梯", None),
        ("客户等了很久", None),
        ("1/2 的客户", None),
        ("", None),
        ("\n", None),
    ],
)
def test_a_command_and_what_follows_it(text: str, called: tuple[str, str] | None) -> None:
    assert command(text, "huashu_bot", WORDS) == called


# Whatever comes

often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = some.sampled_from((
    "update_id", "message", "edited_message", "callback_query", "inline_query", "message_reaction", "my_chat_member", "from",
    "chat", "id", "type", "text", "caption", "photo", "data", "query", "user", "new_reaction", "emoji", "new_chat_member",
    "status", "message_id", "reply_to_message", "forward_origin", "first_name", "language_code", "title", "is_bot",
))  # fmt: skip
ATOMS = (
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8)
    | some.sampled_from(("private", "supergroup", "member", "👌", "p.done:1:1", "/say 催单"))
)  # fmt: skip
ANYTHING = some.recursive(
    ATOMS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(NAMES | some.text(max_size=4), inner, max_size=8),
)
SOUND = [
    {"message": message(text="你好", reply_to_message=message(text="早"))},
    {"edited_message": message(GROUP, caption="你好", photo=[])},
    {"callback_query": {"id": "77", "from": LI, "message": message(), "data": "p.done:12:1"}},
    {"inline_query": {"id": "8", "from": LI, "query": "道歉", "offset": ""}},
    {"message_reaction": {"chat": PRIVATE, "message_id": 5, "user": LI, "new_reaction": [{"emoji": "👌"}]}},
    {"my_chat_member": {"chat": GROUP, "from": LI, "new_chat_member": {"status": "member"}}},
]


def is_sound(found: Heard) -> None:
    """Nothing in it that a room or the database would stumble over."""
    for number in (found.update_id, found.chat, found.sender.id, found.message, found.reply_to or 0):
        assert type(number) is int
        assert -(2**63) <= number < 2**63
    for word in (found.text, found.reply_text, found.query, found.sender.name, found.sender.language):
        assert isinstance(word, str)
    assert all(isinstance(word, str) for word in (*found.args, *found.emojis))
    command(found.text, "huashu_bot", WORDS)


@often
@given(ANYTHING)
def test_any_json_is_heard_or_not_and_never_raises(update: Any) -> None:
    found = hear(update)
    if found:
        is_sound(found)
    assert type(chat_of(update)) is int


@some.composite
def damaged(draw: some.DrawFn) -> Any:
    """A sound update with one place, anywhere in it, replaced or taken out."""
    update = json.loads(json.dumps({"update_id": 9, **draw(some.sampled_from(SOUND))}))
    place = update
    while True:
        key = draw(some.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or draw(some.booleans()):
            break
        place = place[key]
    if draw(some.booleans()):
        del place[key]
    else:
        place[key] = draw(ANYTHING)
    return update


@often
@given(damaged())
def test_a_damaged_update_is_heard_or_not_and_never_raises(update: Any) -> None:
    found = hear(update)
    if found:
        is_sound(found)
    assert type(chat_of(update)) is int


@often
@given(some.text(max_size=40), some.text(max_size=10))
def test_any_text_is_a_command_or_not_and_never_raises(text: str, username: str) -> None:
    called = command(text, username, WORDS)
    if called and not text.startswith("/"):
        assert called[0] in WORDS.values()
    if called:
        assert called[1] in text
