"""The JSON interface: the contract's columns, the archive's answers, honest refusals."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from kb.archive import Archive, Query

COLUMNS = {
    "articles": "article_id url outlet title lead authors published_at published_from section "
    "words revisions source_file snippet",
    "mentions": "article_id kind entity_id name surface field start end sentence method score "
    "judged id",
    "actors": "entity_id kind name mentions articles first_seen last_seen",
    "initiatives": "entity_id name level mentions articles first last",
    "quotes": "article_id speaker_id speaker role direct text cue start end field published_at "
    "outlet judged id",
    "commitments": "article_id initiative_id owner text due_from due_to recurs quantity status "
    "start end field owner_id published_at outlet judged id",
    "ledger": "article_id initiative_id owner text due_from due_to recurs quantity status proposed "
    "evidence evidence_article_id evidence_url evidence_outlet evidence_title "
    "evidence_published_at evidence_sentence evidence_score evidence_due_from evidence_due_to "
    "evidence_field evidence_start evidence_end start end field owner_id published_at url outlet "
    "judged status_by status_at status_source status_note key",
    "assignments": "article_id actor_id actor role task initiative_id start end ambiguous field "
    "published_at outlet judged id",
    "documents": "entity_id name mentions articles first last",
    "posts": "person_id person post org_id org articles first_seen last_seen",
    "reuse": "article_id kind earlier_article_id earlier_url earlier_outlet similarity share field "
    "start end text earlier_field earlier_start earlier_end earlier_revision resemblance reused "
    "published_at earlier_published_at url outlet id",
}
FULL = [kind for kind in COLUMNS if kind != "reuse"]  # nothing is reused in this archive


def rows(client: httpx.Client, kind: str, **params: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    answer = client.get(f"/api/v1/{kind}", params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_are_those_of_the_contract(client: httpx.Client, kind: str) -> None:
    found = rows(client, kind)
    assert bool(found) == (kind in FULL)
    assert {" ".join(row) for row in found} <= {COLUMNS[kind]}
    schema = client.get("/openapi.json").json()
    answer = schema["paths"][f"/api/v1/{kind}"]["get"]["responses"]["200"]
    name = answer["content"]["application/json"]["schema"]["items"]["$ref"].rpartition("/")[2]
    assert list(schema["components"]["schemas"][name]["properties"]) == COLUMNS[kind].split()


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({}, Query(limit=1000)),
        ({"q": "le hoi"}, Query("le hoi")),
        ({"q": "lễ hội", "from": "2025-01-01"}, Query("lễ hội", since=date(2025, 1, 1))),
        ({"to": "2023-05-20"}, Query(until=date(2023, 5, 20), limit=100)),
        ({"outlet": ["hanoimoi", "nhandan"]}, Query(outlets=("hanoimoi", "nhandan"))),
        ({"initiative": "design-centre"}, Query(initiatives=("design-centre",))),
        ({"actor": "Lâm Thục Quyên"}, Query(actors=("Lâm Thục Quyên",))),
        ({"kind": ["org", "place"]}, Query(kinds=("org", "place"))),
    ],
)
def test_filters_mean_what_they_mean_in_the_archive(
    client: httpx.Client, archive: Archive, params: dict[str, Any], query: Query
) -> None:
    answer = client.get("/api/v1/articles", params={"limit": 1000, **params})
    page = archive.search(query)
    assert page.total > 0
    assert answer.headers["x-total-count"] == str(page.total)
    assert [row["article_id"] for row in answer.json()] == [hit.article_id for hit in page.hits]
    mentions = client.get("/api/v1/mentions", params={"limit": 1000, **params}).json()
    ids = [row.pop("id") for row in mentions]
    assert len(set(ids)) == len(ids)
    assert mentions == list(archive.mentions_rows(query))


@pytest.mark.parametrize("kind", FULL)
def test_pages_join_to_the_whole(client: httpx.Client, kind: str) -> None:
    whole = rows(client, kind, limit=1000)
    answer = client.get(f"/api/v1/{kind}", params={"limit": 2, "from": "2000-01-01"})
    dated = rows(client, kind, limit=1000, **{"from": "2000-01-01"})
    assert len(whole) >= len(dated) > 2
    joined = answer.json()
    assert answer.headers["x-total-count"] == str(len(dated))
    while "next" in answer.links:
        assert len(answer.json()) == 2
        assert answer.headers["x-total-count"] == str(len(dated))
        answer = client.get(answer.links["next"]["url"])
        joined += answer.json()
    assert joined == dated


def test_moments_are_on_the_clock_of_vietnam(client: httpx.Client) -> None:
    found = rows(client, "articles", initiative="design-centre")
    assert [row["published_at"] for row in found] == ["2025-01-01T00:30:00+07:00"]
    first = rows(client, "initiatives", initiative="design-centre")[0]["first"]
    assert datetime.fromisoformat(first).utcoffset() is not None


def test_sentences_and_surfaces_come_from_the_stored_text(client: httpx.Client) -> None:
    for row in rows(client, "mentions"):
        assert row["surface"] in row["sentence"] or "\n" in row["surface"]


@pytest.mark.parametrize(
    ("kind", "params", "query"),
    [
        ("quotes", {"actor": "Lâm Thục Quyên"}, Query(actors=("Lâm Thục Quyên",))),
        ("quotes", {"outlet": "hanoimoi", "q": "xưởng"}, Query("xưởng", outlets=("hanoimoi",))),
        ("commitments", {"initiative": "design-festival"}, Query(initiatives=("design-festival",))),
        ("commitments", {"actor": "hanoi-museum"}, Query(actors=("hanoi-museum",))),
        ("commitments", {"due_before": "2025-11-08"}, Query(due_before=date(2025, 11, 8))),
        ("commitments", {"due_after": "2025-11-07"}, Query(due_after=date(2025, 11, 7))),
        ("assignments", {"initiative": "creative-spaces"}, Query(initiatives=("creative-spaces",))),
        ("documents", {"to": "2023-05-20"}, Query(until=date(2023, 5, 20))),
        ("posts", {"actor": "Vi An"}, Query(actors=("Vi An",))),
    ],
)
def test_facts_are_those_of_the_archive(
    client: httpx.Client, archive: Archive, kind: str, params: dict[str, Any], query: Query
) -> None:
    expected = list(getattr(archive, f"{kind}_rows")(query))
    assert len(expected) > 0
    found = rows(client, kind, **params)
    assert len(found) < len(rows(client, kind)) or kind == "documents"
    for given, row in zip(found, expected, strict=True):
        given.pop("id", None)
        assert list(given) == list(row)
        for name, value in row.items():
            if isinstance(value, datetime):
                assert datetime.fromisoformat(given[name]) == value
            else:
                assert given[name] == (value.isoformat() if isinstance(value, date) else value)


def test_days_when_due_are_asked_of_commitments_alone(client: httpx.Client) -> None:
    for kind, status in (("quotes", 422), ("articles", 422), ("commitments", 200)):
        answer = client.get(f"/api/v1/{kind}", params={"due_before": "2030-01-01"})
        assert answer.status_code == status
    assert client.get("/api/v1/commitments", params={"due_after": "sang năm"}).status_code == 422


def test_commitments_come_soonest_first_on_request(client: httpx.Client) -> None:
    for kind in ("commitments", "ledger"):
        found = [row["due_to"] or "9999" for row in rows(client, kind, order="due")]
        assert found == sorted(found) != [row["due_to"] or "9999" for row in rows(client, kind)]
    assert client.get("/api/v1/quotes", params={"order": "due"}).status_code == 422
    assert client.get("/search", params={"order": "due"}).status_code == 200


@pytest.mark.parametrize(
    "params",
    [
        {"from": "31/12/2025"},
        {"to": "2025-02-30"},
        {"limit": 0},
        {"limit": 1001},
        {"limit": "x"},
        {"limit": f"000001{'9' * 30}"},
        {"after": base64.urlsafe_b64encode(b"[" * 2900).decode()},
        {"after": "x"},
        {"kind": "initiatives"},
        {"outlets": "hanoimoi"},
    ],
)
@pytest.mark.parametrize("kind", COLUMNS)
def test_what_cannot_be_understood_is_refused(
    client: httpx.Client, kind: str, params: dict[str, Any]
) -> None:
    answer = client.get(f"/api/v1/{kind}", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["title"], told["status"]) == ("Unprocessable Entity", 422)
    assert next(iter(params)) in {one["name"] for one in told["errors"]}
    assert told["errors"][0]["detail"] in told["detail"]


@pytest.mark.parametrize("text", ["\x00", '"(', "đ" * 2000, "'; --"])
def test_any_query_text_is_answered(client: httpx.Client, text: str) -> None:
    assert isinstance(rows(client, "articles", q=text, outlet=text, actor=text), list)


def test_unknown_addresses_of_the_interface_answer_in_json(client: httpx.Client) -> None:
    answer = client.get("/api/v1/quotations")
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["status"], told["title"]) == (404, 404, "Not Found")
    assert told["instance"] == "/api/v1/quotations"
