"""A small archive for evidence packs: two initiatives, a reprint, promises kept and forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kb.archive import Archive, CaptureRow, EntryRow
from kb.article import VIETNAM, Article
from kb.reading import Reading
from tests.archive.facts import assignment, commitment, quote
from tests.archive.stories import pair

FAIR, CENTRE = "Hội Đèn Hàng Mã", "Xưởng Thiết kế Bưởi"
NOW = datetime(2025, 12, 1, 9, 0, tzinfo=VIETNAM)
ENTRIES = (
    EntryRow("lights", "programme", "Phố Đèn Lồng", "Lantern Streets", None, None, None, {}),
    EntryRow("fair", "initiative", FAIR, "Lantern Fair", "international", "lights", None, {}),
    EntryRow("centre", "initiative", CENTRE, None, "local", "lights", None, {}),
    EntryRow("ward", "org", "UBND phường Hàng Mã", "Hang Ma ward", None, None, None, {}),
)
OPENED = f"{FAIR} khai mạc tối 20/9 với 300 chiếc đèn kéo quân."
PROMISE = "phường sẽ lợp lại mái chợ và lát vỉa hè đá xanh trước ngày 30/6/2025"
KEPT = f"Mái chợ lợp lại và vỉa hè đá xanh đã hoàn thành, kịp đón {FAIR}."
FORGOTTEN = "Ban quản lý sẽ tặng mỗi trường một bộ khuôn giấy bồi trước ngày 31/3/2025"
OLD = f"Năm tới {FAIR} sẽ có cổng tre tám mái"
SAID = "Chúng tôi dán đèn bằng hồ nếp, không dùng keo"


def _story(number: int, body: str, day: str, **more: str) -> tuple[Article, Reading]:
    told = {"outlet": "bao-a", "title": f"Tin số {number}", "lead": ""} | more
    names = [("initiative", "fair", FAIR, FAIR), ("initiative", "centre", CENTRE, CENTRE)]
    return pair(
        told["title"], told["lead"], body, mentions=names, outlet=told["outlet"],
        url=f"https://{told['outlet']}.example/{number}", published_at=f"{day}T08:00:00+07:00",
        authors=("Lê An",), capture_digest=f"sha1:{number:032d}",
    )  # fmt: skip


def stories() -> list[tuple[Article, Reading]]:
    """Return the stories in the order in which they came into the archive."""
    old, old_read = _story(1, f"{OLD}.", "2023-12-01")
    old_read = replace(
        old_read,
        commitments=(commitment(old, OLD, initiative_id="fair", due_to="2024-12-31"),),
    )
    body = (
        f"{FAIR} họp bàn. {PROMISE}. {FORGOTTEN}. Ông Bùi Mộc nói: “{SAID}.” UBND phường chủ trì."
    )
    plan, plan_read = _story(2, body, "2025-01-10", title=f"{FAIR} vào mùa")
    plan_read = replace(
        plan_read,
        commitments=(
            commitment(
                plan, PROMISE, initiative_id="fair", owner="phường", due_to="2025-06-30"
            ),
            commitment(plan, FORGOTTEN, initiative_id="fair", due_to="2025-03-31"),
        ),
        quotes=(quote(plan, SAID, speaker="Bùi Mộc", role="nghệ nhân"),),
        assignments=(
            assignment(
                plan, "UBND phường chủ trì", "phường", "lead", actor_id="ward",
                initiative_id="fair", task=f"{FAIR} họp bàn",
            ),
        ),
    )  # fmt: skip
    long = " ".join(f"Đèn số {n} treo ở cửa nhà {n * 7} phố Hàng Mã." for n in range(30))
    opened = _story(3, f"{OPENED} {long}", "2025-09-21")
    again = _story(4, f"{OPENED} {long}", "2025-09-22", outlet="bao-b")
    kept = _story(5, f"{KEPT} Trời se lạnh.", "2025-07-02")
    formula = _story(6, f"{CENTRE} đang sửa sàn.", "2025-10-01", title="=1+1 đèn")
    return [(old, old_read), (plan, plan_read), kept, opened, again, formula]


def fill(archive: Archive, folder: Path) -> Path:
    """Load the stories with the copies of their pages; return the WARC file."""
    archive.sync_registry(ENTRIES)
    outlets = (("bao-a", "Báo A"), ("bao-b", "Báo B"))
    archive.sync_outlets(
        SimpleNamespace(
            id=id_, name=name, home=f"https://{id_}.example", level="central", family="generic"
        )
        for id_, name in outlets
    )
    told = stories()
    warc = folder / "pages.warc.gz"
    rows = []
    with warc.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for article, _ in told:
            start = out.tell()
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
            record = writer.create_warc_record(
                article.url, "response", payload=BytesIO(article.body.encode()),
                length=len(article.body.encode()), http_headers=headers,
            )  # fmt: skip
            writer.write_record(record)
            rows.append(
                CaptureRow(
                    str(article.url), datetime(2025, 11, 1, tzinfo=UTC), 200, "new",
                    article.outlet, str(warc), start, out.tell() - start, article.capture_digest,
                )
            )  # fmt: skip
    archive.load(told, None)
    archive.add_captures(rows, None)
    return warc
