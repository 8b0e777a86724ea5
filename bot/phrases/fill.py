"""Slots of a wording: filled where the value is known, left as visible blanks where it isn't; who is addressed.

A wording is put into the reader's script before it is filled: names and rooms that people typed are never converted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from functools import cache

from opencc import OpenCC

from bot.language.fold import fold
from bot.language.speech import SOURCE, _, spoken
from bot.language.words import words

# Every slot a wording may have, with the name a person sees on the blank.
SLOTS: Mapping[str, str] = {
    "称呼": "称呼",
    "greeting": "问候",
    "due": "答复时间",
    "reason": "原因",
    "alternative": "替代方案",
    "org": "单位",
    "self": "姓名或工号",
    "project": "项目",
    "amount": "金额",
    "room": "房号",
    "result": "结果",
    "hours": "服务时间",
    "date": "日期",
    "issue": "问题",
    "department": "部门",
    "years": "年数",
    "matter": "事项",
    "eta": "预计时间",
    "phone": "电话",
    "address": "地址",
    "place": "地点",
    "product": "商品",
    "order": "订单号",
    "name": "姓名",
    "time": "时间",
    "item": "物品",
    "number": "数量",
    "holiday": "节日",
    "link": "链接",
}
# Ready values for the blanks an agent fills by a button; the wordings are made so that these read naturally in them.
READY: Mapping[str, tuple[str, ...]] = {
    "reason": ("正在核实情况", "配件还没到", "需要进一步核实", "系统正在维护", "天气影响"),
    "alternative": ("换一个时间", "换同类的一款", "安排同事上门", "登记后优先安排", "在网上办理"),
    "eta": ("30分钟内", "今天下班前", "明天上午", "3个工作日内"),
    "date": ("今天", "明天", "后天", "下周一"),
    "time": ("今天18:00", "今天22:00", "明天12:00"),
    "result": ("已经处理好了", "正在处理", "已安排专人跟进", "还在核实"),
    "matter": ("核对一下信息", "登记您的情况", "安排上门检查"),
    "issue": ("设备故障", "收费问题", "办理进度", "服务态度"),
    "amount": ("50", "100", "200", "500"),
    "department": ("工程部", "财务部", "售后部", "前台"),
    "hours": ("每天9:00到18:00", "工作日9:00到18:00", "全天24小时"),
    "item": ("一份小礼品", "一张优惠券", "一张洗车券"),
    "place": ("服务台", "一楼大厅", "门口"),
    "years": ("3", "5", "10"),
    "number": ("1", "2", "3"),
    "holiday": ("春节", "端午节", "中秋节", "国庆节"),
}
_OPENING = re.compile(r"[^。！？!?]{4,60}[。！!]")
_SLOT = re.compile(r"\{([^{}\n]{1,24})\}")
_NUMBER = re.compile(r"\d(?:[ -]?\d){5,}[xX]?")  # a phone, a card, an order; six digits and more
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_ENDS = "。！？!?；;…~～"
_PAUSES = "，,、：:"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known of a customer's open case; `due` is when the answer was promised."""

    id: int
    number: str  # 1122-03
    customer: str
    place: str
    matter: str
    due: datetime

    @property
    def name(self) -> str:
        """How the agent knows it: #1122-03 张先生."""
        return " ".join(filter(None, (f"#{self.number}", self.customer)))


@dataclass(frozen=True)
class Filled:
    """A wording ready to show; `missing` are the slots that are blanks in it, in order."""

    text: str
    missing: tuple[str, ...]


def slots_in(text: str) -> Iterator[str]:
    """The slots of a wording in order, each time they occur."""
    return (match[1].strip() for match in _SLOT.finditer(text))


def blank(slot: str) -> str:
    """What stands for a slot nobody filled: 【原因】."""
    return in_script(f"【{SLOTS.get(slot, slot)}】", spoken())


def greeting(at: time) -> str:
    """早上好 to 晚上好, by the hour."""
    for until, said in ((time(5), "您好"), (time(9), "早上好"), (time(11, 30), "上午好"), (time(13, 30), "中午好")):
        if at < until:
            return said
    return "下午好" if at < time(18) else "晚上好"


