"""Articles for the archive's benchmark: sentences of real press drawn anew, with mentions.

Words in real sentences keep their neighbours and their frequencies, so phrases, prefixes and
common words cost what they cost in real use. Always the same for the same count.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from kb.article import Article
from kb.reading import Kind, Mention, Reading
from kb.text import clean

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "press-2024.jsonl.gz"
MENTIONS = 40
ACTORS = 20_000
OUTLETS = tuple(f"bao-{n}" for n in range(20))
INITIATIVES = ("design-festival", "sea-forum", "young-designers", "design-centre",
               "creative-spaces", "talent-tv")  # fmt: skip
_FIRST, _DAYS = datetime(2019, 1, 1, tzinfo=UTC), 7 * 365
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\"“A-ZĐÀ-Ỹ])")
_NAME = re.compile(r"[A-ZĐÀ-Ỹ]\w+(?: [A-ZĐÀ-Ỹ]\w+)*|\w+ \w+")

Pair = tuple[Article, Reading]


class Press:
    """Draws articles of the length of real ones from the sentences of a corpus."""

    def __init__(self, path: Path = CORPUS) -> None:
        self.titles: list[str] = []
        self.leads: list[str] = []
        self.sentences: list[str] = []
        self.lengths: list[int] = []
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                title, lead, body = (clean(row.get(name) or "") for name in _TEXTS)
                found = [s for line in body.split("\n") for s in _SENTENCE.split(line) if s]
                self.titles.append(title)
                self.leads.append(lead)
                self.sentences += found
                self.lengths.append(len(found))
        self.spans = [[m.span() for m in _NAME.finditer(s)] for s in self.sentences]

    def articles(self, count: int, seed: int = 1) -> Iterator[Pair]:
        """Yield articles in no order of their dates, as a back-fill brings them."""
        draw = random.Random(seed)
        # Zipf: the first actor stands in three articles of five, the last in a few.
        weights = list(accumulate(1 / (place + 8) for place in range(ACTORS)))
        outlets = list(accumulate(1 / (place + 2) for place in range(len(OUTLETS))))
        for number in range(count):
            chosen = draw.choices(range(len(self.sentences)), k=draw.choice(self.lengths) or 1)
            body, spans, at = [], [], 0
            for one in chosen:
                spans += [(at + a, at + b, at, at + len(self.sentences[one]))
                          for a, b in self.spans[one]]  # fmt: skip
                body.append(self.sentences[one])
                at += len(self.sentences[one]) + 1
            text = "\n".join(body)
            outlet = draw.choices(OUTLETS, cum_weights=outlets)[0]
            seconds = draw.randrange(_DAYS * 86_400)
            article = Article(
                draw.choice(self.titles), draw.choice(self.leads), text,
                url=f"https://{outlet}.example/tin-tuc/bai-so-{seed}-{number}.html", outlet=outlet,
                published_at=_FIRST + timedelta(seconds=seconds), published_from="meta",
                section="Văn hóa", capture_digest=f"sha1:{draw.getrandbits(160):032X}",
                boilerplate="\n".join(draw.choices(self.sentences, k=3)), parser="generic/1",
            )  # fmt: skip
            actors = draw.choices(range(ACTORS), cum_weights=weights, k=MENTIONS // 2)
            places = sorted(draw.sample(spans, MENTIONS) if len(spans) > MENTIONS else spans)
            yield article, Reading(
                tuple(
                    _mention(number, draw.choice(actors), text, *place) for place in places
                ),
                "1+registry.1", len(chosen), article.words * 2 // 3,
            )  # fmt: skip


_TEXTS = ("title", "lead", "body")


def _mention(number: int, actor: int, text: str, start: int, end: int, *sentence: int) -> Mention:
    """Every fourth of the actors is in the registry; one mention in 40 is of an initiative."""
    kind: Kind = "person" if actor % 2 else "org"
    entity = f"actor-{actor}" if actor % 4 == 0 else None
    name = f"Tên Nhân Vật {actor}" if kind == "person" else f"Sở Phòng Ban Số {actor}"
    if (start + number) % 40 == 0:
        kind, entity = "initiative", INITIATIVES[(start * number) % len(INITIATIVES)]
        name = entity
    method, score = ("registry:exact", 1.0) if entity else ("ner", (start % 40) / 40)
    return Mention(kind, entity, name, text[start:end], "body", start, end, *sentence,
                   method, score)  # fmt: skip
