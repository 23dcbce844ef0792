"""Names that people merge and split, and the logs of several people and archives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kb.archive import Archive, EntryRow, Query
from kb.archive.engine import writing
from kb.archive.judgements import log
from kb.archive.judgements.decide import entry
from kb.archive.judgements.log import append
from kb.archive.judgements.records import name_key
from kb.errors import ConfigError
from tests.archive.facts import OFFICE, fair, kiln
from tests.archive.judged import GUILD, MAYOR, URL, guild, key_of, mentions, states
from tests.archive.stories import ENTRIES
from tests.archive.test_load import contents

BUREAU = EntryRow("so-moi", "org", "Sở Mới", None, None, None, None, {})

# --- names -----------------------------------------------------------------------------------


def test_merged_names_are_one_everywhere_and_apart_again_when_undone(archive: Archive) -> None:
    other = ["org", None, "Hội thợ Gốm Hà Nội", "Hội thợ Gốm Hà Nội"]
    archive.sync_registry(ENTRIES)
    archive.load([guild(), guild("Hội thợ Gốm Hà Nội họp.", other, url=URL + "?2")], None)
    before = contents(archive)["mention"]
    one = archive.judge(name_key("org", "Hội Thợ gốm"), "merge", {"name": "Hội thợ Gốm Hà Nội"})
    two = archive.judge(name_key("org", "Hội thợ Gốm Hà Nội"), "merge", {"entity_id": OFFICE["id"]})
    assert {row[1:3] for row in mentions(archive) if row[0] == "org"} == {
        (OFFICE["id"], OFFICE["name"])
    }
    assert archive.search(Query(actors=(OFFICE["id"],))).total == 2
    later = guild("Lại Hội Thợ gốm.", GUILD, url=URL + "?3")
    archive.load([later], None)  # what comes later is one of them, too
    assert archive.search(Query(actors=(OFFICE["id"],))).total == 3
    archive.undo(two.id)
    assert {row[1:3] for row in mentions(archive) if row[0] == "org"} == {
        (None, "Hội thợ Gốm Hà Nội")
    }
    archive.undo(one.id)
    assert contents(archive)["mention"][: len(before)] == before
    assert {row[4] for row in mentions(archive)} == {None}


def test_merged_entries_are_one_in_facts_too(archive: Archive) -> None:
    archive.sync_registry([*ENTRIES, BUREAU])
    archive.load([kiln(), fair()], None)
    archive.judge(f"entity:{OFFICE['id']}", "merge", {"entity_id": "so-moi", "name": "Sở Mới"})
    archive.load([kiln("2"), fair()], None)
    owners = {row["owner_id"] for row in archive.commitments_rows(Query(actors=("so-moi",)))}
    assert owners == {"so-moi"}
    assert [row["actor"] for row in archive.assignments_rows(Query(actors=("so-moi",)))] == [
        "Sở Mới"
    ]


def test_a_name_can_be_merged_into_an_entry_that_was_just_accepted(archive: Archive) -> None:
    """The registry's rows come with the next run; the log knows the entry already."""
    archive.load([guild()], None)
    archive.judge(name_key("org", "Hội Thợ gốm"), "accept", {"entity_id": "hoi-tho-gom"})
    archive.judge(name_key("org", "Phường Thợ gốm"), "merge", {"entity_id": "hoi-tho-gom"})
    with pytest.raises(ConfigError, match="no entry 'hoi-tho-gach'"):
        archive.judge(name_key("org", "Phường Gạch"), "merge", {"entity_id": "hoi-tho-gach"})


def test_one_of_two_people_of_a_name_is_split_off_in_his_article(archive: Archive) -> None:
    again = guild("Bác sĩ Lê Sáng khám bệnh. Lê Sáng về.", MAYOR, url=URL + "?2")
    archive.load([guild(), again], None)
    doctor = key_of(archive, "mention", "Lê Sáng", article=2)
    archive.judge(doctor, "split", {"name": "Lê Sáng (bác sĩ)"})
    names = [row[2] for row in mentions(archive, actors=("Lê Sáng (bác sĩ)",))]
    assert names == ["Lê Sáng (bác sĩ)"] * 2
    assert archive.search(Query(actors=("Lê Sáng",))).total == 1


