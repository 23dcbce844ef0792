"""Gold rows, and the real texts that they speak of, which lie outside the project (`SHARED`)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.article import Article
from kb.errors import UnreadableFile
from kb.nlp import Reader
from kb.reading import Reading
from kb.registry import load_registry
from kb.text import clean

GOLD = Path(__file__).parent / "gold"
CORPUS = Path("corpus/press-2024.jsonl.gz")
BATCH = 50
Row = dict[str, Any]


def rows(name: str) -> list[Row] | None:
    """Return the rows of `gold/NAME.jsonl`; None: nobody has annotated it."""
    path = GOLD / f"{name}.jsonl"
    if not path.is_file():
        return None
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def key(row: Row) -> str:
    """Return what a gold row names its text by: an address of the corpus or a file of the seeds."""
    return str(row["url"] if "url" in row else row["file"])


def articles(keys: Iterable[str], shared: Path) -> dict[str, Article]:
    """Return the articles by key, as a user would hand them over.

    Of the corpus title, lead and body, cleaned; of the seeds the raw file as one body.

    Raises:
        UnreadableFile: the corpus or a seed is not there, or does not hold a key.
    """
    return {one: _article(one, shared) for one in dict.fromkeys(keys)}


def _article(name: str, shared: Path) -> Article:
    if "://" not in name:
        return Article("", "", _seed(shared / "seeds" / name))
    record = _corpus(shared / CORPUS).get(name)
    if record is None:
        raise UnreadableFile(f"the corpus has no article {name}")
    return Article(
        title=clean(record["title"] or "").replace("\n", " "),
        lead=clean(record["lead"] or ""),
        body=clean(record["body"] or ""),
        url=name,
        published_at=datetime.fromisoformat(record["published_at"]),
    )


def _seed(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from error


@lru_cache(maxsize=1)
def _corpus(path: Path) -> dict[str, Row]:
    """Return the records by address; of two with one address the first."""
    found: dict[str, Row] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                found.setdefault(record["url"], record)
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from error
    return found


def read(chosen: dict[str, Article]) -> dict[str, Reading]:
    """Read articles whole, with the project's own registry; readings by key."""
    names, texts = list(chosen), list(chosen.values())
    readings: list[Reading] = []
    for start in range(0, len(texts), BATCH):
        readings += _reader().read(texts[start : start + BATCH])
    return dict(zip(names, readings, strict=True))


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(load_registry())
