"""Whole crawls over real HTTP on loopback, each in its own child process."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.child import CrawlReport, crawl
from crawlers.warc import payload_digest
from tests.crawlers.site import Answer, Hit, Site, site

XML = "application/xml"
MONDAY = "Mon, 02 Mar 2026 08:00:00 +0700"
FRIDAY = "Fri, 06 Mar 2026 08:00:00 +0700"


@pytest.fixture
def paper() -> Iterator[Site]:
    with site() as served:
        yield served


@dataclass
class Day:
    """One finished crawl: its report and the lines of its log."""

    report: CrawlReport
    lines: list[dict[str, Any]]

    def outcome(self, path: str) -> str:
        """Return the outcome of the one line about a path."""
        (line,) = (line for line in self.lines if line["url"].endswith(path))
        return str(line["outcome"])

    def line(self, path: str) -> dict[str, Any]:
        (line,) = (line for line in self.lines if line["url"].endswith(path))
        return line

    def known(self, path: Path, first_seen: datetime) -> Path:
        """Write the known.jsonl that a caller makes of this crawl."""
        rows = [
            {k: line[k] for k in ("url", "etag", "last_modified", "digest")}
            | {"first_seen": first_seen.isoformat(), "last_seen": first_seen.isoformat()}
            | {"captured_at": line["at"]}
            for line in self.lines
            if line["outcome"] == "stored"
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path


def run(outlets: Path, out: Path, **options: Any) -> Day:  # noqa: ANN401
    seen: list[dict[str, object]] = []
    report = crawl(outlets, [], out, on_line=seen.append, timeout=900, **options)
    lines = [json.loads(text) for text in report.log.read_text(encoding="utf-8").splitlines()]
    assert seen == lines
    assert report.finished, report
    assert report.errors == 0
    assert (out / "scrapy.log").read_text(encoding="utf-8") == ""
    assert (out / "child.log").read_text(encoding="utf-8") == ""
    return Day(report, lines)


def sitemap(*rows: tuple[str, str], root: str = "urlset", item: str = "url") -> bytes:
    body = "".join(
        f"<{item}><loc>{loc}</loc><lastmod>{day}</lastmod></{item}>" for loc, day in rows
    )
    ns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<{root} xmlns="{ns}">{body}</{root}>'.encode()


def test_every_listing_leads_to_articles_and_each_is_fetched_once(
    paper: Site, tmp_path: Path
) -> None:
    for number, name in enumerate(["goc", "tin", "ban-do", "chung"], 1):
        paper.article(f"/{name}-{number}.html", f"Bài {name}", ETag=f'"{number}"')
    paper.section(
        "/",
        "/goc-1.html",
        "/chung-4.html?utm_source=trang-chu#binh-luan",
        paper.home.replace("http://", "http://www.") + "/goc-1.html?fbclid=x",
        "/lien-he.html",
        "https://bao-khac.example/tin-9.html",
        "http://[hong/-5.html",
    )
    paper.feed("/home.rss", ("/tin-2.html", FRIDAY), ("/chung-4.html?utm_medium=rss", FRIDAY))
    inner = sitemap((f"{paper.home}/ban-do-3.html", "2026-03-06"))
    paper.pages["/thang-3.xml.gz"] = Answer(gzip.compress(inner), type="application/gzip")
    index = sitemap(
        (f"{paper.home}/thang-3.xml.gz", "2026-03-06"), root="sitemapindex", item="sitemap"
    )
    paper.pages["/sitemap.xml"] = Answer(index, type=XML)
    folder = paper.outlet(
        tmp_path / "outlets",
        feeds=[f"{paper.home}/home.rss"],
        sitemaps=[f"{paper.home}/sitemap.xml"],
    )

    day = run(folder, tmp_path / "out")

    articles = [path for path in paper.paths() if path[-6:-5].isdigit()]
    assert sorted(articles) == ["/ban-do-3.html", "/chung-4.html", "/goc-1.html", "/tin-2.html"]
    counts = day.report.outlets["thu"]
    assert (counts.found, counts.stored, counts.listed, counts.failed) == (4, 4, 4, 0)
    assert day.line("/ban-do-3.html")["found_by"] == f"{paper.home}/thang-3.xml.gz"
    agents = {hit.headers["User-Agent"] for hit in paper.hits}
    assert len(agents) == 1
    assert agents.pop().startswith("vietnamese-press-kb/0.1 (+http")


def test_captures_are_where_the_log_says(paper: Site, tmp_path: Path) -> None:
    paper.article("/mot-1.html", "Bài một", ETag='"a"', Last_Modified=FRIDAY)
    zipped = gzip.compress("<html><body><p>Nén khi gửi.</p></body></html>".encode())
    paper.pages["/hai-2.html"] = Answer(zipped, headers={"Content-Encoding": "gzip"})
    paper.section("/", "/mot-1.html", "/hai-2.html")

    day = run(paper.outlet(tmp_path / "outlets"), tmp_path / "out", run="dem-1")

    (warc,) = day.report.warcs
    day_of_run = str(day.line("/mot-1.html")["at"])[:10].replace("-", "")
    assert warc.name == f"thu-dem-1-{day_of_run}-00001.warc.gz"
    data = warc.read_bytes()
    for path, text in (("/mot-1.html", "Bài một"), ("/hai-2.html", "Nén khi gửi")):
        line = day.line(path)
        piece = io.BytesIO(data[line["offset"] : line["offset"] + line["length"]])
        record = next(iter(ArchiveIterator(piece, check_digests="raise")))
        assert record.rec_type == "response"
        assert record.rec_headers.get_header("WARC-Target-URI") == line["url"]
        assert record.rec_headers.get_header("WARC-Payload-Digest") == line["digest"]
        assert record.http_headers.get_statuscode() == "200"
        body = record.content_stream().read()
        assert text in body.decode()
        assert payload_digest(body) == line["digest"]
        assert len(body) == line["bytes"]
    assert day.line("/mot-1.html")["last_modified"] == FRIDAY
    with warc.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        kinds = [(r.rec_type, r.rec_headers.protocol) for r in records]
    assert kinds[0] == ("warcinfo", "WARC/1.1")
    assert [kind for kind, _ in kinds[1:]] == ["response", "request"] * 2


def test_second_night_stores_only_what_changed(paper: Site, tmp_path: Path) -> None:
    def conditional(hit: Hit) -> Answer:
        if hit.headers.get("If-None-Match") == '"v1"':
            return Answer(status=304, headers={"ETag": '"v1"'})
        return Answer(b"<p>Co the hoi lai.</p>", headers={"ETag": '"v1"'})

    paper.pages["/co-dieu-kien-1.html"] = conditional
    paper.article("/khong-the-2.html", "Không có ETag")
    paper.article("/sua-3.html", "Bản đầu")
    paper.article("/go-4.html", "Sẽ bị gỡ")
    paper.article("/het-liet-ke-5.html", "Sẽ không còn trong danh sách")
    links = ["/co-dieu-kien-1.html", "/khong-the-2.html", "/sua-3.html", "/go-4.html"]
    paper.section("/", *links, "/het-liet-ke-5.html")
    folder = paper.outlet(tmp_path / "outlets")
    first = run(folder, tmp_path / "1")
    assert first.report.outlets["thu"].stored == 5
    known = first.known(tmp_path / "known.jsonl", datetime.now(UTC) - timedelta(days=1))

    same = run(folder, tmp_path / "2", known=known)
    assert (same.report.outlets["thu"].stored, same.report.outlets["thu"].unchanged) == (0, 5)
    assert len(same.report.warcs) == 1, "revisit records"
    assert same.line("/co-dieu-kien-1.html")["status"] == 304
    assert same.line("/khong-the-2.html")["status"] == 200

    paper.article("/sua-3.html", "Bản đã sửa")
    paper.article("/het-liet-ke-5.html", "Sửa mà không còn trong danh sách")
    paper.pages["/go-4.html"] = Answer(status=410)
    paper.section("/", *links)
    changed = run(folder, tmp_path / "3", known=known)
    assert changed.outcome("/sua-3.html") == "stored"
    assert changed.outcome("/go-4.html") == "gone"
    assert changed.outcome("/het-liet-ke-5.html") == "stored"
    assert changed.line("/het-liet-ke-5.html")["found_by"] == "revisit"


def test_old_articles_are_left_in_peace(paper: Site, tmp_path: Path) -> None:
    paper.article("/cu-1.html", "Bài cũ")
    paper.article("/moi-2.html", "Bài mới")
    paper.section("/", "/cu-1.html")
    folder = paper.outlet(tmp_path / "outlets")
    first = run(folder, tmp_path / "1")
    known = first.known(tmp_path / "known.jsonl", datetime.now(UTC) - timedelta(days=15))
    paper.section("/", "/cu-1.html", "/moi-2.html")
    paper.hits.clear()

    second = run(folder, tmp_path / "2", known=known)

    assert paper.paths() == ["/", "/moi-2.html"]
    assert second.outcome("/cu-1.html") == "skipped"
    counts = second.report.outlets["thu"]
    assert (counts.found, counts.stored, counts.skipped) == (2, 1, 1)
    paper.outlet(folder, looks=["1h", "10d"])
    wider = run(folder, tmp_path / "3", known=known)
    assert wider.outcome("/cu-1.html") == "unchanged"


def test_since_and_budget_limit_what_is_fetched(paper: Site, tmp_path: Path) -> None:
    for number in range(1, 5):
        paper.article(f"/tin-{number}.html", f"Tin {number}")
    paper.feed(
        "/home.rss",
        ("/tin-1.html", MONDAY),
        ("/tin-2.html", "Sat, 07 Mar 2026 08:00:00 +0700"),
        ("/tin-3.html", FRIDAY),
        ("/tin-4.html", "Sat, 07 Mar 2026 09:00:00 +0700"),
    )
    index = sitemap((f"{paper.home}/cu.xml", "2025-12-31"), root="sitemapindex", item="sitemap")
    paper.pages["/sitemap.xml"] = Answer(index, type=XML)
    folder = paper.outlet(
        tmp_path / "outlets",
        sections=[],
        feeds=[f"{paper.home}/home.rss"],
        sitemaps=[f"{paper.home}/sitemap.xml"],
    )

    day = run(folder, tmp_path / "out", since=date(2026, 3, 6), max_pages=2)

    assert paper.paths()[2:] == ["/tin-4.html", "/tin-2.html"]
    told = "4 article links, 1 beyond the budget of 2 pages"
    assert day.line("/home.rss")["reason"] == told
    counts = day.report.outlets["thu"]
    assert (counts.found, counts.stored, counts.skipped) == (3, 2, 1)


def test_new_articles_go_before_known_ones(paper: Site, tmp_path: Path) -> None:
    paths = [f"/tin-{number}.html" for number in range(6)]
    for path in paths:
        paper.article(path, path)
    paper.section("/", *paths)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    rows = [{"url": paper.home + path, "first_seen": yesterday} for path in paths[:4]]
    known = tmp_path / "known.jsonl"
    known.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    folder = paper.outlet(tmp_path / "outlets")

    day = run(folder, tmp_path / "out", known=known, max_pages=4)

    assert {"/tin-4.html", "/tin-5.html"} <= set(paper.paths())
    counts = day.report.outlets["thu"]
    assert (counts.found, counts.stored, counts.skipped) == (6, 4, 2)


def test_what_is_not_stored_says_why(paper: Site, tmp_path: Path) -> None:
    paper.article("/that-1.html", "Bài thật")
    paper.pages["/het-2.html"] = Answer(status=404)
    paper.pages["/loi-3.html"] = Answer(status=500)
    paper.pages["/tra-phi-4.html"] = Answer(status=403)
    paper.pages["/tep-5.html"] = Answer(b"%PDF-1.7", type="application/pdf")
    paper.pages["/ra-ngoai-6.html"] = Answer(status=302, headers={"Location": "http://10.0.0.1/"})
    paper.pages["/ve-nha-7.html"] = Answer(status=301, headers={"Location": "/"})
    paper.pages["/doi-ten-8.html"] = Answer(status=301, headers={"Location": "/that-1.html"})
    paper.pages["/rong-9.html"] = Answer(b" \n")
    paths = [path for path in paper.pages if path != "/robots.txt"]
    paper.section("/", *paths)
    paper.pages["/sai.rss"] = Answer(b"<html><body>Trang chu</body></html>")
    folder = paper.outlet(
        tmp_path / "outlets",
        feeds=[f"{paper.home}/sai.rss", f"{paper.home}/mat.rss"],
    )

    day = run(folder, tmp_path / "out")

    told = {
        line["url"].removeprefix(paper.home): (line["outcome"], line["reason"])
        for line in day.lines
    }
    assert told["/that-1.html"] == ("stored", None)
    assert told["/het-2.html"] == ("gone", "HTTP 404")
    assert told["/loi-3.html"] == ("failed", "HTTP 500")
    assert told["/tra-phi-4.html"] == ("refused", "HTTP 403")
    assert told["/tep-5.html"] == ("skipped", "not HTML")
    assert told["/rong-9.html"] == ("skipped", "empty")
    assert told["/ra-ngoai-6.html"] == (
        "refused",
        "leads away from the outlet's hosts (redirected to http://10.0.0.1/)",
    )
    assert told["/sai.rss"][0] == "failed"
    assert told["/mat.rss"] == ("failed", "HTTP 404")
    assert told["/doi-ten-8.html"] == ("skipped", f"same story as {paper.home}/that-1.html")
    assert told["/ve-nha-7.html"] == ("skipped", f"redirected to {paper.home}/, no article")


def test_a_known_article_that_leads_home_is_gone(paper: Site, tmp_path: Path) -> None:
    paper.pages["/go-1.html"] = Answer(status=302, headers={"Location": "/"})
    paper.section("/")
    spelled = f"{paper.home}/go-1.html?utm_source=zalo"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    row = {"url": spelled, "first_seen": yesterday}
    known = tmp_path / "known.jsonl"
    known.write_text(json.dumps(row), encoding="utf-8")

    day = run(paper.outlet(tmp_path / "outlets"), tmp_path / "out", known=known)

    assert [line["outcome"] for line in day.lines if line["url"] == spelled] == ["gone"]