# --- two people, two archives ----------------------------------------------------------------


def test_two_people_who_decide_differently_are_shown_until_one_settles_it(archive: Archive) -> None:
    archive.load([guild()], None)
    key = key_of(archive, "mention", "Lê Sáng")
    archive.judge(key, "confirm", who="lan")
    assert archive.conflicts() == []
    archive.judge(key, "correct", {"kind": "place"}, who="minh")
    (conflict,) = archive.conflicts()
    first, second = archive.judgements()
    assert (conflict.reason, conflict.judgement, conflict.other) == (
        "differs", second.judgement, first.judgement.id,
    )  # fmt: skip
    assert states(archive) == ["applied", "differs"]
    assert [row[0] for row in mentions(archive) if row[3] == "Lê Sáng"] == ["place"]
    archive.judge(key, "correct", {"kind": "person"}, who="lan", settles=True)
    assert archive.conflicts() == []
    assert [row[0] for row in mentions(archive) if row[3] == "Lê Sáng"] == ["person"]


def test_differences_about_a_name_are_shown(archive: Archive) -> None:
    archive.sync_registry(ENTRIES)
    archive.load([guild()], None)
    key = name_key("org", "Hội Thợ gốm")
    archive.judge(key, "reject", who="lan")
    archive.judge(key, "merge", {"entity_id": OFFICE["id"]}, who="minh")
    assert [(one.reason, one.judgement.who) for one in archive.conflicts()] == [("differs", "minh")]
    archive.judge(key, "merge", {"entity_id": OFFICE["id"]}, who="lan")
    assert archive.conflicts() == []


