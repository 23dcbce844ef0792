"""Who a name means in one article: split off, corrected, and with it the facts that name it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kb.archive import Archive, EntryRow, Query
from kb.archive.judgements.records import name_key
from kb.article import Article
from kb.reading import Reading
from tests.archive.facts import assignment, commitment, holding, quote
from tests.archive.judged import key_of, mentions, states
from tests.archive.stories import pair
from tests.archive.test_load import contents

BODY = (
    "Sở Du lịch chủ trì phiên chợ nổi. Ông Tạ Quang Mùi, Phó Giám đốc Sở Du lịch, báo tin vui. "
    "Sở Du lịch nói: “Chợ sẽ họp từ tháng 4.”"
)
OURS, THEIRS, LODGE = ("so-du-lich", "so-du-lich-hue", "nha-tro")
ROWS = [
    EntryRow(id_, "org", name, None, None, None, None, {})
    for id_, name in (
        (OURS, "Sở Du lịch"), (THEIRS, "Sở Du lịch Huế"), (LODGE, "Nhà trọ Sông Ngân"),
    )
]  # fmt: skip
NAME = "Sở Du lịch"


def market(entry: str | None = OURS, reader: str = "1") -> tuple[Article, Reading]:
    """A market on the river, and the bureau that it is told of in three sentences."""
    article, read = pair(
        "Chợ nổi", "", BODY, url="https://bao-a.example/cho-noi.html", outlet="bao-a",
        published_at="2025-02-03T08:00:00+07:00", mentions=[["org", entry, NAME, NAME]],
        reader=reader,
    )  # fmt: skip
    said = {"cue": "nói", "speaker": NAME, "speaker_id": entry}
    held = "Tạ Quang Mùi, Phó Giám đốc Sở Du lịch"
    return article, replace(
        read,
        quotes=(quote(article, "Chợ sẽ họp từ tháng 4.", **said),),
        commitments=(
            commitment(article, "Chợ sẽ họp từ tháng 4.", owner=NAME, owner_id=entry),
        ),
        assignments=(
            assignment(
                article, "Sở Du lịch chủ trì phiên chợ nổi", NAME, "lead", actor_id=entry,
                task="phiên chợ nổi",
            ),
        ),
        holdings=(
            holding(article, held, "Tạ Quang Mùi", "Phó Giám đốc", org=NAME, org_id=entry),
        ),
    )  # fmt: skip


@pytest.fixture
def river(archive: Archive) -> Archive:
    archive.sync_registry(ROWS)
    archive.load([market()], None)
    return archive


def named(archive: Archive) -> dict[str, tuple[Any, ...]]:
    """Return whom each kind of fact names, with what is said of the judging."""
    columns = {"quotes": "speaker", "commitments": "owner", "assignments": "actor", "posts": "org"}
    rows = {kind: next(iter(getattr(archive, f"{kind}_rows")(Query()))) for kind in columns}
    return {
        kind: (rows[kind][f"{columns[kind]}_id"], rows[kind][columns[kind]], row.get("judged"))
        for kind, row in rows.items()
    }


def test_who_is_split_off_without_an_entry_has_none(river: Archive) -> None:
    river.judge(key_of(river, "mention", NAME), "split", {"name": "Sở Du lịch (xã)"})
    assert {row[1:3] for row in mentions(river)} == {(None, "Sở Du lịch (xã)")}
    assert river.search(Query(actors=(OURS,))).total == 0


def test_an_entry_alone_says_who_is_split_off(river: Archive) -> None:
    made = river.judge(key_of(river, "mention", NAME), "split", {"entity_id": THEIRS})
    assert dict(made.detail) == {"entity_id": THEIRS, "name": "Sở Du lịch Huế"}
    assert {row[1:3] for row in mentions(river)} == {(THEIRS, "Sở Du lịch Huế")}


def test_a_name_that_was_merged_can_be_split_in_one_article(archive: Archive) -> None:
    archive.sync_registry(ROWS)
    archive.load([market(None)], None)
    archive.judge(name_key("org", NAME), "merge", {"entity_id": LODGE})
    archive.judge(key_of(archive, "mention", NAME), "split", {"entity_id": THEIRS})
    assert {row[1] for row in mentions(archive)} == {THEIRS}
    assert {row[0] for row in named(archive).values()} == {THEIRS}
    assert states(archive) == ["applied", "applied"]


def test_all_facts_of_a_text_go_along_with_a_name_that_is_split(river: Archive) -> None:
    before = contents(river)
    made = river.judge(key_of(river, "mention", NAME), "split", {"entity_id": THEIRS})
    hue = (THEIRS, "Sở Du lịch Huế")
    expected = dict.fromkeys(("quotes", "commitments", "assignments"), (*hue, "split"))
    assert named(river) == {**expected, "posts": (*hue, None)}
    river.load([market(reader="2")], None)  # another reader finds what the first one found
    assert named(river) == {**expected, "posts": (*hue, None)}
    river.load([market()], None)
    river.undo(made.id)
    after = contents(river)
    for part in ("mention", "quote", "commitment", "assignment", "holding"):
        assert after[part] == before[part]


SENTENCES: list[tuple[int, set[str]]] = [
    (0, {"assignments"}), (1, {"posts"}), (2, {"quotes", "commitments"}),
]  # fmt: skip


@pytest.mark.parametrize(("which", "moved"), SENTENCES)
def test_the_facts_of_its_sentence_go_along_with_a_corrected_mention(
    river: Archive, which: int, moved: set[str]
) -> None:
    key = key_of(river, "mention", NAME, which=which)
    river.judge(key, "correct", {"entity_id": LODGE})
    assert {kind for kind, row in named(river).items() if row[0] == LODGE} == moved
    river.judge(key, "correct", {"entity_id": THEIRS})  # thought better of
    assert {kind for kind, row in named(river).items() if row[0] == THEIRS} == moved


OWN: list[tuple[str, dict[str, str], str]] = [
    ("correct", {"actor_id": LODGE}, LODGE), ("confirm", {}, OURS),
]  # fmt: skip


@pytest.mark.parametrize(("verdict", "values", "stays"), OWN)
def test_what_was_said_of_a_fact_itself_stands(
    river: Archive, verdict: str, values: dict[str, str], stays: str
) -> None:
    river.judge(key_of(river, "assignment", NAME), verdict, values)
    river.judge(key_of(river, "mention", NAME), "split", {"entity_id": THEIRS})
    assert named(river)["assignments"][0] == stays
    assert named(river)["quotes"][0] == THEIRS


def test_other_names_and_other_kinds_of_correction_move_nothing(river: Archive) -> None:
    before = named(river)
    river.judge(key_of(river, "mention", NAME), "correct", {"kind": "place"})
    assert named(river) == before


def test_a_fact_that_goes_along_still_waits_for_its_own_decision(archive: Archive) -> None:
    archive.sync_registry(ROWS)
    article, read = market()
    unsure = tuple(replace(one, ambiguous=True) for one in read.assignments)
    archive.load([(article, replace(read, assignments=unsure))], None)
    archive.judge(key_of(archive, "mention", NAME), "split", {"entity_id": THEIRS})
    (waiting,) = archive.review(why=["assignment"])
    assert waiting.says["actor_id"] == THEIRS
    archive.judge(waiting.key, "confirm")
    assert archive.review(why=["assignment"]) == []
