"""What words mean, roughly: a vector for each of the commonest, so that 泡汤了 and 白跑一趟 come near each other.

Made once by make_meaning.py; nothing is learnt or fetched at run time.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.language.words import COMMON, words

FILE = Path(__file__).with_name("meaning.npz")
SIZE = 64

Floats = NDArray[np.float32]


def telling(folded: str) -> list[str]:
    """The words of a folded text that have a meaning of their own here; of an unknown word, its characters."""
    known = _table()[0]
    told: list[str] = []
    for word in words(folded):
        if word in COMMON:
            continue
        told += [word] if word in known else [char for char in word if char in known and char not in COMMON]
    return told


def meaning(told: Sequence[str], weights: Sequence[float]) -> Floats:
    """What these words mean together, a vector of length one; of no words, nothing in any direction."""
    known, vectors = _table()
    together = np.asarray(weights, np.float32) @ vectors[[known[word] for word in told]]
    length = float(np.linalg.norm(together))
    scaled: Floats = together / length if length else together
    return scaled


@cache
def _table() -> tuple[dict[str, int], Floats]:
    with np.load(FILE, allow_pickle=False) as parts:
        listed: list[str] = json.loads(parts["words"].tobytes())
        vectors = parts["vectors"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {word: number for number, word in enumerate(listed)}, vectors
