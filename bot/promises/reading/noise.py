"""Blanking out what only looks like a time: phones, rooms, amounts, tickets, 第3次, 24小时热线."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from bot.language import numerals

if TYPE_CHECKING:
    from bot.language.fold import Folded

BLANK = "□"
HOUSE_BLANK = "■"
"""Stands where a house or room number stood: 8号 right behind one may be a door."""
N = rf"(?:\d{{1,9}}(?:\.\d{{1,4}})?|[{numerals.CHARS}]{{1,8}})"  # bounded, or long numbers take for ever
CN = rf"[{numerals.CHARS}]"
TIMES = r"\d:点时分秒小天日月年周号个刻礼星前内后工半钟之以至到~\-"
HOUSE = r"(?:号楼|号院|栋|幢|座|单元|期|区|弄|巷|排|楼|层)"
THINGS = (
    r"(?:号(?:楼|院|门|电?梯|房|店|线|库|机|岗|车|桌|柜|窗|泵|厅|床|井|厂|馆|路|地|坑|池|箱|变|表|线路|单元|码|客服|坐席|台|位)"
    r"|栋|幢|座|单元|楼(?!下)|层|室|房|户|弄|巷|排|区|期(?!限)|桌|床|梯|门|台|件|名|位|人|次|份|张|箱|桶|盒|间|家|趟|遍|套|组|批|根|只|袋|把"
    r"|项|条|封|单|岁|度|米|平|斤|公斤|公里|吨|升|瓦|匹|倍|成|折|元|块|万|亿|角|毛|%|元钱|块钱|期|声|字|页|遍|个人|个月租|楼层|步|星(?!期)级?|级|版|路)"
)
DIGITS: tuple[str, ...] = (
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.]+",
    r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?!\d)",  # IP
    r"(?<![\d-])(?:[a-z]?\d{1,2}-)?\d{1,2}-\d{3,4}(?![\d-]|个|分钟|小时|天)",  # house-unit-room
    r"(?:营业|工作|上班|服务|办公)时间[:是为]*\d{1,2}[:点](?:\d\d)?[-~到至]\d{1,2}[:点](?:\d\d)?",
    r"(?<![\d.])\d{17}[\dx](?!\d)|(?<![\d.])\d{14,30}(?!\d)",  # identity and card numbers
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",
    r"(?<!\d)(?:0\d{2,3}[- )]{0,2})\d{7,8}(?:(?:转|-)\d{1,6})?(?!\d)|(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)",
    r"(?<!\d)\d{3}-\d{3,4}-\d{4}(?!\d)|(?:转|分机)\d{1,6}(?![\d点:])",
    r"[#№][ ]*[\w-]+|(?<![a-z])no[.:]\s*\w+",
    r"(?<![a-z])(?!(?:am|pm|by|at|in|to)[-_]*\d)[a-z]+[-_]*\d[a-z0-9_-]*(?:\.\d+)*",
    r"(?<![\d.:])\d+(?:\.\d+)?(?!(?:h|hrs?|hours?|min|mins|minutes?|am|pm|d|days?|s)(?![a-z0-9]))[a-z][a-z0-9]*",
    r"(?:合同|工单|订单|单号|运单|快递|编号|尾号|卡号|工号|房号|车牌号?|微信号?|qq|流水号?|账号|户号|分机|验证码|密码|邮编|身份证|型号|票号|发票)"
    rf"(?:号码|号|码|是|为|:|\s)*[a-z0-9][a-z0-9/._-]{{2,}}(?![{TIMES}])",
    rf"(?:电话|手机|房间|门牌)(?:号码|号|是|为|:|\s)*\d[\d -]{{4,}}(?![{TIMES}])",
    r"[¥$€]\s*\d{1,12}(?:,\d{3}(?!\d))*(?:\.\d{1,4})?[万千]?|(?<![\d,])\d{1,12}(?:,\d{3}(?!\d))*(?:\.\d{1,4})?\s?(?:元|块钱?(?!儿)|万元?|千元|rmb|人民币|%)",
    rf"(?<![\d.:/-])(?!(?:19|20)\d\d \d\d \d\d(?!\d))\d{{3,}}(?![{TIMES}/.]|\s*(?:am|pm|h|min))",
)
"""Looked for only where there are digits."""
NOT_TIMES: tuple[str, ...] = (
    r"《[^》]{0,40}》|【工单[^】]{0,40}】",
    rf"(?:大道|路|街|道|弄|巷|村|苑|园|里|小区|城|大厦){N}(?:号|弄|巷|栋|幢)(?!线)",
    rf"第{N}(?:次|个(?!工作)|条|项|名|位|遍|轮|批|方|期|季|章|回|点|步|层|排|件|户|人|声|套)",
    rf"{N}\s*{THINGS}",
    rf"(?:以下|如下|提了?|提出了?|共|这|那|反映|投诉){N}点(?![前半整钟之以\d])|{N}点(?=意见|建议|要求|问题|原因|说明|诉求|不满|想法|疑问|内容|理由|希望|不足|需求|补充|:(?!\d))",
    r"7\s*[x*×]\s*24(?:小时)?|24/7|全天24小时|24小时(?=热线|服务|营业|在线|客服|值班|开放|监控|保安|供|便利|不间断|自助|恒温|热水)",
    rf"{N}[天日](?=无理由|包退|包换|质保|保质|三包|试用|体验)",
    r"(?<=[快慢早晚多少好差大小有便宜])一点(?!钟|半|前|之前|整)|一点(?=[儿点都也没不小])",
    r"上班(?:时间|族|期间|路上)|下班(?:时间|高峰)|上下班|(?:在|没|不|正)上班|上班(?=吗|么|不|没)|下午茶|晚点名|今日头条|一天到晚|半天(?=没|不|了|都|还)|等了?半天",
    r"五一(?=路|街|广场|村|大道)|国庆(?=路|街|广场|村)|三天两头|千里|百分之" + N,
    rf"(?:比分?|满意度|评分|打了?|得了?){N}分",
)
ADDRESS = rf"(?<!\d)(?:\d{{1,2}}-){{0,2}}{N}{HOUSE}(?:\s?[-,]?\s?{N}{HOUSE})*(?:\s?[-,]?\s?(?:{N}(?:室|房|户|号(?!前|之前|以前|内|上午|下午|晚|早))|\d{{3,4}}(?![{TIMES}.])))?"


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiled when the first text is read: compiling all of them takes longer than starting the program may."""
    return re.compile(pattern, re.ASCII if r"\w" in pattern else 0)


