"""What is wrong with input, settings or place is told in a line or two before any work begins."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from pathlib import Path

import pytest

import kb.cli.jobs
from tests.cli.conftest import Call
from tests.cli.program import kb as program


def test_stories_with_odd_addresses_go_in_and_broken_ones_are_put_aside(
    call: Call, tmp_path: Path
) -> None:
    good = [
        "vnexpress.net/lop-ve-tranh-1.html", "tuoitre.vn/lop-ve-tranh-2.htm",
        "/lop-ve-tranh-3.html", "clip-5", "urn:x:9", "mailto:toa-soan@bao.example", None,
    ]  # fmt: skip
    broken = ["http://[bad", "http://a:b/x", "http://a:99999999/x"]
    lines = [
        json.dumps({"url": url, "title": f"Lớp vẽ tranh {n}", "body": f"Lớp nhận {n + 10} em."})
        for n, url in enumerate([*broken, *good])
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    done = call("ingest", str(tmp_path / "a.jsonl"), data_dir=str(tmp_path / "data"))
    assert (done.code, "Traceback" in done.err) == (1, False)
    assert f"{len(good)} mới, 0 sửa" in done.err
    assert f"{len(broken)} để riêng" in done.err
    assert done.err.count("field url is no address") == len(broken)
    rows = json.loads(call("search", "--format", "json").out)
    assert {row["url"]: row["outlet"] for row in rows} == {
        "https://vnexpress.net/lop-ve-tranh-1.html": "vnexpress",
        "https://tuoitre.vn/lop-ve-tranh-2.htm": "tuoitre",
        **dict.fromkeys(good[2:]),
    }
    assert {row["revisions"] for row in rows} == {1}


@pytest.mark.parametrize(
    "version", ["", "CREATE TABLE alembic_version AS SELECT 'f00d' version_num"]
)
def test_the_database_of_another_program_is_refused(
    call: Call, tmp_path: Path, version: str
) -> None:
    path = tmp_path / "kb.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE hoa_don (so INTEGER)")
        connection.execute(version)
    (tmp_path / "a.txt").write_text("Chợ hoa họp sớm\n\nTiểu thương dọn hàng từ chiều.", "utf-8")
    url = f"sqlite:///{path}"
    for words in (("ingest", str(tmp_path / "a.txt")), ("search",)):
        done = call(*words, database_url=url)
        assert (done.code, done.out) == (2, "")
        assert "is a database of another program (it holds hoa_don)" in done.err
        assert "set KB_DATABASE_URL" in done.err
    rows = {row["check"]: row for row in json.loads(call("doctor", "--format", "json").out)}
    assert "another program" in rows["archive"]["detail"]
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    assert tables == (2 if version else 1,)


def test_a_folder_in_place_of_the_archive_is_a_wrong_setting(call: Call, tmp_path: Path) -> None:
    done = call("search", database_url=f"sqlite:///{tmp_path}")
    assert (done.code, done.out) == (2, "")
    assert "is a folder: set KB_DATABASE_URL to a file in it" in done.err


@pytest.mark.parametrize("outlets", ["", " ", ","])
def test_a_night_of_no_newspaper_is_refused(call: Call, outlets: str) -> None:
    done = call("nightly", "--no-server", "--outlets", outlets)
    assert (done.code, done.out) == (2, "")
    assert "names none: give ids (`kb outlets list`) or a folder" in done.err


def test_a_sample_press_whose_outlets_cannot_be_written_ends(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kb.cli.jobs, "SAMPLE_PORT", 0)
    (tmp_path / "sample").write_text("một tệp ở chỗ của thư mục", "utf-8")
    before = set(threading.enumerate())  # other tests serve the press, too
    done = call("nightly", "--no-server", "--sample", data_dir=str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert "cannot write" in done.err
    assert "set KB_DATA_DIR to another" in done.err
    serving = {one.name for one in set(threading.enumerate()) - before}
    assert not any(name.startswith("sample-") for name in serving)  # it would never end


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_in_use_is_told_before_anything_is_served(call: Call, host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = call("serve", "--host", host, "--port", str(port))
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"kb: cannot listen on {host}, port {port}: Address already in use; choose another port "
        "with --port, or an address of this computer with --host\n"
    )


@pytest.mark.parametrize("host", ["203.0.113.9", "khong-co.invalid", "a..b"])
def test_an_address_of_another_computer_cannot_be_served(call: Call, host: str) -> None:
    done = call("serve", "--host", host)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"kb: cannot listen on {host}, port 8000: ")
    assert "Ctrl+C" not in done.err


@pytest.mark.parametrize("words", [("serve",), ("doctor",)])
def test_a_rate_that_is_none_ends_at_the_start(call: Call, words: tuple[str, ...]) -> None:
    done = call(*words, api_rate="x")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kb: setting KB_API_RATE: write it as 600/minute")


def test_a_folder_without_registry_files_is_told(call: Call, tmp_path: Path) -> None:
    done = call("registry", "check", str(tmp_path))
    assert (done.code, "holds no registry: put one <id>.yaml" in done.err) == (2, True)
    done = call("registry", "check", registries=str(tmp_path))  # `kb registry accept` will fill it
    assert (done.code, f"0 tệp trong {tmp_path}" in done.err) == (0, True)
    rows = {row["check"]: row for row in json.loads(call("doctor", "--format", "json").out)}
    assert rows["registry"]["result"] == "warning"
    assert f"no .yaml in {tmp_path}" in rows["registry"]["detail"]


def test_a_saved_page_whose_own_address_is_broken_goes_in(tmp_path: Path) -> None:
    folder = tmp_path / "trang"
    folder.mkdir()
    body = "<p>Xưởng mộc phố cổ mở cửa đón khách vào mỗi sáng cuối tuần, vé vào là mười nghìn.</p>"
    for number, address in enumerate(["http://a:b/x", "https://vnexpress.net/"] * 2):
        (folder / f"{number}.html").write_text(
            f'<html><head><link rel=canonical href="{address}"></head><body><article>'
            f"<h1>Xưởng mộc đón khách, bài {number}</h1>{body * 4}</article></body></html>",
            "utf-8",
        )
    done = program(tmp_path, "ingest", "trang")
    assert (done.code, "4 mới, 0 sửa" in done.err) == (0, True)
    rows = json.loads(program(tmp_path, "search", "--format", "json").out)
    assert sorted(str(row["outlet"]) for row in rows) == ["None", "None", "vnexpress", "vnexpress"]
