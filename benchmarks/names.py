"""How well names are found: exact span and kind, or it is wrong.

`gold/names-*.jsonl` hold offsets and kinds only: `build`, `build2` and `build3` served to build the
rules, `held` serves for the figure alone, `seeds` are the articles on the programme, and
`second` are 60 sentences annotated again, for the agreement.

The reader is given the whole article, as users give it, and the names that begin in the
annotated sentence are taken; `alone` gives it the sentence and nothing else. The two other
taggers know sentences only, so for them there is no difference.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.matching import Case, Item, Tally, match
from benchmarks.press import articles, key, read, rows
from kb.article import Article
from kb.errors import KbError

PARTS = {"build": ("build", "build2", "build3"), "held": ("held",), "seeds": ("seeds",)}
KINDS = ("person", "org", "place", "document", "event", "initiative", "programme")
TAGGED = {"PER": "person", "ORG": "org", "LOC": "place"}
"""What the two taggers know."""
VINLP = Path(__file__).resolve().parents[1] / ".venv" / "vinlp" / "bin" / "python"
_EDGES = " \t.,;:!?…-–—\"'“”‘’()[]/|*"


@dataclass(frozen=True, slots=True)
class Sentence:
    """An annotated sentence: `start` is its code point in the body of the article `key`."""

    key: str
    start: int
    text: str
    names: tuple[Item, ...]


Found = list[list[Item]]
"""Names by sentence, offsets within it."""


def sentences(part: str, shared: Path) -> list[Sentence] | None:
    """Return the annotated sentences of a gold file; None: there is no such file."""
    gold = rows(f"names-{part}")
    if gold is None:
        return None
    texts = articles(map(key, gold), shared)
    return [
        Sentence(
            key(row),
            row["start"],
            texts[key(row)].body[row["start"] : row["end"]],
            tuple(Item(*name) for name in row["names"]),
        )
        for row in gold
    ]


# --- who finds them --------------------------------------------------------------------------


def whole(chosen: Sequence[Sentence], shared: Path) -> Found:
    """Read the articles whole and take the names that begin in each sentence."""
    readings = read(articles([one.key for one in chosen], shared))
    return [
        [
            Item(name.start - one.start, name.end - one.start, name.kind)
            for name in readings[one.key].mentions
            if name.field == "body" and 0 <= name.start - one.start < len(one.text)
        ]
        for one in chosen
    ]


def alone(chosen: Sequence[Sentence], shared: Path) -> Found:
    """Read each sentence as an article of its own."""
    readings = read({str(n): Article("", "", one.text) for n, one in enumerate(chosen)})
    return [
        [Item(name.start, name.end, name.kind) for name in reading.mentions]
        for reading in readings.values()
    ]


def underthesea(chosen: Sequence[Sentence], shared: Path) -> Found:
    """Take the entities of underthesea's `ner()` as they are."""
    from underthesea import ner

    tagged = ([(row[0], row[-1]) for row in ner(_line(one.text))] for one in chosen)
    return [entities(one.text, words) for one, words in zip(chosen, tagged, strict=True)]


def vinlp(chosen: Sequence[Sentence], shared: Path) -> Found | None:
    """Take ViNLP's entities as they are; None: it is not installed (`make score` does that)."""
    if not VINLP.is_file():
        return None
    script = Path(__file__).with_name("vinlp_names.py")
    done = subprocess.run(
        [str(VINLP), "-W", "ignore", str(script)],
        input=json.dumps([_line(one.text) for one in chosen]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise KbError(f"ViNLP failed: {done.stderr.strip()[-400:]}")
    tagged = json.loads(done.stdout)
    return [entities(one.text, words) for one, words in zip(chosen, tagged, strict=True)]


Finder = Callable[[Sequence[Sentence], Path], Found | None]
TAGGERS: dict[str, Finder] = {"underthesea ner()": underthesea, "ViNLP 1.2.106": vinlp}


def _line(text: str) -> str:
    return text.replace("\n", " ")


def aligned(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return where tokens stand in their text, by walking over the characters that are no spaces.

    Both taggers give no offsets, join the syllables of a word by one space or underscore
    whatever stood there, and set tone marks anew; the number of other characters stays.
    """
    spans = []
    at = 0
    for word in words:
        start: int | None = None
        for character in word:
            while at < len(text) and text[at].isspace():
                at += 1
            joint = character == "_" and text[at : at + 1] != "_"
            if at < len(text) and not character.isspace() and not joint:
                start = at if start is None else start
                at += 1
        spans.append((at if start is None else start, at))
    return spans


def entities(text: str, tagged: Sequence[tuple[str, str]]) -> list[Item]:
    """Join BIO tags into names; marks at the ends go, and what has no capital is dropped."""
    spans: list[tuple[int, int, str]] = []
    places = aligned(text, [word for word, _ in tagged])
    for (start, end), (_, tag) in zip(places, tagged, strict=True):
        prefix, _, label = tag.partition("-")
        before = spans[-1] if spans else (0, 0, "")
        if (prefix, before[2]) == ("I", label) and not text[before[1] : start].strip():
            spans[-1] = (before[0], end, label)
        elif label in TAGGED:
            spans.append((start, end, label))
    found = []
    for start, end, label in spans:
        name = text[start:end].strip(_EDGES)
        if any(map(str.isupper, name)):
            first = text.index(name, start)
            found.append(Item(first, first + len(name), TAGGED[label]))
    return found


# --- scores ----------------------------------------------------------------------------------


def exactly(text: str, wanted: Item, got: Item) -> float:
    """Exact span and kind."""
    return float(wanted == got)


def cases(chosen: Sequence[Sentence], found: Found, kind: str | None = None) -> list[Case]:
    """Compare sentence by sentence, all kinds or one."""
    return [
        match(one.key, one.text, _of(kind, one.names), _of(kind, got), exactly)
        for one, got in zip(chosen, found, strict=True)
    ]


def _of(kind: str | None, items: Iterable[Item]) -> list[Item]:
    return [item for item in items if kind in (None, item.what)]


def agreement(shared: Path) -> tuple[int, float] | None:
    """Return how many sentences two people annotated, and the second's F1 against the first."""
    second = sentences("second", shared)
    first = {
        (one.key, one.start): one
        for part in (*PARTS["build"], *PARTS["held"], *PARTS["seeds"])
        for one in sentences(part, shared) or ()
    }
    if second is None:
        return None
    base = [first[one.key, one.start] for one in second]
    return len(second), Tally.of(cases(base, [list(one.names) for one in second])).f1
