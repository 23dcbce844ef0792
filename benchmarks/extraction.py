"""How well pages and texts are extracted: `python -m benchmarks.extraction [SHARED] [--pages]`.

Pages: token F1 of lead and body (multisets of lower-case `\\w+`), title and lead exact, minute of
publication, by the family's selectors, by the generic way alone, and by other extractors in the
same run (in a venv of their own, see the Makefile). Captions and fact boxes of the gold's
`optional` count neither for nor against. `--pages` prints every page. Needs the real pages.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kb.article import VIETNAM, Article
from kb.errors import NoArticle
from kb.extract import extract_page, from_text
from kb.extract.dates import parse_iso
from kb.extract.decode import decode
from kb.outlets import Outlet, load_outlets, outlet_for

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
EXTRACTORS = ROOT / ".venv" / "extractors" / "bin" / "python"
ROUNDS = 5
"""How often each page is extracted for the speed."""


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
    for gold, (payload, url, outlet) in zip(_gold(shared), _inputs(shared), strict=True):
        families = () if generic else None
        known = None if generic else outlet
        yield score(extract_page(payload, url=url, outlet=known, families=families), gold)


def _gold(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "gold" / "pages.json").read_text("utf-8"))
    return found


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


@dataclass(frozen=True, slots=True)
class Way:
    """One way to extract: its name, its scores page by page, and pages a CPU second."""

    name: str
    scores: tuple[Score, ...]
    rate: float


def ways(shared: Path) -> Iterator[Way]:
    """Yield our two ways, then the other extractors if they are installed."""
    for name, generic in (("by family", False), ("generic way", True)):
        scores = tuple(pages(shared, generic=generic))
        given = list(_inputs(shared))
        began = time.process_time()
        for _ in range(ROUNDS):
            for payload, url, outlet in given:
                families = () if generic else None
                extract_page(
                    payload, url=url, outlet=None if generic else outlet, families=families
                )
        rate = ROUNDS * len(given) / (time.process_time() - began)
        yield Way(name, scores, rate)
    yield from _others(shared)


def _inputs(shared: Path) -> Iterator[tuple[bytes, str, Outlet | None]]:
    outlets = load_outlets()
    for gold in _gold(shared):
        payload = gzip.decompress((shared / "pages" / gold["file"]).read_bytes())
        yield payload, gold["url"], outlet_for(gold["url"], outlets)


def _others(shared: Path) -> Iterator[Way]:
    if not EXTRACTORS.is_file():
        return
    golds = _gold(shared)
    given = [(str(shared / "pages" / gold["file"]), gold["url"]) for gold in golds]
    script = str(Path(__file__).with_name("extractors.py"))
    done = subprocess.run(
        [str(EXTRACTORS), script, str(ROUNDS)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    for name, answer in json.loads(done.stdout).items():
        scores = []
        for gold, (title, text, said) in zip(golds, answer["found"], strict=True):
            read = parse_iso(said) if said else None
            # A day without its hour is no minute of publication.
            when = read[0] if read and read[1] else None
            article = Article(title, "", text, published_at=when, parser=name)
            scores.append(score(article, gold))
        yield Way(f"{name} {answer['version']}", tuple(scores), answer["rate"])


def table(shared: Path) -> Iterator[str]:
    """Yield the lines of the table, one a way to extract."""
    measured = list(ways(shared))
    count = len(measured[0].scores)
    yield f"Text of {count} saved pages, token P, R, F1 of lead and body; pages a second of CPU"
    yield f"{'':22}{'P':>6}{'R':>6}{'F1':>6}{'least':>7}{'titles':>8}{'minutes':>9}{'pages/s':>9}"
    for way in measured:
        rows = way.scores
        shares = [sum(getattr(row, name) for row in rows) / count
                  for name in ("precision", "recall", "f1")]  # fmt: skip
        least = min(row.f1 for row in rows)
        right = sum(row.title for row in rows), sum(row.minute for row in rows)
        numbers = "".join(f"{share:6.3f}" for share in shares)
        yield f"{way.name:22}{numbers}{least:7.3f}{right[0]:8}{right[1]:9}{way.rate:9.0f}"
    if not EXTRACTORS.is_file():
        yield "Other extractors are not installed: `make score` does that."


def main() -> None:
    """Print the tables."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    shared = Path(words[0]) if words else SHARED
    print("\n".join(table(shared)))
    if "--pages" in sys.argv:
        for generic in (False, True):
            for row in pages(shared, generic=generic):
                flags = "  ".join("yes" if f else "NO " for f in (row.title, row.lead, row.minute))
                numbers = f"{row.precision:6.3f} {row.recall:6.3f} {row.f1:6.3f}"
                print(f"{row.outlet:12} {row.parser:14} {numbers} {flags}")
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
