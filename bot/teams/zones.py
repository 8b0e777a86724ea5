"""Zones as people name them: a city or country in Chinese or English, 东八区, UTC+9, Asia/Tokyo. Pure."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from bot.errors import Unreadable
from bot.language.fold import fold
from bot.language.numerals import CHARS, whole
from bot.language.speech import SPOKEN, _, spoken, zone_named
from bot.shared.text import cut

COMMON = (
    "Asia/Shanghai", "Asia/Tokyo", "Asia/Singapore", "Asia/Bangkok",
    "Asia/Dubai", "Europe/Moscow", "Europe/Berlin", "Europe/London",
    "America/New_York", "America/Toronto", "America/Los_Angeles", "Australia/Sydney",
)  # fmt: skip
"""What buttons offer."""

# Places that give no zone its name, and countries with several zones of which one is meant.
MEANT = {
    "Asia/Shanghai": "中国 china 北京 beijing 天津 重庆 广州 guangzhou 深圳 shenzhen 杭州 南京 成都 武汉 西安 苏州 厦门 青岛",
    "Asia/Tokyo": "大阪 osaka 京都 kyoto 名古屋 横滨 福冈 札幌",
    "Asia/Seoul": "汉城 釜山 busan 仁川",
    "Asia/Saigon": "河内 hanoi 岘港 西贡",
    "Asia/Bangkok": "清迈 普吉 phuket",
    "Asia/Kuala_Lumpur": "马来西亚 malaysia 槟城",
    "Asia/Calcutta": "新德里 delhi 孟买 mumbai 班加罗尔 bangalore",
    "Asia/Dubai": "阿布扎比",
    "Asia/Makassar": "巴厘岛 bali",
    "Europe/London": "曼彻斯特 manchester 爱丁堡 edinburgh 伯明翰 利物浦",
    "Europe/Berlin": "德国 germany 慕尼黑 munich 法兰克福 frankfurt 汉堡 hamburg 科隆",
    "Europe/Paris": "里昂 lyon 马赛",
    "Europe/Rome": "米兰 milan 威尼斯 佛罗伦萨",
    "Europe/Madrid": "西班牙 spain 巴塞罗那 barcelona",
    "Europe/Lisbon": "葡萄牙 portugal",
    "Europe/Zurich": "日内瓦 geneva",
    "Europe/Moscow": "圣彼得堡",
    "Europe/Kiev": "乌克兰 ukraine",
    "America/New_York": "华盛顿 washington 波士顿 boston 费城 迈阿密 miami 亚特兰大 atlanta",
    "America/Chicago": "休斯敦 休斯顿 houston 达拉斯 dallas 奥斯汀 austin",
    "America/Los_Angeles": "旧金山 三藩市 西雅图 seattle 拉斯维加斯 硅谷",
    "America/Toronto": "蒙特利尔 渥太华 ottawa",
    "America/Edmonton": "卡尔加里 calgary",
    "Australia/Sydney": "堪培拉",
    "Pacific/Auckland": "新西兰 惠灵顿 wellington",
    "Pacific/Honolulu": "夏威夷 hawaii 火奴鲁鲁",
    "Africa/Johannesburg": "开普敦",
}
WITH_BLANKS = {
    "san francisco": "America/Los_Angeles",
    "las vegas": "America/Los_Angeles",
    "new delhi": "Asia/Calcutta",
    "abu dhabi": "Asia/Dubai",
    "new zealand": "Pacific/Auckland",
    "cape town": "Africa/Johannesburg",
}
# Minutes from UTC for which there is no zone by number: places that keep them all year.
BROKEN = {
    210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Calcutta", 345: "Asia/Katmandu", 390: "Asia/Rangoon",
    525: "Australia/Eucla", 570: "Australia/Darwin", -570: "Pacific/Marquesas",
}  # fmt: skip
OFFSET = re.compile(r"(?:utc|gmt)? ?([+\-−–]) ?(\d{1,2})(?:[:.]?(00|15|30|45))?")
BELT = re.compile(rf"([东西])([{CHARS}]+|\d+)区")
SEVERAL = "several"
CITY = re.compile("(Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/(?!North|South|West)")
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # zones by number keep theirs all year
NOUGHT = ("utc", "gmt", "零时区", "中时区", "0时区")
TAIL = re.compile(r" ?(当地时间|的?时间|时区|市| time)$")


def read_zone(words: str) -> str:
    """The zone's name in the tz database. Raises Unreadable with what can be written instead."""
    named = fold(words).text.strip()
    found = _by_offset(named)
    for name in (named, TAIL.sub("", named)):
        found = found or _places().get(name)
        if found == SEVERAL:
            raise Unreadable(_("{country}有几个时区，请写城市。").format(country=cut(words, 20)))
    if not found:
        raise Unreadable(
            _("没认出“{words}”是哪里。可以写城市、国家或时差，如：巴黎、Seattle、UTC+9、东八区。").format(
                words=cut(words, 20)
            )
        )
    return found


def say_zone(name: str) -> str:
    """What a zone is called before 时间: 东京, 伦敦, UTC+9."""
    if name.startswith("Etc/"):
        return say_offset(name, ANY_DAY)
    zone = _today(name)
    return _("北京") if zone == COMMON[0] else _cities(spoken()).get(zone, name)


def say_offset(name: str, now: datetime) -> str:
    """What a zone keeps at this moment: UTC+1, UTC-3:30, UTC."""
    minutes = (now.astimezone(zone_named(name) or UTC).utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def _by_offset(named: str) -> str | None:
    """UTC+9, +8, GMT-3:30, 东八区; None for anything else and for offsets that are nowhere."""
    if named in NOUGHT:
        return "Etc/UTC"
    if match := OFFSET.fullmatch(named):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        minutes = minutes if match[1] == "+" else -minutes
    elif match := BELT.fullmatch(named):
        minutes = (whole(match[2]) or 0) * (60 if match[1] == "东" else -60)
    else:
        return None
    if minutes % 60:
        return BROKEN.get(minutes)
    # In these names the sign is the other way round (POSIX).
    return f"Etc/GMT{-minutes // 60:+}" if minutes and -12 * 60 <= minutes <= 14 * 60 else None


@cache
def _places() -> dict[str, str]:
    """Every name a place may go by, folded; SEVERAL for countries of which a city must be said."""
    from babel import Locale
    from babel.core import get_global

    zones = available_timezones()
    found = {name.split("/")[1].replace("_", " "): name for name in zones if name.count("/") == 1 and CITY.match(name)}
    for locale in (Locale.parse(name) for name in ("en", *reversed(SPOKEN))):
        for code, there in get_global("territory_zones").items():
            if code.isalpha() and code != "ZZ" and code in locale.territories:
                found[locale.territories[code]] = there[0] if len(there) == 1 else SEVERAL
        found |= {names["city"]: zone for zone, names in locale.time_zones.items() if "city" in names and zone in zones}
    found |= {name: name for name in zones if "/" in name}
    folded = {fold(name).text: zone for name, zone in found.items()}
    return folded | {name: zone for zone, names in MEANT.items() for name in names.split()} | WITH_BLANKS


@cache
def _cities(locale: str) -> dict[str, str]:
    """What the city of each zone is called in this language."""
    from babel import Locale

    known = Locale.parse(locale).time_zones
    return {_today(zone): names["city"] for zone, names in known.items() if "city" in names}


def _today(name: str) -> str:
    """The name a zone goes by today: Asia/Kolkata for Asia/Calcutta, Asia/Shanghai for Asia/Chongqing."""
    from babel.core import get_global

    return str(get_global("zone_aliases").get(name, name))
