"""The methods of the Bot API, one function each; METHODS at the end is the table of what is served."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.playground.errors import ApiError, bad_request, conflict, forbidden
from bot.playground.files import image_size
from bot.playground.markup import units
from bot.playground.message import FILE_KINDS, File, FileKind, Message
from bot.playground.parameters import UPLOAD_LIMIT, Parameters, Upload
from bot.playground.views import Chat, Json
from bot.playground.wording import caption, checked_keyboard, keyboard, message_text
from bot.playground.world import InlineAnswer, InlineResult, World, copied

Method = Callable[[World, Parameters], Any | Awaitable[Any]]

DELETABLE = timedelta(hours=48)
DOWNLOAD_LIMIT = 20 * 1024 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
# The only emoji Telegram takes as a reaction; ✅ is famously not among them.
REACTIONS = {
    *"👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
    "❤️\u200d🔥",
    "👨\u200d💻",
    "🤷\u200d♂️",
    "🤷\u200d♀️",
}


# The bot itself


def get_me(world: World, _: Parameters) -> Json:
    return world.views.user(world.bot.id) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


def accept(_world: World, _given: Parameters) -> bool:
    return True


def set_my_commands(world: World, given: Parameters) -> bool:
    commands = given.data("commands", list) or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(one.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(str(one.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    menu = [{"command": one["command"].removeprefix("/"), "description": one["description"]} for one in commands]
    world.menus.set(_scope(world, given), given.text("language_code"), menu)
    world.show_commands()
    return True


def get_my_commands(world: World, given: Parameters) -> list[dict[str, str]]:
    return world.menus.get(_scope(world, given), given.text("language_code"))


def delete_my_commands(world: World, given: Parameters) -> bool:
    world.menus.delete(_scope(world, given), given.text("language_code"))
    world.show_commands()
    return True


def _scope(world: World, given: Parameters) -> Json:
    scope: Json = given.data("scope", dict) or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise bad_request("unsupported scope type specified")
    if "chat_id" in scope:
        chat = Parameters(scope).chat()
        if not world.knows(chat):
            raise bad_request("chat not found")
        scope = {**scope, "chat_id": chat}
    return scope


SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


# Updates


async def get_updates(world: World, given: Parameters) -> list[Json]:
    if world.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    if "allowed_updates" in given:
        world.queue.allow(given.data("allowed_updates", list))
    if given.number("offset"):
        world.queue.confirm(given.number("offset"))
    world.save()
    limit = min(max(given.number("limit", 100), 1), 100)
    world.heard()
    updates = await world.queue.poll(limit=limit, seconds=min(max(given.number("timeout"), 0), 50))
    world.heard()
    return [one.as_json() for one in updates]


def set_webhook(world: World, given: Parameters) -> bool:
    url = given.text("url")
    if not url:
        return delete_webhook(world, given)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = given.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in given:
        world.queue.allow(given.data("allowed_updates", list))
    _drop_pending(world, given)
    world.queue.interrupt(conflict("terminated by setWebhook request"))
    world.set_webhook({"url": url, "secret": secret, "max_connections": given.number("max_connections", 40)})
    return True


def delete_webhook(world: World, given: Parameters) -> bool:
    _drop_pending(world, given)
    world.set_webhook({})
    return True


def _drop_pending(world: World, given: Parameters) -> None:
    if given.flag("drop_pending_updates"):
        world.queue.clear()


def get_webhook_info(world: World, _: Parameters) -> Json:
    hook = world.webhook
    info: Json = {"url": hook.get("url", ""), "has_custom_certificate": False, "pending_update_count": world.pending()}
    if hook:
        info["max_connections"] = hook["max_connections"]
    if world.queue.allowed:
        info["allowed_updates"] = world.queue.allowed
    return info | {name: hook[name] for name in ("last_error_date", "last_error_message") if name in hook}


# Sending


def send_message(world: World, given: Parameters) -> Json:
    text, entities = message_text(world, given)
    chat = world.reach(given.chat())
    return _sent(world, given, chat, text=text, entities=entities)


def send_file(kind: FileKind) -> Method:
    def send(world: World, given: Parameters) -> Json:
        text, entities = caption(world, given)
        chat = world.reach(given.chat())
        return _sent(world, given, chat, file=_file(world, given, kind), text=text, entities=entities)

    return send


def copy_message(world: World, given: Parameters) -> Json:
    chat = world.reach(given.chat())
    source = _source(world, given, "message to copy not found")
    content = copied(source)
    if "caption" in given and source.file:
        content["text"], content["entities"] = caption(world, given)
    return {"message_id": _sent(world, given, chat, **content)["message_id"]}


def forward_message(world: World, given: Parameters) -> Json:
    chat = world.reach(given.chat())
    source = _source(world, given, "message to forward not found")
    return world.views.message(world.post(world.bot.id, chat.id, **world.forwarded(source)))


def _sent(world: World, given: Parameters, chat: Chat, **content: Any) -> Json:
    markup, reply_to = keyboard(given), _reply_to(world, given, chat)
    return world.views.message(world.post(world.bot.id, chat.id, markup=markup, reply_to=reply_to, **content))


def _reply_to(world: World, given: Parameters, chat: Chat) -> int | None:
    reply = given.data("reply_parameters", dict) or {}
    wanted = int(reply.get("message_id") or given.number("reply_to_message_id"))
    if not wanted or world.find(chat.id, wanted):
        return wanted or None
    if reply.get("allow_sending_without_reply") or given.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _source(world: World, given: Parameters, missing: str) -> Message:
    origin = given.chat("from_chat_id")
    if not world.knows(origin):
        raise bad_request("chat not found")
    message = world.find(origin, given.number("message_id"))
    if not message:
        raise bad_request(missing)
    return message


def _file(world: World, given: Parameters, kind: FileKind) -> File:
    value = given.text(kind)
    upload = given.files.get(value.removeprefix("attach://") if value else kind)
    if upload:
        return _uploaded(world, kind, upload)
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = world.file(value)
    if not known:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known[0].kind != kind:
        raise bad_request("type of file mismatch")
    return known[0]


def _uploaded(world: World, kind: FileKind, upload: Upload) -> File:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and not image_size(upload.data):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return world.keep_file(kind, upload.name, upload.data)


def get_file(world: World, given: Parameters) -> Json:
    known = world.file(given.text("file_id"))
    if not known:
        raise bad_request("invalid file_id")
    if known[0].size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return world.views.file(known[0]) | {"file_path": known[0].path}


# Changing what was sent


def edit_text(world: World, given: Parameters) -> Json | bool:
    text, entities = message_text(world, given)
    message = _editable(world, given)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, given, message, text=text, entities=entities, edited_at=world.now())


def edit_caption(world: World, given: Parameters) -> Json | bool:
    text, entities = caption(world, given)
    message = _editable(world, given)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _edited(world, given, message, text=text, entities=entities, edited_at=world.now())


def edit_markup(world: World, given: Parameters) -> Json | bool:
    return _edited(world, given, _editable(world, given))


def _edited(world: World, given: Parameters, message: Message, **content: Any) -> Json | bool:
    content["markup"] = keyboard(given, inline_only=True)
    same = {name: value for name, value in content.items() if name != "edited_at"}
    if all(getattr(message, name) == value for name, value in same.items()):
        raise bad_request(NOT_MODIFIED)
    changed = world.change(message, **content)
    return True if "inline_message_id" in given else world.views.message(changed)


def _editable(world: World, given: Parameters) -> Message:
    if "inline_message_id" in given:
        message = world.by_inline_id(given.text("inline_message_id"))
        if not message:
            raise bad_request("MESSAGE_ID_INVALID")
        return message
    message = _target(world, given, "message to edit not found")
    if message.sender != world.bot.id or message.forwarded_from:
        raise bad_request("message can't be edited")
    return message


def _target(world: World, given: Parameters, missing: str) -> Message:
    chat = world.reach(given.chat())
    message = world.find(chat.id, given.number("message_id"))
    if not message:
        raise bad_request(missing)
    return message


def delete_message(world: World, given: Parameters) -> bool:
    message = _target(world, given, "message to delete not found")
    if world.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    world.delete(message)
    return True


def delete_messages(world: World, given: Parameters) -> bool:
    chat = world.reach(given.chat())
    for identity in given.data("message_ids", list) or []:
        message = world.find(chat.id, int(identity))
        if message and world.now() - message.date <= DELETABLE:
            world.delete(message)
    return True


def set_reaction(world: World, given: Parameters) -> bool:
    message = _target(world, given, "message to react not found")
    wanted = given.data("reaction", list) or []
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = [one.get("emoji") for one in wanted]  # custom emoji, which have none, are for paying bots
    if not REACTIONS.issuperset(emoji):
        raise bad_request("REACTION_INVALID")
    world.set_reaction(message, world.bot.id, emoji[0] if emoji else None)
    return True


# Answering


def answer_press(world: World, given: Parameters) -> bool:
    text = given.text("text")
    if units(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answer_press(
        given.text("callback_query_id"), text, alert=given.flag("show_alert"), url=given.text("url") or None
    )
    return True


def answer_inline(world: World, given: Parameters) -> bool:
    results = [_result(world, one) for one in given.data("results", list) or []]
    ids = [one.id for one in results]
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    if not all(1 <= len(one.encode()) <= 64 for one in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    next_offset = given.text("next_offset")
    if len(next_offset.encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    answer = InlineAnswer(
        query_id=given.text("inline_query_id"),
        results=tuple(results),
        next_offset=next_offset,
        button=_inline_button(given),
    )
    keep = timedelta(seconds=given.number("cache_time", 300) if "cache_time" in given else 300)
    world.answer_inline(answer, keep=keep, personal=given.flag("is_personal"))
    return True


def _inline_button(given: Parameters) -> Json | None:
    button: Json | None = given.data("button", dict)
    if button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(button.get("start_parameter", "x"))):
        raise bad_request("START_PARAM_INVALID")
    return button


def _result(world: World, fields: Json) -> InlineResult:
    """An article, or a file the bot has sent before; Telegram knows more kinds than anything here offers."""
    content = fields.get("input_message_content")
    kind = str(fields.get("type", ""))
    if kind == "article" and not fields.get("title"):
        raise bad_request('can\'t parse inline query result: Field "title" must be of type String')
    if content:
        given = Parameters(content)
        text, entities = message_text(world, given, "message_text")
        file = None
    elif kind in FILE_KINDS and f"{kind}_file_id" in fields:
        given = Parameters({**fields, kind: fields[f"{kind}_file_id"]})
        text, entities = caption(world, given)
        file = _file(world, given, kind)
    else:
        raise bad_request("can't parse inline query result: Message content must be specified")
    return InlineResult(
        id=str(fields.get("id", "")),
        title=str(fields.get("title", "")),
        description=str(fields.get("description", "")),
        text=text,
        entities=entities,
        markup=checked_keyboard(fields.get("reply_markup"), inline_only=True),
        file=file,
    )


# Chats


def get_chat(world: World, given: Parameters) -> Json:
    chat = _known(world, given)
    pinned = world.pinned(chat.id)
    more: Json = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }
    if pinned:
        more["pinned_message"] = world.views.message(pinned)
    return world.views.chat(chat.id) | more


def get_member(world: World, given: Parameters) -> Json:
    chat, identity = _known(world, given), given.number("user_id")
    if identity not in {*world.people, world.bot.id}:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return world.views.member(chat.id, identity)


def get_administrators(world: World, given: Parameters) -> list[Json]:
    chat = _known(world, given)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    everyone = [world.views.member(chat.id, one) for one in (world.bot.id, *chat.members)]
    return [one for one in everyone if one["status"] in {"administrator", "creator"}]


def get_member_count(world: World, given: Parameters) -> int:
    return 1 + len(_known(world, given).members)


def leave_chat(world: World, given: Parameters) -> bool:
    chat = _known(world, given)
    if chat.kind == "private":
        raise bad_request("chat not found")
    world.leave(chat.id)
    return True


def pin_message(world: World, given: Parameters) -> bool:
    message = _target(world, given, "message to pin not found")
    world.pin(message.chat, message.id)
    return True


def unpin_message(world: World, given: Parameters) -> bool:
    world.pin(world.reach(given.chat()).id, None)
    return True


def chat_action(world: World, given: Parameters) -> bool:
    if not given.text("action"):
        raise bad_request("wrong parameter action in request")
    world.show_typing(world.reach(given.chat()).id)
    return True


def _known(world: World, given: Parameters) -> Chat:
    """A chat the bot may look at, even one it may no longer write to."""
    chat = given.chat()
    if not world.knows(chat):
        raise bad_request("chat not found")
    if world.has_left(chat):
        raise forbidden("bot was kicked from the group chat")
    return world.chats[chat]


METHODS: dict[str, Method] = {
    "getme": get_me,
    "logout": accept,
    "close": accept,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": accept,
    "setmydescription": accept,
    "setmyshortdescription": accept,
    "setchatmenubutton": accept,
    "setmydefaultadministratorrights": accept,
    "sendmessage": send_message,
    "sendphoto": send_file("photo"),
    "senddocument": send_file("document"),
    "sendvoice": send_file("voice"),
    "copymessage": copy_message,
    "forwardmessage": forward_message,
    "getfile": get_file,
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "setmessagereaction": set_reaction,
    "sendchataction": chat_action,
    "answercallbackquery": answer_press,
    "answerinlinequery": answer_inline,
    "getchat": get_chat,
    "getchatmember": get_member,
    "getchatadministrators": get_administrators,
    "getchatmembercount": get_member_count,
    "leavechat": leave_chat,
    "pinchatmessage": pin_message,
    "unpinchatmessage": unpin_message,
}
