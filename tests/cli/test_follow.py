"""`kb follow` and `kb digest --send` as an operator uses them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.archive.following import Follow, keep_follow
from tests.cli.program import Done, kb
from tests.flows.followed import NAME
from tests.flows.heard import listening
from tests.flows.mailbox import Mailbox, receiving
from tests.flows.silent import closed_port

STORY = {
    "url": "https://tuoitre.vn/xuong-moc-20250301081500001.htm",
    "title": "Xưởng mộc mở cửa", "lead": "",
    "body": f"{NAME} mở xưởng mộc ở phố Hàng Hòm.", "published_at": "2025-03-01T08:15:00+07:00",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose archive holds a story that has just come in."""
    folder = tmp_path_factory.mktemp("follow")
    (folder / "one.jsonl").write_text(json.dumps(STORY, ensure_ascii=False), encoding="utf-8")
    assert kb(folder, "ingest", "one.jsonl").code == 0
    return folder


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with receiving() as opened:
        yield opened


def call(folder: Path, box: Mailbox, *words: str, **more: str) -> Done:
    given = {"smtp_url": f"smtp://127.0.0.1:{box.port}", "mail_from": "kb@example.org"}
    return kb(folder, *words, **given | {"language": "en"} | more)


def test_following_from_the_first_to_the_last(filled: Path, box: Mailbox) -> None:
    """In one test: each command is a process, and each goes on from the one before."""
    to = "chi@example.org"
    added = call(filled, box, "follow", "add", "xưởng mộc", "--to", to, "-q", '"xưởng mộc"',
                 "--when", "monday", "--at", "07:00")  # fmt: skip
    assert (added.code, added.out) == (0, "")
    assert f"→ {to}, every Monday, 07:00." in added.err
    for when, said in (("daily", "hằng ngày, 09:00."), ("sunday", "Chủ Nhật hằng tuần, 09:00.")):
        again = call(filled, box, "follow", "add", "xưởng mộc", "--to", to, "--replace",
                     "--when", when, "--at", "9", language="vi")  # fmt: skip
        assert f"→ {to}, {said}" in again.err
    known = call(filled, box, "follow", "add", "xưởng mộc", "--to", to)
    assert (known.code, "--replace" in known.err) == (2, True)
    daily = call(filled, box, "follow", "add", "xưởng mộc", "--to", to, "--replace",
                 "--initiative", "design-centre")  # fmt: skip
    assert daily.code == 0
    dead = f"http://127.0.0.1:{closed_port()}/geheim"
    hook = call(filled, box, "follow", "add", "hook", "--to", dead, "--when", "immediate")
    (secret,) = re.findall(r"whsec_\S+", hook.err)

    tried = call(filled, box, "follow", "test", "xưởng mộc")
    assert (tried.code, "1 stories" in tried.err) == (0, True)
    assert box.mails[-1]["Subject"].startswith("[Trial] Press digest ")
    listed = call(filled, box, "follow", "list", "--format", "json")
    rows = {row["name"]: row for row in json.loads(listed.out)}
    assert rows["xưởng mộc"]["asks"] == {"initiatives": ["design-centre"]}
    assert (rows["xưởng mộc"]["when"], rows["xưởng mộc"]["last"]) == ("daily", None)
    assert rows["hook"]["to"] == "http://127.0.0.1/…"
    table = call(filled, box, "follow", "list", language="vi").out
    for said in ("hằng ngày, cùng lượt buổi sáng", "ngay khi có tin, nhiều nhất 4 lần mỗi giờ"):
        assert said in table

    with Archive.open(f"sqlite:///{filled / 'data' / 'kb.sqlite'}") as archive:
        runs = len(archive.runs())
    first = call(filled, box, "digest", "--send")
    assert first.code == 1
    assert "1 sent, 0 with nothing new, 1 not taken." in first.err
    assert "hook: the webhook: no answer" in first.err
    second = call(filled, box, "digest", "--send")
    assert (second.code, len(box.mails)) == (0, 2)
    assert "0 sent" in second.err
    with Archive.open(f"sqlite:///{filled / 'data' / 'kb.sqlite'}") as archive:
        assert len(archive.runs()) == runs + 1

    sent = call(filled, box, "follow", "sent", "--format", "json")
    assert {row["follow"]: row["status"] for row in json.loads(sent.out)} == {
        "xưởng mộc": "sent", "hook": "waiting",
    }  # fmt: skip
    doctor = call(filled, box, "doctor", "--format", "json")
    (mail,) = [row for row in json.loads(doctor.out) if row["check"] == "mail"]
    assert mail["result"] == "warning"
    assert "answers (no TLS, no login)" in mail["detail"]
    assert "not told yet: hook" in mail["detail"]
    assert len(box.mails) == 2, "the doctor sends nothing"

    for done in (hook, listed, first, second, sent, doctor, call(filled, box, "follow", "list")):
        assert "geheim" not in done.out + done.err
        assert done is hook or secret not in done.out + done.err
    gone = call(filled, box, "follow", "remove", "hook")
    assert gone.code == 0
    assert call(filled, box, "follow", "remove", "hook").code == 2


