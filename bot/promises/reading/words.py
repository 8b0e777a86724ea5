"""The time words, a row each: to teach the reader a new one, add a row here and a line to tests/unit/test_timewords.py.

`_word(kind, starts, pattern, reader)`: the kind is the letter that phrases.PHRASES are written with; `starts` are
the characters the word may begin with (NUMBER for numbers); the reader (in days, clock, lengths) gives its
value. Patterns match folded text: 简体, half width, small letters, no blanks. The longest match wins, then the earlier row.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from bot.language import numerals
from bot.language.speech import _
from bot.promises.reading import clock, days, lengths
from bot.promises.reading.days import Reader
from bot.promises.reading.feasts import NAMES
from bot.promises.reading.noise import BLANK, CN, HOUSE_BLANK, N
from bot.promises.reading.values import HOUR, Ask, Every, Moment, Over, Token


@dataclass(frozen=True)
class Word:
    """A row of WORDS. `read` gives the token's value, an Ask or Error, or None when it is no such word after all."""

    kind: str
    starts: str
    pattern: str
    read: Reader

    @cached_property
    def match(self) -> Callable[[str, int], re.Match[str] | None]:
        """Compiled when first needed: compiling all of them takes longer than starting the program may."""
        return re.compile(self.pattern, re.ASCII).match


def _word(kind: str, starts: str, pattern: str, read: Reader | None = None) -> Word:
    return Word(kind, starts, pattern, read or (lambda found, at: found.group()))


def _is(value: Any) -> Reader:
    return lambda found, at: value


SOFT = {
    "尽快": "尽快 尽速 早日 asap 很快",
    "尽早": "尽早",
    "最短时间": "最短时间 短时间",
    "第一时间": "第一时间",
    "马上": "马上 立马 这就 现在 当场",
    "立即": "立即 即刻",
    "立刻": "立刻",
    "赶紧": "赶紧 赶快",
    "及时": "及时 随时",
    "一会儿": "一会 一会儿 等会 等会儿 等一会 等一会儿",
    "待会儿": "待会 待会儿",
    "稍后": "稍后 稍候 稍晚 回头 过后",
    "稍等": "稍等 等下 等一下",
    "晚点": "晚点 晚些 迟点 迟些 早点 早些",
    "近期": "近期 不日 改日 过阵子 过段时间 一段时间",
    "近日": "近日",
    "最近": "最近",
    "有空": "有空",
    "抽空": "抽空",
    "有结果": "有结果 到时 到时候",
}
"""Vague words by the word a norm gives a default for (`soft` in clocks.yaml); 等师傅来了再说 has none."""
_SOFT = {said: word for word, alike in SOFT.items() for said in alike.split()}


def soft(found: re.Match[str], at: Moment) -> Ask:
    """尽快: no time at all, but a norm may say what it means."""
    return Ask(_("“{text}”没有确切时间，几点前答复？"), soft=_SOFT.get(found.group()))


