"""One query, one number: frames, command line, pages, interface, feed, digest say the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml
from lxml import html
from starlette.testclient import TestClient
from typer.testing import CliRunner

from kb.archive import Archive, Query
from kb.cli.main import app as program
from kb.registry import load_registry
from kb.research import Desk, make_query
from kb.research.digest import digest
from kb.settings import settings
from kb.web import create_app

TABLE: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "surfaces.yaml").read_text("utf-8")
)


def here(archive: Archive) -> TestClient:
    """Return a client at this computer of an application over an archive."""
    return TestClient(
        create_app(archive), base_url="http://127.0.0.1", client=("127.0.0.1", 50_000)
    )


@pytest.fixture(scope="module")
def client(archive: Archive) -> Iterator[TestClient]:
    with here(archive) as opened:
        yield opened


@pytest.fixture
def command(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("KB_DATABASE_URL", address)
    settings.cache_clear()
    yield CliRunner()
    monkeypatch.undo()
    settings.cache_clear()


def queries() -> list[Any]:
    return [
        pytest.param(
            Query.from_json({k: _plain(v) for k, v in row["asks"].items()}),
            row["found"],
            id=json.dumps(row["asks"], ensure_ascii=False, default=str),
        )
        for row in TABLE
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401
    return value.isoformat() if hasattr(value, "isoformat") else value


def options(query: Query) -> list[str]:
    """Return a query as options of the command line."""
    from kb.archive.params import by_param

    return [part for name, value in query.to_params() for part in (by_param()[name].option, value)]


@pytest.mark.parametrize(("query", "found"), queries())
def test_every_surface_gives_the_same_count(
    archive: Archive, client: TestClient, command: CliRunner, query: Query, found: int
) -> None:
    pairs = query.to_params()
    desk = Desk(archive)
    ids = {
        "frame": desk.articles(query)["article_id"].tolist(),
        "search": [hit.article_id for hit in archive.search(_many(query)).hits],
    }
    counts = {
        "count": desk.count(query),
        "facets": archive.facets(query).total,
        "histogram": int(desk.attention(query, by="day")["articles"].sum())
        + desk.articles(query)["published_at"].isna().sum(),
    }

    facets, outlets = archive.facets(query), archive.by_outlet(query)
    assert (outlets.outlets, outlets.levels) == (facets.outlets, facets.levels)

    page = client.get("/search", params=pairs)
    heading = html.fromstring(page.text).xpath("//h2[@id='found']/text()")[0]
    counts["page"] = int(heading.split()[0])

    listed = client.get("/api/v1/articles", params=[*pairs, ("limit", "1000")])
    assert listed.status_code == 200, listed.text
    counts["total"] = int(listed.headers["x-total-count"])
    ids["api"] = [row["article_id"] for row in listed.json()]
    lines = client.get("/api/v1/articles", params=pairs, headers={"Accept": "application/jsonl"})
    ids["jsonl"] = [json.loads(line)["article_id"] for line in lines.text.splitlines()]
    table = client.get("/api/v1/articles", params=pairs, headers={"Accept": "text/csv"})
    ids["csv"] = [int(row["article_id"]) for row in rows_of(table.text)]
    counts["explained"] = client.get("/api/v1/query", params=pairs).json()["articles"]

    figure = client.get("/api/v1/attention", params=[*pairs, ("by", "day")]).json()
    undated = desk.articles(query)["published_at"].isna().sum()
    counts["attention of the interface"] = sum(row["articles"] for row in figure) + undated

    feed = feedparser.parse(client.get("/feed.atom", params=[*pairs, ("limit", "1000")]).content)
    ids["feed"] = [int(entry.link.rpartition("/")[2]) for entry in feed.entries]

    text = [query.text] if query.text else []
    rest = options(Query.from_json({k: v for k, v in query.to_json().items() if k != "q"}))
    said = command.invoke(program, ["search", *text, *rest, "--limit", "1000", "--format", "json"])
    ids["kb search"] = [row["article_id"] for row in json.loads(said.stdout)]
    written = command.invoke(program, ["export", "articles", *options(query)])
    ids["kb export"] = [
        int(row["article_id"]) for row in csv.DictReader(io.StringIO(written.stdout))
    ]

    assert counts == dict.fromkeys(counts, found)
    assert {name: sorted(one) for name, one in ids.items()} == dict.fromkeys(
        ids, sorted(ids["frame"])
    )
    assert len(ids["frame"]) == found


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(text)))


def _many(query: Query) -> Query:
    return make_query(query, limit=1000)


def of_new_articles(query: Query) -> bool:
    """Whether a digest can be asked for it: what is new is of now, and it folds reprints itself."""
    return query.reuse == "each" and not query.as_of and query != Query()


PLAIN = [param for param in queries() if of_new_articles(param.values[0])]


@pytest.mark.parametrize(("query", "found"), PLAIN)
def test_a_digest_of_all_nights_tells_of_the_same_articles(
    archive: Archive, query: Query, found: int
) -> None:
    span = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    told = digest(archive, load_registry(), *span, asked=query).told
    assert len(set(told)) == found


KINDS = ("mentions", "actors", "initiatives", "quotes", "commitments", "assignments", "documents",
         "posts", "reuse")  # fmt: skip
SOME = [
    Query(), Query("hội"), Query(levels=("central",)), Query(reuse="folded"),
    Query(places=("museum",)), Query(documents=("decision-88",)), Query(posts=("giám đốc",)),
    Query(initiatives=("design-festival",), facts=("quotes",)),
    Query.from_json({"as_of": "2025-05-02"}),
    Query(roles=("lead",), actors=("so-vhtt",)),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", SOME, ids=lambda query: json.dumps(query.to_json()))
def test_rows_of_every_kind_are_the_same_in_number(
    archive: Archive, client: TestClient, command: CliRunner, kind: str, query: Query
) -> None:
    rows = list(archive.rows(kind, query))
    listed = client.get(f"/api/v1/{kind}", params=[*query.to_params(), ("limit", "1000")])
    table = client.get(f"/api/v1/{kind}", params=query.to_params(), headers={"Accept": "text/csv"})
    written = command.invoke(program, ["export", kind, *options(query)])
    assert {
        "count": archive.count(kind, query),
        "api": len(listed.json()),
        "total": int(listed.headers["x-total-count"]),
        "csv": len(rows_of(table.text)),
        "kb export": len(rows_of(written.stdout)),
        "frame": len(getattr(Desk(archive), kind)(query)),
    } == dict.fromkeys(("count", "api", "total", "csv", "kb export", "frame"), len(rows))


@pytest.mark.parametrize("query", SOME, ids=lambda query: json.dumps(query.to_json()))
def test_the_ledger_is_the_same_everywhere(
    archive: Archive, client: TestClient, command: CliRunner, query: Query
) -> None:
    rows = list(archive.ledger_rows(query))
    listed = client.get("/api/v1/ledger", params=[*query.to_params(), ("limit", "1000")])
    table = client.get("/api/v1/ledger", params=query.to_params(), headers={"Accept": "text/csv"})
    written = command.invoke(program, ["export", "ledger", *options(query)])
    assert {
        "api": len(listed.json()),
        "csv": len(rows_of(table.text)),
        "kb export": len(rows_of(written.stdout)),
        "frame": len(Desk(archive).ledger(query)),
    } == dict.fromkeys(("api", "csv", "kb export", "frame"), len(rows))
    assert int(listed.headers["x-total-count"]) == archive.count("commitments", query)


VOICES = ("design-festival", "creative-spaces", "so-vhtt", "Đỗ Thúy Hòa")


@pytest.mark.parametrize(
    "query",
    [one for one in SOME if one.reuse == "each"],  # folded, the first of a story depends on both
    ids=lambda query: json.dumps(query.to_json()),
)
def test_voices_and_company_are_the_same_everywhere(
    archive: Archive, client: TestClient, command: CliRunner, query: Query
) -> None:
    asked = [*query.to_params(), *(("of", one) for one in VOICES)]
    listed = client.get("/api/v1/share-of-voice", params=asked)
    assert listed.status_code == 200, listed.text
    told = command.invoke(program, ["share-of-voice", *VOICES, *options(query), "--format", "json"])
    frame = Desk(archive).share_of_voice(VOICES, query)
    assert listed.json() == json.loads(told.stdout) == frame.reset_index().to_dict("records")
    for row in listed.json():  # what it says of each is what asking for each finds
        narrowed = make_query(query, actor=row["entity"])
        assert row["articles"] == archive.count("articles", narrowed)
    several = make_query(query, actor=VOICES)
    assert {row["total"] for row in listed.json()} == {archive.count("articles", several)}
    beside = [*query.to_params(), ("of", "museum")]
    company = client.get("/api/v1/co-mentions", params=beside).json()
    said = command.invoke(program, ["co-mentions", "museum", *options(query), "--format", "json"])
    assert company == json.loads(said.stdout)
    assert len(company) == len(Desk(archive).co_mentions("museum", query))


def test_the_table_asks_for_every_filter() -> None:
    from kb.archive.params import parameters

    asked = {name for row in TABLE for name in row["asks"]}
    left = {one.param for one in parameters().values() if not one.only}
    assert left <= asked
    assert len(TABLE) >= 25
