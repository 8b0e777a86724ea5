"""A message as a value: words and buttons, independent of Telegram. Pure."""

import json
from dataclasses import asdict, dataclass, field

DATA_MOST = 64  # bytes of callback data (Bot API)
COPY_MOST = 256  # characters of a copy button (Bot API CopyTextButton)


@dataclass(frozen=True, kw_only=True)
class Button:
    """One of data (comes back as a press), copy (to the clipboard), here (starts an inline search), url."""

    text: str
    data: str | None = None
    copy: str | None = None
    here: str | None = None
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Message:
    """`text` is HTML (see shared.text.html); at most 4096 UTF-16 units."""

    text: str
    buttons: Rows = field(default=())

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Message":
        data = json.loads(text)
        rows = tuple(tuple(Button(**button) for button in row) for row in data["buttons"])
        return cls(text=data["text"], buttons=rows)


def press(text: str, verb: str, *args: object) -> Button:
    """A button whose press comes back as `verb` with these arguments.

    Raises ValueError when they are too long: Telegram would refuse the whole message, and nobody would hear of it.
    """
    data = ":".join([verb, *map(str, args)])
    if len(data.encode()) > DATA_MOST:
        raise ValueError(f"callback data of more than {DATA_MOST} bytes: {data}")
    return Button(text=text, data=data)


def copy(text: str, words: str) -> Button | None:
    """A button that copies these words, or None when they are too long for one."""
    return Button(text=text, copy=words) if 1 <= len(words) <= COPY_MOST else None
