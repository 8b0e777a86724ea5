"""What can be told of a file from its name and its first bytes."""

import mimetypes
import struct

from bot.playground.message import File, FileKind

_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def describe_file(identity: str, kind: FileKind, name: str, data: bytes) -> File:
    width, height = image_size(data) or (0, 0)
    usual = {"photo": "image/jpeg", "voice": "audio/ogg", "document": "application/octet-stream"}[kind]
    mime = mimetypes.guess_type(name)[0] or usual
    return File(id=identity, kind=kind, name=name, mime=mime, size=len(data), width=width, height=height)


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP; None for anything Telegram would not take as a photo."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if data.startswith(b"GIF8") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return int(width), int(height)
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        length, _, height, width = struct.unpack(">HBHH", data[at + 2 : at + 9])
        if data[at + 1] in _JPEG_FRAMES:
            return int(width), int(height)
        at += 2 + int(length)
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    if data[12:16] == b"VP8X" and len(data) >= 30:
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if data[12:16] == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack("<HH", data[26:30])
        return int(width) & 0x3FFF, int(height) & 0x3FFF
    return None
