"""One folder with everything that goes wrong: each fault is told once, the rest goes in."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.ingest import ingest
from kb.archive import Archive
from tests.cli.program import OUTSIDE as ENV
from tests.flows.nights import articles, settings

KB = Path(sys.executable).with_name("kb")
STORY = (
    "Thư viện phường mở cửa buổi tối\n\n"
    "Từ đầu tháng 11, thư viện phường Ngọc Hà mở cửa đến 21 giờ các ngày trong tuần.\n\n"
    "Mỗi tối có chừng 60 bạn đọc, đông nhất là học sinh lớp 9 và sinh viên năm đầu. Ai cũng được"
    " mượn ba cuốn sách trong hai tuần, không phải đặt tiền.\n\n"
    "Phường kê thêm bốn dãy bàn, lắp đèn đọc và mở phòng riêng cho người cao tuổi nghe sách nói."
    " Kinh phí 280 triệu đồng do các gia đình trong phường đóng góp từ mùa hè.\n"
)
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")


def page(title: str) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in STORY.split("\n") if len(line) > 40)
    return (
        f"<html><head><title>{title}</title>"
        '<meta property="article:published_time" content="2026-11-03T07:30:00+07:00">'
        f"</head><body><article><h1>{title}</h1>"
        f"{paragraphs}</article></body></html>"
    ).encode()


def warc(*titles: str) -> bytes:
    """Return a WARC file of one response a title, each record a gzip member of its own."""
    records = []
    for number, title in enumerate(titles):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(title)
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Target-URI: https://bao-thu.example/{number}.html\r\n"
            f"WARC-Date: 2026-11-20T00:00:0{number}Z\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + answer + b"\r\n\r\n"))
    return b"".join(records)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three good files, one that may be read or refused, seven bad ones."""
    folder = tmp_path_factory.mktemp("input")
    (folder / "good.txt").write_text(STORY, encoding="utf-8")
    (folder / "good.html").write_bytes(page("Thư viện mở cửa"))
    (folder / "latin.txt").write_bytes(
        "Café Hà Nôi, một đêm è à\nQuán mở.".encode("latin-1", "ignore")
    )
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.html").write_bytes(PIXEL + bytes(200))
    packed = gzip.compress(page("Trang bị cắt") + bytes(range(256)) * 50)
    (folder / "cut.html.gz").write_bytes(packed[: len(packed) // 2])
    whole = warc("Bài đầu còn nguyên", "Bài sau bị cắt")
    (folder / "cut.warc.gz").write_bytes(whole[:-400])
    lines = [
        json.dumps({"title": f"Tin ngắn số {n}", "body": f"Đoạn {n}."}, ensure_ascii=False)
        for n in range(3)
    ]
    lines[1] = lines[1][:-9]
    (folder / "broken.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "huge.html").write_bytes(b"<html><body>" + b"<p>x</p>" * 7_500_000)
    return folder


@pytest.fixture(scope="module")
def ingested(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str], list[dict[str, Any]]]:
    """The data folder, the finished command, and what `kb quarantine` lists."""
    home = tmp_path_factory.mktemp("data")
    done = kb(home, "ingest", str(folder))
    listed = kb(home, "quarantine", "--format", "json")
    assert listed.returncode == 0
    return home, done, json.loads(listed.stdout)


def kb(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = ENV | {"KB_DATA_DIR": str(home), "KB_WORKERS": "1"}
    command = [str(KB), *words]
    return subprocess.run(
        command, env=env, cwd=home, capture_output=True, text=True, timeout=900, check=False
    )


Ingested = tuple[Path, subprocess.CompletedProcess[str], list[dict[str, Any]]]
BAD = {
    "empty.txt": "empty",
    "picture.html": "PNG",
    "cut.html.gz": "cut|truncat|end|ended",
    "cut.warc.gz": "cut|truncat|end|ended",
    "broken.jsonl": "JSON",
    "huge.html": "larger than",
}


def test_what_is_bad_is_told_once_with_its_reason(ingested: Ingested) -> None:
    rows = ingested[2]
    for name, sign in BAD.items():
        (row,) = (row for row in rows if name in row["source"])
        assert any(word in row["reason"] for word in sign.split("|")), row
    assert {row["source"] for row in rows if "latin" not in row["source"]} == {
        row["source"] for row in rows if any(name in row["source"] for name in BAD)
    }


def test_the_list_has_the_columns_of_the_contract(ingested: Ingested) -> None:
    for row in ingested[2]:
        assert list(row)[:4] == ["source", "stage", "reason", "at"]
        assert row["stage"] in {"intake", "extract"}
        assert "\n" not in row["reason"]
        assert len(row["reason"]) < 200
        at = datetime.fromisoformat(row["at"])
        assert timedelta(0) <= datetime.now(UTC) - at < timedelta(hours=1)


def test_the_broken_line_is_named(ingested: Ingested) -> None:
    (row,) = (row for row in ingested[2] if "broken.jsonl" in row["source"])
    assert row["source"].endswith("broken.jsonl:2")


def test_the_rest_goes_in(ingested: Ingested) -> None:
    titles = {row["title"] for row in articles(ingested[0])}
    wanted = {
        "Thư viện phường mở cửa buổi tối",
        "Thư viện mở cửa",
        "Tin ngắn số 0",
        "Tin ngắn số 2",
        "Bài đầu còn nguyên",
    }
    assert wanted <= titles
    latin = any("latin" in row["source"] for row in ingested[2])
    extra = titles - wanted
    assert len(extra) == (0 if latin else 1)
    assert all("Caf" in title or title == "" for title in extra)


def test_the_command_says_so_and_ends_with_1(ingested: Ingested) -> None:
    _, done, rows = ingested
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"{len(rows)} để riêng" in done.stderr
    assert "Traceback" not in done.stderr
    for row in rows:
        assert row["reason"] in done.stderr


def test_the_same_folder_again_adds_nothing(ingested: Ingested, folder: Path) -> None:
    home, _, listed = ingested
    before = articles(home)
    with Archive.open(settings(home).url) as archive:
        again = ingest(archive, settings(home), [folder])
        aside = archive.quarantine()
    assert (again.count.new, again.count.changed) == (0, 0)
    assert articles(home) == before
    names = ("source", "stage", "reason")
    told = {tuple(row[name] for name in names) for row in listed}
    assert {(one.source, one.stage, one.reason) for one in again.rejected} == told
    assert len(aside) == len(told)
