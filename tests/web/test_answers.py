"""How the interface answers: forms by Accept, tags, single things, limits, feeds, references."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import feedparser
import httpx
import pytest
import rispy
from fastapi import FastAPI
from starlette.testclient import TestClient

from kb.archive import Archive, Query
from kb.article import VIETNAM
from kb.settings import settings
from kb.web import create_app
from kb.web.answers import chosen
from kb.web.api import ROWS
from kb.web.rate import rates
from tests.web.markup import tree

TABLES = ("text/csv", "application/jsonl", "application/x-ndjson")


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("media", TABLES)
def test_whole_results_come_as_files(
    client: httpx.Client, archive: Archive, kind: str, media: str
) -> None:
    answer = client.get(f"/api/v1/{kind}", params={"limit": 1}, headers={"Accept": media})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert f'filename="{kind}.' in answer.headers["content-disposition"]
    found = (
        list(csv.DictReader(io.StringIO(answer.text)))
        if media == "text/csv"
        else [json.loads(line) for line in answer.text.splitlines()]
    )
    rows = archive.ledger_rows(Query()) if kind == "ledger" else None
    assert len(found) == (archive.count(kind, Query()) if rows is None else len(list(rows)))


def test_a_file_of_many_parts_has_one_header(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, archive: Archive
) -> None:
    monkeypatch.setattr("kb.web.answers._BATCH", 3)
    answer = client.get("/api/v1/articles", headers={"Accept": "text/csv"})
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(found) == archive.count("articles", Query()) > 6
    assert [row["article_id"] for row in found if not row["article_id"].isdigit()] == []


def test_references_come_by_accept(client: httpx.Client, archive: Archive) -> None:
    media = "application/x-research-info-systems"
    answer = client.get("/api/v1/articles", params={"q": "lễ hội"}, headers={"Accept": media})
    found = rispy.loads(answer.text)
    assert len(found) == archive.search(Query("lễ hội")).total
    assert {one["type_of_reference"] for one in found} == {"NEWS"}
    assert client.get("/api/v1/quotes", headers={"Accept": media}).status_code == 406


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/json"), ("*/*", "application/json"), ("text/*", "text/csv"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv;q=0.2, application/json;q=0.1", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
    ],
)  # fmt: skip
def test_the_form_is_what_is_preferred(accept: str, media: str) -> None:
    scope = {"type": "http", "headers": [(b"accept", accept.encode())]}
    from fastapi import Request

    assert chosen(Request(scope), ["application/json", "text/csv"]) == media


def test_a_form_that_there_is_not_is_refused(client: httpx.Client) -> None:
    answer = client.get("/api/v1/articles", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "text/csv" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/api/v1/articles", "/api/v1/quotes?limit=2", "/api/v1/articles/1", "/feed.atom",
             "/api/v1/query?q=a", "/unapi?id=kb:article:1&format=ris"]
)  # fmt: skip
def test_what_has_not_changed_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')  # what is compressed is no longer the same bytes
    again = client.get(path, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"x"'}).content == first.content


# --- single things ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["mentions", "quotes", "commitments", "assignments"])
def test_each_row_has_an_address(client: httpx.Client, kind: str) -> None:
    rows = client.get(f"/api/v1/{kind}", params={"limit": 3}).json()
    assert rows
    for row in rows:
        assert client.get(f"/api/v1/{kind}/{row['id']}").json() == row


@pytest.mark.parametrize(
    "path", ["quotes/1-999", "mentions/999999999-1", "articles/99999",
             "actors/design-festival", "initiatives/none", "documents/none"]
)  # fmt: skip
def test_what_is_not_there_is_a_problem(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_one_article_has_all_that_was_read(client: httpx.Client, archive: Archive) -> None:
    found = client.get("/api/v1/articles/1").json()
    for kind in ("mentions", "quotes", "commitments", "assignments"):
        assert len(found[kind]) == archive.count(kind, Query(articles=(1,)))
    assert found["body"] is None
    assert found["permalink"] == "/articles/1"
    assert found["story_id"] == 1
    assert [one["current"] for one in found["revisions"]].count(True) == 1


@pytest.mark.usefixtures("full_text")
def test_whole_texts_leave_by_a_setting_alone(client: httpx.Client) -> None:
    assert len(client.get("/api/v1/articles/1").json()["body"]) > 20


@pytest.mark.parametrize(
    ("path", "kind"),
    [("initiatives/design-festival", "initiative"), ("actors/hanoi-museum", "org")],
)
def test_one_entry_has_its_counts(client: httpx.Client, path: str, kind: str) -> None:
    found = client.get(f"/api/v1/{path}").json()
    assert (found["kind"], found["permalink"]) == (kind, f"/{path}")
    assert found["sources"]
    listed = client.get(f"/api/v1/{path.partition('/')[0]}", params={"limit": 1000}).json()
    (row,) = [row for row in listed if row["entity_id"] == found["entity_id"]]
    assert (found["articles"], found["mentions"]) == (row["articles"], row["mentions"])


def test_a_query_is_explained(client: httpx.Client) -> None:
    found = client.get("/api/v1/query", params={"q": "(lễ hội", "outlet": "hanoimoi"}).json()
    assert found["vi"] == "lễ VÀ hội; báo hanoimoi"
    assert [(one["code"], one["start"], one["end"]) for one in found["remarks"]] == [("open", 0, 1)]
    assert found["query"] == {"q": "(lễ hội", "outlet": ["hanoimoi"]}
    assert found["articles"] > 0
    feed = feedparser.parse(client.get(found["feed"]).content)
    assert len(feed.entries) == found["articles"]


# --- feeds --------------------------------------------------------------------------------------


def test_a_feed_holds_what_the_search_finds(client: httpx.Client, archive: Archive) -> None:
    page = tree(client.get("/search", params={"q": "lễ hội", "order": "relevance"}))
    (address,) = page.xpath("//link[@type='application/atom+xml']/@href")
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    hits = archive.search(Query("lễ hội", order="relevance", limit=100)).hits
    assert [entry.title for entry in feed.entries] == [hit.title for hit in hits]
    for entry, hit in zip(feed.entries, hits, strict=True):
        assert entry.link == str(client.base_url.join(f"/articles/{hit.article_id}"))
        assert entry.get("published_parsed") is not None or hit.published_at is None
        assert entry.summary.replace("<b>", "").replace("</b>", "") != ""
        assert [link.href for link in entry.links if link.rel == "via"] == (
            [hit.url] if hit.url and hit.url.startswith("http") else []
        )
    assert len({entry.id for entry in feed.entries}) == len(hits)
    assert any("<b>" in entry.summary for entry in feed.entries)
    again = feedparser.parse(client.get(address, params={"q": "lễ hội", "limit": 5}).content)
    known = {entry.id for entry in feed.entries}
    assert {entry.id for entry in again.entries} <= known


def test_a_feed_goes_on_page_by_page(client: httpx.Client, archive: Archive) -> None:
    found: list[str] = []
    address: str | None = "/feed.atom?limit=4"
    while address:
        feed = feedparser.parse(client.get(address).content)
        found += [entry.id for entry in feed.entries]
        address = next((one.href for one in feed.feed.links if one.rel == "next"), None)
    assert len(found) == len(set(found)) == archive.count("articles", Query())


def test_a_feed_tells_what_was_not_understood(client: httpx.Client) -> None:
    feed = feedparser.parse(client.get("/feed.atom", params={"q": "lạ_lùng:x"}).content)
    assert "lạ_lùng" in feed.feed.subtitle
    assert client.get("/feed.atom", params={"from": "x"}).status_code == 422


# --- references ---------------------------------------------------------------------------------


def test_reference_managers_find_an_article(client: httpx.Client, archive: Archive) -> None:
    page = tree(client.get("/articles/1"))
    (server,) = page.xpath("//link[@rel='unapi-server']/@href")
    (name,) = page.xpath("//abbr[@class='unapi-id']/@title")
    formats = client.get(server)
    assert [one.get("name") for one in ET.fromstring(formats.content)] == [
        "ris", "bibtex", "csl-json",
    ]  # fmt: skip
    offered = client.get(server, params={"id": name})
    assert (offered.status_code, ET.fromstring(offered.content).get("id")) == (300, name)
    (record,) = rispy.loads(client.get(server, params={"id": name, "format": "ris"}).text)
    (row,) = archive.articles_rows(Query(articles=(1,)))
    assert (record["type_of_reference"], record["title"]) == ("NEWS", row["title"])
    assert client.get(server, params={"id": name, "format": "marc"}).status_code == 406
    for wrong in ("kb:article:99999", "kb:article:x", "1"):
        assert client.get(server, params={"id": wrong, "format": "ris"}).status_code == 404


def test_the_tags_of_an_article_say_what_it_is(client: httpx.Client, archive: Archive) -> None:
    page = tree(client.get("/articles/1"))
    (row,) = archive.articles_rows(Query(articles=(1,)))

    def told(name: str) -> list[str]:
        return [str(one) for one in page.xpath(f"//meta[@name='{name}']/@content")]

    assert told("citation_title") == told("DC.title") == [row["title"]]
    assert told("citation_author") == told("DC.creator") == list(row["authors"])
    assert row["published_at"] is not None
    day = row["published_at"].astimezone(VIETNAM)
    assert told("citation_publication_date") == [f"{day:%Y/%m/%d}"]
    assert told("DC.type") == ["newspaperArticle"]
    (coins,) = page.xpath("//span[@class='Z3988']/@title")
    assert parse_qs(coins)["rft.title"] == [row["title"]]
    listed = tree(client.get("/search", params={"q": "lễ hội"}))
    ids = listed.xpath("//section//abbr[@class='unapi-id']/@title")
    assert ids == [
        f"kb:article:{n}" for n in (h.article_id for h in archive.search(Query("lễ hội")).hits)
    ]


# --- limits -------------------------------------------------------------------------------------


@pytest.fixture
def limited(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    monkeypatch.setenv("KB_API_RATE", "3/hour")
    monkeypatch.setenv("KB_ACCESS", "open")
    settings.cache_clear()
    yield create_app(archive)
    monkeypatch.undo()
    settings.cache_clear()


def test_a_program_that_asks_too_often_is_told_to_wait(limited: FastAPI) -> None:
    with TestClient(limited, client=("203.0.113.5", 1)) as outside:
        answers = [outside.get("/api/v1/articles", params={"limit": 1}) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        last = answers[-1]
        assert last.headers["content-type"] == "application/problem+json"
        assert 0 < int(last.headers["retry-after"]) <= 3600
        assert outside.get("/feed.atom").status_code == 429
        assert outside.get("/search").status_code == 200
        other = TestClient(limited, client=("203.0.113.6", 1))
        assert other.get("/api/v1/articles").status_code == 200
        here = TestClient(limited, client=("127.0.0.1", 1))
        assert {here.get("/api/v1/articles").status_code for _ in range(5)} == {200}


def test_rates_are_read_from_the_setting() -> None:
    assert rates("") == []
    assert [str(one) for one in rates("600/minute; 10000/day")] == [
        "600 per 1 minute",
        "10000 per 1 day",
    ]
