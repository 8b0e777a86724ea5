"""The English variant of a wording, filled in: times, names and greetings as one says them in English. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, time, tzinfo

from bot.language.pinyin import syllable
from bot.phrases.fill import Filled, slots_in

_TITLES = {
    "先生": "Mr",
    "女士": "Ms",
    "小姐": "Ms",
    "太太": "Mrs",
    "阿姨": "Ms",
    "大姐": "Ms",
    "医生": "Dr",
    "教授": "Professor",
}
_READINGS = {"单": "Shan", "解": "Xie", "仇": "Qiu", "查": "Zha", "曾": "Zeng", "盖": "Ge", "朴": "Piao", "尉": "Yu"}
_ALONE = {"先生": "Sir", "女士": "Madam"}
# The ready values of bot.phrases.fill in English; what somebody typed stays as it was typed.
_READY = {
    "正在核实情况": "we are still checking the details", "配件还没到": "the part has not arrived yet",
    "需要进一步核实": "this needs a closer look", "系统正在维护": "the system is under maintenance",
    "天气影响": "the weather", "换一个时间": "another time", "换同类的一款": "a similar model",
    "安排同事上门": "a visit by a colleague", "登记后优先安排": "a priority booking", "在网上办理": "doing it online",
    "30分钟内": "within 30 minutes", "今天下班前": "by the end of today", "明天上午": "tomorrow morning",
    "3个工作日内": "within 3 working days", "今天": "today", "明天": "tomorrow", "后天": "the day after tomorrow",
    "下周一": "next Monday", "今天18:00": "18:00 today", "今天22:00": "22:00 today", "明天12:00": "12:00 tomorrow",
    "已经处理好了": "it has been put right", "正在处理": "it is being dealt with",
    "已安排专人跟进": "a colleague is following it up", "还在核实": "it is still being checked",
    "核对一下信息": "check the details", "登记您的情况": "note down your case", "安排上门检查": "arrange a visit",
    "设备故障": "the equipment", "收费问题": "the charges", "办理进度": "the progress", "服务态度": "our service",
    "工程部": "Engineering", "财务部": "Finance", "售后部": "After-sales", "前台": "the front desk",
    "每天9:00到18:00": "9:00 to 18:00 daily", "工作日9:00到18:00": "9:00 to 18:00 on working days",
    "全天24小时": "24 hours a day", "一份小礼品": "a small gift", "一张优惠券": "a voucher",
    "一张洗车券": "a car-wash voucher", "服务台": "the service desk", "一楼大厅": "the lobby", "门口": "the entrance",
    "春节": "the Spring Festival", "端午节": "the Dragon Boat Festival", "中秋节": "the Mid-Autumn Festival",
    "国庆节": "National Day",
}  # fmt: skip


def fill_english(text: str, given: Mapping[str, str], *, at: time, due: str) -> Filled:
    """The English text with its slots filled; `due` is the offered time in English. Without a name none is missed."""
    address = address_in_english(given.get("称呼", ""))
    known = {slot: _READY.get(value, value) for slot, value in given.items() if value.strip()}
    known |= {"称呼": address, "due": due, "greeting": _greeting(at)}
    if not address:
        text = re.sub(r"^\{称呼\}[,.!]?\s*|,?\s*\{称呼\}(?=[,.!?]|$)", "", text).replace("{称呼}", "you")
    missing = tuple(dict.fromkeys(slot for slot in slots_in(text) if slot not in known))
    said = re.sub(r"\{([^{}\n]{1,24})\}", lambda slot: known.get(slot[1].strip(), f"[{slot[1].strip()}]"), text)
    return Filled(said[:1].upper() + said[1:], missing)


def address_in_english(address: str) -> str:
    """张先生 → Mr Zhang, 欧阳女士 → Ms Ouyang, 陈总 → Mr/Ms Chen; a title alone is Sir or Madam."""
    if address in _ALONE or not address:
        return _ALONE.get(address, "")
    title = next((title for title in _TITLES if address.endswith(title)), "")
    surname = address.removesuffix(title) if title else address[:1]
    read = _READINGS.get(surname) or "".join(map(syllable, surname)).capitalize()
    return f"{_TITLES.get(title, 'Mr/Ms')} {read}" if read else ""


def say_in_english(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """15:30, 09:30 tomorrow, 18:00 on 12 June."""
    local = at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    if days == 0:
        return f"{local:%H:%M}"
    return f"{local:%H:%M} tomorrow" if days == 1 else f"{local:%H:%M} on {local.day} {MONTHS[local.month - 1]}"


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def _greeting(at: time) -> str:
    if at < time(5):
        return "Hello"
    return "Good morning" if at < time(12) else "Good afternoon" if at < time(18) else "Good evening"
