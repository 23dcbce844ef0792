"""Rejected candidates of earlier archives become entries of the log, and nothing of it is lost."""

from __future__ import annotations

from sqlalchemy import text

from kb.archive import Archive, LoadCount, Query, schema
from kb.archive.judgements.records import name_key
from tests.archive.judged import guild, key_of
from tests.archive.test_candidates import three

EARLIER = """
INSERT INTO judgement (about, key, verdict, detail, at)
VALUES ('candidate', 'org:hội thợ gốm', 'rejected', '{"name": "Hội Thợ gốm"}',
  '2025-06-01 02:03:04.000005')
"""


def test_what_was_rejected_before_the_log_is_in_it(archive: Archive) -> None:
    archive.load(three(), None)
    schema.downgrade(archive.engine, "0005")
    with archive.engine.begin() as connection:
        connection.exec_driver_sql(EARLIER)
    with Archive.open(archive.engine.url.render_as_string(hide_password=False)):
        pass  # which brings the schema up, and fills anew what follows from the texts
    (entry,) = archive.judgements()
    one = entry.judgement
    assert (one.key, one.verdict, one.who) == (name_key("org", "Hội Thợ gốm"), "reject", "local")
    assert one.at.isoformat() == "2025-06-01T02:03:04.000005+00:00"
    assert "org" not in {found.kind for found in archive.candidates()}
    assert archive.restore_candidates([("org", "hội thợ gốm")]) == 1
    assert "org" in {found.kind for found in archive.candidates()}


def test_the_log_goes_down_and_up_again_whole(archive: Archive) -> None:
    archive.load([guild()], None)
    archive.reject_candidates([archive.candidates(names=["Lê Sáng"])[0]])
    archive.judge(key_of(archive, "mention", "Hội Thợ gốm"), "reject", note="lạc đề", who="lan")
    gone = archive.judge(key_of(archive, "mention", "Lê Sáng"), "correct", {"kind": "place"})
    archive.undo(gone.id)
    before = list(archive.export_judgements())
    assert len(before) == 4
    schema.downgrade(archive.engine, "0005")
    with archive.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT key, verdict FROM judgement WHERE about = 'candidate'")
        ).all()
    assert [tuple(row) for row in rows] == [("person:lê sáng", "rejected")]
    schema.upgrade(archive.engine)
    assert list(archive.export_judgements()) == before
    # What the reader took is known no more where a judgement had changed it: it reads again.
    assert archive.load([guild()], None) == LoadCount(reread=1)
    assert [row["surface"] for row in archive.mentions_rows(Query())] == ["Hội Thợ gốm", "Lê Sáng"]