def fill(text: str, given: Mapping[str, str], at: time | None = None) -> Filled:
    """The wording with its slots filled from `given`; `at` is the local hour, for the greeting.

    Without a 称呼 the sentence is made to read naturally; without an hour the greeting is 您好.
    """
    missing: list[str] = []
    said = _without_stray_braces(text)
    known = {slot: value for slot, value in given.items() if value.strip()}
    known.setdefault("greeting", in_script(greeting(at) if at else "您好", spoken()))
    if "称呼" not in known and "稱呼" not in known:
        said = _unaddressed(said)
    pieces: list[str] = []
    end = 0
    for match in _SLOT.finditer(said):
        slot = match[1].strip()
        pieces.append(said[end : match.start()])
        end = match.end()
        value = known.get(slot)
        if value is None:
            value = blank(slot)
            if slot not in missing:
                missing.append(slot)
        pieces.append(value)
        if slot == "greeting" and value == "您好" and re.match(r"[，,！!]?您好", said[end:]):
            pieces.pop()
            end += 1 if said[end] in "，,！!" else 0
    pieces.append(said[end:])
    return Filled("".join(pieces), tuple(missing))


def say_to_customer(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """A time as one says it to a customer, without the team's remarks: 15:30, 明天 09:30, 6月12日 18:00."""
    local = at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    clock = f"{local:%H:%M}"
    if days == 0:
        return clock
    if days == 1:
        return _("明天 {clock}").format(clock=clock)
    return _("{month}月{day}日 {clock}").format(month=local.month, day=local.day, clock=clock)


# What Taiwan and Hong Kong say otherwise, in words a customer hears from an agent. OpenCC's own list of phrases
# (s2twp) is made for software: it turns 支持 into 支援, 项目 into 專案 and 查看 into 檢視.
_LOCAL_WORDS = {
    "信息": "資訊", "软件": "軟體", "短信": "簡訊", "登录": "登入", "网络": "網路", "联系": "聯絡", "设置": "設定",
    "回复": "回覆", "答复": "答覆", "签字": "簽字", "签个字": "簽個字", "账": "帳", "并为您": "並為您", "视频": "影片",
    "列表": "清單", "群聊": "群組", "私聊": "私訊", "录入": "輸入", "制表符": "定位字元", "花括号": "大括號",
    "方括号": "中括號", "端口": "連接埠", "权限": "權限", "关键字": "關鍵字", "屏幕": "螢幕", "打印": "列印", "数据": "資料", "质量": "品質", "激活": "啟用", "默认": "預設",
}  # fmt: skip
_LOCAL = re.compile("|".join(sorted(_LOCAL_WORDS, key=len, reverse=True)))


def in_script(text: str, locale: str) -> str:
    """A wording in the script its reader uses; slots keep their names."""
    if locale != "zh_Hant":
        return text
    pieces = re.split(r"(\{[^{}\n]{1,24}\})", text)
    return "".join(piece if at % 2 else _traditional(piece) for at, piece in enumerate(pieces))


def opening(text: str) -> str | None:
    """The first sentence of a wording, when it can be said alone: a statement that needs nothing but a name."""
    first = _OPENING.match(text)
    return first[0] if first and set(slots_in(first[0])) <= {"称呼", "greeting"} else None


def is_traditional(text: str) -> bool:
    """Whether somebody typed 繁體: more characters that are written so only there than only in 简体."""
    traditional = sum("\u3400" <= char <= "\u9fff" and fold(char).text != char for char in text)
    return traditional > 0 and traditional > sum(map(_is_simple, text))


@cache
def _is_simple(char: str) -> bool:
    return bool(_to_traditional().convert(char) != char)


def _traditional(text: str) -> str:
    said, end = [], 0
    for match in _LOCAL.finditer(text):
        said += [_to_traditional().convert(text[end : match.start()]), _LOCAL_WORDS[match.group()]]
        end = match.end()
    return "".join([*said, _to_traditional().convert(text[end:])])


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2tw")


def _without_stray_braces(text: str) -> str:
    pieces = re.split(r"(\{[^{}\n]{1,24}\})", text)
    return "".join(piece if at % 2 else re.sub(r"[{}]", "", piece) for at, piece in enumerate(pieces))


def _unaddressed(text: str) -> str:
    """{称呼} taken out so that the sentence still reads as if it had never been there."""
    while match := re.search(r"\{\s*称呼\s*\}", text):
        before, after = text[: match.start()], text[match.end() :]
        starts = not before.rstrip() or before.rstrip()[-1] in _ENDS + "“\n"
        if before.endswith("尊敬的"):
            text = f"{before}客户{after}"
        elif starts:
            after = after.lstrip()
            text = before + (f"您{after}" if after.startswith("的") else after.lstrip(_PAUSES + "！! "))
        elif before[-1] in _PAUSES:
            if not after or after[0] in _ENDS:
                text = before.rstrip(_PAUSES) + after
            elif after[0] in _PAUSES:
                text = before + after[1:].lstrip()
            else:
                text = before + ("" if after[0] in "您请" else "您") + after
        else:
            text = before + ("" if before.endswith("您") or after.startswith("您") else "您") + after
    return text


# Who is addressed

_COMPOUND = (
    "欧阳 上官 司马 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 端木 南宫 独孤 西门 长孙 宇文 轩辕 "
    "歐陽 司馬 諸葛 東方 尉遲 公孫 長孫 軒轅 獨孤 西門 令狐 南宮"
)
# Without the surnames that are everyday words too (和 向 从 那 都 应 时 由 有 能 别 全 明 成 过 …): a wrong name is
# worse than none.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付"
    "方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝"
    "包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗曲盛翁骆路游辛管柴鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米"
    "柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩苑池查麻冉湛"
    "張劉陳楊黃趙吳孫馬鄭謝羅許韓馮鄧蕭蔣葉蘇魏呂盧薑鐘譚陸賈韋鄒閆龍賀顧龔邵萬錢嚴湯溫莊聶魯歐關蘭寧紀單塗駱遊饒陽農簡車項連蘆麥"
    "褚婁竇黨宮費衛應閔鄔邊師榮叢鞏"
)
_POLITE = "先生|女士|小姐|太太|阿姨|叔叔|大爷|大爺|大妈|大媽|大姐|大哥|老先生"
_POSTS = "总经理|總經理|总监|總監|总|總|董事长|董事長|董|经理|經理|主任|老师|老師|教授|医生|醫生|律师|律師|局长|局長|处长|處長|科长|科長|校长|校長|院长|院長|工"
_NAMED = re.compile(
    rf"(?P<surname>{'|'.join(_COMPOUND.split())}|[{_SURNAMES}])"
    rf"(?:(?P<given>[\u4e00-\u9fff]{{1,2}})?(?P<polite>{_POLITE})|(?P<post>{_POSTS})(?=[\s，,。！!？?：:；;、…]|$))"
)
_NOT_NAMES = frozenset({"施工"})
# Before a post, these mean that the person named is one of ours or is being talked about.
_NOT_TO_THEM = re.compile(
    r"(?:找|叫|问|問|投诉|投訴|联系|聯繫|请示|請示|汇报|彙報|让|讓|请|請|我们|我們|你们|你們|转|轉|我是|我姓|举报|舉報|和|跟|给我|咱们?)\s*$"
)


