"""How well names are found: precision, recall and F1 by kind, beside underthesea's `ner()`.

    python -m benchmarks.names [SHARED]

`benchmarks/gold/` holds offsets and kinds only; the sentences lie in `SHARED` (../shared), in
`corpus/` by address and offset of the cleaned body, and in `seeds/` by file. Exact span and kind
or it is wrong. Half of the corpus sentences served to build the rules (`build`), the other half
(`held`) only for this figure; `second` are 60 of them annotated again, for the agreement.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.names import candidates
from kb.nlp.tag import tagger
from kb.registry import load_registry
from kb.text import clean

GOLD = Path(__file__).parent / "gold"
Span = tuple[int, int, str]
Sentence = tuple[str, frozenset[Span]]


def sentences(part: str, shared: Path) -> list[Sentence]:
    """Return the annotated sentences of a part with their names."""
    rows = [json.loads(line) for line in (GOLD / f"names-{part}.jsonl").open(encoding="utf-8")]
    if "file" in rows[0]:
        texts = {row["file"]: (shared / "seeds" / row["file"]).read_text("utf-8") for row in rows}
        keys = [row["file"] for row in rows]
    else:
        wanted = {row["url"] for row in rows}
        texts = {}
        with gzip.open(shared / "corpus" / "press-2024.jsonl.gz", "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if record["url"] in wanted:
                    texts.setdefault(record["url"], clean(record["body"]))
        keys = [row["url"] for row in rows]
    return [
        (texts[key][row["start"] : row["end"]], frozenset(map(tuple, row["names"])))
        for key, row in zip(keys, rows, strict=True)
    ]


def by_reader(texts: Sequence[str]) -> list[set[Span]]:
    """Read each sentence as an article of its own."""
    reader = Reader(load_registry())
    readings = reader.read([Article(title="", lead="", body=text) for text in texts])
    return [{(m.start, m.end, m.kind) for m in reading.mentions} for reading in readings]


def by_tagger(texts: Sequence[str]) -> list[set[Span]]:
    """Take underthesea's entities as they are."""
    tagged = tagger().tag(list(texts))
    return [
        {(one.start, one.end, one.kind) for one in candidates(text, words)}
        for text, words in zip(texts, tagged, strict=True)
    ]


def score(gold: Iterable[Iterable[Span]], found: Iterable[Iterable[Span]]) -> Counter[str]:
    """Count, by kind and in all: `g` in the gold, `p` proposed, `t` both."""
    counts: Counter[str] = Counter()
    for right, proposed in zip(map(set, gold), map(set, found), strict=True):
        for letter, spans in (("g", right), ("p", proposed), ("t", right & proposed)):
            for _, _, kind in spans:
                counts[f"{kind} {letter}"] += 1
                counts[f"all {letter}"] += 1
    return counts


def f1(counts: Counter[str], kind: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of a kind."""
    right = counts[f"{kind} t"]
    precision = right / max(1, counts[f"{kind} p"])
    recall = right / max(1, counts[f"{kind} g"])
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def table(title: str, counts: Counter[str]) -> None:
    """Print a table of kinds."""
    print(f"\n{title}\n{'':12}    P     R    F1  gold")
    for kind in ("all", "person", "org", "place", "document", "event", "initiative", "programme"):
        if counts[f"{kind} g"]:
            figures = "  ".join(f"{value:.2f}" for value in f1(counts, kind))
            print(f"{kind:12} {figures}  {counts[f'{kind} g']:4}")


def main() -> None:
    """Print the tables, and the agreement of the two annotators."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    first: dict[str, frozenset[Span]] = {}
    for part in ("seeds", "build", "held"):
        rows = sentences(part, shared)
        texts, gold = [text for text, _ in rows], [names for _, names in rows]
        first |= dict(rows)
        for name, found in (("kb.read", by_reader(texts)), ("underthesea", by_tagger(texts))):
            table(f"{part}, {len(rows)} sentences, {name}", score(gold, found))
    second = sentences("second", shared)
    counts = score([first[text] for text, _ in second], [names for _, names in second])
    print(f"\nTwo annotators, {len(second)} sentences: F1 {f1(counts, 'all')[2]:.2f}")


if __name__ == "__main__":
    main()