NUMBER = "0123456789" + numerals.CHARS
WEEK = r"(?:周|星期|礼拜)"
RANGED = rf"(?:(?P<low>{N})(?:-|~|—|–|到|至))?(?P<n>{N})"
LONGER = rf"(?:(?P<low>{N})(?:-|~|—|–|到|至))?(?P<n>\d{{1,9}}(?:\.\d{{1,4}})?|{CN}{{1,4}}点{CN}{{1,4}}(?=个?小时|个?钟头)|{CN}{{1,8}})"
AMOUNT = rf"(?:(?P<whole>半)个?|{LONGER}个?(?P<half>半)?)"
DATE_END = r"(?=前|之前|以前|[,。;!?)、□■~]|$| |上午|下午|晚|早|中午|凌晨|答|回|给)"
AFTER_NUMBER = (
    r"(?=$|[,。;!?)( 、~□■]|上午|下午|早|晚|中午|凌晨|傍晚|前(?!面)|之前|以前|内|之内|当天|那天|截止|答|回(?:[复电覆话音拨您你客他她]|$|[,。])|复(?:$|[,。客])|给|处理|完成|上门|到[场位]|通知|解决"
    rf"|修[好复]|反馈|周|星期|礼拜|下班|上班|\d{{1,2}}[点:时]|{CN}{{1,3}}点|到|至|你|您|的?时候|一早|钱)"
)
HOURS = rf"(?:\d{{1,2}}|{CN}{{1,4}})"
MINUTES = rf"(?:(?P<m>\d{{1,2}}|{CN}{{1,3}})分(?!钟|之)|(?P<m2>\d{{2}}|[零〇十二三四五]{CN}{{1,2}}|[十廿卅])(?![\d个分小天日号月年周秒刻{BLANK}{HOUSE_BLANK}]))"
HOLIDAY = "元旦|春节|过年|清明|五一|劳动节|端午|中秋|国庆|十一(?=长假|假期|节|前|后|放假|黄金周)"
FEASTS = "|".join(sorted((*NAMES, "除夕"), key=len, reverse=True))
FEAST_STARTS = "".join(sorted({name[0] for name in NAMES})) + "除春过今明0123456789"


