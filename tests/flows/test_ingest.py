"""Files → archive: real texts and pages, records, and what must not be lost or doubled."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from flows.ingest import ingest
from flows.stages import Given, Tally
from kb.archive import Archive, Query
from kb.errors import ConfigError
from kb.outlets import load_outlets
from tests.flows.nights import TEXTS, articles, mentions, rows, settings

VIETNAM = timezone(timedelta(hours=7))


def load(home: Path, *paths: Path, given: Given | None = None) -> Tally:
    with Archive.open(settings(home).url) as archive:
        return ingest(archive, settings(home), list(paths), given=given)


def counts(tally: Tally) -> tuple[int, int, int, int]:
    count = tally.count
    return count.new, count.changed, count.reread, count.same


def record(url: str, title: str, body: str, **more: object) -> dict[str, object]:
    return {"url": url, "outlet": "bao-thu", "title": title, "body": body, **more}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def lines(*records: dict[str, object], name: str = "press.jsonl") -> Path:
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
        path = tmp_path / name
        data = text.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return lines


# --- texts of the programme ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the programme's own texts."""
    home = tmp_path_factory.mktemp("seeds")
    tally = load(home, shared / "seeds")
    assert (tally.count.new, tally.rejected) == (len(list((shared / "seeds").iterdir())), [])
    return home


@pytest.fixture(scope="module")
def gold(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "gold/seeds.json").read_text("utf-8"))
    return found


def by_file(home: Path) -> dict[str, dict[str, Any]]:
    return {Path(row["source_file"]).name: row for row in articles(home)}


def test_titles_and_bylines_of_the_seeds(seeds: Path, gold: list[dict[str, Any]]) -> None:
    found = by_file(seeds)
    for wanted in gold:
        row = found[wanted["file"]]
        assert row["title"] == wanted["title"]
        assert row["authors"] == tuple(wanted["byline"])


def test_bodies_of_the_seeds_begin_and_end_where_the_story_does(
    seeds: Path, gold: list[dict[str, Any]]
) -> None:
    found = by_file(seeds)
    for wanted in gold:
        body = found[wanted["file"]]["body"]
        assert body.startswith(wanted["body_first"])
        assert body.rstrip(".…").endswith(wanted["body_last"])
        assert [text for text in wanted["not_in_body"] if text in body] == []


def test_initiatives_of_the_seeds_are_exactly_those_of_a_reader(
    seeds: Path, gold: list[dict[str, Any]]
) -> None:
    found: dict[int, set[str]] = defaultdict(set)
    for row in mentions(seeds):
        if row["kind"] == "initiative":
            found[row["article_id"]].add(row["entity_id"])
    texts = by_file(seeds)
    wanted = {one["file"]: set(one["initiatives"]) for one in gold}
    assert {name: found[texts[name]["article_id"]] for name in wanted} == wanted


def test_spans_of_the_seeds_lie_where_they_say(seeds: Path) -> None:
    texts = {row["article_id"]: row for row in articles(seeds)}
    spans = mentions(seeds)
    fields = {row["field"] for row in spans}
    assert {"title", "body"} <= fields <= {"title", "lead", "body"}
    for row in spans:
        text = texts[row["article_id"]][row["field"]]
        assert text[row["start"] : row["end"]] == row["surface"]


def test_the_seeds_a_second_time_add_nothing(seeds: Path, shared: Path) -> None:
    before = rows(seeds, *TEXTS)
    assert counts(load(seeds, shared / "seeds")) == (0, 0, 0, len(before["article"]))
    assert rows(seeds, *TEXTS) == before


# --- saved pages ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tally]:
    """A data folder with real pages, and what became of each."""
    home = tmp_path_factory.mktemp("pages")
    return home, load(home, shared / "pages")


