"""The W3C Web Annotation export against the rules of the model and the archive's own texts."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kb.archive import Query
from kb.research import Desk, make_query
from kb.research.exports import format_for, source

IRI = {"type": "string", "pattern": "^(https?://|urn:)\\S+$"}
SELECTOR = {
    "oneOf": [
        {
            "properties": {
                "type": {"const": "TextQuoteSelector"},
                "exact": {"type": "string", "minLength": 1},
                "prefix": {"type": "string"},
                "suffix": {"type": "string"},
            },
            "required": ["type", "exact"],
            "additionalProperties": False,
        },
        {
            "properties": {
                "type": {"const": "TextPositionSelector"},
                "start": {"type": "integer", "minimum": 0},
                "end": {"type": "integer", "minimum": 1},
                "kb:field": {"enum": ["title", "lead", "body"]},
            },
            "required": ["type", "start", "end"],
            "additionalProperties": False,
        },
    ]
}
# From the recommendation (https://www.w3.org/TR/annotation-model/): which keys an annotation must
# have, how bodies, targets, selectors and states are made, and which words a motivation may be.
MODEL = {
    "type": "object",
    "properties": {
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {
            "enum": [
                "assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
                "highlighting", "identifying", "linking", "moderating", "questioning", "replying",
                "tagging",
            ]
        },
        "body": {
            "type": "array",
            "items": {
                "oneOf": [
                    {
                        "properties": {
                            "type": {"const": "TextualBody"},
                            "value": {"type": "string"},
                            "purpose": {"type": "string"},
                            "format": {"const": "text/plain"},
                            "language": {"const": "vi"},
                        },
                        "required": ["type", "value"],
                        "additionalProperties": False,
                    },
                    {
                        "properties": {
                            "type": {"const": "SpecificResource"}, "source": IRI,
                            "purpose": {"type": "string"},
                        },
                        "required": ["type", "source"],
                        "additionalProperties": False,
                    },
                    {
                        "properties": {"type": {"const": "Dataset"}},
                        "required": ["type", "kb:record"],
                        "patternProperties": {"^kb:": {"type": ["string", "number", "boolean"]}},
                        "additionalProperties": False,
                    },
                ]
            },
        },
        "target": {
            "properties": {
                "source": IRI,
                "selector": {"type": "array", "items": SELECTOR, "minItems": 2, "maxItems": 2},
                "state": {
                    "properties": {
                        "type": {"const": "TimeState"},
                        "sourceDate": {"type": "string", "format": "date-time"},
                        "cached": IRI,
                    },
                    "required": ["type", "sourceDate"],
                    "additionalProperties": False,
                },
            },
            "required": ["source", "selector"],
            "additionalProperties": False,
        },
    },
    "required": ["id", "type", "target", "motivation", "body"],
    "additionalProperties": False,
}  # fmt: skip
KINDS = ("mentions", "quotes", "commitments", "assignments")


def written(desk: Desk, kind: str, **filters: Any) -> dict[str, Any]:  # noqa: ANN401
    out = BytesIO()
    count = format_for("w3c", kind).write(source(desk.archive, kind, make_query(**filters)), out)
    found: dict[str, Any] = json.loads(out.getvalue())
    assert found["total"] == count == len(found["first"]["items"])
    return found


def texts(desk: Desk) -> dict[str, dict[str, Any]]:
    rows = desk.archive.articles_rows(Query(), full_text=True)
    return {row["url"] or f"urn:kb:article:{row['article_id']}": row for row in rows}


@pytest.mark.parametrize("kind", [*KINDS, "all"])
def test_annotations_follow_the_model(desk: Desk, kind: str) -> None:
    found = written(desk, kind)
    assert found["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert found["type"] == "AnnotationCollection"
    page = found["first"]
    assert (page["type"], page["partOf"], page["startIndex"]) == ("AnnotationPage", found["id"], 0)
    checker = Draft202012Validator(MODEL, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert page["items"]
    for one in page["items"]:
        checker.validate(one)
    ids = [one["id"] for one in page["items"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_both_selectors_lead_to_the_same_words(desk: Desk, kind: str) -> None:
    known = texts(desk)
    for one in written(desk, kind)["first"]["items"]:
        quote, position = one["target"]["selector"]
        text = known[one["target"]["source"]][position["kb:field"]]
        assert text[position["start"] : position["end"]] == quote["exact"]
        around = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert around in text
        assert text.index(around) + len(quote["prefix"]) == position["start"]
        assert len(quote["prefix"]) == min(32, position["start"])


def test_what_was_read_stands_in_the_bodies(desk: Desk) -> None:
    tag, entity, said = written(desk, "commitments", actor="office")["first"]["items"][0]["body"]
    assert (tag["purpose"], tag["value"]) == ("tagging", "Văn phòng")
    assert entity["source"] == "urn:kb:entity:office"
    assert said["kb:record"] == "commitment"
    assert (said["kb:due_from"], said["kb:quantity"]) == ("2026-01-01", "30")
    (one, *_) = written(desk, "quotes")["first"]["items"]
    assert one["body"][-1]["kb:direct"] is False


def test_the_same_span_has_the_same_id_in_every_export(desk: Desk) -> None:
    first, second = (written(desk, "all")["first"]["items"] for _ in range(2))
    assert [one["id"] for one in first] == [one["id"] for one in second]


def test_no_annotations_are_an_empty_collection(desk: Desk) -> None:
    found = written(desk, "mentions", query="khôngcótừnày")
    assert (found["total"], found["first"]["items"]) == (0, [])


def test_the_collection_says_what_was_asked_and_by_which_reader(desk: Desk) -> None:
    out = BytesIO()
    format_for("w3c", "quotes").write(source(desk.archive, "quotes", make_query("mở")), out)
    made = json.loads(out.getvalue())
    assert (made["kb:query"], made["kb:readers"]) == ("q=mở", "thử+1 (5)")
    assert made["created"] and made["creator"]["name"].startswith("vietnamese-press-kb ")
