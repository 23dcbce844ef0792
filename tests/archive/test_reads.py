"""What pages read beside the archive's answers: the same on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.archive import Archive, Query
from kb.archive.around import Press, around, articles_naming
from kb.archive.reads import initiatives_of, stored_article
from kb.archive.roles import roles
from kb.archive.stamp import stamp
from kb.web.night import LastRun, last_run
from tests.archive.conftest import scratch
from tests.web.stories import fill, stories


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """The archive of `stories.py` on one engine."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("reads") / "kb.sqlite"
        with Archive.open(f"sqlite:///{path}") as archive:
            fill(archive)
            yield archive
        return
    with scratch() as url, Archive.open(url) as archive:
        fill(archive)
        yield archive


def test_article_comes_with_its_current_text_mentions_and_history(filled: Archive) -> None:
    article, reading = stories()[0]
    found = stored_article(filled.engine, 1)
    assert found is not None
    for name in ("url", "outlet", "title", "lead", "body", "authors", "published_at", "words"):
        assert getattr(found, name) == getattr(article, name)
    assert found.mentions == reading.mentions
    assert [(one.number, one.current) for one in found.revisions] == [(1, False), (2, True)]
    assert found.revisions[1].words == article.words


@pytest.mark.parametrize("number", [-1, 0, 999, 2**31 - 1, 2**31, 10**30])
def test_numbers_that_no_article_has(filled: Archive, number: int) -> None:
    assert stored_article(filled.engine, number) is None


def test_initiatives_of_articles_in_order_of_the_text(filled: Archive) -> None:
    assert initiatives_of(filled.engine, [1, 2, 3, 5, 6]) == {
        1: ["design-festival"],
        2: ["design-centre"],
        3: ["creative-spaces", "design-festival"],
    }
    assert initiatives_of(filled.engine, []) == {}


def test_years_are_those_of_vietnam(filled: Archive) -> None:
    def years(entity: str) -> list[tuple[int, int, int]]:
        found = filled.histogram(Query(initiatives=(entity,)), "year")
        return [(one.start.year, one.articles, one.total) for one in found]

    assert years("design-centre") == [(2025, 1, 3)]
    assert years("design-festival") == [(2023, 1, 1), (2024, 0, 0), (2025, 1, 3)]
    assert years("sea-forum") == []


def test_what_surrounds_an_entry_is_the_same_on_both_engines(filled: Archive) -> None:
    got = around(filled.engine, "design-festival", {"org": 5, "person": 5, "document": 5})
    assert [(one.name, one.articles) for one in got.named["org"]] == [
        ("Sở Văn hóa và Thể thao Hà Nội", 2),
        ("Bảo tàng Hà Nội", 1),
    ]
    assert [(one.entity_id, one.name) for one in got.named["person"]] == [(None, "Lâm Thục Quyên")]
    assert len(got.named["document"]) == 3
    assert got.outlets == [Press("hanoimoi", "hanoi", 2), Press(None, None, 1)]
    assert got.first is not None
    assert got.first.article_id == 3
    ids = ["design-festival", "design-centre", "sea-forum"]
    assert articles_naming(filled.engine, ids) == {"design-festival": 3, "design-centre": 1}


def test_roles_are_the_same_on_both_engines(filled: Archive) -> None:
    festival = roles(filled.engine, Query(initiatives=("design-festival",)))
    assert [(one.actor, one.role, one.articles) for one in festival] == [
        ("Sở Văn hóa và Thể thao Hà Nội", "coordinate", 1)
    ]
    department = Query(actors=("hanoi-department-of-culture-and-sports",))
    assert {(one.role, one.initiative_id) for one in roles(filled.engine, department)} == {
        ("coordinate", "design-festival"),
        ("approve", "creative-spaces"),
    }
    nobody = [one for one in roles(filled.engine, Query()) if one.actor_id is None]
    assert [(one.actor, one.role) for one in nobody] == [("nhóm kiến trúc sư trẻ", "operate")]


def test_outlets_have_their_names(filled: Archive) -> None:
    assert filled.outlet_names()["hanoimoi"] == "Hà Nội Mới"


def test_last_run_adds_up_outlets_and_whole_runs(filled: Archive) -> None:
    night = last_run(filled)
    assert night is not None
    assert (night.kind, night.finished, night.new, night.changed, night.failed) == (
        "nightly",
        True,
        45,
        1,
        2,
    )
    number = filled.start_run("ingest", {})
    running = last_run(filled)
    assert isinstance(running, LastRun)
    assert (running.kind, running.finished, running.new) == ("ingest", False, 0)
    filled.finish_run(number, "done", {"new": 3, "changed": 0, "rejected": 4})
    done = last_run(filled)
    assert done is not None
    assert (done.finished, done.new, done.failed) == (True, 3, 4)


def test_outlets_that_did_not_finish_count_as_failures(filled: Archive) -> None:
    number = filled.start_run("nightly", {})
    broken = {"new": 0, "changed": 0, "failed": 1, "error": "the crawl ended early"}
    filled.finish_run(number, "done with failures", {"outlets": {"a": broken, "b": broken}})
    night = last_run(filled)
    assert night is not None
    assert night.failed == 4


def test_the_stamp_changes_with_every_run(filled: Archive) -> None:
    before = stamp(filled.engine)
    assert stamp(filled.engine) == before
    number = filled.start_run("ingest", {})
    started = stamp(filled.engine)
    filled.finish_run(number, "done", {"new": 0})
    assert len({before, started, stamp(filled.engine)}) == 3
