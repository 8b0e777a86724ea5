"""One line of free text, in any order, to the fields of a complaint. Pure.

张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复 → customer, phone, place, matter, promised time.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.language.fold import fold
from bot.phrases.fill import address_in
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar
from bot.shared.text import cut

# A mobile (11 digits, with blanks or hyphens), or an area code and number, or a 400 number.
PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4})(?!\d)"
)
PLACE = re.compile(
    r"[A-Za-z]?\d{1,4}(?:栋|幢|座|号楼|号院)(?:\d{1,2}单元)?(?:\d{1,2}[层楼])?(?:\d{3,4}(?:室|房|号房)?)?"
    r"|\d{1,2}单元(?:\d{3,4}(?:室|房)?)?|\d{3,4}(?:室|房间|房|号房)|[A-Z]座\d{3,4}"
)
STOPS = "，,。；;！!？?\n"
TRIMMED = STOPS + " 、:："
PROMISING = re.compile(r"(?:已|我)?(?:答应|承诺|约定|约好|说好)(?:了)?(?:客户|他|她|对方|业主|客人)?(?:在|于)?$")
ANSWERING = re.compile(
    r"^(?:之前|以前|前|内|之内|左右)?(?:给(?:客户|他|她|对方|业主|客人|个)?)?(?:答复|回复|回电|处理好|处理|解决|反馈|回访|上门)?(?:客户|他|她|对方|业主|客人|您|你)?"
)
GIST_MOST = 12


@dataclass(frozen=True, kw_only=True)
class Intake:
    customer: str
    phone: str
    place: str
    matter: str
    reading: Reading

    @property
    def gist(self) -> str:
        """The case in a few characters, for lists and first lines."""
        return cut(self.matter, GIST_MOST)


def read_complaint(text: str, *, now: datetime, calendar: Calendar) -> Intake:
    """What can be read for certain; what is not there is empty. Nothing typed is lost: the text is kept beside it."""
    reading = read_time(text, now=now, calendar=calendar)
    customer = address_in(text) or ""
    rest = _without_promise(text, reading)
    phone_found = PHONE.search(fold(rest).text)
    phone = re.sub(r"\D", "", phone_found.group(1)) if phone_found else ""
    if phone_found:
        start, end = fold(rest).span(*phone_found.span())
        rest = rest[:start] + " " + rest[end:]
    place_found = PLACE.search(fold(rest).text.upper())
    place = ""
    if place_found:
        start, end = fold(rest).span(*place_found.span())
        place = rest[start:end]
    if customer:
        rest = rest.replace(customer, " ", 1)
    matter = re.sub(r"\s+", " ", rest).strip(TRIMMED)
    return Intake(customer=customer, phone=phone, place=place, matter=matter, reading=reading)


def _without_promise(text: str, reading: Reading) -> str:
    """The text without the words that promised an answer: 答应[明天下午3点前]答复."""
    if reading.span is None:
        return text
    start, end = reading.span
    before, after = text[:start], text[end:]
    before = PROMISING.sub("", before.rstrip()) if PROMISING.search(before.rstrip()) else before
    tail = ANSWERING.match(after)
    return before + " " + (after[tail.end() :] if tail else after)
