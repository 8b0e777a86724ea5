"""Text and its entities: Telegram's HTML read and written, links and commands found, lengths in UTF-16 units."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import Any

from bot.playground.errors import ApiError, bad_request


@dataclass(frozen=True, kw_only=True)
class Entity:
    type: str
    offset: int  # UTF-16 units, as is length
    length: int
    url: str | None = None
    language: str | None = None
    user: dict[str, Any] | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not None}


def entity(fields: dict[str, Any]) -> Entity:
    """An entity from its JSON; fields Telegram may add are ignored."""
    return Entity(**{name: fields[name] for name in Entity.__dataclass_fields__ if fields.get(name) is not None})


def units(text: str) -> int:
    """The length Telegram counts: UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, offset: int, length: int) -> str:
    """The part of a text an entity covers."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


# Reading HTML

PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
TAGS = {*PLAIN_TAGS, "a", "span", "blockquote", "tg-emoji", "tg-time"}
_TAG_NAME = re.compile(r"</?([^\s>]*)")
_ATTRIBUTES = re.compile(r"""(?:"[^"]*"|'[^']*'|[^>"'])*>""")
_ATTRIBUTE = re.compile(r"""([^\s=>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_CHARACTER = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass(frozen=True)
class _Tag:
    name: str
    offset: int
    attributes: dict[str, str]


class _HtmlReader:
    """One pass over Telegram's HTML; errors name byte offsets as Telegram does."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._length = 0
        self._open: list[_Tag] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            if self._source.startswith("</", self._at):
                self._end_tag()
            elif self._source[self._at] == "<":
                self._start_tag()
            elif self._source[self._at] == "&":
                self._reference()
            else:
                self._plain()
        if self._open:
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return "".join(self._text), self._entities

    def _plain(self) -> None:
        ends = [end for mark in "<&" if (end := self._source.find(mark, self._at)) >= 0]
        end = min(ends, default=len(self._source))
        self._put(self._source[self._at : end])
        self._at = end

    def _put(self, text: str) -> None:
        self._text.append(text)
        self._length += units(text)

    def _reference(self) -> None:
        found = _CHARACTER.match(self._source, self._at)
        if not found:
            self._put("&")
            self._at += 1
            return
        decimal, hexadecimal, name = found.groups()
        code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else None
        known = code is None or 0 < code < 0x110000
        self._put(found.group() if not known else _NAMED[name] if code is None else chr(code))
        self._at = found.end()

    def _start_tag(self) -> None:
        name, after = self._tag_name()
        if name not in TAGS:
            raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {self._byte()}')
        attributes = _ATTRIBUTES.match(self._source, after)
        if not attributes:
            raise _cannot_parse(f"Unclosed start tag at byte offset {self._byte()}")
        self._open.append(_Tag(name, self._length, _attributes(attributes.group()[:-1])))
        self._at = attributes.end()

    def _end_tag(self) -> None:
        name, after = self._tag_name()
        close = self._source.find(">", after)
        if close < 0:
            raise _cannot_parse(f"Unclosed end tag at byte offset {self._byte()}")
        if not self._open:
            raise _cannot_parse(f"Unexpected end tag at byte offset {self._byte()}")
        tag = self._open.pop()
        if name and name != tag.name:
            raise _cannot_parse(
                f'Unmatched end tag at byte offset {self._byte()}, expected "</{tag.name}>", found "</{name}>"'
            )
        self._at = close + 1
        if self._length > tag.offset:
            self._close(tag)

    def _close(self, tag: _Tag) -> None:
        made = self._entity(tag)
        last = self._entities[-1] if self._entities else None
        if tag.name == "pre" and last and last.type == "code" and _same_place(last, made):
            made = replace(made, language=last.language)
            self._entities.pop()
        if made.type:
            self._entities.append(made)

    def _entity(self, tag: _Tag) -> Entity:
        bare = Entity(type="", offset=tag.offset, length=self._length - tag.offset)
        match tag.name:
            case "code":
                language = tag.attributes.get("class", "").removeprefix("language-") or None
                return replace(bare, type="code", language=language)
            case "span":
                if tag.attributes.get("class") != "tg-spoiler":
                    raise _cannot_parse('Tag "span" must have class "tg-spoiler"')
                return replace(bare, type="spoiler")
            case "blockquote":
                expandable = "expandable" in tag.attributes
                return replace(bare, type="expandable_blockquote" if expandable else "blockquote")
            case "tg-emoji":
                return replace(bare, type="custom_emoji", custom_emoji_id=tag.attributes.get("emoji-id", ""))
            case "tg-time":
                return _moment(bare, tag.attributes)
            case "a":
                address = tag.attributes.get("href") or cut("".join(self._text), bare.offset, bare.length)
                return _link(bare, address)
            case name:
                return replace(bare, type=PLAIN_TAGS[name])

    def _tag_name(self) -> tuple[str, int]:
        found = _TAG_NAME.match(self._source, self._at)
        assert found
        return found.group(1).lower(), found.end()

    def _byte(self) -> int:
        return len(self._source[: self._at].encode(errors="surrogatepass"))


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Telegram's HTML as a text and its entities; refused with Telegram's sentence where Telegram refuses."""
    return _HtmlReader(source).read()


def _cannot_parse(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")


def _attributes(source: str) -> dict[str, str]:
    found = {}
    for name, *values in _ATTRIBUTE.findall(source):
        value = next(filter(None, values), "")
        found[name.lower()] = _CHARACTER.sub(lambda reference: _NAMED.get(reference[3], reference[0]), value)
    return found


def _same_place(one: Entity, other: Entity) -> bool:
    return (one.offset, one.length) == (other.offset, other.length)


def _link(bare: Entity, address: str) -> Entity:
    """A link; an address Telegram cannot use leaves plain text (an entity without a type)."""
    if address.startswith("tg://") or re.match(r"(https?://)?[^\s/.]+\.[^\s]+$", address):
        full = address if "://" in address else f"http://{address}"
        return replace(bare, type="text_link", url=full)
    return bare


def _moment(bare: Entity, attributes: dict[str, str]) -> Entity:
    try:
        unix_time = int(attributes.get("unix", ""))
    except ValueError:
        raise _cannot_parse('Tag "tg-time" must have a valid "unix" attribute') from None
    return replace(bare, type="date_time", unix_time=unix_time, date_time_format=attributes.get("format"))


# Finding what nobody marked

_WORD_BEFORE = r"(?<![\w/@#<>])"
_FOUND = (
    ("bot_command", re.compile(rf"{_WORD_BEFORE}/[A-Za-z0-9_]{{1,64}}(?:@[A-Za-z0-9_]{{3,32}})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w/@])@[A-Za-z0-9_]{4,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?!\w)")),
    ("url", re.compile(r"(?<![\w@])(?:https?://|t\.me/)[^\s<>\"“”‘’，。；：！？、（）《》【】]*[\w/=&#%+-]")),
)
_KEEPS_ITS_TEXT = {"code", "pre", "text_link", "text_mention", "date_time", "url"}


def found_entities(text: str, marked: Sequence[Entity] = ()) -> list[Entity]:
    """Commands, mentions, hashtags and addresses in a text, outside code and links."""
    closed = [one for one in marked if one.type in _KEEPS_ITS_TEXT]
    found: list[Entity] = []
    for kind, pattern in reversed(_FOUND):
        for match in pattern.finditer(text):
            one = Entity(type=kind, offset=units(text[: match.start()]), length=units(match.group()))
            if not any(_overlap(one, other) for other in (*closed, *found)):
                found.append(one)
    return found


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda one: (one.offset, -one.length)))


def trimmed(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Without blank edges, as every client shows it."""
    left = units(text) - units(text.lstrip())
    short = text.strip()
    total = units(short)
    kept = []
    for one in entities:
        start = max(one.offset - left, 0)
        end = min(one.end - left, total)
        if end > start:
            kept.append(replace(one, offset=start, length=end - start))
    return short, kept


# Writing HTML

_WRITTEN = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def as_html(text: str, entities: Iterable[Entity]) -> str:
    """The HTML that would have produced a text and its entities."""
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for one in in_order(entities):
        before, after = _written(one)
        opens.setdefault(one.offset, []).append(before)
        closes.setdefault(one.end, []).insert(0, after)
    edges = sorted({0, units(text), *opens, *closes})
    parts = ["".join(opens.get(edges[0], []))]
    for start, end in pairwise(edges):
        parts.append(escape(cut(text, start, end - start), quote=False))
        parts.extend(closes.get(end, []))
        parts.extend(opens.get(end, []))
    return "".join(parts)


def _written(one: Entity) -> tuple[str, str]:
    match one.type:
        case "text_link":
            return f'<a href="{escape(one.url or "")}">', "</a>"
        case "text_mention":
            return f'<a href="tg://user?id={(one.user or {}).get("id")}">', "</a>"
        case "pre" if one.language:
            return f'<pre><code class="language-{escape(one.language)}">', "</code></pre>"
        case "pre":
            return "<pre>", "</pre>"
        case "date_time":
            wanted = f' format="{escape(one.date_time_format)}"' if one.date_time_format else ""
            return f'<tg-time unix="{one.unix_time}"{wanted}>', "</tg-time>"
        case kind:
            return _WRITTEN.get(kind, ("", ""))
