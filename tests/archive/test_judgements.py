"""What people decide: it counts everywhere, outlives re-reading and editing, and can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from kb.archive import Archive, EntryRow, Query
from kb.archive.judgement_tables import judged
from kb.archive.judgements.records import RECORDS
from kb.article import Article
from kb.errors import ConfigError
from kb.reading import Reading
from tests.archive.facts import OFFICE, fair, kiln
from tests.archive.judged import BODY, GUILD, STORY, guild, key_of, mentions, states
from tests.archive.stories import ENTRIES
from tests.archive.test_load import contents


def test_a_rejected_mention_vanishes_everywhere_until_that_is_undone(archive: Archive) -> None:
    archive.load([guild()], None)
    before = contents(archive)
    first = key_of(archive, "mention", "Hội Thợ gốm")
    made = archive.judge(first, "reject", who="lan", note="không phải hội")
    assert [row[3] for row in mentions(archive)] == ["Lê Sáng", "Hội Thợ gốm"]
    assert [row["mentions"] for row in archive.actors_rows(Query())] == [1, 1]
    assert archive.search(Query(actors=("Hội Thợ gốm",))).total == 1
    archive.judge(key_of(archive, "mention", "Hội Thợ gốm"), "reject", who="lan")
    assert archive.search(Query(actors=("Hội Thợ gốm",))).total == 0
    assert [one.name for one in archive.candidates()] == ["Lê Sáng"]
    second = archive.judgements()[-1].judgement.id
    archive.undo(second, who="lan")
    archive.undo(made.id[:9], who="lan", note="nhầm")
    after = contents(archive)
    assert after["mention"] == before["mention"]
    assert states(archive) == ["undone", "undone", "undo", "undo"]
    with archive.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(judged)) == 0
    # Undoing is an entry like any other.
    archive.undo(archive.judgements()[-1].judgement.id)
    assert len(mentions(archive)) == 2


def test_a_key_stays_whatever_is_decided_about_other_things(archive: Archive) -> None:
    archive.load([guild()], None)
    one, other = (key_of(archive, "mention", "Hội Thợ gốm", which=n) for n in (0, 1))
    assert one != other and one.startswith(f"mention:{STORY}#")
    archive.judge(one, "reject")
    assert set(archive.keys(1).values()) >= {other}
    archive.judge(other, "correct", {"kind": "place", "span": "Thợ gốm"})
    assert archive.review_item(other).text == "Thợ gốm"
    assert archive.review_item(one).text == "Hội Thợ gốm"


CORRECTIONS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("quote", "Mười lò", {"speaker": "Lò Thị Oanh", "direct": "false"},
     {"speaker": "Lò Thị Oanh", "direct": False}),
    ("quote", "đất lấy", {"span": "đất lấy từ bãi"}, {"text": "đất lấy từ bãi"}),
    ("commitment", "Mười lò", {"due_to": "2025-06-30", "owner_id": OFFICE["id"]},
     {"due_to": date(2025, 6, 30), "owner_id": OFFICE["id"]}),
    ("commitment", "Năm 2025", {"initiative_id": "", "due_from": None},
     {"initiative_id": None, "due_from": None}),
    ("assignment", "phường Cửa Nam", {"role": "lead", "ambiguous": "yes"},
     {"role": "lead", "ambiguous": True}),
]  # fmt: skip


@pytest.mark.parametrize(("part", "words", "values", "expected"), CORRECTIONS)
def test_corrected_facts_are_given_out_as_corrected(
    archive: Archive, part: str, words: str, values: dict[str, Any], expected: dict[str, Any]
) -> None:
    archive.sync_registry(ENTRIES)
    archive.load([kiln()], None)
    archive.judge(key_of(archive, part, words), "correct", values)

    def rows() -> list[dict[str, Any]]:
        return list(getattr(archive, f"{part}s_rows")(Query()))

    (row,) = [row for row in rows() if row["judged"]]
    assert row["judged"] == "corrected"
    assert {name: row[name] for name in expected} == expected
    before = rows()
    archive.load([kiln("2")], None)  # another reader finds what the first one found
    assert rows() == before
    archive.undo(archive.judgements()[0].judgement.id)
    assert not any(row["judged"] for row in rows())


def test_a_corrected_post_counts_among_the_posts(archive: Archive) -> None:
    archive.load([kiln()], None)
    archive.judge(key_of(archive, "holding", "Lò Thị Inh"), "correct", {"post": "Phó Giám đốc"})
    assert [row["post"] for row in archive.posts_rows(Query())] == ["Phó Giám đốc"]


def test_a_judgement_finds_its_words_when_the_reader_takes_another_span(archive: Archive) -> None:
    archive.sync_registry([EntryRow("le-sang", "person", "Lê Sáng", None, None, None, None, {})])
    archive.load([guild()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "correct", {"entity_id": "le-sang"})
    archive.judge(key_of(archive, "mention", "Hội Thợ gốm", which=1), "reject")
    longer = guild(BODY, GUILD, ["person", None, "Ông Lê Sáng", "Ông Lê Sáng"], reader="2")
    archive.load([longer], None)
    assert [row[1:4] for row in mentions(archive)] == [
        (None, "Hội Thợ gốm", "Hội Thợ gốm"),
        ("le-sang", "Ông Lê Sáng", "Ông Lê Sáng"),
    ]
    assert states(archive) == ["applied", "applied"]


def test_what_a_person_confirmed_stays_though_the_reader_lost_it(archive: Archive) -> None:
    archive.load([guild()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "confirm")
    blind = guild(BODY, GUILD, reader="2")
    archive.load([blind], None)
    assert [row[3] for row in mentions(archive)] == ["Hội Thợ gốm", "Lê Sáng", "Hội Thợ gốm"]
    (row,) = [row for row in archive.mentions_rows(Query()) if row["surface"] == "Lê Sáng"]
    assert (row["judged"], row["sentence"]) == (
        "confirmed", "Ông Lê Sáng nói lò đỏ lửa đến tháng 6.",
    )  # fmt: skip
    assert BODY[row["start"] : row["end"]] == "Lê Sáng"
    archive.load([guild(reader="3")], None)  # and is not doubled when it is found again
    assert [row[3] for row in mentions(archive)] == ["Hội Thợ gốm", "Lê Sáng", "Hội Thợ gốm"]


def test_a_rejected_link_is_not_in_the_way_of_a_better_one(archive: Archive) -> None:
    wrong = ["org", "hoi-khac", "Hội khác", "Hội Thợ gốm"]
    archive.load([guild(BODY, wrong)], None)
    for key in archive.keys(1).values():
        archive.judge(key, "reject")
    right = ["org", "hoi-tho-gom", "Hội Thợ gốm", "Hội Thợ gốm"]
    archive.load([guild(BODY, right, reader="2")], None)
    assert {row[1] for row in mentions(archive)} == {"hoi-tho-gom"}
    assert states(archive) == ["satisfied"] * 2
    archive.load([guild(BODY, wrong, reader="3")], None)
    assert mentions(archive) == []


def test_a_judgement_goes_with_its_words_into_an_edited_text(archive: Archive) -> None:
    archive.load([guild()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "correct", {"kind": "place"})
    edited = "Tin sửa lại lúc trưa. " + BODY.replace("mở lò ở Cửa Nam", "mở ba lò")
    archive.load([guild(edited)], None)
    assert [row[0] for row in mentions(archive) if row[3] == "Lê Sáng"] == ["place"]
    assert archive.conflicts() == []
    archive.load([guild("Bài đã viết lại từ đầu, Hội Thợ gốm không dự.")], None)
    (conflict,) = archive.conflicts()
    assert (conflict.reason, conflict.judgement.verdict) == ("gone", "correct")
    (waiting,) = archive.review(why=["conflict"])
    assert (waiting.text, waiting.proposed) == ("Lê Sáng", "gone")
    archive.undo(conflict.judgement.id)
    assert archive.conflicts() == []


def test_an_earlier_text_that_comes_back_is_judged_as_before(archive: Archive) -> None:
    def on(day: int, body: str) -> tuple[Article, Reading]:
        article, read = guild(body)
        return replace(article, seen_at=datetime(2025, 1, day, tzinfo=UTC)), read

    archive.load([on(6, BODY)], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "correct", {"kind": "place"})
    archive.load([on(7, "Bài đã gỡ.")], None)
    assert [one.reason for one in archive.conflicts()] == ["gone"]
    archive.load([on(8, BODY)], None)  # by the same reader, so that nothing is read again
    assert archive.conflicts() == []
    assert [row[0] for row in mentions(archive) if row[3] == "Lê Sáng"] == ["place"]


def test_a_reworded_promise_keeps_its_status(archive: Archive) -> None:
    archive.load([kiln()], None)
    key = key_of(archive, "commitment", "Năm 2025")
    archive.judge(key, "status", {"status": "done"}, source="https://bao-b.example/2", note="báo B")
    article, read = kiln()
    words = "Năm 2025 trung tâm sẽ dựng ba gian trưng bày mới"
    body = article.body.replace("ba gian trưng bày", "ba gian trưng bày mới")
    promise = replace(read.commitments[1], text=words, end=read.commitments[1].end + 4)
    edited = replace(article, body=body), replace(read, mentions=(), commitments=(promise,))
    archive.load([edited], None)
    (row,) = archive.commitments_rows(Query())
    assert (row["text"], row["status"], row["judged"]) == (words, "done", "status")


def test_status_is_promised_until_a_person_says_otherwise(archive: Archive) -> None:
    archive.load([kiln(), fair()], None)
    key = key_of(archive, "commitment", "Mười lò")
    for status in ("in_progress", "done"):
        archive.judge(key, "status", {"status": status})
        rows = {row["text"][:7]: row["status"] for row in archive.commitments_rows(Query())}
        assert rows.pop("Mười lò") == status
        assert set(rows.values()) == {"promised"}
    assert "due" not in {one.why for one in archive.review(why=["due"], today=date(2025, 6, 1))}


# --- what cannot be ---------------------------------------------------------------------------

MISTAKES: list[tuple[str, str, dict[str, Any], str]] = [
    ("nonsense", "confirm", {}, "is no key"),
    (f"mention:{STORY}#0123456789", "confirm", {}, "stands for nothing"),
    ("mention:none.example/x#0123456789", "confirm", {}, "no article none.example/x"),
    ("MENTION", "status", {"status": "done"}, "cannot status"),
    ("MENTION", "merge", {"name": "x"}, "cannot merge"),
    ("MENTION", "correct", {}, "say what"),
    ("MENTION", "correct", {"kind": "ship"}, "must be one of"),
    ("MENTION", "correct", {"colour": "red"}, "no 'colour'"),
    ("MENTION", "correct", {"span": "không có ở đây"}, "does not stand"),
    ("MENTION", "correct", {"start": 5, "end": 5000}, "outside"),
    ("MENTION", "confirm", {"kind": "org"}, "it can have nothing"),
    ("MENTION", "split", {"entity_id": ""}, "say who it is"),
    ("COMMITMENT", "status", {"status": "kept"}, "must be one of"),
    ("COMMITMENT", "correct", {"due_to": "2025-02-30"}, "due_to='2025-02-30'"),
    ("name:org:hội", "confirm", {}, "cannot confirm"),
    ("name:org:hội", "merge", {}, "say what"),
    ("name:org:hội", "merge", {"entity_id": "khong"}, "no entry 'khong'; `kb registry list`"),
    ("entity:so-vhtt", "merge", {"entity_id": "so-vhtx"}, "did you mean so-vhtt?"),
    ("MENTION", "split", {"name": "Lê Sáng (Huế)", "entity_id": "x"}, "entity_id: no entry 'x'"),
    ("MENTION", "correct", {"entity_id": "le-sang"}, "entity_id: no entry"),
    ("COMMITMENT", "correct", {"owner_id": "sở văn hóa"}, "did you mean so-vhtt?"),
    ("COMMITMENT", "correct", {"initiative_id": "so-vhtt"}, "is of kind org, not initiative"),
    ("COMMITMENT", "correct", {"initiative_id": "creative-space"}, "mean creative-spaces?"),
]


@pytest.mark.parametrize(("key", "verdict", "values", "message"), MISTAKES)
def test_what_does_not_fit_is_refused(
    archive: Archive, key: str, verdict: str, values: dict[str, Any], message: str
) -> None:
    archive.sync_registry(ENTRIES)
    archive.load([guild(), kiln()], None)
    known = {
        "MENTION": key_of(archive, "mention", "Lê Sáng"),
        "COMMITMENT": key_of(archive, "commitment", "Mười lò", 2),
    }
    with pytest.raises(ConfigError, match=message):
        archive.judge(known.get(key, key), verdict, values)
    assert archive.judgements() == []


def test_undoing_needs_one_judgement_that_counts(archive: Archive) -> None:
    archive.load([guild()], None)
    made = archive.judge(key_of(archive, "mention", "Lê Sáng"), "reject")
    with pytest.raises(ConfigError, match="no judgement begins"):
        archive.undo("zz")
    archive.undo(made.id)
    with pytest.raises(ConfigError, match="undone already"):
        archive.undo(made.id)


def test_every_part_of_a_reading_has_keys(archive: Archive) -> None:
    archive.load([kiln()], None)
    assert {part for part, _ in archive.keys(1)} == set(RECORDS)
    assert len(set(archive.keys(1).values())) == len(archive.keys(1))


def test_a_judged_article_costs_others_nothing(archive: Archive) -> None:
    archive.load([guild(), kiln()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "reject")
    before = contents(archive)
    archive.load([guild(), kiln()], None)
    assert contents(archive) == before
    assert timedelta(0) <= archive.judgements()[0].judgement.at - before["judgement"][0].at
