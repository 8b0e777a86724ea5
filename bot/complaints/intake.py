"""One line of free text, in any order, to the fields of a complaint. Pure.

张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复 → customer, phone, place, matter, promised time.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.language.fold import fold
from bot.phrases.fill import address_in, without_address
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar

# Looked for in folded text: small letters, half width, 简体, so one spelling of each is enough (覆 has no other).
# A mobile (11 digits, with blanks or hyphens), or an area code and number, or a 400 number.
PHONE = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[- ]?)?"
    r"(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\(?0\d{2,3}\)?[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4})(?!\d)"
)
ROOM = r"\d{3,4}(?:室|房间|房|号房)"
PLACE = re.compile(
    r"(?<![a-z\d])(?:"
    r"(?:[a-z]?\d{1,4}|[a-z])(?:栋|幢|座|号楼|号院)"
    rf"(?: ?\d{{1,2}}单元)?(?: ?\d{{1,2}}[层楼])?(?: ?{ROOM}|\d{{3,4}}| \d{{3,4}}(?=[ ,.;，。；]|$))?"
    rf"|\d{{1,2}}单元(?:\d{{3,4}}(?:室|房)?)?|{ROOM}|(?:房间|房号)[: ]?\d{{3,4}})"
)
STOPS = "，,。；;！!？?\n"
TRIMMED = STOPS + " 、:：-—"
# What stands before a value and goes with it.
ABOUT_PHONE = re.compile(r"(?:(?:联系|客户|手机|来电)?(?:电话|手机号?|号码)|tel)\s*(?:是|为)?[:]?\s*$")
ABOUT_CUSTOMER = re.compile(r"(?:客户姓名|客户|姓名|联系人|称呼|投诉人|业主|客人)\s*[:]\s*$")
ABOUT_MATTER = re.compile(r"^\s*(?:投诉)?(?:事由|事项|问题|内容|诉求)\s*[：:]")
THEM = "客户|他|她|对方|业主|客人"
PROMISING = re.compile(
    rf"(?:(?:已经|已|我)?(?:答应|承诺|约定|约好|说好)了?(?:{THEM})?[在于]?|(?:答复|回复)(?:时间|时限|期限)?:)\s*$"
)
DONE = "[答回][复覆]|回个?电话?|回个?话|打电话|处理好|处理|解决|反馈|回访|联系|修好|上门"
ANSWERING = re.compile(
    r"^(?:之前|以前|前|内|之内|左右)?"
    rf"(?:(?:一定|会|再)?(?:给(?:{THEM}|您|你|个)?(?:{DONE})?|{DONE})(?:{THEM}|您|你)?)?"
)
EMPTY_BRACKETS = re.compile(r"[（(【\[]\s*[)）】\]]")
STOPS_IN_A_ROW = re.compile(rf"\s*([{STOPS}、])(?:\s*[{STOPS}、])+")
GIST_MOST = 12


@dataclass(frozen=True, kw_only=True)
class Intake:
    customer: str
    phone: str
    place: str
    matter: str
    reading: Reading


def read_complaint(text: str, *, now: datetime, calendar: Calendar) -> Intake:
    """What can be read for certain; what is not there is empty. Nothing typed is lost: the text is kept beside it."""
    reading = read_time(text, now=now, calendar=calendar)
    customer = _customer(PLACE.sub(lambda found: " " * len(found.group()), text))  # 1208房李先生 is no 房李
    rest = _without_promise(text, reading)
    folded = fold(rest)
    phone_found = PHONE.search(folded.text)
    phone = re.sub(r"\D", "", phone_found[1]) if phone_found else ""
    if phone_found:
        rest = _without(rest, *folded.span(*phone_found.span()), ABOUT_PHONE)
    folded = fold(rest)
    place_found = PLACE.search(folded.text)
    place = ""
    if place_found:
        start, end = folded.span(*place_found.span())
        place = rest[start:end]
    if customer and (start := rest.find(customer)) >= 0:
        rest = _without(rest, start, start + len(customer), ABOUT_CUSTOMER)
    return Intake(customer=customer, phone=phone, place=place, matter=_tidy(rest), reading=reading)


def _customer(text: str) -> str:
    """The customer as typed: 张伟先生 stays 张伟先生, though one would say 张先生 to him."""
    if address_in(text) is None:
        return ""
    others = without_address(text)  # a blank stands where the name stood
    start = next(place for place, (a, b) in enumerate(zip(text, others, strict=False)) if a != b)
    return text[start : start + len(text) - len(others) + 1]


def _without(text: str, start: int, end: int, label: re.Pattern[str]) -> str:
    """The text without a value and the label before it."""
    before = fold(text[:start])
    found = label.search(before.text)
    return text[: before.places[found.start()] if found else start] + " " + text[end:]


def _without_promise(text: str, reading: Reading) -> str:
    """The text without the words that promised an answer: 答应[明天下午3点前]答复.

    A time that can't be taken for the deadline stays: it may belong to the matter (半夜装修), or be two of them.
    """
    if reading.span is None or not (reading.due or reading.choices or reading.soft):
        return text
    start, end = reading.span
    before, after = fold(text[:start]), fold(text[end:])
    promised = PROMISING.search(before.text)
    answering = ANSWERING.match(after.text)
    if not promised and not (answering and re.search(DONE, answering.group())):
        return text if after.text.strip(TRIMMED) or not reading.due else text[:start]  # the time belongs to the story
    rest = text[end:][after.places[answering.end()] :] if answering else text[end:]
    return text[: before.places[promised.start()] if promised else start] + " " + rest


def _tidy(text: str) -> str:
    """What is left, without what only held the values together."""
    text = re.sub(r"\s+", " ", EMPTY_BRACKETS.sub(" ", re.sub(r"\s+", " ", text)))
    text = STOPS_IN_A_ROW.sub(r"\1", text).strip(TRIMMED)
    return ABOUT_MATTER.sub("", text).strip(TRIMMED)
