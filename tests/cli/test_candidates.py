"""From an unknown name to an entry: `kb registry candidates`, `accept`, `reject`, `kb reread`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml

from tests.cli.program import Done, kb

GUILD = "Hội Gốm sứ Sông Lam"
STORIES = [
    {
        "url": "https://tuoitre.vn/lo-gom-mo-cua-20250301081500001.htm",
        "title": "Lò gốm mở cửa",
        "body": f"{GUILD} mở lò ở Nghệ An. Theo {GUILD}, khách xem miễn phí.",
        "published_at": "2025-03-01T08:15:00+07:00",
    },
    {
        "url": "https://vnexpress.net/lo-gom-dong-khach-4800002.html",
        "title": "Lò gốm đông khách",
        "body": f"Ba nghìn người đến lò của {GUILD.replace('sứ', 'Sứ')} hôm qua.",
        "published_at": "2025-03-09T08:15:00+07:00",
    },
    {
        "url": "https://vnexpress.net/tho-moc-4800003.html",
        "title": "Thợ mộc họp",
        "body": "Ông Tạ Quang Khởi nói về nghề mộc.",
        "published_at": "2025-04-01T08:15:00+07:00",
    },
]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    lines = "\n".join(json.dumps(story, ensure_ascii=False) for story in STORIES)
    (tmp_path / "press.jsonl").write_text(lines, encoding="utf-8")
    done = kb(tmp_path, "ingest", "press.jsonl")
    assert done.code == 0, done.err
    return tmp_path


def candidates(work: Path, *more: str) -> list[dict[str, object]]:
    done = kb(work, "registry", "candidates", "--format", "json", *more)
    assert done.code == 0, done.err
    found: list[dict[str, object]] = json.loads(done.out)
    return found


def mentioned(work: Path) -> list[tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(kb(work, "export", "mentions").out))
    return [(row["entity_id"], row["method"]) for row in rows if "Lam" in row["surface"]]


def told(done: Done) -> str:
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    return line


def test_from_a_candidate_to_an_entry_that_the_archive_is_read_by(work: Path) -> None:
    (guild,) = candidates(work)
    assert guild["name"] == GUILD
    assert guild["variants"] == [GUILD, GUILD.replace("sứ", "Sứ")]
    assert (guild["articles"], guild["mentions"], guild["outlets"]) == (2, 3, 2)
    assert guild["url"] == STORIES[1]["url"]
    assert "Tạ Quang Khởi" in {one["name"] for one in candidates(work, "--min-articles", "1")}

    done = kb(work, "registry", "accept", GUILD.upper(), "--id", "potters", language="en")
    assert (done.code, done.out) == (0, "")
    assert "potters" in done.err and "kb reread" in done.err
    path = work / "data" / "registries" / "accepted.yaml"
    (entry,) = yaml.safe_load(path.read_text("utf-8"))["entries"]
    assert entry == {
        "id": "potters",
        "kind": "org",
        "name": GUILD,
        "aliases": [GUILD.replace("sứ", "Sứ")],
        "sources": [STORIES[1]["url"]],
    }
    assert candidates(work) == []  # before the archive is read again

    assert mentioned(work) == [("potters", "judged")] * 3  # at once, by what was decided
    done = kb(work, "reread", language="en")
    assert (done.code, done.out) == (0, "")
    # Only those whose text can hold the new name are read; the third needs none.
    assert "2 articles read again" in done.err
    assert "1 needed no reading" in done.err
    assert mentioned(work) == [("potters", "registry:exact")] * 3
    assert "0 articles" in kb(work, "reread", language="en").err


def test_a_rejected_name_is_gone_until_that_is_undone(work: Path) -> None:
    assert kb(work, "registry", "reject", GUILD).code == 0
    assert candidates(work) == []
    assert kb(work, "registry", "reject", GUILD, "--undo").code == 0
    assert [one["name"] for one in candidates(work)] == [GUILD]
    assert "was not rejected" in told(kb(work, "registry", "reject", GUILD, "--undo"))


def test_the_table_is_short_and_says_how_to_go_on(work: Path) -> None:
    for language, words in (("vi", "Đưa vào danh mục"), ("en", "Take one in")):
        done = kb(work, "registry", "candidates", language=language)
        assert GUILD in done.out
        assert words in done.err
    none = kb(work, "registry", "candidates", "--min-articles", "9", language="en")
    assert "No names are waiting" in none.err


def test_a_file_of_ones_own_keeps_what_stands_in_it(work: Path) -> None:
    folder = work / "mine"
    folder.mkdir()
    before = (
        "# Của chúng tôi\nid: mine\nname: Của tôi\nentries:\n"
        "  - {id: kiln, kind: place, name: Lò Đỏ, sources: [https://a.vn/1]}  # cũ\n"
    )
    (folder / "mine.yaml").write_text(before, "utf-8")
    words = ("registry", "accept", GUILD, "--registry", str(folder / "mine.yaml"))
    assert kb(work, *words, registries=str(folder)).code == 0
    after = (folder / "mine.yaml").read_text("utf-8")
    assert after.startswith(before)
    assert "  - id: hoi-gom-su-song-lam\n" in after
    again = kb(work, *words, "--source", "https://a.vn/2", registries=str(folder))
    assert "no candidate" in told(again)  # it has an entry now
    assert (folder / "mine.yaml").read_text("utf-8") == after


MISTAKES = {
    ("registry", "accept", "Không Ai"): "no candidate 'Không Ai'",
    ("registry", "reject", "Không Ai"): "no candidate 'Không Ai'",
    ("registry", "candidates", "--kind", "ship"): "no kind 'ship'",
    ("registry", "accept", GUILD, "--id", "uccn"): "entry uccn stands already",
    ("registry", "accept", GUILD, "--id", "Hội"): "'Hội' is no id; write small letters",
    ("registry", "accept", GUILD, "--registry", "other/x.yaml"): "set KB_REGISTRIES",
}


@pytest.mark.parametrize("words", MISTAKES, ids=lambda words: " ".join(words[1:]))
def test_mistakes_are_one_line_and_leave_no_file(work: Path, words: tuple[str, ...]) -> None:
    assert MISTAKES[words] in told(kb(work, *words))
    assert list(work.rglob("*.yaml")) == []
