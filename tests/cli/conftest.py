"""One archive for all commands, and a quick way to run a command inside this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.ingest import ingest
from kb.archive import Archive
from kb.cli.main import run
from kb.settings import Settings, settings
from tests.cli.program import Done

STORIES: list[dict[str, object]] = [
    {
        "url": "https://vnexpress.net/le-hoi-thiet-ke-mo-cua-4800001.html",
        "title": "Lễ hội Thiết kế sáng tạo Hà Nội mở cửa ở Bắc Bộ phủ",
        "lead": "Lễ hội kéo dài chín ngày, với 110 hoạt động.",
        "body": "Sáng 9/11, Sở Văn hóa và Thể thao khai mạc Lễ hội Thiết kế sáng tạo Hà Nội.\n"
        "Ban tổ chức mời người dân vào xem những phòng đã khóa cửa nhiều năm.",
        "published_at": "2024-11-09T10:15:00+07:00",
    },
    {
        "url": "https://tuoitre.vn/khong-gian-sang-tao-phung-hung-20250301081500001.htm",
        "title": "Không gian sáng tạo Phùng Hưng thêm mười xưởng",
        "lead": "",
        "body": "Mười xưởng gốm, in và mộc dọn vào vòm cầu từ tháng 3.\n"
        "=2+2 là câu đố dán trước cửa xưởng in.",
        "published_at": "2025-03-01T08:15:00+07:00",
    },
    {"title": "=HYPERLINK là tít giả của một tệp bảng tính", "body": "Đoạn duy nhất, không ngày."},
    {"lead": "chỉ có sa pô"},
]
"""Two dated stories, one without a date or an address, and one record that is no story."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder whose `data` holds an archive of STORIES; only to be looked at."""
    folder = tmp_path_factory.mktemp("cli")
    lines = "\n".join(json.dumps(story, ensure_ascii=False) for story in STORIES)
    (folder / "press.jsonl").write_text(lines, encoding="utf-8")
    chosen = Settings(data_dir=folder / "data", workers=1, database_url="")
    with Archive.open(chosen.url) as archive:
        tally = ingest(archive, chosen, [folder / "press.jsonl"])
    assert (tally.count.new, len(tally.rejected)) == (3, 1)
    return folder


Call = Callable[..., Done]


@pytest.fixture
def call(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Call]:
    """Run a command in this process, in the working folder of `folder`."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("KB_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("KB_WORKERS", "1")
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def called(*words: str, **more: str) -> Done:
        for name, value in more.items():
            monkeypatch.setenv(f"KB_{name.upper()}", value)
        settings.cache_clear()
        monkeypatch.setattr("sys.argv", ["kb", *words])
        code = 0
        try:
            run()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return Done(code, out.decode(), err.decode())

    yield called
    settings.cache_clear()