# fmt: off
WORDS: tuple[Word, ...] = (
    # D: days
    _word("D", "今当本即", r"今[天日]|今儿个?|今(?=[晚早夜])|当[天日](?!然)|当(?=晚)|本日|即日(?!起)", days.days_on(0, loose=True)),
    _word("D", "明次翌第听", r"明[天日]|明儿个?|明(?=[晚早])|次日|翌日|第二[天日]|听日(?![光语剧本报])|听(?=[晚朝])", days.days_on(1)),
    _word("D", "t", r"today", days.days_on(0, loose=True)),
    _word("D", "t", r"tomorrow|tmrw?(?![a-z])", days.days_on(1)),
    _word("D", "后", r"后[天日](?![天气性])|后儿个?(?!子)|后(?=晚)", days.days_on(2)),
    _word("D", "大", r"大后[天日]", days.days_on(3)),
    _word(
        "D", "上下本这当周星礼",
        rf"(?<![每四两\d])(?:(?P<w>上+|下{{1,2}}|本|这|当)(?:一?个|的)?)?(?:周的?{WEEK}?|(?:星期|礼拜){WEEK}?)(?P<d>[一二三四五六日天]|[1-7](?!\d))"
        rf"(?![定直起旦并共般切律些条样块级]|年|[一二三四五六日](?![点刻时十])|、|期|围)",
        days.weekday,
    ),
    _word(
        "D", NUMBER + "今明去前后本",
        rf"(?:(?P<y>\d{{4}}|(?<!\d)\d{{2}}|{CN}{{4}}|{CN}{{2}}|[今明去前后本])年的?)?"
        rf"(?P<mo>(?<![\d个])\d{{1,2}}|(?<![个{numerals.CHARS}]){CN}{{1,3}})月份?的?(?P<d>\d{{1,2}}|{CN}{{1,3}})(?:[日号]|(?!\d){DATE_END})",
        days.month_day,
    ),
    _word("D", NUMBER, r"(?<![\d.:/-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<mo>\d{1,2})(?P=sep)(?P<d>\d{1,2})日?(?![\d/-])", days.month_day),
    _word("D", NUMBER, rf"(?<![\d.:/-])(?P<mo>\d{{1,2}})/(?P<d>\d{{1,2}})(?![\d/.]){DATE_END}", days.month_day),
    _word("D", "下这本当次上", rf"(?P<w>下下个?|下个?|这个?|本|当|次|上个?)月的?(?P<d>\d{{1,2}}|{CN}{{1,3}})[日号](?!内)", days.day_of_month),
    _word("D", NUMBER, rf"(?<![\d月第个{numerals.CHARS}])(?P<d>\d{{1,2}}|{CN}{{1,3}})号(?!码){AFTER_NUMBER}", days.day_of_month),
    _word("D", NUMBER, rf"(?<![\d月第周{numerals.CHARS}])(?P<d>\d{{1,2}})日(?!内|之内|以内|元|常|报|志|用|期|后|之后|以后|均|租|游)", days.day_of_month),
    _word("D", NUMBER, rf"(?<![\d月第周{numerals.CHARS}])(?P<d>{CN}{{2,3}})日(?!内|之内|以内|元|常|后|之后|以后|前|之前|以前)", days.day_of_month),
    _word("D", "下这本当次月", r"(?P<w>下下个?|下个?|这个?|本|当|次)?月(?:[底末]|的?最后[一1][天日])", days.month_end),
    _word("D", NUMBER, rf"(?<![\d个{numerals.CHARS}])(?P<mo>\d{{1,2}}|{CN}{{1,2}})月份?(?:[底末]|的?最后[一1][天日])", days.month_end),
    _word("D", "今年", r"(?:今年)?年(?:[底末]|的?最后[一1][天日])", days.year_end),
    _word("D", "下次", r"下(?:一?个|一)?工作[日天]|次一?个?工作日", days.nth_working_day),
    _word("D", "第", rf"第(?P<n>{N})个?工作[日天]", days.nth_working_day),
    _word(
        "D", "元春过清五劳端中国十这节小长放假",
        rf"(?:(?P<name>{HOLIDAY})节?|(?:这个)?节日?|小?长假|放?假期?)(?:放假|假期|长假|放)?(?:之前|以前|前)(?!面|后|夕|台|来|[\d两三几]|一[天日两])"
        r"(?:的?最后(?:一个?)?(?:工作[日天]|上班日|[天日]))?",
        days.before_break,
    ),
    _word(
        "D", "元春过清五劳端中国十节小长放假收",
        rf"(?:(?P<name>{HOLIDAY})节?|节日?|小?长假|放?假期?|收假)(?:放假|假期|长假|放)?(?:结束|收假|回来)?(?:之后|以后|后|回来|结束)的?"
        rf"(?:(?:第?(?P<n>{N})|首|头一)个?(?:工作[日天]|上班日)"
        rf"|(?:上班|复工|开工|工作)的?(?:第一|首|头一)[天日]|(?:第一|首)[天日]个?(?:上班|复工|开工))",
        days.after_break,
    ),
    _word("D", "12", r"(?<![\d ])(?P<y>(?:19|20)\d\d) (?P<mo>\d{2}) (?P<d>\d{2})(?![\d点时分:小天个])", days.month_day),
    _word("T", NUMBER, rf"(?<=天)(?P<n>{N})时(?![候间刻代段])", lengths.length(HOUR)),
    # C: clock times; P: parts of the day; S: beginning and end of work
    _word(
        "C", NUMBER,
        rf"(?<![\d.:])(?!一时)(?:(?P<low>{HOURS})[~到至-])?(?P<h>{HOURS})(?:点钟?|时(?![候间代段机效限常而令]))"
        rf"(?:(?P<half>半)|(?P<q>[一二两三123])刻|[过零]?{MINUTES}(?:(?P<s>\d{{1,2}})秒)?|整|正)?钟?(?P<unsure>多|来钟|几分|差|出头)?",
        clock.clock,
    ),
    _word("C", NUMBER, r"(?<![\d.:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?分?(?![\d:])(?:\s*(?P<ap>[ap]\.?m\.?))?", clock.clock),
    _word("C", NUMBER, r"(?<![\d.:/])(?P<h>\d{1,2})\s*(?P<ap>[ap]\.?m\.?)(?![a-z])", clock.clock),
    _word("C", "的这此同", r"(?<=[天日一二三四五六])的?(?:这个?(?:时候|点儿?|钟点)|此[时刻]|同一?(?:时间|时刻|个?时候))", clock.this_time),
    _word("P", "凌", r"凌晨", _is("dawn")),
    _word("P", "早清一大朝", rf"(?<=听)朝|早(?:上(?!班)|[晨间])|清[早晨]|一?大早|一早|早(?=\d|{CN}{{1,3}}点)|(?<=[今明后日号一二三四五六天])早(?![点些日就已高餐饭班退期])", _is("morning")),
    _word("P", "上", r"上午", _is("am")),
    _word("P", "中正午晌", r"[中正]午|午间|晌午", _is("noon")),
    _word("P", "下午", r"下午|午后", _is("pm")),
    _word("P", "傍黄", r"傍晚|黄昏", _is("dusk")),
    _word("P", "晚夜", rf"晚(?:上(?!班)|间)|夜晚|夜里|晚(?=\d|{CN}{{1,3}}点)|(?<=[今明当后日号一二三四五六天听])晚(?![点些一于了到饭会班高间])", _is("evening")),
    _word("P", "半深午后夜", r"半夜|深夜|午夜|后半夜|夜间", _is("night")),
    _word("S", "上中午", r"(?:上午|中午)下班|午休|午饭|中饭", _is("noon")),
    _word("S", "下午", r"下午上班|午休结束", _is("afternoon")),
    _word("S", "早上一", r"(?:早上|上午)?一?上班", _is("start")),
    _word("S", "下", r"(?:下午)?下班", _is("end")),
    # T: clock lengths ; N: days; W: working days; H: working hours
    _word("T", NUMBER + "半", rf"(?<![第.\d]){AMOUNT}(?:小时|钟头|hours?|hrs?|h)(?![a-z])(?P<half2>半(?!个))?", lengths.length(HOUR)),
    _word("T", NUMBER, rf"(?<![第.\d]){LONGER}(?:分钟|分(?=之?内|以内|之?后|以后)|minutes?|mins?)(?![a-z])(?P<half2>半)?", lengths.length(timedelta(minutes=1))),
    _word("T", "半", r"(?<![第.\d])(?:(?P<whole>半))分钟", lengths.length(timedelta(minutes=1))),
    _word("T", NUMBER + "半", rf"(?<![第.\d])(?:(?P<whole>半)|{LONGER})个(?P<half>半)?钟(?![头点表])", lengths.length(HOUR)),
    _word("T", NUMBER, r"(?P<n>[一二两三123])刻钟?", lengths.length(timedelta(minutes=15))),
    _word("T", NUMBER, rf"(?<![第.\d]){RANGED}秒钟?", lengths.length(timedelta(seconds=1))),
    _word("N", NUMBER, rf"(?<![第.\d]){RANGED}个?(?:自然|日历)?(?:天|日(?=之?内|以内|之?后|以后|的))(?P<half>半)?(?!气|花|线)", lengths.days("day")),
    _word("N", NUMBER, rf"(?<![第.\d]){RANGED}个?(?:自然日|日历日)", lengths.days("day")),
    _word("N", numerals.CHARS, rf"(?P<n>{CN}{{1,3}})日(?=之前|以前|前(?!后))", lengths.days("day")),
    _word("N", NUMBER, rf"(?<![第.\d]){RANGED}个?(?:星期|礼拜|周(?![日末岁年边围到][^内后之以]|末))(?P<half>半)?", lengths.days("day", 7)),
    _word("N", NUMBER + "半", rf"(?<![第.\d])(?:(?P<whole>半)个?|{RANGED}个(?P<half>半)?)月", lengths.days("month")),
    _word("N", NUMBER, rf"(?<![第.\d\-/]){RANGED}年(?:半)?(?![\d{numerals.CHARS}级初末底]{{1,2}})", lengths.too_far),
    _word("W", NUMBER + "半", rf"(?<![第.\d])(?:(?P<whole>半)个?|{RANGED}个?(?P<half>半)?)工作[日天]", lengths.working),
    _word("H", NUMBER + "半", rf"(?<![第.\d])(?:(?P<whole>半)个?|{RANGED}个?(?P<half>半)?)工作(?:小时|时)", lengths.working_hours_of),
    # G: a week or month as a whole
    _word("G", "本这当下月", rf"(?:本|这|这个|当|下|下一?个|下下)(?:周|星期|礼拜)(?!末|[{numerals.CHARS}日天\d](?![定直起并共]))|(?:本|这个?|当|下个?)月(?![底末初中上下\d]|{CN})|月(?=内)", days.frame),
    # Y: past days; E: habits
    _word("Y", "昨大前上去刚方早", rf"昨[天日晚夜]|昨儿|大?前[天晚]|大前天|前日|上+(?:一?个)?{WEEK}[一二三四五六日天末1-7]?|上+(?:一?个)?月(?:\d{{1,2}}[日号]|[底末初中])?|去年|前年|刚刚|刚才|方才|早先", _is(Over())),
    _word("E", "每隔天逢", rf"(?:每|隔)(?:一?个?|隔|逢|到|\d)*(?:{WEEK}[一二三四五六日天末1-7]?|工作日|[天日月年晚早]|小时|钟头|{N}(?:天|分钟|小时|个月|周)|上午|下午)|天天|(?:每|逢)(?:{WEEK}|{N}号|月底)[一二三四五六日]?", _is(Every())),
    # U: no agreed reading; V: vague, gives way to any definite time
    _word("Q", "上下本这周星礼", rf"(?:(?:上+|下+|本|这)(?:一?个)?)?{WEEK}(?:末|初|中(?!旬))|(?<![本这下])周内", days.part_of_week),
    _word("Q", NUMBER + "本下这月上中", rf"(?:(?P<mo>\d{{1,2}}|{CN}{{1,2}})|(?P<w>本|下个?|这个?))?月份?(?:[初中]|[上中下]旬)|[上中下]旬", days.part_of_month),
    _word("Q", NUMBER + "今明去前后本", rf"(?:(?P<y>\d{{4}}|(?<!\d)\d{{2}}|{CN}{{4}}|[今明去前后本])年的?)?(?<![\d个第{numerals.CHARS}])(?P<mo>\d{{1,2}}|{CN}{{1,2}})月(?:份|(?=[^\d{numerals.CHARS}底末初中上下最]|$))", days.month_alone),
    _word("U", "年季", r"年[初中内前后]|季度?[末初底]|季度内?", days.which_day),
    _word("D", FEAST_STARTS, rf"(?:(?P<y>[今明]|\d{{4}})年的?)?(?P<feast>{FEASTS}){AFTER_NUMBER}", days.feast),
    _word("D", FEAST_STARTS, rf"(?:(?P<y>[今明]|\d{{4}})年的?)?(?P<feast>{FEASTS}|{HOLIDAY})(?:当[天日]|那[天日]|正日子)", days.feast),
    _word("Q", "元春过清五劳端中国十节", rf"(?:(?P<name>{HOLIDAY})节?|节)(?:之前|以前|前)(?P<n>{N})(?P<unit>[天日]|个?工作[日天])", days.days_before_break),
    _word("Q", "元春过清五劳端中国十", rf"(?P<name>{HOLIDAY})(?:节)?(?:期间|放?假期?|长假|黄金周|后|之后|以后|前[夕后])?", days.around_break),
    _word("Q", "节放假", rf"节后|节前(?=[\d{numerals.CHARS}])|放假期间|假期|节[日假][日期]?(?:期间|后)", days.around_break),
    _word("Q", "小新", r"小年|新年(?!快乐)", days.which_day),
    _word("U", "大隔后改", r"大{2,}后天|隔[天日周]|后年|改[天日]", days.which_day),
    _word("Q", "今", r"今明两?天?", days.days_from(0, 1)),
    _word("Q", "明", r"明后两?天?", days.days_from(1, 2)),
    _word("U", NUMBER + "几数十好若个", rf"(?:{CN}|\d){{0,6}}(?:[几数十]|好几|若干)[来几多余]?(?:个半?)?(?:小时|钟头|分钟|天|日|周|星期|礼拜|个月|(?<=数)月|工作[日天])(?!前)|个把(?:小时|钟头|星期|月|礼拜)|(?:\d{{1,6}}|{CN}{{1,6}})[多余来](?:个)?(?:小时|钟头|分钟|天|周|星期|月|工作日)", lengths.vague_length),
    _word("U", "第", rf"第(?:(?P<n>{N})|几)(?:天|日|周|个?月|个?星期|个?小时)", lengths.since_when),
    _word("U", "差", rf"差(?:{N}分钟?|一刻)(?:不?到)?{HOURS}点", clock.which_minute),
    _word("U", "半大", r"半天|半[晌日](?!制)|大半天", lengths.half_a_day),
    _word("Q", NUMBER, r"(?<![\d.:/-])(?P<h>\d{1,2})\.(?P<m>\d{1,2})(?![\d.:/-])", clock.dotted),
    _word("U", "整全天饭晚早月年", r"整天|全天|天黑|天亮|饭[前后]|晚饭|早饭|月内|年内", clock.which_minute),
    _word("U", "这那过前近头后未", r"(?:这|那|过|(?<![底末日号天])前|近|头|后|未来(?!.{2,4}内))(?:[一两几三二]|一两|两三)(?:天|日|周|个?月|个?小时|个?星期)", lengths.vague_length),
    _word("V", "尽马立即一待等稍回近最不早随及第a有抽晚过到改很这赶迟短当现", r"尽[快早速]|马上|立[刻即马]|即刻|一会儿?|待会儿?|等一?会儿?|等下|等一下|稍[后候等晚]|回头|近期|近日|最近|不日|早日|随时|及时|第一时间|"
          r"asap|有空|抽空|晚[点些]|早[点些]|过后|到时候?|有结果|等.{0,6}再说|改日|很快|这就|赶紧|赶快|迟[点些]|最?短时间|过阵子|过段时间|一段时间|当场|现在", soft),
    # helpers: B before, A after, J from here on, I within, R leads in a length, ~ a range, x filler
    _word("B", "或及之以前为截止", r"(?:或|及)?(?:之前|以前|前(?![面台厅排任门来往后天]))|为止|截止|截至|止"),
    _word("B", "钱", r"(?<=[点分半刻日号天午上晚班\d整五四三二一六])钱(?!包)"),
    _word("A", "之以过后", r"(?:之|以|过)?(?<![最然售前先落背])后(?![天日面台儿晚续期勤果者])"),
    _word("J", "起开", r"起(?!诉|来|火|码)|开始"),
    _word("I", "之以内", r"(?:之|以)?内(?!容|部|存|衣|墙|侧|网)"),
    _word("R", "再还最至顶不未接今限过预大b", r"再[过等]?|还剩下?|还有|最迟|最晚|最多|至多|顶多|不超过|不晚于|不迟于|未来|接下来|今后|限时?|过(?!来|去|后|了)|预计|大概要?|未来的|by(?![a-z])"),
    _word("~", "-~—–到至", r"-|~|—|–|到(?![场达位家时底])|至(?!多|少|今)"),
    _word("+", "又零", r"又|零"),
    _word("/", "或还", r"或者?|还是"),
    _word("x", "的大约左在就于那这当准整() ,最", r"最后一[天日]|的|大约|大概|约|左右|在|就|于|那天|这天|当天|当日|准时|整|[()]| |,(?=周|星期|礼拜)"),
)
# fmt: on

BY_START: defaultdict[str, list[Word]] = defaultdict(list)
for _row in WORDS:
    for _char in dict.fromkeys(_row.starts):
        BY_START[_char].append(_row)


def cut(text: str, at: Moment) -> list[Token]:
    """The time words of a line, from the left, the longest first; of equals the earlier row."""
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        best: Token | None = None
        for word in BY_START.get(text[place], ()):
            found = word.match(text, place)
            if found and found.end() > (best.end if best else place):
                value = word.read(found, at)
                if value is not None:
                    best = Token(word.kind, place, found.end(), value, found.group())
        if best:
            tokens.append(best)
        place = best.end if best else place + 1
    return tokens
