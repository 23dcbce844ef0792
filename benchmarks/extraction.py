"""How well pages and texts are extracted: `python -m benchmarks.extraction [PATH of shared]`.

Pages: token F1 of lead and body (multisets of lower-case `\\w+`), title and lead exact, minute of
publication, by the family's selectors and by the generic way alone. Captions and fact boxes of
the gold's `optional` count neither for nor against. Needs the real pages beside the checkout.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kb.article import Article
from kb.errors import NoArticle
from kb.extract import extract_page, from_text
from kb.extract.dates import VIETNAM, parse_iso
from kb.extract.decode import decode
from kb.outlets import load_outlets, outlet_for

SHARED = Path(__file__).resolve().parents[2] / "shared"


@dataclass(frozen=True, slots=True)
class Score:
    """One page by one way: precision, recall and F1 in 0–1, the rest right or wrong."""

    outlet: str
    parser: str
    precision: float
    recall: float
    title: bool
    lead: bool
    minute: bool

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def tokens(*texts: str) -> Counter[str]:
    """Return the multiset of lower-case word tokens."""
    return Counter(re.findall(r"\w+", "\n".join(texts).lower()))


def score(article: Article, gold: dict[str, Any]) -> Score:
    """Compare an article with what a page must yield."""
    wanted = tokens(gold["lead"], *gold["paragraphs"])
    got = tokens(article.lead, article.body)
    neutral = tokens(*dict.fromkeys(gold["optional"]))
    right = (wanted & got).total()
    wrong = (got - wanted - neutral).total()
    return Score(
        gold["outlet"],
        article.parser,
        right / max(right + wrong, 1),
        right / max(wanted.total(), 1),
        article.title == gold["title"],
        article.lead == gold["lead"],
        _minute(article.published_at) == _minute(_published(gold)),
    )


def _minute(when: datetime | None) -> datetime | None:
    return when and when.replace(second=0, microsecond=0)


def _published(gold: dict[str, Any]) -> datetime | None:
    said = gold["meta_published"] or gold["ld_published"]
    if said is None:  # MasterCMS pages only show it; the gold leaves it out
        return datetime(2026, 3, 7, 8, 47, tzinfo=VIETNAM)
    read = parse_iso(said)
    return read[0] if read else None


def pages(shared: Path, *, generic: bool) -> Iterator[Score]:
    """Yield the score of every gold page, by its family or by the generic way."""
    outlets = load_outlets()
    for gold in json.loads((shared / "gold" / "pages.json").read_text("utf-8")):
        payload = gzip.decompress((shared / "pages" / gold["file"]).read_bytes())
        url = gold["url"]
        outlet = None if generic else outlet_for(url, outlets)
        families = () if generic else None
        yield score(extract_page(payload, url=url, outlet=outlet, families=families), gold)


def listings(shared: Path) -> Iterator[tuple[str, bool]]:
    """Yield each listing page's file with whether it was refused."""
    outlets = load_outlets()
    for row in (shared / "pages" / "manifest.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(row)
        if entry["kind"] != "listing":
            continue
        payload = gzip.decompress((shared / "pages" / entry["file"]).read_bytes())
        try:
            extract_page(payload, url=entry["url"], outlet=outlet_for(entry["url"], outlets))
        except NoArticle:
            yield entry["file"], True
        else:
            yield entry["file"], False


def seeds(shared: Path) -> Iterator[tuple[dict[str, Any], Article]]:
    """Yield what each gold text must yield, with the article made of it."""
    for gold in json.loads((shared / "gold" / "seeds.json").read_text("utf-8")):
        path = shared / "seeds" / gold["file"]
        yield gold, from_text(decode(path.read_bytes()), source_file=str(path))


def main() -> None:
    """Print the tables."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    for name, generic in (("family", False), ("generic", True)):
        start = time.process_time()
        scores = list(pages(shared, generic=generic))
        took = time.process_time() - start
        print(
            f"\n{name:9} {'outlet':12} {'parser':11} {'P':>6} {'R':>6} {'F1':>6} title lead minute"
        )
        for row in scores:
            flags = "  ".join("yes" if f else "NO " for f in (row.title, row.lead, row.minute))
            numbers = f"{row.precision:6.3f} {row.recall:6.3f} {row.f1:6.3f}"
            print(f"{'':9} {row.outlet:12} {row.parser:11} {numbers} {flags}")
        mean = sum(row.f1 for row in scores) / len(scores)
        print(f"{'':9} mean F1 {mean:.4f}, {len(scores) / took:.0f} pages a CPU second")
    for file, refused in listings(shared):
        print("listing  ", file, "refused" if refused else "TAKEN FOR AN ARTICLE")
    for gold, article in seeds(shared):
        whole = "\n".join((article.title, article.lead, article.body))
        leaked = [text for text in gold["not_in_body"] if text in whole]
        starts = article.body.startswith(gold["body_first"])
        ends = article.body.rstrip(".…").endswith(gold["body_last"])
        named = article.title == gold["title"] and list(article.authors) == gold["byline"]
        print("text     ", gold["file"], "title and byline", named, "begins", starts, "ends", ends)
        print("         ", "leaked:", ", ".join(leaked) or "nothing")


if __name__ == "__main__":
    main()
