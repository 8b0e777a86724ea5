"""Putting a draft right: offending clauses give way to one approved wording, the rest stays as the agent wrote it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.checks.rule import Finding, How, Replacement
from bot.checks.tight import tighten

_MARKS = "，,。！!？?；;\n"
_STOPS = frozenset("。！!？?\n")
_CLAUSE = re.compile(rf"(?P<words>(?:[^{_MARKS}]+|(?<=\d),(?=\d))*)(?P<marks>[{_MARKS}][{_MARKS}\s]*|$)")
_ENDED = "。！？!?"
_BEYOND = "越权承诺"  # what stands beside such a promise is its condition or its amount
_SLOT = "{found}"  # in a replacement: the agent's own words, 请您{found}
# What is known about a clause, as the rules read it.
_MUCH = r"[零一二两三四五六七八九十百千]+(?:分钟|小时|点|天|日|号|元|块|楼|栋|层|个工作)|百分之"
_FIGURE = re.compile(rf"[0-9]|(?!一[^零一二两三四五六七八九十百千])(?:{_MUCH})")
_FACT = re.compile(
    rf"[0-9]|(?!一[点天日])(?:{_MUCH})"
    r"|(?:今|明|后|昨)[天晚早日]|[上下中]午|已经?(?=[^,.?])|(?:帮|为|给|替)您|我(?:来|去|先|这就|马上)|^(?:请|麻烦)[您你]"
)
_COURTESY = re.compile(
    r"^(?:请问)?[^,.?]{0,6}您好(?=[,.?呀啊]|$)|早上好|下午好|晚上好|抱歉|对不[起住]|不好意思|歉意|谢谢|感谢|理解您|心情|先生|女士|^[^,.?]{0,3}小姐$|^让您|您(?:反映|说|提|问)的"
)
_BEFOREHAND = re.compile(r"^(?:好的?|您?放心|请您?放心|没关系|请您?稍等)")  # worth saying before the answer only
_PLEA = re.compile(
    r"^(?:也|还|就)?(?:请|望|敬请|希望)?(?:您)?(?:多|能|多多)?(?:理解|谅解|见谅|体谅|包涵|担待|知悉|留意|放心)(?:一下|吧|好了|哈|啊|我们|着|点儿?)*$"
)
_REPROACH = re.compile(
    r"^[^,.?]{0,4}您[^,.?]{0,6}(?:没|不|忘|错|晚了|乱|自己|根本|应该|该|怎么)|^都(?:快|已经?)?|明明|偏偏|非要"
)
_FRAGMENT = re.compile(
    r"^(?:如果|要是|只要|虽然|因为|由于|既然|除非|等(?![待级候])|就算|即使).+|.+(?:的话|的时候)$|^.{1,4}$"
)
_LINKING = re.compile(
    r"^(?:不过话说回来|话说回来|不过|但是|但|可是|然而|所以|因此|于是|而且|并且|况且|何况|再说|反正|就是说|另外呢)[，,]?"
)
_SORRY = re.compile(r"抱歉|对不[起住]|不好意思|歉意|添麻烦|久等")
_FEELING = re.compile(r"理解您|您的心情|体谅您")
_NOTHING_SAID = re.compile(
    r"[^，,。！!？?；;\n]{0,6}(?:您好|你好)|好的|谢谢您?|感谢[^，,。！!？?；;\n]*|抱歉|对不起|不好意思|先生|女士|小姐"
    r"|(?:请|敬请|望)您?(?:多多?)?(?:理解|谅解|见谅|知悉|留意|包涵)"
)
# How a sentence begins that first states something: a form of address, or what is the customer's.
_STATING = re.compile(
    r"^[^,.?]{0,5}(?:先生|女士|小姐|老师|业主|会员|旅客|顾客|客户)|^您(?:的|家|寄|账|这|欠|订|买|预约|申请)"
)
_QUOTES = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("（", "）"), ("(", ")"))


@dataclass(frozen=True)
class Clause:
    """A stretch of the draft up to its punctuation."""

    start: int
    end: int  # without the mark
    stop: int  # with the mark
    ends_sentence: bool = False


@dataclass(frozen=True)
class Fix:
    """How one finding is put right; `rank` is the place of its wording among the replacements, first goes first."""

    finding: Finding
    how: How
    say: str
    rank: int


@dataclass(frozen=True)
class Group:
    """Clauses that one finding reaches over, with what is wrong in them."""

    start: int
    end: int
    stop: int
    text: str
    read: str
    fixes: tuple[Fix, ...]

    def fixed_by(self, *ways: How) -> list[Fix]:
        return [fix for fix in self.fixes if fix.how in ways]


@lru_cache(maxsize=64)  # asked for the findings' wordings, and again for the repair
def clauses_of(draft: str) -> tuple[Clause, ...]:
    return tuple(
        Clause(found.start(), found.end("words"), found.end(), not _STOPS.isdisjoint(found["marks"]))
        for found in _CLAUSE.finditer(draft)
        if found[0]
    )


def repair(draft: str, found: Sequence[Finding], replacements: Sequence[Replacement]) -> str | None:
    """The draft put right as one reply, with one approved wording at most; None when nothing sensible remains."""
    sentences: list[tuple[list[Clause], list[Group]]] = []
    for sentence in _sentences(clauses_of(draft)):
        here = [f for f in found if f.start < sentence[-1].stop and f.end > sentence[0].start]
        sentences.append((sentence, list(_groups(draft, sentence, here, replacements)) if here else []))
    whole = [fix for _, groups in sentences for group in groups for fix in group.fixed_by("clause", "sentence")]
    lead = min(whole, key=lambda fix: fix.rank, default=None)
    reply = _Reply(lead)
    for sentence, groups in sentences:
        if not groups:
            reply.keep(draft[sentence[0].start : sentence[-1].stop])
        elif not reply.mend(draft, groups):
            return None
    return reply.text()


def way(finding: Finding, read: str, replacements: Sequence[Replacement]) -> tuple[How, str]:
    """How a finding is put right within its clause (as read by the rules), and in which words."""
    fix = _fix(finding, read, replacements)
    return fix.how, fix.say


class _Reply:
    """The new reply as it grows."""

    def __init__(self, lead: Fix | None) -> None:
        self._parts: list[str] = []
        self._lead = lead
        self._said = False  # the approved wording
        self._silent = False  # about everything else in this sentence
        self._less = False  # something was left out

    def keep(self, words: str) -> None:
        self._parts.append(words)

    def mend(self, draft: str, groups: Sequence[Group]) -> bool:
        """A sentence with something wrong in it; False when it cannot be put right without losing a fact."""
        tone = any(fix.finding.reach == "sentence" for group in groups for fix in group.fixes)
        replaced = any(group.fixed_by("clause", "sentence") for group in groups)
        self._silent = any(group.fixed_by("sentence") for group in groups)
        dropped = any(group.fixed_by("drop") for group in groups)
        missing = False
        for place, group in enumerate(groups):
            if whole := group.fixed_by("clause", "sentence"):
                if not (self._silent or missing) and any(
                    _STATING.search(before.read) for before in groups[: place + 1]
                ):
                    self.keep(_stated(group))
                if self._lead in whole and not self._said:
                    self._say()
                missing = True
            elif drop := group.fixed_by("drop"):
                text = _without(group, drop)
                if text is None:
                    return False
                if text:
                    self.keep(text + draft[group.end : group.stop])
                missing = missing or not text
            elif not (replaced or (tone and dropped)) or self._stays(group, tone, groups[place + 1 :]):
                text = _worded(group)
                self.keep((_LINKING.sub("", text) if missing else text) + draft[group.end : group.stop])
            else:
                missing = True
        if missing:
            self._less = True
            self._end()
        return True

    def text(self) -> str | None:
        text = _LINKING.sub("", "".join(self._parts).strip(" ，,；;、\n"))
        told = _NOTHING_SAID.sub("", text) if self._less and not self._said else text
        return text if re.search(r"\w{2}", told) and _balanced(text) else None

    def _say(self) -> None:
        """The approved wording, without what the reply has said already."""
        assert self._lead is not None
        before = "".join(self._parts)
        say = self._lead.say
        clauses = [say[clause.start : clause.stop] for clause in clauses_of(say)]
        new = [clause for clause in clauses if not _told(clause.rstrip(_MARKS), before)]
        say = "".join(new or clauses[-1:]).rstrip("，,")
        self._parts.append(say if say[-1] in _ENDED else say + "。")
        self._said = True

    def _stays(self, group: Group, tone: bool, after: Sequence[Group]) -> bool:
        """Whether an innocent clause of an offending sentence is still worth saying."""
        read = group.read
        if _PLEA.search(read) or (_FRAGMENT.search(read) and not _COURTESY.search(read)):
            return False
        if _COURTESY.search(read):
            return not self._said or "谢" in read
        if _BEFOREHAND.search(read) and any(g.fixed_by("clause", "sentence") for g in after):
            return True
        if self._silent:
            return False
        return not tone or (bool(_FACT.search(read)) and not _REPROACH.search(read))

    def _end(self) -> None:
        if self._lead and not self._said and _COURTESY.search("".join(self._parts[-1:])):
            return  # 您好，… with the answer still to come
        if self._parts and self._parts[-1].rstrip()[-1:] in ("，", ",", "；", ";", "、"):
            self._parts[-1] = self._parts[-1].rstrip(" ，,；;、") + "。"


def _told(clause: str, before: str) -> bool:
    again = any(known.search(clause) and known.search(before) for known in (_SORRY, _FEELING))
    return (len(clause) > 3 and clause in before) or (again and len(clause) < 14)


def _sentences(clauses: Sequence[Clause]) -> list[list[Clause]]:
    sentences: list[list[Clause]] = []
    for clause in clauses:
        if not sentences or sentences[-1][-1].ends_sentence:
            sentences.append([])
        sentences[-1].append(clause)
    return sentences


def _groups(
    draft: str, sentence: Sequence[Clause], found: Sequence[Finding], replacements: Sequence[Replacement]
) -> Iterator[Group]:
    for clauses in _grouped(sentence, found):
        start, end, stop = clauses[0].start, clauses[-1].end, clauses[-1].stop
        read = tighten(draft[start:end]).text
        fixes = tuple(_fix(f, read, replacements) for f in found if f.start < stop and f.end > start)
        yield Group(start, end, stop, draft[start:end], read, fixes)


def _grouped(sentence: Sequence[Clause], found: Sequence[Finding]) -> list[list[Clause]]:
    """Clauses one by one, but those that a single finding reaches over together."""
    groups: list[list[Clause]] = []
    reach = 0
    for clause in sentence:
        if groups and clause.start < reach:
            groups[-1].append(clause)
        else:
            groups.append([clause])
        reach = max([reach, *(f.end for f in found if f.start < clause.stop and f.end > clause.start)])
    return groups


def _worded(group: Group) -> str:
    """The group with the words exchanged that need be no more than that."""
    text = group.text
    for fix in sorted(group.fixes, key=lambda fix: -fix.finding.start):
        if fix.finding.start >= group.start:  # else it began in the sentence before and was put right there
            text = text[: fix.finding.start - group.start] + fix.say + text[fix.finding.end - group.start :]
    return text


def _stated(group: Group) -> str:
    """What a sentence states, up to the last figure, before the finding that reaches over that comes to what is wrong."""
    end = 0
    if not any(fix.finding.kind == _BEYOND for fix in group.fixes):
        for clause in clauses_of(group.text):
            start, stop = group.start + clause.start, group.start + clause.stop
            here = [fix.finding for fix in group.fixes if fix.finding.start < stop and fix.finding.end > start]
            read = tighten(group.text[clause.start : clause.end]).text
            if any(finding.start > start or finding.end <= stop for finding in here) or _REPROACH.search(read):
                break
            if _FIGURE.search(read) and not _FRAGMENT.search(read):
                end = clause.stop
    return group.text[:end]


def states_beside(draft: str, found: Sequence[Finding]) -> bool:
    """Whether the draft holds a fact that nothing was found in."""
    left = list(draft)
    for finding in found:
        left[finding.start : finding.end] = " " * (finding.end - finding.start)
    rest = "".join(left)
    return any(_FACT.search(tighten(rest[clause.start : clause.end]).text) for clause in clauses_of(rest))


def _without(group: Group, drops: Sequence[Fix]) -> str | None:
    """The group without what is dropped: nothing, or only its edge gone; None when a fact would go with it."""
    if not _FACT.search(group.read):
        return ""
    text = group.text
    for fix in drops:
        start, end = fix.finding.start - group.start, fix.finding.end - group.start
        if text.strip() and (start <= 0 or end >= len(group.text)) and len(text) == len(group.text):
            text = text[max(end, 0) :] if start <= 0 else text[:start]
        else:
            return None
    return text.strip(" ，,、…~～") if len(group.fixes) == len(drops) else None


def _fix(finding: Finding, read: str, replacements: Sequence[Replacement]) -> Fix:
    for rank, replacement in enumerate(replacements):
        if finding.rule not in replacement.rules:
            continue
        looked_at = tighten(finding.found).text if replacement.how == "word" else read
        if replacement.when is None or replacement.when.search(looked_at):
            return Fix(finding, replacement.how, replacement.say.replace(_SLOT, finding.found), rank)
    how: How = "clause" if finding.instead else "drop"
    return Fix(finding, how, finding.instead or "", len(replacements))


def _balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in _QUOTES)
