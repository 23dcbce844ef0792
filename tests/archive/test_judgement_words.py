"""The parts of judging that need no archive: words found again, logs folded, readings restored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.archive.judgements.anchor import alike, anchor, find, sentence_around
from kb.archive.judgements.apply import apply, restore
from kb.archive.judgements.log import in_force
from kb.archive.judgements.names import Names
from kb.archive.judgements.records import (
    RECORDS,
    Judgement,
    as_plain,
    name_key,
    parse_key,
    span_keys,
)
from kb.archive.judgements.stored import parts_of
from kb.errors import ConfigError
from tests.archive.facts import kiln

START = datetime(2025, 1, 1, tzinfo=UTC)
BODY = "Sở họp sáng. Chiều Sở họp nữa, rồi Sở nghỉ."


def entry(id_: str, key: str, verdict: str, minutes: int = 0, **more: Any) -> Judgement:  # noqa: ANN401
    parsed = parse_key(key)
    usual: dict[str, Any] = {"detail": {}, "target": {}, "who": "lan"}
    at = START + timedelta(minutes=minutes)
    return Judgement(id_, parsed.about, key, parsed.story, verdict, at=at, **{**usual, **more})


MOVED: list[tuple[str, int, str, int | None]] = [
    (BODY, 35, BODY, 35),
    (BODY, 35, "Thêm một câu ở đầu. " + BODY, 55),
    (BODY, 0, "Thêm một câu ở đầu. " + BODY, 20),
    (BODY, 19, BODY.replace("Sở họp sáng. ", ""), 6),
    (BODY, 19, "Cả bài viết lại.", None),
]


@pytest.mark.parametrize(("before", "start", "after", "place"), MOVED)
def test_words_are_found_again_by_what_stands_around_them(
    before: str, start: int, after: str, place: int | None
) -> None:
    made = anchor({"body": before}, ("body", start, start + 2))
    assert made.text == "Sở"
    expected = None if place is None else ("body", place, place + 2)
    assert find({"title": "", "lead": "", "body": after}, made) == expected


def test_a_passage_that_moved_into_the_lead_is_found_there() -> None:
    made = anchor({"body": BODY}, ("body", 13, 29))
    texts = {"title": "", "lead": "Tin: " + BODY[13:], "body": "Sở họp."}
    assert find(texts, made) == ("lead", 5, 21)


def test_sentences_are_alike_when_little_of_them_changed() -> None:
    one = "Năm 2025 trung tâm sẽ dựng ba gian trưng bày"
    assert alike(one, one.replace("ba", "bốn")) > 0.9
    assert alike(one, "Năm 2026 phường sẽ mở hai lớp học nghề") == 0
    assert sentence_around(BODY, 19, 21) == (13, len(BODY))


KEYS = ["mention:a.vn/x#0123", "mention:a.vn/x#y#0123", "name:org:hội: một", "entity:so"]
WRONG = ["", "x", "mention:", "mention:#1", "mention:a.vn/x", "name:org", "entity:", "ship:a#1"]


def test_keys_come_apart_as_they_were_made() -> None:
    stories = [parse_key(key).story for key in KEYS]
    assert stories == ["a.vn/x", "a.vn/x#y", None, None]
    assert parse_key(KEYS[2]).rest == "hội: một"
    assert name_key("org", "HỘI  Thợ-gốm") == "name:org:hội thợ gốm"
    for key in WRONG:
        with pytest.raises(ConfigError, match="is no key"):
            parse_key(key)


def test_keys_tell_all_records_apart_and_are_those_of_any_archive() -> None:
    article, read = kiln()
    for part, records in parts_of(read).items():
        keys = span_keys(part, article.key, records)
        assert len(set(keys)) == len(keys)
        twice = span_keys(part, article.key, [*records, *records])
        assert twice[: len(keys)] == keys
        assert len(set(twice)) == 2 * len(keys)
        shifted = [replace(one, start=one.start + 9, end=one.end + 9) for one in records]
        assert span_keys(part, article.key, shifted) == keys


def test_undoing_can_be_undone_whatever_the_clocks_say() -> None:
    key = "entity:so"
    log = [
        entry("a", key, "merge", 9),
        entry("b", key, "undo", 1, undoes="a"),
        entry("c", key, "undo", 0, undoes="b"),
    ]
    assert [one.id for one in in_force(log)] == ["a"]
    assert [one.id for one in in_force(log[:2])] == []
    circle = [entry("x", key, "undo", 1, undoes="y"), entry("y", key, "undo", 2, undoes="x")]
    assert in_force(circle) == []


def test_names_go_all_the_way_and_circles_end() -> None:
    one, two, three = "name:org:một", "name:org:hai", "entity:ba"
    log = [
        entry("a", one, "merge", 1, detail={"name": "Hai"}),
        entry("b", two, "merge", 2, detail={"entity_id": "ba", "name": "Ba"}),
        entry("c", three, "merge", 3, detail={"entity_id": "bon"}),
    ]
    rule = Names.of(log).resolve(("org",), None, "MỘT")
    assert rule is not None
    assert (rule.judgement_id, rule.entity_id, rule.name) == ("a", "bon", "Ba")
    assert Names.of(log).through("c") == {"a", "b", "c"}
    assert Names.of(log).resolve(("person",), None, "Một") is None
    log.append(entry("d", "entity:bon", "merge", 4, detail={"entity_id": "ba"}))
    assert Names.of(log).resolve((), "ba", "") is not None
    assert Names.of([*log, entry("e", one, "reject", 5)]).rejected == {("org", "một"): "e"}


VERDICTS = st.sampled_from(["confirm", "reject", "correct"])
CHANGES: dict[str, dict[str, Any]] = {
    "mention": {"kind": "place"}, "quote": {"speaker": "Ai đó"}, "commitment": {"recurs": "P1Y"},
    "assignment": {"role": "guide"}, "holding": {"post": "Trưởng ban"},
}  # fmt: skip
CHOICES = st.lists(
    st.tuples(st.sampled_from(list(RECORDS)), st.integers(0, 9), VERDICTS, st.booleans())
)


@given(CHOICES, st.sets(st.sampled_from(list(RECORDS))))
def test_what_the_reader_took_can_always_be_had_back(
    choices: list[tuple[str, int, str, bool]], lost: set[str]
) -> None:
    """Whatever is judged, also where the reader lost some of it meanwhile."""
    article, read = kiln()
    texts = {"title": article.title, "lead": article.lead, "body": article.body}
    parts = parts_of(read)
    log = []
    for number, (part, which, verdict, span) in enumerate(choices):
        record = parts[part][which % len(parts[part])]
        place = (record.field, record.start, record.end)
        key = span_keys(part, article.key, parts[part])[which % len(parts[part])]
        detail = dict(CHANGES[part]) if verdict == "correct" else {}
        if detail and span:
            shorter = (record.field, record.start, record.end - 1)
            detail["span"] = anchor(texts, shorter).as_json()
        target = {"record": as_plain(record), "anchor": anchor(texts, place).as_json()}
        log.append(entry(str(number), key, verdict, number, detail=detail, target=target))
    taken = {part: [] if part in lost else records for part, records in parts.items()}
    done = apply(taken, texts, log, Names())
    for part, records in taken.items():
        assert restore(part, done.parts[part], done.judged) == records
        for record in done.parts[part]:
            text = getattr(record, "text", None) or getattr(record, "surface", None)
            assert text is None or texts[record.field][record.start : record.end] == text
    again = apply(taken, texts, log, Names())
    assert (again.parts, again.judged) == (done.parts, done.judged)
    assert set(done.outcomes) == {one.id for one in log}
