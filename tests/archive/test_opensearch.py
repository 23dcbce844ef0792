"""Queries as OpenSearch's JSON: what they mean is tried on the stories by a small interpreter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.archive import opensearch
from kb.archive.grammar import parse
from kb.archive.opensearch import FIELDS, Json, document, query, request, settings
from kb.archive.tables import UNDATED
from kb.article import VIETNAM
from kb.text import canonical, token_strings
from tests.archive.stories import stories
from tests.archive.test_search import NEWEST_FIRST, QUERIES

Span = tuple[int, int]


def documents() -> dict[str, Json]:
    found = {}
    for number, (article, reading) in enumerate(stories()):
        row = {name: getattr(article, name) for name in (*FIELDS, "key", "outlet", "published_at")}
        row |= {"article_id": number, "ordered_at": article.published_at or UNDATED}
        mentions = [(one.kind, one.entity_id, one.name) for one in reading.mentions]
        slug = (article.url or article.source_file or "").rpartition("/")[2].rpartition(".")[0]
        found[slug] = document(row, article.outlet, mentions)
    return found


DOCUMENTS = documents()


def words(field: str, doc: Json) -> list[str]:
    name, _, folded = field.partition(".")
    return token_strings(doc[name])[bool(folded)]


def at(wanted: Sequence[str], there: list[str]) -> Iterator[Span]:
    for place in range(len(there) - len(wanted) + 1):
        if there[place : place + len(wanted)] == list(wanted):
            yield place, place + len(wanted)


def spans(rule: Json, there: list[str]) -> list[Span]:
    """Return where an interval rule matches."""
    (kind, said) = next((k, v) for k, v in rule.items() if k != "boost")
    if kind == "match":
        assert (said["max_gaps"], said["ordered"], said["analyzer"]) == (0, True, "whitespace")
        return list(at(said["query"].split(), there))
    if kind == "prefix":
        return [(n, n + 1) for n, word in enumerate(there) if word.startswith(said["prefix"])]
    assert kind == "all_of"
    first, second = (spans(one, there) for one in said["intervals"])
    found = []
    for a, b in product(first, second):
        if a[1] <= b[0] or (not said["ordered"] and b[1] <= a[0]):
            gap = max(a[0], b[0]) - min(a[1], b[1])
            if gap <= said["max_gaps"]:
                found.append((min(a[0], b[0]), max(a[1], b[1])))
    return found


def holds(asked: Json, doc: Json) -> bool:
    ((kind, said),) = asked.items()
    match kind:
        case "match_all" | "match_none":
            return bool(kind == "match_all")
        case "bool":
            assert set(said) <= {"must", "filter", "must_not", "should", "minimum_should_match"}
            needed = [*said.get("must", []), *said.get("filter", [])]
            return (
                all(holds(part, doc) for part in needed)
                and not any(holds(part, doc) for part in said.get("must_not", []))
                and ("should" not in said or any(holds(part, doc) for part in said["should"]))
            )
    ((field, value),) = said.items()
    match kind:
        case "match_phrase":
            assert value["analyzer"] == "whitespace"
            return any(at(value["query"].split(), words(field, doc)))
        case "prefix":
            return any(word.startswith(value["value"]) for word in words(field, doc))
        case "intervals":
            return bool(spans(value, words(field, doc)))
        case "terms":
            return not set(value).isdisjoint(doc[field])
        case "term":
            return value in doc[field]
        case "range":
            return within(value, doc[field])
    raise AssertionError(kind)


def within(period: Json, moment: str | None) -> bool:
    if moment is None:
        return False
    assert period["time_zone"] == "+07:00"
    day = datetime.fromisoformat(moment).astimezone(VIETNAM).date().isoformat()
    first, last = period.get("gte", ""), period.get("lte", "9").removesuffix("||/d")
    return bool(first <= day <= last)


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case["typed"])
def test_queries_find_what_the_other_engines_find(case: dict[str, Any]) -> None:
    folded = case.get("folded", False)
    asked = request(parse(case["typed"]), folded=folded)["query"]
    found = {slug for slug, doc in DOCUMENTS.items() if holds(asked, doc)}
    assert found == set(NEWEST_FIRST if case["found"] == "all" else case["found"])
    if case.get("widened"):
        exact = request(parse(case["typed"]), folded=False)["query"]
        assert not any(holds(exact, doc) for doc in DOCUMENTS.values())


@pytest.mark.parametrize(
    ("typed", "folded", "asked"),
    [
        (
            'title:"không gian" -lead:gốm',
            False,
            {
                "bool": {
                    "must": [
                        {"match_phrase": {"title": {
                            "query": "không gian", "analyzer": "whitespace", "boost": 10.0}}}
                    ],
                    "must_not": [
                        {"match_phrase": {"lead": {
                            "query": "gốm", "analyzer": "whitespace", "boost": 3.0}}}
                    ],
                }
            },
        ),
        (
            "lead:sáng NEAR/4 lead:tạo*",
            True,
            {"intervals": {"lead.folded": {
                "all_of": {
                    "intervals": [
                        {"match": {"query": "sang", "analyzer": "whitespace", "max_gaps": 0,
                                   "ordered": True}},
                        {"prefix": {"prefix": "tao", "analyzer": "keyword"}},
                    ],
                    "ordered": False,
                    "max_gaps": 4,
                },
                "boost": 3.0,
            }}},
        ),
        ("outlet:bao-a", False, {"terms": {"outlet": ["bao-a"]}}),
        ("actor:so-vhtt", False, {"terms": {"entities": ["so vhtt", "so-vhtt"]}}),
        ("kind:person", False, {"term": {"kinds": "person"}}),
        (
            "since:2024-03",
            False,
            {"range": {"published_at": {"time_zone": "+07:00", "gte": "2024-03-01"}}},
        ),
        (
            "date:3/2024",
            False,
            {"range": {"published_at": {
                "time_zone": "+07:00", "gte": "2024-03-01", "lte": "2024-03-31||/d"}}},
        ),
        ("date:hôm_qua", False, {"match_none": {}}),
    ],
)  # fmt: skip
def test_the_json_of_a_query(typed: str, folded: bool, asked: Json) -> None:
    node = parse(typed)
    assert node is not None
    assert query(node, folded) == asked


@given(st.text(alphabet='aáđ "()*-:/,NEARORVÀtitle', max_size=40), st.booleans())
def test_whatever_is_typed_becomes_json(typed: str, folded: bool) -> None:
    body = request(parse(typed), folded=folded, after=["2024-01-01", 3])
    json.dumps(body)
    assert body["search_after"] == ["2024-01-01", 3]
    assert [next(iter(one)) for one in body["sort"]] == ["ordered_at", "article_id"]
    for doc in DOCUMENTS.values():
        holds(body["query"], doc)


def test_the_analyzer_is_that_of_the_program() -> None:
    """The tone filters give what `kb.text.canonical` gives, one after another as Lucene does."""
    analysis = settings()["settings"]["analysis"]
    exact, folded = analysis["analyzer"]["exact"], analysis["analyzer"]["folded"]
    first, *tones = exact["char_filter"]
    assert analysis["char_filter"][first]["type"] == "icu_normalizer"
    assert len(tones) == 15
    assert folded["filter"] == [*exact["filter"], "icu_folding"]
    for text in ("Hoà nhạc ở Hoà Bình, quý, hoài, toàn; thuỷ điện", "quỳ xuý khoẻ quoà", "Đống Đa"):
        made = text.lower()
        for name in tones:
            rule = analysis["char_filter"][name]
            made = re.sub(rule["pattern"].removeprefix("(?U)"), rule["replacement"], made)
        assert made == canonical(text)


def test_documents_have_the_fields_of_the_mapping() -> None:
    mapping = settings(shards=3)["mappings"]
    assert mapping["dynamic"] == "strict"
    assert all(doc.keys() == mapping["properties"].keys() for doc in DOCUMENTS.values())
    assert settings(shards=3)["settings"]["number_of_shards"] == 3
    dated = DOCUMENTS["unesco"]["published_at"]
    assert datetime.fromisoformat(dated).astimezone(UTC).utcoffset() == timedelta(0)
    assert f"{datetime(2024, 1, 1, tzinfo=VIETNAM):%z}"[:3] + ":00" == opensearch.ZONE