def test_saved_pages_have_the_titles_and_minutes_of_their_stories(
    pages: tuple[Path, Tally], shared: Path
) -> None:
    wanted = {
        one["url"]: one for one in json.loads((shared / "gold/pages.json").read_text("utf-8"))
    }
    found = {row["url"]: row for row in articles(pages[0])}
    assert found.keys() == wanted.keys()
    for url, one in wanted.items():
        assert found[url]["title"] == one["title"]
        assert found[url]["lead"] == one["lead"]
        assert found[url]["outlet"] in load_outlets()
        said = one["meta_published"] or one["ld_published"]
        if said is not None:
            moment = datetime.fromisoformat(said.replace(" ", ""))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
            when = found[url]["published_at"]
            assert when.replace(second=0, microsecond=0) == moment.replace(second=0, microsecond=0)


def test_listings_among_saved_pages_are_put_aside(pages: tuple[Path, Tally], shared: Path) -> None:
    manifest = (shared / "pages/manifest.jsonl").read_text("utf-8").splitlines()
    listings = [row["file"] for row in map(json.loads, manifest) if row["kind"] == "listing"]
    home, tally = pages
    assert sorted(Path(one.source).name for one in tally.rejected) == sorted(listings)
    with Archive.open(settings(home).url) as archive:
        aside = archive.quarantine()
        (run,) = archive.runs()
    assert {row["stage"] for row in aside} == {"extract"}
    assert sorted(Path(row["source"]).name for row in aside) == sorted(listings)
    assert run["status"] == "done with failures"
    assert run["counts"]["rejected"] == len(listings)


def test_saved_pages_a_second_time_add_nothing(pages: tuple[Path, Tally], shared: Path) -> None:
    home, first = pages
    before = rows(home, *TEXTS)
    again = load(home, shared / "pages")
    assert counts(again) == (0, 0, 0, first.count.new)
    assert rows(home, *TEXTS) == before
    with Archive.open(settings(home).url) as archive:
        assert len(archive.quarantine()) == len(first.rejected)


# --- records -------------------------------------------------------------------------------------

FESTIVAL = record(
    "https://bao-thu.example/le-hoi-mo-cua-1.html",
    "Lễ hội Thiết kế sáng tạo Hà Nội mở cửa",
    "Sáng 9/11, Lễ hội Thiết kế sáng tạo Hà Nội mở cửa tại Bảo tàng Hà Nội.\n"
    "Ban tổ chức đón 4.200 lượt khách trong buổi đầu.",
    lead="Ba con phố cấm xe trong bảy ngày lễ hội.",
    published_at="2025-11-09T08:30:00+07:00",
)
OTHER = record(
    "https://bao-thu.example/gia-rau-xanh-2.html",
    "Giá rau xanh tăng sau mưa",
    "Mỗi mớ rau muống ở chợ đầu mối tăng thêm ba nghìn đồng so với tuần trước.",
    published_at="2025-11-10",
)


@pytest.mark.parametrize("name", ["press.jsonl", "press.jsonl.gz"])
def test_records_become_articles(tmp_path: Path, write: Callable[..., Path], name: str) -> None:
    home = tmp_path / "data"
    assert counts(load(home, write(FESTIVAL, OTHER, name=name))) == (2, 0, 0, 0)
    found = {row["url"]: row for row in articles(home)}
    festival = found[str(FESTIVAL["url"])]
    assert {key: festival[key] for key in ("title", "lead", "body", "outlet")} == {
        key: FESTIVAL[key] for key in ("title", "lead", "body", "outlet")
    }
    assert festival["published_at"] == datetime(2025, 11, 9, 1, 30, tzinfo=UTC)
    assert found[str(OTHER["url"])]["published_at"] == datetime(2025, 11, 9, 17, tzinfo=UTC)
    spans = [row for row in mentions(home) if row["entity_id"] == "design-festival"]
    assert {(row["field"], row["start"], row["end"]) for row in spans} == {
        ("title", 0, 31),
        ("body", 11, 42),
    }