def test_any_filter_of_a_query_can_be_followed(filled: Path, box: Mailbox) -> None:
    box.mails.clear()
    asked = ("--level", "central", "--level", "hanoi", "--kind", "initiative")
    for name, level in (("gần", asked), ("xa", ("--level", "abroad")), ("lạ", ("--fact", "posts"))):
        added = call(filled, box, "follow", "add", name, "--to", "a@b.vn", *level)
        assert added.code == 0, added.err
    rows = json.loads(call(filled, box, "follow", "list", "--format", "json").out)
    kept = {row["name"]: row["asks"] for row in rows}
    with Archive.open(f"sqlite:///{filled / 'data' / 'kb.sqlite'}") as archive:
        keep_follow(archive, Follow("đọc", "", {"reuse": "folded"}, rhythm="never"))
    shown = call(filled, box, "follow", "list")
    assert "levels: central, hanoi; kinds: initiative" in shown.out
    assert "reuse: folded" in shown.out
    checked = json.loads(call(filled, box, "doctor", "--format", "json").out)
    assert {row["check"]: row["result"] for row in checked}["mail"] != "FAILED"
    assert kept["gần"] == {"levels": ["central", "hanoi"], "kinds": ["initiative"]}
    assert kept["lạ"] == {"facts": ["posts"]}
    for name, stories in (("gần", 1), ("xa", 0), ("lạ", 0)):
        assert f"{stories} stories" in call(filled, box, "follow", "test", name).err
    odd = call(filled, box, "follow", "add", "x", "--to", "a@b.vn", "-q", "nguon:khong-co OR")
    assert (odd.code, odd.err.startswith("? ")) == (0, True), "what was not understood is said"
    assert call(filled, box, "follow", "add", "y", "--to", "a@b.vn", "--kind", "xe").code == 2
    for name in ("gần", "xa", "lạ", "x"):
        assert call(filled, box, "follow", "remove", name).code == 0


def test_a_digest_to_one_address(filled: Path, box: Mailbox) -> None:
    box.mails.clear()
    words = ("digest", "--send", "--to", "em@example.org")
    box.answer = "451 Try again later"
    failed = call(filled, box, *words)
    assert (failed.code, "451" in failed.err) == (1, True)
    box.answer = "250 OK"
    assert "1 stories" in call(filled, box, *words).err
    assert "not again" in call(filled, box, *words).err
    assert [mail["To"] for mail in box.mails] == ["em@example.org"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("follow", "add", "x", "--to", "geheim"), "the address is none"),
        (("follow", "add", "x", "--to", "a@b.vn", "--when", "hourly"), "daily, immediate"),
        (("follow", "add", "x", "--to", "a@b.vn", "--at", "7:30"), "a full hour"),
        (("follow", "add", "x", "--to", "a@b.vn", "--language", "fr"), "vi or en"),
        (("follow", "add", "x", "--to", "a@b.vn", "--secret", "whsec_x"), "webhooks alone"),
        (("follow", "add", "x", "--to", "http://a.vn/", "--secret", "whsec_geheim"), "--secret"),
        (
            ("follow", "add", "x", "--to", "a@b.vn", "--initiative", "x"),
            "design-festival, sea-forum",
        ),
        (("follow", "test", "x"), "nothing is followed as 'x'"),
        (("digest", "--to", "a@b.vn"), "--to goes with --send"),
        (("digest", "--send", "--since", "2026-01-01"), "--send tells each"),
        (("digest", "--send", "--to", "http://a.vn/"), "needs a secret"),
    ],
)
def test_wrong_usage_is_told_in_a_line(
    filled: Path, box: Mailbox, words: tuple[str, ...], said: str
) -> None:
    done = call(filled, box, *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert "geheim" not in done.err


def test_a_trial_from_the_command_line_is_marked_and_asked_once(filled: Path, box: Mailbox) -> None:
    with listening() as heard:
        to = f"http://127.0.0.1:{heard.port}/"
        added = call(filled, box, "follow", "add", "móc", "--to", to, "--when", "immediate")
        assert added.code == 0, added.err
        assert call(filled, box, "follow", "test", "móc").code == 0
        heard.status = 503
        refused = call(filled, box, "follow", "test", "móc")
        assert (refused.code, "HTTP 503" in refused.err) == (1, True)
    assert len(heard.requests) == 2
    assert json.loads(heard.requests[0][2])["data"]["trial"] is True
