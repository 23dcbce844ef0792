"""A small archive whose every value is known: made by hand, without crawling or models."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import kb
from kb.archive import Archive, EntryRow
from kb.article import Article, Field
from kb.reading import Assignment, Commitment, Holding, Kind, Mention, Quote, Reading
from kb.research import Desk

VIETNAM = timezone(timedelta(hours=7))
FESTIVAL = "Lễ hội Thiết kế sáng tạo Hà Nội"
LONG = "Đoạn rất dài của một bài điều tra nhiều kỳ. " * 900


def mention(article: Article, name: Field, surface: str, kind: Kind, entity: str | None) -> Mention:
    """Return the mention of a surface's first occurrence, in a sentence that is the paragraph."""
    text = article.text(name)
    start = text.index(surface)
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    return Mention(
        kind=kind,
        entity_id=entity,
        name=surface,
        surface=surface,
        field=name,
        start=start,
        end=start + len(surface),
        sentence_start=first,
        sentence_end=len(text) if last < 0 else last,
        method="registry" if entity else "ner",
        score=1.0 if entity else 0.75,
    )


def facts(article: Article) -> dict[str, tuple[object, ...]]:
    """Return what the festival's article says of quotes, commitments, assignments and posts."""

    def span(text: str) -> tuple[Field, int, int]:
        start = article.body.index(text)
        return "body", start, start + len(text)

    said, more, opening, stalls, yearly = (
        f"{FESTIVAL} sẽ kéo dài", "- Chúng tôi không thu vé", "Trước tháng 2/2026 mở xưởng giấy dó",
        "Từ năm 2026 có thêm 30 gian hàng", "hội chợ họp mỗi năm",
    )  # fmt: skip
    hoa, task = "Đỗ Thúy Hòa", "mở xưởng giấy dó"
    festival, office = "design-festival", ("office", "Văn phòng")
    return {
        "quotes": (
            Quote(None, hoa, "giám đốc", False, said, "nói", *span(said)),
            Quote(*office, None, True, more, None, *span(more)),
        ),
        "commitments": (
            Commitment(None, None, None, opening, None, "2026-01-31", None, None, *span(opening)),
            Commitment(festival, *office, stalls, "2026-01-01", None, None, "30", *span(stalls)),
            Commitment(festival, None, hoa, yearly, None, None, "P1Y", None, *span(yearly)),
        ),
        "assignments": (
            Assignment(*office, "lead", task, festival, False, *span(task)),
            Assignment(None, "phường", "coordinate", task, None, True, *span(task)),
        ),
        "holdings": (
            Holding(None, hoa, "giám đốc", *office, *span(f"{hoa}, giám đốc")),
        ),
    }  # fmt: skip


def stories() -> list[tuple[Article, Reading]]:
    """Return five articles: a festival, a formula, one without a date, one of 39,600 characters,
    and one whose text the first repeats."""
    festival = Article(
        title=f"{FESTIVAL} mở cửa, đón 4.200 khách",
        lead='Khai mạc lúc 20 giờ; "sân chơi" cho đông đảo bạn trẻ.',
        body=f"Bà Đỗ Thúy Hòa, giám đốc, nói {FESTIVAL} sẽ kéo dài.\nĐoạn hai 🎨, có dấu phẩy.\n"
        "- Chúng tôi không thu vé, theo Quyết định 88. Trước tháng 2/2026 mở xưởng giấy dó.\n"
        "Từ năm 2026 có thêm 30 gian hàng, và hội chợ họp mỗi năm.",
        url="https://bao-thu.example/le-hoi-1.html",
        outlet="bao-thu",
        authors=("Đặng Hường", "Lê Ý"),
        published_at=datetime(2025, 11, 9, 20, 5, 30, tzinfo=VIETNAM),
        published_from="meta",
        section="Văn hóa",
        source_file="thu.warc.gz@0",
    )
    formula = Article(
        title='=HYPERLINK("http://xau.example";"Bấm")',
        lead="+84 là mã vùng",
        body="-5 độ C ở Mẫu Sơn.\n@nguoidan hỏi.",
        url="https://bao-thu.example/cong-thuc-2.html",
        outlet="bao-thu",
        authors=("@tacgia",),
        published_at=datetime(2025, 3, 1, 0, 15, tzinfo=VIETNAM),
        published_from="visible",
    )
    undated = Article(title="Bài không ngày", lead="", body=f"Nhắc tới {FESTIVAL}.")
    long = Article(title="Điều tra", lead="", body=LONG.strip(), outlet="bao-khac")
    first = Article(
        title="Tin ngắn", lead="", body=festival.body, outlet="bao-khac", url="https://bao-khac.example/1",
        published_at=datetime(2024, 12, 1, 8, 0, tzinfo=VIETNAM),
    )  # fmt: skip
    read = {
        festival.title: (
            mention(festival, "title", FESTIVAL, "initiative", "design-festival"),
            mention(festival, "body", "Đỗ Thúy Hòa", "person", None),
            mention(festival, "body", FESTIVAL, "initiative", "design-festival"),
            mention(festival, "body", "Quyết định 88", "document", "quyet-dinh-88"),
        ),
        undated.title: (mention(undated, "body", FESTIVAL, "initiative", "design-festival"),),
    }
    told = [
        (article, Reading(read.get(article.title, ()), "thử+1", sentences=2, words=20))
        for article in (festival, formula, undated, long, first)
    ]
    return [(festival, replace(told[0][1], **facts(festival))), *told[1:]]  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the archive of `stories`."""
    address = f"sqlite:///{tmp_path_factory.mktemp('research') / 'kb.sqlite'}"
    entry = EntryRow(
        "design-festival", "initiative", FESTIVAL, None, "international", None, None, {}
    )
    with Archive.open(address) as archive:
        archive.sync_registry([entry])
        assert archive.load(stories(), None).new == 5
    return address


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """The archive as researchers open it."""
    with kb.open(url) as opened:
        yield opened


@pytest.fixture
def texts() -> list[str]:
    """All texts that went in, to be found again letter by letter."""
    found = [text for article, _ in stories() for text in (article.title, article.lead)]
    assert all(unicodedata.is_normalized("NFC", text) for text in found)
    return found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
