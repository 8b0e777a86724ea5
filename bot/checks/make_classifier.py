"""Makes classifier.npz from phrasebook/drafts/: `make classifier`, after drafts or rules were changed.

Each sentence of the drafts is one example: breaking a norm where 【】 mark it, fine elsewhere; the wordings of the book
are fine, and the examples beside each rule are what they say. How strict it is comes from folds in which every file is
judged by what was learnt from others: of the fine drafts of a trade never seen before, ALARMS are taken amiss.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.checks.check import Checker, certain
from bot.checks.classifier import FILE, MADE_FROM, runs, sentences
from bot.checks.rewrite import clauses_of
from bot.checks.rule import Occasion
from bot.checks.yaml_file import read_replacements, read_rules
from bot.phrases.fill import SLOTS, fill
from bot.phrases.yaml_file import phrases_of
from bot.shared.book import Book, default_shipped

ALARMS = 0.03
STRENGTH = 30.0  # C of the regression: the larger, the closer to the examples
SPOKEN = 0.5  # how much a rule that speaks counts beside the runs
SEEN = 3  # a run met less often tells nothing
FOLDS = 6
FINE = "fine"
_MARKED = re.compile("【([^【】]*)】")


@dataclass(frozen=True)
class Example:
    """A sentence of a draft: the rule it breaks (`kind`), the rules that find something in it, and whether one of them
    does so beyond doubt."""

    draft: int
    group: str
    text: str
    kind: str | None
    ruled: frozenset[str]
    certain: bool


def main() -> None:
    book = Book(default_shipped())
    examples = list(examples_of(book))
    shift = _strictness(examples)
    model, runs_of, rules_of = _learn(examples)
    listed = sorted(runs_of.vocabulary_)
    columns = [runs_of.vocabulary_[run] for run in listed]
    weights = model.coef_[0]
    rule_weights = dict(zip(rules_of, (weights[len(listed) :] * SPOKEN).round(4).tolist(), strict=True))
    wrong = [example for example in examples if example.kind]
    kinds, rules = _kinds(wrong, runs_of)
    about = {
        "made_from": book.fingerprint(*MADE_FROM), "runs": listed, "rule_weights": rule_weights, "bias": float(model.intercept_[0]) - shift, "rules": rules,
    }  # fmt: skip
    np.savez_compressed(
        FILE,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        weights=weights[columns].astype(np.float16),
        kinds=kinds[columns],
    )
    print(f"{FILE.name}: {len(examples)} sentences, {len(listed)} runs, {FILE.stat().st_size // 1024} KB")  # noqa: T201


def examples_of(book: Book) -> Iterator[Example]:
    """Every sentence to learn from."""
    checker = Checker(read_rules(book), read_replacements(book))
    for number, (group, kind, draft) in enumerate(_drafts(book)):
        plain, spans = _unmarked(draft)
        tight = checker.read(plain)
        grave = [touch for touch in checker.touches(plain, Occasion()) if not touch.spared and touch.level == "bad"]
        for low, high in sentences(tight.text):
            start, end = tight.span(low, high)
            wrong = kind != FINE and any(start < last and first < end for first, last in spans)
            here = [touch for touch in grave if low <= touch.low < high]
            yield Example(
                draft=number, group=group, text=tight.text[low:high], kind=kind if wrong else None,
                ruled=frozenset(touch.rule.id for touch in here), certain=any(certain(t, low, high) for t in here),
            )  # fmt: skip


def _drafts(book: Book) -> Iterator[tuple[str, str, str]]:
    """Group, rule or FINE, draft. What only some styles forbid is left to the rules, which know the style; and so are
    drafts that are courteous but for one word, or courtesy would sound wrong."""
    rules = read_rules(book).rules
    left = {rule.id for rule in rules if rule.channels} | {"you"}
    for group, drafts in enumerate(book.read_folder("drafts")):
        for kind in sorted(drafts.keys() - left):
            yield from ((str(group), kind, draft) for draft in drafts[kind])
    for phrase in phrases_of(book):
        for texts in (phrase.texts, *phrase.styles.values()):
            for text in texts:
                said = fill(text, SLOTS).text
                yield "book", FINE, said
                yield from (("book", FINE, said[clause.start : clause.end]) for clause in clauses_of(said))
    for rule in rules:
        if not rule.channels and not rule.only_if:
            yield from (("book", FINE, draft) for draft in rule.fine)
            yield from (("book", rule.id, f"【{draft}】") for draft in rule.bad if rule.level == "bad")


def _unmarked(draft: str) -> tuple[str, list[tuple[int, int]]]:
    spans = [(m.start(1) - 1 - 2 * n, m.end(1) - 1 - 2 * n) for n, m in enumerate(_MARKED.finditer(draft))]
    return _MARKED.sub(r"\1", draft), spans


def _learn(examples: Sequence[Example]) -> tuple[Any, Any, list[str]]:
    counter = CountVectorizer(analyzer=runs, min_df=SEEN, binary=True)
    counted = _scaled(counter.fit_transform([example.text for example in examples]))
    rules = sorted({rule for example in examples for rule in example.ruled})
    both = hstack([counted, _ruled(examples, rules)]).tocsr()
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", max_iter=1000, random_state=0)
    model.fit(both, [example.kind is not None for example in examples])
    return model, counter, rules


def _scaled(counted: Any) -> Any:
    known = np.asarray(counted.sum(axis=1)).ravel()
    return diags(1 / np.sqrt(np.maximum(known, 1))) @ counted


def _ruled(examples: Sequence[Example], rules: Sequence[str]) -> Any:
    places = {rule: place for place, rule in enumerate(rules)}
    cells = [(row, places[rule]) for row, one in enumerate(examples) for rule in one.ruled if rule in places]
    rows, columns = zip(*cells, strict=True) if cells else ((), ())
    return csr_matrix(([SPOKEN] * len(cells), (rows, columns)), shape=(len(examples), len(rules)))


def _strictness(examples: Sequence[Example]) -> float:
    """The score above which ALARMS of the fine drafts of unseen files lie."""
    fine: list[float] = []
    wrong: list[float] = []
    groups = sorted({example.group for example in examples} - {"book"})
    for fold in range(FOLDS):
        away = set(groups[fold::FOLDS])
        held = [example for example in examples if example.group in away]
        model, counter, rules = _learn([example for example in examples if example.group not in away])
        texts = _scaled(counter.transform([example.text for example in held]))
        scores = model.decision_function(hstack([texts, _ruled(held, rules)]).tocsr())
        most: dict[int, float] = {}
        bad = {example.draft for example in held if example.kind}
        for example, score in zip(held, scores, strict=True):
            most[example.draft] = max(most.get(example.draft, -np.inf), np.inf if example.certain else float(score))
        fine += [score for draft, score in most.items() if draft not in bad]
        wrong += [score for draft, score in most.items() if draft in bad]
    shift = float(np.quantile(fine, 1 - ALARMS))
    found = float(np.mean(np.array(wrong) > shift))
    print(f"{FOLDS} folds: {found:.1%} of {len(wrong)} found, {ALARMS:.0%} of {len(fine)} taken amiss")  # noqa: T201
    return shift


def _kinds(wrong: Sequence[Example], counter: Any) -> tuple[Any, list[str]]:
    """How much each run speaks for each rule, in bytes."""
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)
    model.fit(_scaled(counter.transform([example.text for example in wrong])), [example.kind for example in wrong])
    coefficients = model.coef_.T
    return np.round(coefficients / np.abs(coefficients).max() * 127).astype(np.int8), list(model.classes_)


if __name__ == "__main__":
    main()
