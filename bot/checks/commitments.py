"""Where a draft commits the agent to do or answer something, so that it can be remembered as a promise 承诺."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from bot.checks.rule import Commitment
from bot.checks.tight import tighten

ReadTime = Callable[[str], str | None]

_NUMBER = r"(?:[0-9]{1,8}|[零一二两三四五六七八九十半百]{1,8})"  # no +: a draft may be nothing but digits
_TIME = re.compile(
    rf"{_NUMBER}个?(?:半)?(?:分钟|刻钟|小时|钟头|工作日|天|日|号|点|周|星期|月|礼拜)"
    r"|[0-9]{1,2}:[0-9]{2}|今天|今日|今晚|今早|明天|明日|明早|明晚|后天|当天|当日|下班前|周[一二三四五六日天末]"
    r"|星期[一二三四五六日天]|本周|下周|月底|上午|下午|中午|傍晚|晚上"
)
_SOON = re.compile(r"尽快|尽早|马上|立刻|立即|第一时间|这就|现在就|稍后|晚点|随后|很快|多晚")
_DEED = re.compile(
    r"答[复覆]|回[复覆]|回电|回访|回话|回音|反馈|回您|联[系络]您|联系到您"
    r"|给您(?:打电话|消息|结果|方案|准信|答案|办|送|补|发|寄|安排|处理|换|查|说法|一个|个|修|解决|核实|通知)"
    r"|(?:为|帮|替)您(?:处理|解决|安排|办|查|核实|联系|跟进|修|换|送|登记|申请|反映|协调|咨询|问)"
    r"|通知您|告诉您|告知您|上门|派(?:人|师傅|专人)|(?:安排|处理|解决|修|办|查|核实|落实|送|寄|发|弄)(?:好|完|妥|清楚|出|到|货|过去|过来)?"
)
_BY_AGENT = re.compile(
    r"我|给您|为您|帮您|替您|师傅|同事|专人|工程师|公司|(?:答[复覆]|回[复覆]|联系|联络|通知|告诉|告知)您|派"
)
_NO_COMMITMENT = re.compile(
    r"无法|不能|没法|没办法|不会|已经|已为|已给|刚刚|刚才|昨天|上次|吗$|[?]$|^请您|^麻烦您|^您(?:可以|要|先|能)|如果|是否|为什么"
    r"|(?:处理|解决|办理|安排|核实)(?:了|过|完了)$|您(?:反映|说|提)的"
)
_AT_LATEST = re.compile(r"^(?:最晚|最迟|不晚于|不超过|就在|预计)")
_CLAUSE = re.compile(r"[^，,。！!？?；;\n]+[！!？?]?")


def commitments(draft: str, read_time: ReadTime | None) -> tuple[Commitment, ...]:
    """Every commitment in the order of the draft, in the agent's own words."""
    return tuple(
        Commitment(text=text, due=read_time(text) if read_time and _TIME.search(tighten(text).text) else None)
        for text in _spans(draft)
    )


def _spans(draft: str) -> Iterator[str]:
    clauses = list(_CLAUSE.finditer(draft))
    reads = _reads(draft, clauses)
    before: int | None = None  # the clause before, unless it belongs to a commitment already
    taken = 0
    for place, (clause, read) in enumerate(zip(clauses, reads, strict=True)):
        if clause.start() < taken:  # its time was the one before's
            continue
        if _DEED.search(read) and not _NO_COMMITMENT.search(read):
            timed = bool(_TIME.search(read))
            end = clause.end() if timed else _end(clauses, reads, place)
            # A clause that only names the time belongs to the next: 明天下午三点前，我给您回电
            timed_before = before is not None and _names_time(reads[before])
            if _commits(read, timed, timed_before or end != clause.end()):
                start = clause.start() if before is None or not timed_before or timed else clauses[before].start()
                yield draft[start:end].strip()
                before, taken = None, end
                continue
        before = place


def _names_time(read: str) -> bool:
    return bool(_TIME.search(read)) and not _NO_COMMITMENT.search(read)


def _reads(draft: str, clauses: list[re.Match[str]]) -> list[str]:
    """Each clause as the rules read it, cut out of the draft that is read once."""
    tight = tighten(draft)
    return [
        tight.text[bisect_left(tight.places, clause.start()) : bisect_left(tight.places, clause.end())].lstrip(",.")
        for clause in clauses
    ]


def _end(clauses: list[re.Match[str]], reads: list[str], place: int) -> int:
    """A time that comes after, 我核实完给您回话，最晚下午四点, belongs to the commitment unless it has its own deed."""
    if place + 1 < len(clauses):
        read = reads[place + 1]
        if _AT_LATEST.search(read) and _TIME.search(read) and not _DEED.search(read):
            return clauses[place + 1].end()
    return clauses[place].end()


def _commits(read: str, timed: bool, time_beside: bool) -> bool:
    if timed or time_beside or _SOON.search(read):
        return bool(_BY_AGENT.search(read)) or timed
    return bool(
        re.search(
            r"(?:会|一定|来)(?:给|为|帮|替|再|再给|尽力)*(?:您)?(?:答[复覆]|回[复覆]|回电|联[系络]|通知|处理|安排|上门)",
            read,
        )
    )
