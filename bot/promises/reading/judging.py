"""Whether a time is the promise, an event that is told of, or past, by the words around it (12)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.language.speech import _
from bot.promises.reading.noise import BLANK, HOUSE_BLANK, Line
from bot.promises.reading.phrases import Mention, read_as_of
from bot.promises.reading.values import Ask, Due, Error, Every, Moment, Over

REPLY = r"答[复覆应]|答(?=$|客|业主|他|她)|(?<![反重往恢修])复(?=$|客|业主|他|她)|回[复覆电话音拨呼]|回个|回(?:您|你|客户|业主|他|她|过去)|给(?:您|你|客户|业主)|承诺|保证|反馈|告知|告诉|通知|联系|致电|打电话|给.{0,6}(?:结果|方案|说法|交代|消息|准信)|出?结果"
ACT = r"上门|到场|到达|到位|安排|处理|解决|修|完成|送|换|恢复|派|办|发货|退|清|查|核实|跟进|落实|提供|搞定|弄好|给|来|去|到|回访"
DEED = r"上门|到场|安排|处理|解决|修[好复]|完成|发货|退款|跟进|落实|给|回访"
STRONG = r"已|曾|刚|了|咗|没|未|过(?![来去程滤户])"
WEAK = (
    r"报修|报案|报障|发生|购|买|下单|签|入住|反映|投诉|来电|打来|登记|开始|停[水电气]|坏|漏|堵|断|吵|闹|噪音|故障|异响|收到|交的|多收|账单|费|失约|爽约"
    r"|说|不通|不来|困|摔|丢|到期|问题|一直|老是|总是|经常|反复|又|都|客户|业主很"
)
OTHER_MATTER = r"生日|租期|合同|有效期|到期|保修|质保|出差|搬家|装修|施工|起诉|开庭|营业|放假|值班|休息|停机|检修|班车|航班|飞机|火车|出门|在家|有空|没空|过期|考试|婚礼|退房|登机|起飞|手术|面试|上课|早餐|晚宴"
PUNCTUATION = r"[,。;!?、:\n]"
AGREED_BEFORE = r"上次|当时|原定|原来|本来|原本|当初|曾|原先|上回"
SAID_EARLIER = (
    r"(?:昨[天日晚]|前天|上(?:个?月|个?周|个?星期|个?礼拜)|刚才|刚刚).*(?:说|讲|答应|承诺|约|告知|称|通知|保证|回复)"
)
ENDURED_BEFORE = (
    r"(?:等|等待|等候|停|坏|拖|漏|堵|断|困|排队?|用|花|住|买|修|吵|响|过|迟到|超时|晚|催|打|耽误|开)(?:了|咗|水|电|气)*(?:快|近|将近|差不多|超过|整整|都|有|足足|大概)*$"
    r"|(?:已经?|连续|持续|长达|超过|都|快|近|过去|最近|才|了|前|每|隔)$"
)
ENDURED_AFTER = r"多?(?:了|咗|没|未|还没|不见|以来|过去|都)"
STARTS_ELSEWHERE = r"(?:(?<!售)后|起|之日|开始)[,、 ]*(?:我们?|一定|将|会|必须|客服|保证|承诺|答应|最迟|最晚|再)*$"
DENIED_AFTER = r".{0,6}?(?:不了|不行|不能|不可能|无法|没法|没空|来不及|不方便|没有?[时取]|取消|做不到|不(?:答|回[复覆电]|给|会|用|必|需|打算|上门|来|去|办|处理)|开会|会议|开完)"
DENIED_BEFORE = (
    r"(?:不是|不要|别|并非|不到|没到|未到|取消|如果|要是|若|假如|万一|除非|不等|拒绝|不想|不同意|不接受)[^,。;]{0,3}$"
)
DONE = rf"(?:已经?|曾|刚|没有?|未).{{0,3}}(?:{REPLY}|{ACT})|(?:{REPLY}|{ACT}).{{0,2}}(?:了|过)"
EVENT_FIRST = rf"(?:的时候|就|已经?|曾)?(?:{WEAK}|答应|承诺|打过|来过|{STRONG})"
SPEECH = r"(?:答应|承诺|预计|大概|要|需要?|最迟|最晚|争取|改到|改为|改成|推迟到?|延期?到|给|我|我们|咱们?|这边|客户|在|约|请|限|还|再|退[款费])*$"


@dataclass(frozen=True)
class Around:
    """What stands before and after a mention, within its clause."""

    before: str
    after: str

    @property
    def all(self) -> str:
        return self.before + "|" + self.after

    @property
    def replies(self) -> bool:
        return re.search(REPLY, self.all) is not None

    @property
    def alone(self) -> bool:
        return not re.sub(
            rf"[\W_{BLANK}{HOUSE_BLANK}]|大约|大概|约|左右|吧|哦|啊|呀|呢|好的?|行|嗯", "", self.before + self.after
        )


def clauses(mentions: Sequence[Mention], line: Line) -> dict[int, Around]:
    """What stands around every mention, by where the mention starts."""
    return {mention.start: _around(mention, mentions, line) for mention in mentions}


def _around(mention: Mention, mentions: Sequence[Mention], line: Line) -> Around:
    """The clause to both sides: up to punctuation, another time, or a blank that is not right beside the mention."""
    text = line.text
    start = max([0, *(other.end for other in mentions if other.end <= mention.start)])
    marks = [mark.end() for mark in re.finditer(PUNCTUATION, text[start : mention.start])]
    start += marks[-1] if marks else 0
    for gap in line.gaps:
        if start < gap < mention.start:
            start = gap
    stop = min([len(text), *(other.start for other in mentions if other.start >= mention.end)])
    mark_after = re.search(PUNCTUATION, text[mention.end : stop])
    stop = mention.end + mark_after.start() if mark_after else stop
    stop = min([stop, *(gap for gap in line.gaps if mention.end < gap < stop)])
    return Around(text[start : mention.start], text[mention.end : stop])


def judge(mentions: Sequence[Mention], beside: Mapping[int, Around], line: Line, at: Moment) -> list[Mention]:
    """Past mentions and events become Over, doubtful ones a question (12)."""
    judged: list[Mention] = []
    for mention in mentions:
        now = _judged(mention, beside[mention.start], line)
        if isinstance(now.value, Due) and (days := _leans_elsewhere(now, judged, line, at)):
            asked = _("“{text}”是从哪一天说起的？具体哪一天几点？")
            choices = [read_as_of(now, line, replace(at, now=at.calendar.at(day, time()))) for day in days]
            now = replace(now, value=Ask(asked, (now.value.at, *(choice for found in choices for choice in found))))
        judged.append(now)
    return judged


def _leans_elsewhere(mention: Mention, earlier: Sequence[Mention], line: Line, at: Moment) -> list[date]:
    """周五上门，次日答复; 明天上门，下午答复; 收到后第二天: the day meant is not counted from today but maybe from these."""
    dues = [m.value.at for m in earlier if isinstance(m.value, Due)]
    spoken = [(due - timedelta(seconds=1)).date() for due in dues]
    if mention.leans:
        elsewhere = re.search(STARTS_ELSEWHERE, line.text[: mention.start]) or any(not m.vague for m in earlier)
        return spoken or [at.today] if elsewhere else []
    return spoken if mention.dayless and any(due.date() != at.today for due in dues) else []


def _judged(mention: Mention, around: Around, line: Line) -> Mention:
    value, before, after = mention.value, around.before, around.after
    if isinstance(value, Over):
        if value.within and (re.match(rf"必须|一定|内|要|给|请|会|再|{REPLY}", after) or around.alone):
            asked = _("“{text}”是指多久以内，还是已经过去的时间？具体几点答复？")
            return replace(mention, value=Ask(asked, value.within))
        return mention
    if isinstance(value, Every) or mention.vague:
        return mention
    if re.search(AGREED_BEFORE, before):
        return _event(mention)
    if mention.counted:
        return _judged_length(mention, around, line)
    after = re.sub(r"[已没未][^,]{1,4}的", "", after)  # 未发货的客户
    strong = re.search(STRONG, after)
    eventful = strong or re.search(WEAK, after)
    promised = re.search(f"{REPLY}|{ACT}", after) or re.search(REPLY, before)
    if isinstance(value, Ask):
        side = strong or re.search(f"{WEAK}|{STRONG}", around.all) or re.match(rf"\w{{0,3}}(?:{OTHER_MATTER})", after)
        told = re.match(rf"{EVENT_FIRST}|{OTHER_MATTER}", after) or not promised
        return _event(mention) if side and told and not mention.kept else mention
    if isinstance(value, Error) and not value.over:
        return mention
    done = strong and re.search(DONE, after)
    again = re.search(REPLY, after[: done.start()] + "|" + after[done.end() :] if done else after)
    if mention.loose and eventful and not mention.kept:
        if re.match(EVENT_FIRST, after) or not promised:
            return _event(mention)
        if strong:
            return (
                _event(mention)
                if done and not again
                else _doubt(mention, _("“{text}”是已经发生的，还是答应的时间？什么时候答复？"))
            )
    if mention.loose and mention.kept and strong:
        if not promised:
            return _event(mention)
        if done and not again:
            return _doubt(mention, _("“{text}”是已经发生的，还是答应的时间？什么时候答复？"))
    if isinstance(value, Error):
        return mention
    if (
        re.search(SAID_EARLIER, re.split(PUNCTUATION, line.text[: mention.start])[-1])
        and line.text[mention.start] not in "今当"
    ):
        return _doubt(mention, _("“{text}”是哪一天说的？具体是哪一天？"))
    if re.match(DENIED_AFTER, after) or re.search(DENIED_BEFORE, before):
        return replace(mention, value=Ask(_("“{text}”是不能答复的时间吗？什么时候答复？")))
    afterwards = re.search(rf"[后完](?:再|就|才)?.{{0,3}}(?:{REPLY})", line.text[mention.end :])
    if afterwards and not mention.kept and not around.replies:
        return _doubt(mention, _("“{text}”之后，最晚几点答复？"))
    if re.match(r"的(?!时候|话)", after):
        return _doubt(mention, _("“{text}”是不是答复的时间？什么时候答复？"))
    if mention.clock and not (mention.kept or promised or around.alone or (re.fullmatch(SPEECH, before) and not after)):
        return _doubt(mention, _("“{text}”是不是答复的时间？具体是哪一天几点？"))
    return mention


def _event(mention: Mention) -> Mention:
    return replace(mention, value=Over(), event=True)


def _doubt(mention: Mention, sentence: str) -> Mention:
    """Asked about, with what it would be as the choice."""
    return replace(mention, value=Ask(sentence, (mention.value.at,) if isinstance(mention.value, Due) else ()))


def _judged_length(mention: Mention, around: Around, line: Line) -> Mention:
    """等了两小时 is past; 上门后两小时内 begins nobody knows when; 两小时内 begins now."""
    before, after = around.before, around.after
    if re.search(SAID_EARLIER, re.split(PUNCTUATION, line.text[: mention.start])[-1]):
        return _doubt(mention, _("“{text}”是哪一天说的？具体是哪一天？"))
    if (
        re.search(r"(?:报修|签收|收到|到货|付款|下单|受理|接单|登记|接报|投诉|完工)$", before)
        and mention.start not in line.gaps
    ):
        return _doubt(mention, _("“{text}”从什么时候算起？具体到哪一天几点？"))
    if mention.bare and after.startswith((BLANK, HOUSE_BLANK)):  # 一周三次
        return replace(mention, value=Ask(_("“{text}”是不是答复的时间？什么时候答复？")))
    promised = not mention.bare and re.match(REPLY, after)  # 坏了20分钟内答复
    if re.match(ENDURED_AFTER, after) or (re.search(r"[了咗][快近超过整都有]*$", before) and not promised):
        return _event(mention)
    if re.search(ENDURED_BEFORE, before) and mention.bare:
        return _event(mention)
    if re.search(STARTS_ELSEWHERE, line.text[: mention.start]):
        return _doubt(mention, _("“{text}”从什么时候算起？具体到哪一天几点？"))
    if re.match(DENIED_AFTER, after) or re.search(DENIED_BEFORE, before) or re.search(r"(?:[前头近第]|最后)$", before):
        return replace(mention, value=Ask(_("“{text}”是不是答复的时间？什么时候答复？")))
    if mention.bare and not around.alone:
        leads = re.fullmatch(SPEECH, before) and re.match(
            rf"(?:左右|上下)?(?:$|{REPLY}|到(?![期底了])|之?[内后])", after
        )
        if not leads or re.search(STRONG, after):
            if re.search(f"{WEAK}|{STRONG}", around.all) and not around.replies:
                return _event(mention)
            return _doubt(mention, _("“{text}”是多久以内答复吗？具体几点答复？"))
    return mention
