"""On which day a feast falls. Days off around it are another matter: those stand in the calendar's tables."""

from datetime import date, timedelta

EVERY_YEAR: dict[str, tuple[int, int]] = {
    "元旦": (1, 1), "新年": (1, 1), "情人节": (2, 14), "女生节": (3, 7), "妇女节": (3, 8), "植树节": (3, 12), "消费者权益日": (3, 15),
    "愚人节": (4, 1), "劳动节": (5, 1), "青年节": (5, 4), "护士节": (5, 12), "儿童节": (6, 1), "建党节": (7, 1), "建军节": (8, 1),
    "教师节": (9, 10), "国庆节": (10, 1), "万圣节": (10, 31), "光棍节": (11, 11), "双十一": (11, 11), "双十二": (12, 12),
    "平安夜": (12, 24), "圣诞节": (12, 25),
}  # fmt: skip
NTH_WEEKDAY: dict[str, tuple[int, int, int]] = {"母亲节": (5, 6, 2), "父亲节": (6, 6, 3), "感恩节": (11, 3, 4)}
"""Month, weekday (0 is Monday), which of them."""
BY_THE_MOON: dict[str, str] = {
    "春节": "2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08",
    "元宵节": "2024-02-24 2025-02-12 2026-03-03 2027-02-20 2028-02-09 2029-02-27 2030-02-17 2031-02-06 2032-02-25 2033-02-14 2034-03-05 2035-02-22",
    "清明节": "2024-04-04 2025-04-04 2026-04-05 2027-04-05 2028-04-04 2029-04-04 2030-04-05 2031-04-05 2032-04-04 2033-04-04 2034-04-05 2035-04-05",
    "端午节": "2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05 2031-06-24 2032-06-12 2033-06-01 2034-06-20 2035-06-10",
    "七夕": "2024-08-10 2025-08-29 2026-08-19 2027-08-08 2028-08-26 2029-08-16 2030-08-05 2031-08-24 2032-08-12 2033-08-01 2034-08-20 2035-08-10",
    "中秋节": "2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12 2031-10-01 2032-09-19 2033-09-08 2034-09-27 2035-09-16",
    "重阳节": "2024-10-11 2025-10-29 2026-10-18 2027-10-08 2028-10-26 2029-10-16 2030-10-05 2031-10-24 2032-10-12 2033-10-01 2034-10-20 2035-10-09",
}  # fmt: skip
"""By the moon (清明 by the sun), year by year; a year that is not here is not guessed."""
CALLED: dict[str, str] = {
    "元旦节": "元旦", "五一": "劳动节", "五一节": "劳动节", "国庆": "国庆节", "清明": "清明节", "端午": "端午节", "中秋": "中秋节", "元宵": "元宵节",
    "七夕节": "七夕", "重阳": "重阳节", "三八节": "妇女节", "三八妇女节": "妇女节", "五一劳动节": "劳动节", "五四青年节": "青年节", "六一": "儿童节",
    "六一儿童节": "儿童节", "315": "消费者权益日", "八一": "建军节", "十一国庆": "国庆节", "十一国庆节": "国庆节", "双11": "双十一", "双12": "双十二",
    "圣诞": "圣诞节", "大年三十": "除夕", "年三十": "除夕", "大年初一": "春节", "正月初一": "春节", "年初一": "春节", "正月十五": "元宵节",
}  # fmt: skip

SEASONS = frozenset({"国庆", "十一国庆", "春节", "新年", "八一", "六一", "315"})
"""Names that are as often the days around, or no day at all: read as the day only with 当天."""
NAMES = tuple(name for name in (*EVERY_YEAR, *NTH_WEEKDAY, *BY_THE_MOON, *CALLED) if name not in SEASONS)


def feast_day(name: str, year: int) -> date | None:
    """The day of a feast in a year; None when it is not known."""
    name = CALLED.get(name, name)
    if name == "除夕":
        new_year = feast_day("春节", year)
        return new_year and new_year - timedelta(days=1)
    if name in EVERY_YEAR:
        return date(year, *EVERY_YEAR[name])
    if name in NTH_WEEKDAY:
        month, weekday, nth = NTH_WEEKDAY[name]
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)
    days = (date.fromisoformat(day) for day in BY_THE_MOON.get(name, "").split())
    return next((day for day in days if day.year == year), None)