def test_a_title_or_a_body_suffices(tmp_path: Path, write: Callable[..., Path]) -> None:
    home = tmp_path / "data"
    path = write(
        {"title": "Chỉ có một dòng tít"}, {"body": "Chỉ có một đoạn thân bài."}, {"lead": "x"}
    )
    tally = load(home, path)
    assert (tally.count.new, len(tally.rejected)) == (2, 1)
    assert tally.rejected[0].source.endswith(":3")
    assert {(row["title"], row["body"]) for row in articles(home)} == {
        ("Chỉ có một dòng tít", ""),
        ("", "Chỉ có một đoạn thân bài."),
    }


def test_one_address_with_two_texts_is_one_article_with_two_revisions(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    later = FESTIVAL | {"body": f"{FESTIVAL['body']}\nLễ hội kéo dài đến hết 15/11."}
    home, path = tmp_path / "data", write(FESTIVAL, later)
    assert counts(load(home, path))[:2] == (1, 1)
    (row,) = articles(home)
    assert (row["revisions"], row["body"]) == (2, later["body"])
    assert len(rows(home, "revision")["revision"]) == 2


def test_the_same_file_again_does_not_bring_the_older_text_back(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    later = FESTIVAL | {"body": f"{FESTIVAL['body']}\nLễ hội kéo dài đến hết 15/11."}
    home, path = tmp_path / "data", write(FESTIVAL, later, OTHER)
    load(home, path)
    before = rows(home, *TEXTS)
    assert load(home, path).count.changed == 0
    assert rows(home, *TEXTS) == before


def test_a_word_of_the_operator_fills_what_the_input_does_not_say(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    day = datetime(2025, 3, 1, tzinfo=VIETNAM)
    undated = {key: value for key, value in OTHER.items() if key not in {"published_at", "outlet"}}
    home = tmp_path / "data"
    load(home, write(undated, FESTIVAL), given=Given("vnexpress", day))
    found = {row["url"]: row for row in articles(home)}
    assert found[str(OTHER["url"])]["outlet"] == "vnexpress"
    assert found[str(OTHER["url"])]["published_at"] == day
    assert found[str(OTHER["url"])]["published_from"] == "given"
    assert found[str(FESTIVAL["url"])]["published_at"] != day


def test_an_outlet_that_nobody_declared_is_refused_before_anything_is_done(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    with pytest.raises(ConfigError, match="no outlet bao-la"):
        load(tmp_path / "data", write(OTHER), given=Given("bao-la"))
    assert articles(tmp_path / "data") == []


def test_two_workers_find_what_one_finds(tmp_path: Path, write: Callable[..., Path]) -> None:
    many = [OTHER | {"url": f"https://bao-thu.example/rau-{n}.html", "body": f"{OTHER['body']} {n}"}
            for n in range(60)]  # fmt: skip
    path = write(FESTIVAL, *many)
    one, two = tmp_path / "one", tmp_path / "two"
    load(one, path)
    with Archive.open(settings(two).url) as archive:
        chosen = settings(two).model_copy(update={"workers": 2})
        assert ingest(archive, chosen, [path]).count.new == 61
    strip = [{k: v for k, v in row.items() if k != "article_id"} for row in mentions(one)]
    assert strip == [{k: v for k, v in row.items() if k != "article_id"} for row in mentions(two)]
    assert strip


def test_progress_adds_up_to_everything_that_was_given(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    path = write(FESTIVAL, OTHER, {"lead": "x"})
    for _ in range(2):
        steps: list[int] = []
        with Archive.open(settings(tmp_path).url) as archive:
            ingest(archive, settings(tmp_path), [path], progress=steps.append)
        assert sum(steps) == 3


def test_search_finds_what_was_ingested(tmp_path: Path, write: Callable[..., Path]) -> None:
    load(tmp_path, write(FESTIVAL, OTHER))
    with Archive.open(settings(tmp_path).url) as archive:
        assert [hit.url for hit in archive.search(Query("rau muống")).hits] == [OTHER["url"]]
        found = archive.search(Query(initiatives=("design-festival",))).hits
    assert [hit.url for hit in found] == [FESTIVAL["url"]]
