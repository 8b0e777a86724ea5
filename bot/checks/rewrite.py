"""Putting a draft right: each offending clause becomes the approved wording, the rest stays as the agent wrote it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.checks.rule import Finding, How, Replacement
from bot.checks.tight import tighten

_MARKS = "，,。！!？?；;\n"
_STOPS = frozenset("。！!？?\n")
_CLAUSE = re.compile(rf"(?P<words>(?:[^{_MARKS}]+|(?<=\d),(?=\d))*)(?P<marks>[{_MARKS}][{_MARKS}\s]*|$)")
_ENDED = "。！？!?"
# In a sentence whose tone is wrong only courtesy and facts stay.
_WORTH_KEEPING = re.compile(
    r"您好|请|抱歉|对不起|不好意思|谢谢|感谢|(?:帮|为|给|替)您|理解|麻烦您|放心|先生|女士|已经?[^,.?]|[0-9]|[一二三四五六七八九十]+[点天日分号]"
)
_QUOTES = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("（", "）"), ("(", ")"))


@dataclass(frozen=True)
class Clause:
    """A stretch of the draft up to its punctuation."""

    start: int
    end: int  # without the mark
    stop: int  # with the mark
    ends_sentence: bool = False


@lru_cache(maxsize=64)  # asked for the findings' wordings, and again for the repair
def clauses_of(draft: str) -> tuple[Clause, ...]:
    return tuple(
        Clause(found.start(), found.end("words"), found.end(), not _STOPS.isdisjoint(found["marks"]))
        for found in _CLAUSE.finditer(draft)
        if found[0]
    )


def repair(draft: str, found: Sequence[Finding], replacements: Sequence[Replacement]) -> str | None:
    """The draft with every finding's wording replaced; None when nothing sensible remains."""
    parts: list[str] = []
    said: set[str] = set()  # one approved sentence per kind is enough
    for sentence in _sentences(clauses_of(draft)):
        here = [f for f in found if f.start < sentence[-1].stop and f.end > sentence[0].start]
        if not here:
            parts.append(draft[sentence[0].start : sentence[-1].stop])
            continue
        spoilt = any(f.reach == "sentence" for f in here)
        for group in _grouped(sentence, here):
            start, end, stop = group[0].start, group[-1].end, group[-1].stop
            text = draft[start:end]
            read = tighten(text).text
            fixes = [(f, *way(f, read, replacements)) for f in here if f.start < stop and f.end > start]
            whole = [(f.kind, say) for f, how, say in fixes if how == "clause"]
            if whole:
                kind, say = whole[0]
                if kind not in said and say not in said:
                    said |= {kind, say}
                    parts.append(say if say[-1] in _ENDED else say + "。")
            elif any(how == "drop" for _finding, how, _say in fixes):
                continue
            elif not spoilt or _WORTH_KEEPING.search(read):
                parts.append(_worded(text, start, fixes) + draft[end:stop])
    whole_text = "".join(parts).strip(" ，,；;、\n")
    return whole_text if re.search(r"\w", whole_text) and _balanced(whole_text) else None


def _sentences(clauses: Sequence[Clause]) -> list[list[Clause]]:
    sentences: list[list[Clause]] = []
    for clause in clauses:
        if not sentences or sentences[-1][-1].ends_sentence:
            sentences.append([])
        sentences[-1].append(clause)
    return sentences


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


def _worded(text: str, start: int, fixes: Sequence[tuple[Finding, How, str]]) -> str:
    for finding, _how, say in sorted(fixes, key=lambda fix: -fix[0].start):
        if finding.start < start:  # it began in the sentence before and was put right there
            continue
        text = text[: finding.start - start] + say + text[finding.end - start :]
    return text


def way(finding: Finding, read: str, replacements: Sequence[Replacement]) -> tuple[How, str]:
    """How a finding is put right within its clause (as read by the rules), and in which words."""
    for replacement in replacements:
        if finding.rule in replacement.rules and (replacement.when is None or replacement.when.search(read)):
            return replacement.how, replacement.say
    return ("clause", finding.instead) if finding.instead else ("drop", "")


def _balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in _QUOTES)
