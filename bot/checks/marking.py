"""A draft on the screen: what was found in it underlined, a long one cut around the findings. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.checks.rule import Finding
from bot.shared.text import html

WHOLE = 140  # characters of a draft that is shown uncut
AROUND = 12  # characters kept on either side of a finding in a longer one
LONGEST = 60  # characters of one finding that are shown


def marked(draft: str, findings: Sequence[Finding]) -> str:
    """The draft as one line of HTML with its findings underlined; they must not overlap."""
    spans = [(finding.start, finding.end) for finding in sorted(findings, key=lambda finding: finding.start)]
    windows = [(0, len(draft))] if len(draft) <= WHOLE else list(_windows(spans, len(draft)))
    parts = [_underlined(draft, start, end, spans) for start, end in windows]
    before = "…" if windows[0][0] > 0 else ""
    after = "…" if windows[-1][1] < len(draft) else ""
    return before + "…".join(parts) + after


def _windows(spans: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """The stretches to show: around each finding as far as there is room, else the beginning."""
    room = WHOLE
    low = high = 0
    for start, end in spans:
        first, last = max(start - AROUND, 0), min(min(end, start + LONGEST) + AROUND, length)
        if room < last - first:
            break
        room -= last - first
        if first <= high and high:
            high = max(high, last)
            continue
        if high:
            yield low, high
        low, high = first, last
    yield (low, high) if high else (0, WHOLE)


def _underlined(draft: str, low: int, high: int, spans: Sequence[tuple[int, int]]) -> str:
    inside = [(max(start, low), min(end, high)) for start, end in spans if start < high and end > low]
    edges = sorted({low, high, *(edge for span in inside for edge in span)})
    starts = {start for start, _end in inside}
    parts = []
    for start, end in pairwise(edges):
        text = html(_one_line(draft[start:end]))
        parts.append(f"<u>{text}</u>" if start in starts else text)
    return "".join(parts)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")
