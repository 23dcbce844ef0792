"""What counts as reuse, from reuse.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kb.text import canonical, read_yaml


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds; the reasons stand beside them in reuse.yaml."""

    tokens: int
    similarity: float
    similarity_at_home: float
    figures: float
    reprint: float
    source_seconds: int
    source: re.Pattern[str]
    """Finds, in canonical text, a word for what newspapers copy from."""
    formula: int
    runs: int
    house_tokens: int
    house_articles: int


def _load() -> Rules:
    raw = read_yaml((Path(__file__).parent / "reuse.yaml").read_text(encoding="utf-8"))
    passage, kinds, boilerplate = raw["passage"], raw["kinds"], raw["boilerplate"]
    words = "|".join(re.escape(canonical(word)) for word in kinds["source_words"])
    return Rules(
        tokens=passage["tokens"],
        similarity=passage["similarity"],
        similarity_at_home=passage["similarity_at_home"],
        figures=passage["figures"],
        reprint=kinds["reprint"],
        source_seconds=kinds["source_days"] * 86_400,
        source=re.compile(rf"\b(?:{words})\b"),
        formula=boilerplate["articles"],
        runs=boilerplate["runs"],
        house_tokens=boilerplate["house_tokens"],
        house_articles=boilerplate["house_articles"],
    )


RULES = _load()
