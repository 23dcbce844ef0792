"""Real saved pages, crawled from loopback with the bundled outlets' patterns."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.child import crawl
from kb.outlets import load_outlets
from tests.crawlers.serve_pages import serve

ARTICLE = "/bai-ve-mot-le-hoi-4672302.html"


def save(folder: Path, *rows: tuple[str, str, str]) -> None:
    manifest = []
    for file, url, kind in rows:
        page = f"<html><body><h1>{url}</h1></body></html>".encode()
        (folder / file).write_bytes(gzip.compress(page) if file.endswith(".gz") else page)
        manifest.append(json.dumps({"file": file, "url": url, "kind": kind}))
    (folder / "manifest.jsonl").write_text("\n".join(manifest), encoding="utf-8")


def test_served_outlets_are_valid_and_like_the_bundled_ones(tmp_path: Path) -> None:
    save(
        tmp_path,
        ("a.html.gz", f"https://vnexpress.net{ARTICLE}", "article"),
        ("b.html", "https://tuoitre.vn/van-hoa.htm", "listing"),
    )
    with serve(tmp_path, tmp_path / "yaml") as homes:
        served = load_outlets(tmp_path / "yaml")
    assert set(homes) == set(served) == {"vnexpress", "tuoitre"}
    assert len(set(homes.values())) == 2
    bundled = load_outlets()["vnexpress"]
    assert served["vnexpress"].family == bundled.family
    assert served["vnexpress"].article_url == bundled.article_url
    assert served["vnexpress"].is_article(homes["vnexpress"] + ARTICLE)


def test_a_page_of_an_unknown_newspaper_is_told(tmp_path: Path) -> None:
    save(tmp_path, ("a.html", "https://khong-co.example/tin-1.html", "article"))
    with pytest.raises(LookupError, match="khong-co"), serve(tmp_path, tmp_path / "yaml"):
        pass


def test_saved_pages_are_captured_byte_by_byte(shared: Path, tmp_path: Path) -> None:
    manifest = (shared / "pages" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(text) for text in manifest]
    saved = {
        gzip.decompress((shared / "pages" / row["file"]).read_bytes())
        for row in rows
        if row["kind"] == "article"
    }
    with serve(shared / "pages", tmp_path / "yaml") as homes:
        report = crawl(tmp_path / "yaml", [], tmp_path / "out", timeout=900)
    assert report.finished
    assert sum(count.stored for count in report.outlets.values()) == len(saved)
    assert set(report.outlets) == set(homes)
    captured = set()
    for warc in report.warcs:
        with warc.open("rb") as file:
            captured |= {
                record.content_stream().read()
                for record in ArchiveIterator(file)
                if record.rec_type == "response"
            }
    assert captured == saved