def address_in(text: str, locale: str = SOURCE) -> str | None:
    """How the customer in this text is addressed: 张先生, 陈总; None when nobody is named.

    小姐 becomes 女士 for readers of 简体, where it can offend.
    """
    span = _address_span(text)
    if span is None:
        return None
    match = span
    surname = match["surname"]
    title = match["polite"] or match["post"]
    title = {"老先生": "先生", "总经理": "总", "總經理": "總"}.get(title, title)
    if title == "小姐" and locale != "zh_Hant":
        title = "女士"
    return f"{surname}{title}"


def without_address(text: str) -> str:
    """The text without the words that address somebody, so that a name doesn't lead the search astray."""
    match = _address_span(text)
    if match is None:
        return text
    return text[: match.start()] + " " + text[match.end() :]


def without_people(text: str) -> str:
    """A question as it may be kept for good: no addressed name, no e-mail, no number that could be somebody's."""
    text = _NUMBER.sub("#", _MAIL.sub("@", text))
    while (others := without_address(text)) != text:
        text = others
    return " ".join(text.split())


def _address_span(text: str) -> re.Match[str] | None:
    starts: frozenset[int] | None = None
    for match in _NAMED.finditer(text):
        if match.group() in _NOT_NAMES:
            continue
        if starts is None:
            starts = _word_starts(text)
        if match.start() not in starts:
            continue  # 工程经理: 程 is the end of a word, not a name
        if match["given"] and not _is_given_name(match):
            continue
        if match["post"] and _NOT_TO_THEM.search(text[: match.start()]):
            continue
        return match
    return None


def _is_given_name(match: re.Match[str]) -> bool:
    """张伟先生 is a person, 高兴地告诉先生 isn't: between surname and title there is one word or a few single characters."""
    name = match["surname"] + match["given"]
    return not re.search(r"[的了是在这那和与给把对位您你我他]", name) and len(words(name)) <= len(name)


def _word_starts(text: str) -> frozenset[int]:
    starts: set[int] = set()
    place = 0
    for word in words(text):
        starts.add(place)
        place += len(word)
    return frozenset(starts)
