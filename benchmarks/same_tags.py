"""Whether words and parts of speech are those of underthesea, sentence by sentence.

    python -m benchmarks.same_tags SHARED [PROCESSES]

Checked on all sentences of `SHARED/seeds` and `SHARED/corpus`, against `word_tokenize` and the
tagger of model 2.0 (the class beneath `pos_tag(model="v2.0")`, which crashes on its second
call). Two minutes on two cores. Exit code 1 if any sentence differs; the first ones are printed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from underthesea import word_tokenize
from underthesea.models.fast_crf_sequence_tagger import FastCRFSequenceTagger

from benchmarks.reading import articles
from kb.article import FIELDS
from kb.nlp.tag import split, tagger
from kb.nlp.tag.models import folders
from kb.text import align, clean

PART = 1000
"""Sentences a task."""
SHOWN = 5
Row = list[tuple[str, str]]


def sentences(shared: Path) -> Iterator[str]:
    """Yield all sentences as the reader sees them."""
    for path in sorted((shared / "seeds").glob("*.txt")):
        yield from _cut(clean(path.read_text("utf-8")))
    for path in sorted((shared / "corpus").glob("*.jsonl.gz")):
        for article in articles(path, sys.maxsize):
            for field in FIELDS:
                yield from _cut(article.text(field))


def _cut(text: str) -> Iterator[str]:
    normal = align(text).text
    return (normal[start:end] for start, end in split(normal))


@lru_cache(maxsize=1)
def _theirs() -> FastCRFSequenceTagger:
    model = FastCRFSequenceTagger()
    model.load(str(folders()[1]))
    return model


def expected(sentence: str) -> Row:
    """Return underthesea's words and tags of one sentence."""
    words = word_tokenize(sentence)
    tags = _theirs().predict([[word] for word in words])
    return [(word, tag[2:]) for word, tag in zip(words, tags, strict=True)]


def compare(part: list[str]) -> tuple[int, int, list[tuple[Row, Row]]]:
    """Return how many sentences and words there are, and the rows that differ."""
    rows = [[(word.text, word.pos) for word in words] for words in tagger().tag(part)]
    pairs = [(expected(text), row) for text, row in zip(part, rows, strict=True)]
    return len(part), sum(map(len, rows)), [(a, b) for a, b in pairs if a != b]


def main() -> int:
    """Print the counts."""
    shared = Path(sys.argv[1])
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    every = sentences(shared)
    parts = iter(lambda: list(islice(every, PART)), [])
    checked = words = 0
    different: list[tuple[Row, Row]] = []
    with get_context("spawn").Pool(processes) as pool:
        for count, made, wrong in pool.imap_unordered(compare, parts):
            checked, words = checked + count, words + made
            different += wrong
            print(f"\r{checked} sentences, {len(different)} differ", end="", file=sys.stderr)
    print(file=sys.stderr)
    for theirs, ours in different[:SHOWN]:
        print("underthesea:", *(f"{word}/{tag}" for word, tag in theirs), sep=" ")
        print("kb:         ", *(f"{word}/{tag}" for word, tag in ours), sep=" ")
    print(f"{checked} sentences, {words} words: {checked - len(different)} sentences alike")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
