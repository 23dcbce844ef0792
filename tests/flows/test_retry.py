"""The quarantine: tried again, left by what succeeds, dropped by a person only."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import flows.stages
from crawlers.child import CrawlReport
from crawlers.report import OutletCounts
from flows.crawling import note_crawl
from flows.ingest import ingest
from flows.leftover import attempts
from flows.logs import prune
from flows.retry import Retried, retry
from kb.archive import Archive, Query
from kb.archive.aside import drop, items
from kb.article import Article
from kb.capture import Rejection
from kb.errors import ConfigError, NoArticle
from kb.extract import Document
from tests.flows.nights import Night, settings

GOOD = {"title": "Lò gốm ven sông nhóm lửa mẻ đầu năm", "body": "Khách đứng kín sân từ sáng sớm."}


@pytest.fixture
def archive(tmp_path: Path) -> Any:  # noqa: ANN401
    with Archive.open(settings(tmp_path / "data").url) as opened:
        yield opened


def again(archive: Archive, home: Path) -> Retried:
    return retry(archive, settings(home / "data"))


def refuse(document: Document, outlets: object) -> Article:
    raise NoArticle("this version finds no story")


def sources(archive: Archive) -> list[str]:
    return sorted(row["source"] for row in items(archive))


def test_what_a_new_version_can_use_leaves_the_quarantine(
    archive: Archive, first: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    lines = [json.dumps(GOOD | {"title": f"{GOOD['title']} {n}"}) for n in range(3)]
    (tmp_path / "in" / "a.jsonl").write_text("\n".join([*lines, "{"]), "utf-8")
    (tmp_path / "in" / "b.txt").write_text("\n".join(GOOD.values()), "utf-8")
    (warc,) = first.home.glob("captures/*/songhong-1/*.warc.gz")
    own = settings(tmp_path / "data")
    with monkeypatch.context() as patched:
        patched.setattr(flows.stages, "to_article", refuse)
        rejected = ingest(archive, own, [tmp_path / "in", warc]).rejected
    assert len(rejected) == 4 + 1 + 12
    archive.reject([Rejection("https://bao.example/1.html", "crawl", "HTTP 500")], None)
    done = again(archive, tmp_path)
    assert (done.tried, done.settled, done.crawls, done.missing) == (17, 16, 1, 0)
    assert done.tally.count.new == 16
    bad = f"{tmp_path / 'in' / 'a.jsonl'}:4"
    assert sources(archive) == [bad, "https://bao.example/1.html"]
    # The reason is that of this version, and the earlier one is not kept beside it.
    assert "not JSON" in next(row["reason"] for row in items(archive) if row["source"] == bad)
    urls = {row["url"] for row in archive.articles_rows(Query())}
    assert len({url for url in urls if url and "127.0.0.1" in url}) == 12
    assert again(archive, tmp_path).settled == 0


def test_an_item_whose_file_is_gone_stays(archive: Archive, tmp_path: Path) -> None:
    archive.reject([Rejection(str(tmp_path / "gone.html"), "extract", "no story")], None)
    done = again(archive, tmp_path)
    assert (done.tried, done.missing) == (0, 1)
    assert [row["reason"] for row in items(archive)] == ["no story"]


def test_files_are_found_again_from_any_folder(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = settings(tmp_path / "data")
    here = tmp_path / "hom-nay"
    here.mkdir()
    page = "<html><title>{title}</title><body><article><h1>{title}</h1>{body}</article></body>"
    (here / "a.html").write_text(page.format(title="Chợ nổi", body=""), "utf-8")
    (here / "b.jsonl").write_text("{\n", "utf-8")
    named = ["a.html", "b.jsonl", "khong-co.html"]
    # Put aside by an earlier version, which kept what it was given.
    archive.reject([Rejection("a.html", "extract", "no story")], None)
    monkeypatch.chdir(here)
    rejected = ingest(archive, own, named).rejected
    assert sorted(one.source for one in rejected) == ["a.html", "b.jsonl:1", "khong-co.html"]
    monkeypatch.chdir(tmp_path)
    ingest(archive, own, [f"hom-nay/{name}" for name in named])
    ingest(archive, own, [f"data/../hom-nay/{name}" for name in named])
    kept = [str(here / name) for name in ("a.html", "b.jsonl:1", "khong-co.html")]
    assert sources(archive) == [*kept, "a.html"]
    done = again(archive, tmp_path)
    assert (done.tried, done.settled, done.missing) == (2, 0, 2)
    body = f"<p>{GOOD['body'] * 9}</p>"
    (here / "a.html").write_text(page.format(title=GOOD["title"], body=body), "utf-8")
    done = again(archive, tmp_path)
    assert (done.tried, done.settled, done.missing) == (2, 1, 2)
    monkeypatch.chdir(here)
    done = again(archive, tmp_path)
    assert (done.tried, done.settled, done.missing) == (2, 1, 1)
    assert sources(archive) == kept[1:]


def test_what_lies_inside_of_a_file_is_tried_with_it(archive: Archive, tmp_path: Path) -> None:
    for name in ("a.eml", "b.pdf", "c.txt"):
        (tmp_path / name).write_text("không phải", "utf-8")
    inside = ["a.eml/anh/clip.pdf#page=2", "a.eml/clip.docx#2", "b.pdf#page=2,1", "c.txt/clip.pdf"]
    archive.reject([Rejection(f"{tmp_path}/{one}", "intake", "no") for one in inside], None)
    done = again(archive, tmp_path)
    assert (done.tried, done.missing) == (3, 1)


def test_what_succeeds_later_by_itself_leaves_the_quarantine(
    archive: Archive, tmp_path: Path
) -> None:
    cut = tmp_path / "a.html.gz"
    page = f"<html><title>{GOOD['title']}</title><body><article><h1>{GOOD['title']}</h1>"
    whole = gzip.compress(f"{page}<p>{GOOD['body'] * 9}</p></article></body></html>".encode())
    cut.write_bytes(whole[:-20])
    own = settings(tmp_path / "data")
    assert len(ingest(archive, own, [cut]).rejected) == 1
    assert sources(archive) == [str(cut)]
    cut.write_bytes(whole)
    assert ingest(archive, own, [cut]).count.new == 1
    assert sources(archive) == []


def test_an_outlet_that_answers_again_leaves_the_quarantine(
    archive: Archive, tmp_path: Path
) -> None:
    stays = "https://bao.example/2.html"
    for source in ("bao", "https://bao.example/1.html", stays):
        archive.reject([Rejection(source, "crawl", "HTTP 503")], None)
    line = {
        "at": "2026-11-20T19:00:00+00:00", "outlet": "bao", "kind": "article", "status": 200,
        "url": "https://bao.example/1.html", "asked": None, "warc": None, "offset": None,
        "length": None, "digest": None, "etag": None, "last_modified": None,
    }  # fmt: skip
    log = tmp_path / "crawl.jsonl"
    failed = line | {"url": stays, "outcome": "failed"}
    text = "".join(json.dumps(one) + "\n" for one in (line | {"outcome": "stored"}, failed))
    log.write_text(text, "utf-8")
    run = archive.start_run("nightly", {})
    for finished, left in ((False, ["bao", stays]), (True, [stays])):
        report = CrawlReport(finished, "finished", {"bao": OutletCounts()}, (), log, 0)
        note_crawl(archive, report, run)
        assert sources(archive) == sorted(left)


def test_a_person_drops_items_by_their_keys(archive: Archive) -> None:
    archive.reject([Rejection(f"{n}.html", "extract", "no story") for n in range(40)], None)
    keys = [row["key"] for row in items(archive)]
    assert len({*keys}) == 40
    with pytest.raises(ConfigError, match="no item begins with 'zz'"):
        drop(archive, [keys[0], "zz"])
    with pytest.raises(ConfigError, match="several items begin with ''"):
        drop(archive, [""])
    assert len(items(archive)) == 40
    assert drop(archive, [keys[0], keys[0], keys[1]]) == 2
    assert {row["key"] for row in items(archive)} == set(keys[2:])


def test_old_crawl_logs_go_and_captures_stay(archive: Archive, tmp_path: Path) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    captures = tmp_path / "data" / "captures"
    for number, status in ((1, "done"), (2, "done"), (3, "interrupted")):
        archive.finish_run(archive.start_run("nightly", {}), status, {})
        began = now - timedelta(days=100 if number != 2 else 10)
        folder = captures / f"{began:%Y%m%dT%H%M%S}-{number}" / "songhong-1"
        folder.mkdir(parents=True)
        for name in ("crawl.jsonl", "stats.json", "songhong-1.warc.gz"):
            (folder / name).write_text("{}", "utf-8")
        (folder.parent / "known.jsonl").write_text("", "utf-8")
    (captures / "mine").mkdir()
    own = settings(tmp_path / "data")
    assert prune(archive, own.model_copy(update={"log_days": 0}), now) == 0
    assert prune(archive, own, now) == 3
    assert len(list(captures.rglob("*.warc.gz"))) == 3
    # What the next night has still to take up is left alone.
    assert [one.parent.name[-1] for one in attempts(archive, captures, 99)] == ["3"]
    assert len(list(captures.rglob("crawl.jsonl"))) == 2
    assert prune(archive, own, now) == 0
