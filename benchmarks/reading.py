"""How fast the reader is against underthesea's own `ner()`, sentence by sentence, in one run.

    python -m benchmarks.reading FILE.jsonl[.gz] [ARTICLES]

CPU time of this process. `ner()` is timed on a part of the sentences only (it needs some 10 ms
each), and the ratio compares the time a sentence.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from underthesea import ner

from kb.article import FIELDS, Article
from kb.capture import Rejection
from kb.extract import documents, to_article
from kb.nlp import Reader
from kb.nlp.tag import split, tagger
from kb.registry import load_registry

BATCH = 50
TIMED = 1500
LONGEST = 200
"""Words; `ner()` is quadratic in them."""


def articles(path: Path, most: int) -> list[Article]:
    """Return the first articles of a file of records."""

    def stream() -> Iterator[Article]:
        for document in documents([path], max_bytes=20_000_000):
            if not isinstance(document, Rejection):
                yield to_article(document, {})

    return list(islice(stream(), most))


def main() -> None:
    """Print the figures."""
    chosen = articles(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
    reader = Reader(load_registry())
    began = time.process_time()
    sentences = mentions = 0
    for start in range(0, len(chosen), BATCH):
        for reading in reader.read(chosen[start : start + BATCH]):
            sentences += reading.sentences
            mentions += len(reading.mentions)
    whole = time.process_time() - began

    texts = [article.text(name) for article in chosen for name in FIELDS]
    cut = [text[start:end] for text in texts for start, end in split(text)]
    part = [one for one in cut[:: max(1, len(cut) // TIMED)] if one.count(" ") < LONGEST]
    began = time.process_time()
    for one in part:
        ner(one)
    slow = time.process_time() - began
    began = time.process_time()
    for start in range(0, len(cut), TIMED):
        tagger().tag(cut[start : start + TIMED])
    fast = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(chosen)} articles, {sentences} sentences, {mentions} mentions")
    print(f"whole reader: {len(chosen) / whole:.1f} articles/s of CPU, peak {memory:.0f} MB")
    theirs, tags, read = slow / len(part), fast / len(cut), whole / sentences
    print(f"ner():        {theirs * 1e3:.3f} ms a sentence")
    print(f"tagging:      {tags * 1e3:.3f} ms, {theirs / tags:.1f} times as fast as ner()")
    print(f"whole reader: {read * 1e3:.3f} ms, {theirs / read:.1f} times as fast as ner()")


if __name__ == "__main__":
    main()
