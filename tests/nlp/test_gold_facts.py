"""Quotes, commitments and assignments of the three annotated articles on the programme."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.assignments import find_assignments
from kb.nlp.commitments import find_commitments
from kb.nlp.people import Cast, find_holdings
from kb.nlp.quotes import find_quotes
from kb.reading import Assignment, Commitment

TODAY = date(2025, 3, 10)


SAME_ROLE = {"investor-operator": {"invest", "operate"}, "implementer": {"implement"}}


def test_gold_quotes(reader: Reader, shared: Path) -> None:
    right, wanted, found = {True: 0, False: 0}, {True: 0, False: 0}, {True: 0, False: 0}
    for story in json.loads((shared / "gold" / "seeds.json").read_text("utf-8")):
        raw = (shared / "seeds" / story["file"]).read_text("utf-8")
        story_body = raw[slice(*story["body_span"])]
        cast = Cast(reader.passages(Article(story["title"], "", story_body)))
        got = find_quotes(cast, find_holdings(cast))
        for one in got:
            found[one.direct] += 1
        for gold in story["quotes"]:
            wanted[gold["direct"]] += 1
            right[gold["direct"]] += any(
                gold["has"] in one.text
                and (one.speaker, one.direct) == (gold["speaker"], gold["direct"])
                for one in got
            )
    for direct, least in ((True, 0.9), (False, 0.75)):
        precision, recall = right[direct] / found[direct], right[direct] / wanted[direct]
        print(f"direct={direct}: precision {precision:.2f}, recall {recall:.2f}")
        assert min(precision, recall) >= least


def fits(gold: dict[str, Any], found: Commitment) -> bool:
    """Tell whether a commitment is the gold one: it shares most words, the date and the rest."""
    words = set(gold["what"].lower().split())
    shares = len(words & set(found.text.lower().split())) >= 0.8 * len(words)
    first, _, last = (gold.get("due") or "").partition("/")
    due = (found.due_from or "").startswith(first) and (found.due_to or "").startswith(
        last or first
    )
    rest = all(
        gold.get(key) in (None, value)
        for key, value in (
            ("initiative", found.initiative_id),
            ("recurs", found.recurs),
            ("quantity", found.quantity),
        )
    )
    return shares and due and rest


def test_gold_seeds(shared: Path, reader: Reader) -> None:
    hits = wanted = given = 0
    published = {"001": date(2023, 6, 1), "003": date(2022, 2, 1), "004": None}
    for gold in json.loads((shared / "gold" / "seeds.json").read_text("utf-8")):
        raw = (shared / "seeds" / gold["file"]).read_text("utf-8")
        first, last = gold["body_span"]
        day = published[gold["file"][:3]]
        article = Article(gold["title"], "", raw[first:last])
        found = find_commitments(reader.passages(article), day)
        wanted += len(gold["commitments"])
        given += len(found)
        for one in gold["commitments"]:
            hits += any(fits(one, other) for other in found)
    print(f"commitments of the seeds: {hits} of {wanted} found, {given} given")
    assert hits / wanted >= 0.75
    assert hits / given >= 0.75


def agree(gold: dict[str, Any], one: Assignment) -> bool:
    """Whether a record says what the gold does: role, actor, and task within the other."""
    names, tasks = (gold["actor"], one.actor), (gold["task"].lower(), one.task.lower())
    return (
        one.role in SAME_ROLE.get(gold["role"], {gold["role"]})
        and (names[0] in names[1] or names[1] in names[0])
        and (tasks[0] in tasks[1] or tasks[1] in tasks[0])
    )


def test_the_seeds_assignments_are_found(reader: Reader, shared: Path) -> None:
    """At least three quarters of what is found and of what is to be found, in the gold body."""
    records = json.loads((shared / "gold" / "seeds.json").read_text("utf-8"))
    right = total = hit = wanted = 0
    for gold in (record for record in records if record.get("assignments")):
        raw = (shared / "seeds" / gold["file"]).read_text("utf-8")
        start, end = gold["body_span"]
        seen = find_assignments(
            reader.passages(Article(title=gold["title"], lead="", body=raw[start:end]))
        )
        total, wanted = total + len(seen), wanted + len(gold["assignments"])
        right += sum(any(agree(one, record) for one in gold["assignments"]) for record in seen)
        hit += sum(any(agree(one, record) for record in seen) for one in gold["assignments"])
    print(f"precision {right}/{total}, recall {hit}/{wanted}")
    assert right / total >= 0.75
    assert hit / wanted >= 0.75
