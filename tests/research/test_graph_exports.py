"""The FollowTheMoney export, read back and validated by the library that made the model."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from followthemoney import model
from followthemoney.proxy import EntityProxy
from followthemoney.types import registry

from kb.errors import ConfigError
from kb.research import Desk, make_query
from kb.research.exports import format_for, source
from tests.research.conftest import FESTIVAL

HOA = "Đỗ Thúy Hòa"


def written(desk: Desk, kind: str, **filters: Any) -> list[EntityProxy]:  # noqa: ANN401
    """Return the entities of an export, each validated against its schema."""
    out = BytesIO()
    wanted = source(desk.archive, kind, make_query(**filters))
    count = format_for("ftm", kind).write(wanted, out)
    rows = [json.loads(line) for line in out.getvalue().decode().splitlines()]
    assert len(rows) == count
    assert len({row["id"] for row in rows}) == count
    return [validated(row) for row in rows]


def validated(row: dict[str, Any]) -> EntityProxy:
    """Return an entity after the library has found nothing in it to drop or to change."""
    schema = model.get(row["schema"])
    assert schema is not None
    schema.validate(row)
    clean = EntityProxy.from_dict(model, row, cleaned=False)
    for name, values in row["properties"].items():
        assert sorted(clean.get(name)) == sorted(values), (row["schema"], name)
    for name in schema.required:
        assert clean.get(name), (row["schema"], name)
    assert registry.entity.clean(row["id"]) == row["id"]
    return clean


def by_schema(entities: list[EntityProxy], schema: str) -> list[EntityProxy]:
    return [one for one in entities if one.schema.name == schema]


@pytest.mark.parametrize(
    "kind",
    ["articles", "mentions", "actors", "initiatives", "documents", "assignments", "posts", "all"],
)
def test_every_entity_is_valid(desk: Desk, kind: str) -> None:
    assert written(desk, kind)


def test_articles_have_their_facts(desk: Desk) -> None:
    (one,) = (
        e
        for e in written(desk, "articles")
        if e.first("title", quiet=True) and FESTIVAL in e.first("title")
    )
    assert one.get("author") == ["Lê Ý", "Đặng Hường"] or set(one.get("author")) == {
        "Lê Ý",
        "Đặng Hường",
    }
    assert one.get("publishedAt") == ["2025-11-09T13:05:30"]
    assert one.get("sourceUrl") == ["https://bao-thu.example/le-hoi-1.html"]
    assert one.get("country") == ["vn"]


def test_mentions_are_edges_between_articles_and_whom_they_name(desk: Desk) -> None:
    entities = written(desk, "mentions", query="khách")
    known = {one.id: one for one in entities}
    edges = by_schema(entities, "Documentation")
    assert all(one.schema.edge for one in edges)
    ends = {
        (known[e.first("document")].schema.name, known[e.first("entity")].schema.name): e
        for e in edges
    }
    assert set(ends) == {("Article", "Project"), ("Article", "Person"), ("Article", "Document")}
    project = ends["Article", "Project"]
    assert known[project.first("entity")].id == "kb-design-festival"
    # Twice in the article, in headline and text: one edge, both sentences.
    assert len(project.get("summary")) == 2
    assert set(project.get("namesMentioned")) == {FESTIVAL}
    person = known[ends["Article", "Person"].first("entity")]
    assert person.first("name") == HOA
    assert not person.get("country")


def test_a_person_is_one_whatever_names_them(desk: Desk) -> None:
    entities = written(desk, "all")
    (hoa,) = (one for one in by_schema(entities, "Person") if one.first("name") == HOA)
    (held,) = by_schema(entities, "Occupancy")
    assert held.first("holder") == hoa.id
    (post,) = by_schema(entities, "Position")
    assert (post.id, post.first("name")) == (held.first("post"), "giám đốc, Văn phòng")
    assert post.first("organization") == "kb-office"


def test_roles_join_agencies_and_initiatives(desk: Desk) -> None:
    entities = written(desk, "assignments")
    (role,) = by_schema(entities, "ProjectParticipant")
    assert (role.first("participant"), role.first("project")) == ("kb-office", "kb-design-festival")
    assert (role.first("role"), role.first("description")) == ("lead", "mở xưởng giấy dó")
    (project,) = by_schema(entities, "Project")
    assert project.first("name") == FESTIVAL


def test_what_are_no_entities_is_refused() -> None:
    with pytest.raises(ConfigError, match="ftm cannot hold quotes"):
        format_for("ftm", "quotes")
