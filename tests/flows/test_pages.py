"""Real saved pages, served as newspapers on loopback: crawled, kept, read and found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from kb.archive import Query
from tests.crawlers.serve_pages import serve
from tests.flows.nights import TEXTS, Night, Rows, articles, rows, run

AGAIN = ("vnexpress", "tuoitre", "baodautu")
"""One outlet of each family; their server sends no validators, so all is fetched again."""


@pytest.fixture(scope="module")
def nights(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Night, Rows, Night, Rows]:
    """Two nights on the same pages, each with the tables after it."""
    home, folder = tmp_path_factory.mktemp("pages"), tmp_path_factory.mktemp("outlets")
    with serve(shared / "pages", folder):
        one = run(home, folder)
        after_one = rows(home, *TEXTS)
        two = run(home, folder, *AGAIN)
    return one, after_one, two, rows(home, *TEXTS)


def test_each_newspaper_is_crawled_and_its_stories_read(
    nights: tuple[Night, Rows, Night, Rows],
) -> None:
    night = nights[0]
    new = {name: one.tally.count.new for name, one in night.report.outlets.items()}
    assert len(new) == 7
    assert set(new.values()) == {1}
    assert night.report.failures == 0
    assert Counter(new) == Counter(row["outlet"] for row in articles(night.home))


def test_every_story_is_dated_and_titled_and_lies_in_a_warc_file(
    nights: tuple[Night, Rows, Night, Rows],
) -> None:
    for row in articles(nights[0].home):
        assert row["published_at"] is not None, row["url"]
        assert row["title"]
        assert len(row["body"].split()) > 100
        path, _, offset = row["source_file"].rpartition("@")
        with Path(path).open("rb") as file:
            file.seek(int(offset))
            record = next(iter(ArchiveIterator(file)))
            assert record.rec_headers.get_header("WARC-Target-URI") == row["url"]


def test_search_finds_each_story_by_its_title(nights: tuple[Night, Rows, Night, Rows]) -> None:
    with nights[0].archive as archive:
        for row in articles(nights[0].home):
            words = '"' + row["title"].replace('"', " ") + '"'
            assert [hit.url for hit in archive.search(Query(words)).hits] == [row["url"]]


def test_the_second_night_adds_nothing(nights: tuple[Night, Rows, Night, Rows]) -> None:
    _, after_one, night, after_two = nights
    assert after_one == after_two
    assert after_one["article"]
    assert night.report.failures == 0
    assert night.report.outlets.keys() == set(AGAIN)
    for one in night.report.outlets.values():
        assert one.found == 1
        assert (one.tally.count.new, one.tally.count.changed) == (0, 0)
