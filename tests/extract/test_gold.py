"""Real pages and texts beside the checkout: the figures that the project promises."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

from benchmarks import extraction
from benchmarks.extraction import listings, pages, seeds
from kb.extract import from_text
from kb.extract.decode import decode


def test_pages_by_family(shared: Path) -> None:
    scores = list(pages(shared, generic=False))
    assert len(scores) == 7
    assert mean(score.f1 for score in scores) >= 0.99
    assert all(score.title and score.lead and score.minute for score in scores)
    assert {score.parser for score in scores}.isdisjoint({"generic", "trafilatura"})


def test_pages_of_no_known_family(shared: Path) -> None:
    scores = list(pages(shared, generic=True))
    assert mean(score.f1 for score in scores) >= 0.98
    assert min(score.f1 for score in scores) >= 0.95
    assert all(score.title and score.minute for score in scores)


def test_the_table_has_a_line_for_each_way(
    shared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extraction, "ROUNDS", 1)
    monkeypatch.setattr(extraction, "EXTRACTORS", tmp_path / "none")
    title, head, family, generic, absent = extraction.table(shared)
    assert title.startswith("Text of 7 saved pages")
    assert family.split()[:5] == ["by", "family", "1.000", "1.000", "1.000"]
    assert family.split()[6:8] == generic.split()[6:8] == ["7", "7"]
    assert len(family) == len(head) == len(generic)
    assert "not installed" in absent


def test_listings_are_refused(shared: Path) -> None:
    refused = dict(listings(shared))
    assert len(refused) == 4
    assert all(refused.values())


def test_seed_texts(shared: Path) -> None:
    for gold, article in seeds(shared):
        assert (article.title, list(article.authors)) == (gold["title"], gold["byline"])
        assert article.body.startswith(gold["body_first"])
        assert article.body.rstrip(".…").endswith(gold["body_last"])
        whole = "\n".join((article.title, article.lead, article.body))
        assert [text for text in gold["not_in_body"] if text in whole] == []
        assert article.published_at is None


def test_seed_texts_without_gold(shared: Path) -> None:
    first, third = sorted(shared.glob("seeds/00[02]*.txt"))
    agency = from_text(decode(first.read_bytes()), source_file="000")
    assert (agency.section, agency.authors) == ("Văn hóa", ("Đinh Thuận",))
    assert agency.title.startswith("Hà Nội tham gia")
    assert agency.body.startswith("TTXVN - ")
    assert "Tin liên quan" not in agency.body
    untitled = from_text(decode(third.read_bytes()), source_file="002")
    assert "năm 2019 |" not in untitled.body
    assert not untitled.body.endswith("|")
