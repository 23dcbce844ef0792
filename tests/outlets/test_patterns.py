"""What articles' addresses have in common, told from a front page's."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.outlets import load_outlets, outlet_for
from kb.outlets.patterns import LONG_NAMES, infer

NAMES = [
    "cho-hoa-dem-doi-vao-bai-giua",
    "xuong-moc-don-khach-cuoi-tuan",
    "ba-san-khau-moi-o-pho-di-bo",
    "trien-lam-gom-trong-thap-nuoc-cu",
    "hoa-si-tre-ve-tuong-ngo-nho",
]
SHAPES = {
    "running number": ("/{name}-{at}812345.html", r"-\d{7,8}\.html$"),
    "in a folder": ("/van-hoa/{name}/{at}2345.htm", r"/\d{5,6}\.htm$"),
    "letters": ("/{name}-post{at}23456.html", r"-post\d+\.html$"),
    "one letter": ("/{name}-d{at}38952.html", r"-d\d+\.html$"),
    "site and moment": ("/{name}-18524{at:02}13163941123.htm", r"-185\d{12,15}\.htm$"),
    "moment": ("/{name}-2024{at:02}10163941123.htm", r"-\d{17}\.htm$"),
    "own ending": ("/{name}-{at}234567.ldo", r"-\d{7,8}\.ldo$"),
    "slash": ("/{name}-i{at}4567/", r"-i\d+/$"),
    "names alone": ("/{name}.html", LONG_NAMES + r"\.html$"),
}
SECTIONS = ["/", "/van-hoa.htm", "/doi-song/suc-khoe.htm", "/rss.htm", "/tim-kiem.htm?q=a"]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_pattern_takes_articles_and_no_sections(shape: str) -> None:
    form, pattern = SHAPES[shape]
    urls = [f"https://a.example{form.format(name=name, at=at)}" for at, name in enumerate(NAMES, 1)]
    sections = [f"https://a.example{path}" for path in SECTIONS]
    found = infer([*sections, *urls, *urls])
    assert found is not None
    assert found.pattern == pattern
    assert (found.fits, found.seen, found.sure) == (5, 5, shape != "names alone")
    assert all(re.search(pattern, urlsplit(url).path) for url in urls)
    assert not any(re.search(pattern, urlsplit(url).path) for url in sections)


def test_most_articles_count_and_the_rest_is_told() -> None:
    urls = [f"/{name}-{at}812345.html" for at, name in enumerate(NAMES, 1)]
    found = infer([*urls, "/hoi-dap-ve-the-le-cuoc-thi-anh.html"])
    assert found is not None
    assert (found.pattern, found.fits, found.seen) == (r"-\d{7,8}\.html$", 5, 6)


@pytest.mark.parametrize("urls", [[], SECTIONS, [f"/{NAMES[0]}-1812345.html"] * 9])
def test_too_few_to_tell(urls: list[str]) -> None:
    assert infer(urls) is None


@given(st.lists(st.from_regex(r"/[a-z0-9/.-]{0,40}", fullmatch=True), max_size=30))
def test_a_pattern_is_a_regular_expression_that_fits_what_it_counts(urls: list[str]) -> None:
    found = infer(urls)
    if found is not None:
        fits = [url for url in set(urls) if re.search(found.pattern, url)]
        assert 3 <= found.fits <= len(fits)
        assert found.fits <= found.seen


def test_patterns_of_a_real_year_are_as_good_as_those_written_by_hand(shared: Path) -> None:
    outlets = load_outlets()
    urls: defaultdict[str, list[str]] = defaultdict(list)
    with gzip.open(shared / "corpus" / "press-2024.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            url = json.loads(line)["url"] or ""
            if (outlet := outlet_for(url, outlets)) is not None:
                urls[outlet.id].append(url)
    known = {name: named for name, named in urls.items() if len(named) >= 15}
    assert len(known) >= 12
    for name, named in known.items():
        found = infer(named[: len(named) // 2])
        assert found is not None, name
        taken = sum(re.search(found.pattern, urlsplit(url).path) is not None for url in named)
        assert taken / len(named) > 0.97, (name, found)
