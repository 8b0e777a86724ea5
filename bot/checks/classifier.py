"""How much a sentence sounds like those that break a norm: what no pattern foresaw, and what one takes amiss.

The weights are learnt from phrasebook/drafts/ by make_classifier.py (logistic regression over runs of one to three
characters and the rules that spoke); nothing is learnt at run time. Pure.
"""

import json
import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("classifier.npz")
MADE_FROM = ("drafts", "forbidden.yaml", "reading.yaml")  # of the book: when they change, make classifier
LONGEST = 3  # characters of a run
LEAST = 4  # Chinese characters of a sentence that tell how it sounds
_SENTENCE = re.compile(r"[^.?]+\??")
_CLAUSE = re.compile(r"[^,]+")
_CHINESE = re.compile("[一-龥]")
_NUMBER = re.compile("[0-9]+")

Span = tuple[int, int]


@dataclass(frozen=True)
class Classifier:
    """`weights` of the runs and `rule_weights` of the rules add up to a sentence's score, above zero: it breaks a norm.

    `kinds` says for each run how much it speaks for each of the rules in `rules`.
    """

    weights: dict[str, float]
    rule_weights: dict[str, float]
    bias: float
    rules: Sequence[str]
    places: dict[str, int]  # of the runs in `kinds`
    kinds: NDArray[np.int8]
    made_from: str = ""  # the fingerprint of the drafts

    def score(self, sentence: str, ruled: Collection[str] = ()) -> float:
        """Of one sentence of the reading text, in which these rules speak."""
        known = runs(sentence) & self.weights.keys()
        spoken = sum(self.rule_weights.get(rule, 0.0) for rule in ruled)
        heard = sum(map(self.weights.__getitem__, known)) / math.sqrt(len(known) or 1)
        return self.bias + spoken + heard

    def kind(self, sentence: str) -> str:
        """The rule it is most likely to break, if it breaks one."""
        known = [self.places[run] for run in runs(sentence) & self.places.keys()]
        return self.rules[int(self.kinds[known].sum(axis=0, dtype=np.int32).argmax())]

    def worst(self, text: str, low: int, high: int) -> Span:
        """The clauses of a sentence that make it sound so: those from the first to the last that weigh half as much as
        the heaviest."""
        clauses = [(low + m.start(), low + m.end()) for m in _CLAUSE.finditer(text[low:high])]
        weighed = [self.score(text[start:end]) - self.bias for start, end in clauses]
        most = max(weighed)
        heavy = [clause for clause, weight in zip(clauses, weighed, strict=True) if weight >= most / 2]
        return heavy[0][0], heavy[-1][1]


def sentences(text: str) -> Iterator[Span]:
    """Where the sentences of a reading text stand."""
    return (found.span() for found in _SENTENCE.finditer(text))


def telling(sentence: str) -> bool:
    """Whether there is enough of it, in Chinese, to go by its sound."""
    return len(_CHINESE.findall(sentence)) >= LEAST


def runs(sentence: str) -> set[str]:
    """The runs of characters in a sentence and at its edges; all numbers are one."""
    text = "." + _NUMBER.sub("0", sentence.strip(",.")) + "."
    found, longer = set(text), list(text)
    for size in range(1, LONGEST):
        longer = list(map(add, longer, text[size:]))
        found.update(longer)
    return found


@cache
def classifier() -> Classifier:
    """The one that ships."""
    with np.load(FILE, allow_pickle=False) as parts:
        about = json.loads(parts["about"].tobytes())
        listed: list[str] = about["runs"]
        weights = dict(zip(listed, parts["weights"].astype(np.float64).tolist(), strict=True))
        return Classifier(
            weights=weights,
            rule_weights=about["rule_weights"],
            bias=about["bias"],
            rules=about["rules"],
            places={run: place for place, run in enumerate(listed)},
            kinds=parts["kinds"],
            made_from=about["made_from"],
        )