@dataclass(frozen=True)
class Line:
    """The folded text without blanks (but between digits) and with everything that is no time blanked out."""

    text: str
    places: tuple[int, ...]  # where each character stands in the folded text
    gaps: frozenset[int]  # a blank stood before this character
    folded: "Folded" = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.span(self.places[start], self.places[end - 1] + 1)


def squeeze(folded: "Folded") -> Line:
    """Blank out what is no time, then close the blanks that people leave between characters."""
    text = re.sub(r"(?<=\d)t(?=\d?\d:\d\d)", " ", folded.text)  # 2026-06-12T15:00
    text = _pattern(ADDRESS).sub(lambda found: HOUSE_BLANK * len(found.group()), numerals.zeros(text))
    digits = DIGITS if re.search("[0-9]", text) else ()
    for pattern in (*digits, *NOT_TIMES):
        text = _pattern(pattern).sub(lambda found: BLANK * len(found.group()), text)
    letters: list[str] = []
    places: list[int] = []
    gaps: set[int] = set()
    for place, char in enumerate(text):
        if char == " ":
            gaps.add(len(letters))
            rest = text[place:].lstrip(" ")
            if not (letters and letters[-1].isdecimal() and rest[:1].isdecimal()):
                continue
            if letters[-1] == " ":
                continue
        letters.append(char)
        places.append(place)
    return Line("".join(letters), tuple(places), frozenset(gaps), folded)
