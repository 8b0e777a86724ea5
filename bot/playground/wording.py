"""What a bot may send: texts with their entities, and keyboards, checked as Telegram checks them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.playground.errors import bad_request
from bot.playground.markup import Entity, entity, found_entities, in_order, parse_html, trimmed, units
from bot.playground.parameters import Parameters
from bot.playground.world import TEXT_LIMIT, World

CAPTION_LIMIT = 1024
Formatted = tuple[str, tuple[Entity, ...]]


def message_text(world: World, given: Parameters, name: str = "text") -> Formatted:
    if not given.text(name):
        raise bad_request("message text is empty")
    text, entities = formatted(world, given, name, "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


def caption(world: World, given: Parameters) -> Formatted:
    text, entities = formatted(world, given, "caption", "caption_entities")
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text, entities


def formatted(world: World, given: Parameters, name: str, entities: str) -> Formatted:
    source = given.text(name)
    marked = [entity(one) for one in given.data(entities, list) or []]
    match given.text("parse_mode").lower():
        case "html":
            source, marked = parse_html(source)
        case "":
            pass
        case _:  # Markdown is Telegram's too, but nothing here speaks it
            raise bad_request("unsupported parse_mode")
    text, marked = trimmed(source, marked)
    known = [one for one in (_mentioned(world, one) for one in _outside_code(marked)) if one]
    return text, in_order([*known, *found_entities(text, known)])


def _mentioned(world: World, one: Entity) -> Entity | None:
    """A link to a person becomes a mention if Telegram knows them, else plain text."""
    prefix = "tg://user?id="
    if one.type != "text_link" or not (one.url or "").startswith(prefix):
        return one
    number = (one.url or "").removeprefix(prefix)
    if not number.isdigit() or int(number) not in world.people:
        return None
    return Entity(type="text_mention", offset=one.offset, length=one.length, user=world.views.user(int(number)))


def _outside_code(entities: list[Entity]) -> list[Entity]:
    """Code holds no other entities: whatever spans it goes on after it. Quotes may hold code."""
    code = in_order(one for one in entities if one.type in {"code", "pre"})
    kept = list(code)
    for one in entities:
        if one.type.endswith("blockquote"):
            kept.append(one)
        elif one not in code:
            kept.extend(_around(one, code))
    return kept


def _around(one: Entity, holes: Iterable[Entity]) -> Iterator[Entity]:
    start = one.offset
    for hole in holes:
        if hole.end <= start or hole.offset >= one.end:
            continue
        if hole.offset > start:
            yield replace(one, offset=start, length=hole.offset - start)
        start = hole.end
    if start < one.end:
        yield replace(one, offset=start, length=one.end - start)


def keyboard(given: Parameters, *, inline_only: bool = False) -> dict[str, Any] | None:
    return checked_keyboard(given.data("reply_markup", dict), inline_only=inline_only)


def checked_keyboard(markup: dict[str, Any] | None, *, inline_only: bool = False) -> dict[str, Any] | None:
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [[_checked(button) for button in row] for row in markup["inline_keyboard"] if row]
        if sum(map(len, rows)) > 100:
            raise bad_request("REPLY_MARKUP_TOO_LONG")
        return {"inline_keyboard": rows} if rows else None
    if inline_only:
        raise bad_request("inline keyboard expected")
    return markup


def _checked(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: Text must be non-empty")
    if set(button) <= {"text", "style", "icon_custom_emoji_id"}:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    _check_data(button)
    return button


def _check_data(button: Mapping[str, Any]) -> None:
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= units(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not _usable(str(button["url"])):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _usable(address: str) -> bool:
    """Telegram takes public addresses: http with a dotted host, or its own tg:// links."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))