def test_a_rebuilt_archive_takes_the_log_over(archive: Archive, tmp_path: Any) -> None:  # noqa: ANN401
    archive.load([guild(), kiln()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "reject")
    archive.judge(key_of(archive, "commitment", "Mười lò", 2), "status", {"status": "done"})
    archive.judge(name_key("org", "Hội Thợ gốm"), "accept", {"entity_id": "hoi-tho-gom"})
    wrong = archive.judge(key_of(archive, "quote", "Mười lò", 2), "reject")
    archive.undo(wrong.id)
    lines = [json.dumps(row, ensure_ascii=False) for row in archive.export_judgements()]
    with Archive.open(f"sqlite:///{tmp_path / 'again.sqlite'}") as again:
        again.load([kiln()], None)
        assert again.import_judgements(lines) == (5, 0)
        assert [one.reason for one in again.conflicts()] == ["waiting"]
        again.load([guild()], None)
        assert again.conflicts() == []
        for kind in ("mentions", "commitments", "quotes"):
            assert judged_rows(again, kind) == judged_rows(archive, kind)
        assert again.import_judgements(lines) == (0, 5)
        assert list(again.export_judgements()) == [json.loads(line) for line in lines]


def judged_rows(archive: Archive, kind: str) -> list[dict[str, Any]]:
    rows = getattr(archive, f"{kind}_rows")(Query())
    found = [{name: row[name] for name in row if name != "article_id"} for row in rows]
    assert any(row["judged"] for row in found) or kind == "quotes"
    return found


def test_logs_of_two_people_become_one(archive: Archive, tmp_path: Any) -> None:  # noqa: ANN401
    with Archive.open(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        for one, who, kind in ((archive, "lan", "place"), (other, "minh", "org")):
            one.load([guild()], None)
            one.judge(key_of(one, "mention", "Lê Sáng"), "correct", {"kind": kind}, who=who)
        theirs = [json.dumps(row) for row in other.export_judgements()]
    assert archive.import_judgements(theirs) == (1, 0)
    assert [one.judgement.who for one in archive.conflicts()] == ["minh"]
    assert [row[0] for row in mentions(archive) if row[3] == "Lê Sáng"] == ["org"]


def test_what_was_said_of_one_thing_is_told_without_reading_the_whole_log(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.load([guild()], None)
    key = key_of(archive, "mention", "Lê Sáng")
    wrong = archive.judge(key, "reject", who="lan")
    archive.undo(wrong.id, who="minh")
    archive.judge(key, "confirm", who="lan")
    with writing(archive.engine) as connection:
        append(connection, [entry(f"name:org:hội {n}", "reject", who="tú") for n in range(50)])
    read: list[str] = []
    plain = log._entry
    monkeypatch.setattr(log, "_entry", lambda row: read.append(row["key"]) or plain(row))
    told = archive.judgements(key=key)
    assert [(one.judgement.who, one.state) for one in told] == [
        ("lan", "undone"),
        ("minh", "undo"),
        ("lan", "applied"),
    ]
    (last,) = archive.judgements(who="lan", newest=1)
    assert (last.judgement.verdict, last.state) == ("confirm", "applied")
    assert set(read) == {key}


def line_of(good: dict[str, Any], **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """A line like a good one, with other values; those of an object beside its own."""
    line: dict[str, Any] = json.loads(json.dumps(good))
    for name, value in changed.items():
        line[name] = {**line[name], **value} if isinstance(value, dict) and value else value
    return line


UNSOUND: list[tuple[dict[str, Any], str]] = [
    ({"target": {}}, "target.record must be an object"),
    ({"target": {"record": {"kind": "org"}}}, "target.record.entity_id is missing"),
    ({"target": {"anchor": None}}, "target.anchor must be an object"),
    ({"target": {"anchor": {"field": "title"}}}, "target.anchor.text is missing"),
    ({"verdict": "correct", "detail": {"kind": "ghost"}}, "detail.kind cannot be 'ghost'"),
    ({"verdict": "correct", "detail": {"start": 3}}, "mention has no start"),
    ({"verdict": "correct", "detail": {"span": "Lê"}}, "detail.span must be an object"),
    ({"verdict": "status", "detail": {"status": "kept"}}, "detail.status must be one of"),
    ({"verdict": "undo"}, "undoes must be the id"),
    ({"about": "quote"}, "is about mention"),
    ({"key": "ai đó"}, "no key of something to judge"),
]


@pytest.mark.parametrize(("changed", "said"), UNSOUND)
def test_a_line_that_could_not_act_is_refused(
    archive: Archive, changed: dict[str, Any], said: str
) -> None:
    archive.load([guild()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "confirm", who="lan")
    (good,) = archive.export_judgements()
    line = line_of(good, id="f" * 32, **changed)
    with pytest.raises(ConfigError, match=said):
        archive.import_judgements([json.dumps(line)])
    assert len(archive.judgements()) == 1


def test_a_load_goes_on_with_an_entry_that_could_not_act(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    archive.load([guild()], None)
    key = key_of(archive, "mention", "Lê Sáng")
    archive.judge(key, "correct", {"kind": "place"}, who="lan")
    with writing(archive.engine) as connection:
        append(connection, [entry(key, "confirm", who="minh")])
    assert archive.load([guild(reader="2")], None).reread == 1
    assert [row[0] for row in mentions(archive) if row[3] == "Lê Sáng"] == ["place"]
    assert [(one.judgement.who, one.reason) for one in archive.conflicts()] == [("minh", "gone")]
    assert "target.record must be an object" in caplog.text


BROKEN = ["{", "[]", '"x"', '{"id": 1}', '{"id": "a", "at": "2025-01-01"}']


@pytest.mark.parametrize("line", BROKEN)
def test_a_line_that_is_none_keeps_the_whole_file_out(archive: Archive, line: str) -> None:
    archive.load([guild()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "reject", who="lan")
    (good,) = archive.export_judgements()
    fresh = json.dumps({**good, "id": "f" * 32})
    with pytest.raises(ConfigError, match="line 2"):
        archive.import_judgements([fresh, line])
    assert len(archive.judgements()) == 1
