"""What is not the story: headings of boxes, list items, captions, by rules in a data file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb.text import read_yaml

_DECORATION = ' \t>»›•·*|:–—-…"“”()[]#'
_END_OF_SENTENCE = re.compile(r"[.!?…:;][\"”’')\]]*$|[\"”]$|/\.$")
PROSE_WORDS = 20
_HEADLINE_WORDS = 35
_CAPTION_WORDS = 50
_ROW_WORDS = 30


@lru_cache(maxsize=1)
def _data() -> dict[str, list[Any]]:
    source = (files("kb.extract") / "boilerplate.yaml").read_text(encoding="utf-8")
    data: dict[str, list[Any]] = read_yaml(source)
    return data


@lru_cache(maxsize=1)
def _rules() -> dict[str, re.Pattern[str]]:
    return {
        kind: re.compile("|".join(f"(?:{rule['pattern']})" for rule in rules), re.IGNORECASE)
        for kind, rules in _data().items()
        if kind != "credits"
    }


@dataclass(frozen=True, slots=True)
class Split:
    """Indices into the lines that were given: what stays, and what goes."""

    kept: list[int]
    cut: list[int]


def heading(text: str) -> str | None:
    """Return `end` or `box` if a line IS the heading of something around the story."""
    bare = text.strip(_DECORATION)
    rules = _rules()
    for kind in ("end", "box"):
        if rules[kind].fullmatch(bare) or rules[kind].fullmatch(text.strip()):
            return kind
    return None


def is_noise(text: str) -> bool:
    """Whether a line goes wherever it stands (share buttons, `14/11/2024 20:48` list items)."""
    rule = _rules()["line"]
    return bool(rule.fullmatch(text.strip()) or rule.fullmatch(text.strip(_DECORATION)))


def is_caption(text: str) -> bool:
    """Whether a line is a picture's caption, by its credit or its table mark (` |` at the end)."""
    words = len(text.split())
    if text.endswith(" |"):
        # A table of one cell is a caption, unless it holds whole sentences (a fact box).
        row = text[:-2].rstrip()
        return words <= _ROW_WORDS or not ends_sentence(row) or row.endswith(("…", "..."))
    if words > _CAPTION_WORDS:
        return False
    lowered = text.lower()
    # The patterns are dear, and hardly any line has a word of theirs.
    credited = any(word in lowered for word in _data()["credits"])
    return credited and bool(_rules()["caption"].fullmatch(text))


def ends_sentence(text: str) -> bool:
    """Whether a line ends like a sentence."""
    return bool(_END_OF_SENTENCE.search(text.rstrip()))


def is_prose(text: str) -> bool:
    """Whether a line is a paragraph of a story: a sentence of 20 words or more."""
    return len(text.split()) >= PROSE_WORDS and ends_sentence(text)


def is_headline(text: str) -> bool:
    """Whether a line could be a headline: short and without the end of a sentence."""
    return len(text.split()) <= _HEADLINE_WORDS and not re.search(r"[.;:,]$", text)


def split(lines: Sequence[str]) -> Split:
    """Tell the story from what stands around it.

    At an `end` heading after the first paragraph the story is over. At a `box` heading the
    headlines below it go; the story goes on if paragraphs follow that are not teasers, that
    is, that have no headline of their own above them.
    """
    kept: list[int] = []
    cut: list[int] = []
    started = False
    at = 0
    while at < len(lines):
        text = lines[at]
        kind = heading(text)
        if kind is None:
            (cut if is_noise(text) else kept).append(at)
            started = started or is_prose(text)
            at += 1
            continue
        after = at + 1
        while after < len(lines) and (is_headline(lines[after]) or heading(lines[after])):
            after += 1
        if started and (kind == "end" or not _resumes(lines[after:])):
            after = len(lines)
        cut += range(at, after)
        at = after
    return Split(kept, cut)


def _resumes(rest: Sequence[str]) -> bool:
    """Whether what follows a box is the story again and not teasers under their headlines."""
    stop = next((i for i, text in enumerate(rest) if heading(text) == "end"), len(rest))
    rest = rest[:stop]
    prose = [i for i, text in enumerate(rest) if is_prose(text)]
    teasers = sum(1 for i in prose if i and is_headline(rest[i - 1]))
    return len(prose) >= 2 and teasers * 2 < len(prose)
