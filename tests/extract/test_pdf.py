"""PDF clippings: columns, line ends, several articles, scans, and files that mean harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier

import pytest

from kb.article import Article
from kb.capture import Rejection
from kb.errors import UnreadableFile
from kb.extract import Document, documents, papers, to_article
from kb.extract.office import Line, Scan, pdf, read_pdf
from kb.extract.office.layout import Piece, paragraphs
from kb.outlets import load_outlets
from tests.extract.papers import (
    FEES,
    HOUSE,
    LEAD,
    LESSON,
    MARKET,
    SCANNED,
    STALLS,
    WORKSHOP,
    bomb,
    needs_chromium,
    printed,
    typed,
    written,
)

STYLE = """<style>@page{size:A4;margin:18mm} body{font:11pt "DejaVu Serif"} h1{font-size:20pt}
 .columns{columns:2;column-gap:16pt;text-align:justify} section{break-before:page}
 .small{font-size:9pt}</style>"""
REVIEW = f"""{STYLE}<title>Điểm báo</title>
<p style="font-size:28pt">ĐIỂM BÁO</p><p>Ngày 11/11/2025</p>
<section><p class=small>Báo Hà Nội Mới - 09/11/2025</p><h1>{WORKSHOP}</h1><p><b>{LEAD}</b></p>
<div class=columns><p>{HOUSE}</p><p>{LESSON}</p>
<p style="text-align:right"><b>Đoàn Hải</b></p></div>
<p>Nguồn: https://hanoimoi.vn/xuong-giay-do-700001.html</p></section>
<section><p class=small>Tuổi Trẻ, thứ hai 10/11/2025</p><h1>{MARKET}</h1>
<p>{STALLS}</p><p>{FEES}</p></section>"""
Take = Callable[[bytes], tuple[list[Article], list[Rejection]]]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Return what a PDF becomes: articles, and what was put aside."""
    outlets = load_outlets()

    def taken(data: bytes) -> tuple[list[Article], list[Rejection]]:
        path = tmp_path / "clip.pdf"
        path.write_bytes(data)
        items = list(documents([path], max_bytes=1_000_000))
        aside = [one for one in items if isinstance(one, Rejection)]
        return [to_article(one, outlets) for one in items if one not in aside], aside

    return taken


@needs_chromium
def test_a_press_review_is_cut_into_its_articles(tmp_path: Path, take: Take) -> None:
    (first, second), aside = take(printed(REVIEW, tmp_path, heads=True))
    assert aside == []
    assert [first.title, second.title] == [WORKSHOP, MARKET]
    assert first.body.split("\n") == [LEAD, HOUSE, LESSON]
    assert second.body.split("\n") == [STALLS, FEES]
    assert [Path(str(one.source_file)).name for one in (first, second)] == [
        "clip.pdf#page=2",
        "clip.pdf#page=3",
    ]
    assert (first.outlet, second.outlet) == ("hanoimoi", "tuoitre")
    assert (first.authors, second.authors) == (("Đoàn Hải",), ())
    assert (first.url, second.url) == ("https://hanoimoi.vn/xuong-giay-do-700001.html", None)
    days = [one.published_at and one.published_at.date().isoformat() for one in (first, second)]
    assert days == ["2025-11-09", "2025-11-10"]
    assert (first.parser, first.published_from) == ("pdf/1", "visible")
    assert "ĐIỂM BÁO" in first.boilerplate
    assert "3/3" in second.boilerplate


def test_several_are_read_at_once_and_come_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(2)

    def read(payload: bytes) -> Iterator[Line]:
        together.wait(120)
        yield Line(payload.decode())

    monkeypatch.setattr(papers, "read_pdf", read)
    told = [f"Bản điểm báo số {number} của thành phố" for number in range(4)]
    for number, text in enumerate(told):
        (tmp_path / f"{number}.pdf").write_text(text)
    (tmp_path / "1a.txt").write_text("Bản tin chữ")
    found = list(documents([tmp_path, tmp_path / "mat.pdf"], max_bytes=1000, workers=2))
    read_as = [one.payload.decode() for one in found[:-1] if isinstance(one, Document)]
    assert read_as == [*told[:2], "Bản tin chữ", *told[2:]]
    assert isinstance(found[-1], Rejection)
    assert found[-1].reason == "no such file or folder"


@needs_chromium
def test_a_printed_page_keeps_its_address_and_not_the_day_of_printing(
    tmp_path: Path, take: Take
) -> None:
    data = printed(f"{STYLE}<title>{WORKSHOP}</title><h1>{WORKSHOP}</h1><p>{LEAD}</p><p>{HOUSE}</p>"
                   "<p style='position:fixed;bottom:-12mm;margin:0'>"
                   "https://hanoimoi.vn/bai-700001.html 1/1</p>", tmp_path)  # fmt: skip
    (article,), aside = take(data)
    assert (article.title, article.body.split("\n")) == (WORKSHOP, [LEAD, HOUSE])
    assert article.url == "https://hanoimoi.vn/bai-700001.html"
    assert (article.outlet, article.published_at, aside) == ("hanoimoi", None, [])
    assert Path(str(article.source_file)).name == "clip.pdf"


@needs_chromium
def test_words_divided_at_line_ends_are_whole_again(tmp_path: Path, take: Take) -> None:
    divided = re.sub(r"\b(\w)(\w+)", "\\1\u00ad\\2", f"{HOUSE} {LESSON}")
    text = (
        f"{STYLE}<h1>{WORKSHOP}</h1><div style='width:52mm;hyphens:manual'><p>{divided}</p></div>"
    )
    (article,), _ = take(printed(text, tmp_path))
    assert article.body == f"{HOUSE} {LESSON}"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("xeo giấy trong th-", "ành phố", "xeo giấy trong thành phố"),
        ("chở bằng công-", "te-nơ", "chở bằng công-te-nơ"),
        ("đối thoại Mỹ-", "Trung lần", "đối thoại Mỹ-Trung lần"),
        ("giai đoạn 2024-", "2025 tới", "giai đoạn 2024-2025 tới"),
        ("mùa dịch COVID-", "19 đã", "mùa dịch COVID-19 đã"),
        ("một inter\u2010", "national", "một international"),
        ("Hà Nội -", "Huế", "Hà Nội - Huế"),
        ("nối hai", "dòng", "nối hai dòng"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, joined: str) -> None:
    rows = [Piece(50, 50, 200, 62, 12, False, first), Piece(50, 64, 180, 76, 12, False, second)]
    assert [text for text, _, _ in paragraphs(rows)] == [joined]


def column(left: float, top: float, *texts: str, size: float = 10) -> list[Piece]:
    return [
        Piece(left, top + 12 * at, left + 200, top + 12 * at + size, size, False, text)
        for at, text in enumerate(texts)
    ]


def test_columns_are_read_one_after_the_other() -> None:
    head = [Piece(50, 40, 460, 62, 22, True, "Một cái tít chạy suốt hai cột báo in")]
    left = column(50, 80, "cột một dòng đầu", "cột một dòng hai", "cột một hết.")
    right = column(270, 80, "cột hai dòng đầu", "cột hai dòng hai", "cột hai hết.")
    below = [Piece(50, 140, 460, 150, 10, False, "Dưới hai cột có một dòng chạy suốt trang.")]
    told = [text for text, _, _ in paragraphs([*right, *below, *left, *head])]
    assert told == [
        "Một cái tít chạy suốt hai cột báo in",
        "cột một dòng đầu cột một dòng hai cột một hết.",
        "cột hai dòng đầu cột hai dòng hai cột hai hết.",
        "Dưới hai cột có một dòng chạy suốt trang.",
    ]


def test_a_scan_without_text_is_put_aside_with_what_to_do(take: Take) -> None:
    articles, (aside,) = take(written(SCANNED, SCANNED))
    assert articles == []
    assert "scan without a text layer" in aside.reason
    assert "ocrmypdf" in aside.reason
    assert aside.source.endswith("clip.pdf")


def test_a_scanned_page_among_others_costs_itself() -> None:
    text = typed("Mot dong chu du dai de khong phai la mot trang chi co anh.")
    found = list(read_pdf(written(text, SCANNED)))
    assert [type(one) for one in found] == [Line, Scan]
    assert isinstance(found[1], Scan)
    assert found[1].page == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7", "damaged PDF"),
        (b"no such thing", "damaged PDF"),
        (written(typed("Mot dong chu"))[:400], "damaged PDF"),
        (written(typed("Mot dong chu"), extra=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) "
                 b"/U (y) /P -4 >> /ID [(a) (a)]"), "password"),
    ],
    ids=["empty", "other", "cut", "locked"],
)  # fmt: skip
def test_bad_pdfs_are_named_with_a_reason(take: Take, data: bytes, reason: str) -> None:
    articles, (aside,) = take(data)
    assert articles == []
    assert reason in aside.reason


def test_a_bomb_ends_with_the_memory_that_it_may_take(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_SPACE", 400_000_000)
    monkeypatch.setattr(pdf, "_SECONDS", 20)
    data = written(bomb(1_000_000_000), filters="/Filter [/FlateDecode /FlateDecode]")
    assert len(data) < 20_000
    articles, (aside,) = take(data)
    assert articles == []
    assert "took more than 0.4 GB of memory" in aside.reason


def test_a_pdf_that_takes_too_long_is_stopped(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child.py"
    folder = str(pdf._CHILD.parent)
    child.write_text(
        f"import sys\nsys.path.insert(0, {folder!r})\nimport pdf_child\n"
        "pdf_child._limit(1, 2_000_000_000)\nwhile True:\n    pass\n"
    )
    monkeypatch.setattr(pdf, "_CHILD", child)
    monkeypatch.setattr(pdf, "_SECONDS", 1)
    articles, (aside,) = take(written(typed("Mot dong chu.")))
    assert articles == []
    assert "took more than 1 seconds" in aside.reason


def test_a_paragraph_goes_on_over_columns_and_pages() -> None:
    half = len(HOUSE) // 2
    before, after = HOUSE[: HOUSE.index(" ", half)], HOUSE[HOUSE.index(" ", half) + 1 :]
    lines = [Line(before, page=1), Line("Trang 1", page=1, aside=True), Line(after, page=2)]
    assert [one.text for one in pdf._flowing(lines)] == [HOUSE, "Trang 1"]
    apart = [Line(LEAD, page=1), Line(HOUSE, page=2), Line("- " + LESSON, page=2)]
    assert list(pdf._flowing(apart)) == apart


def test_pages_over_the_limit_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    pages = [typed(f"Trang so {number} co mot dong chu du dai o giua.") for number in range(4)]
    read = []
    with pytest.raises(UnreadableFile, match="more than 2 pages"):
        read.extend(one for one in read_pdf(written(*pages)))
    assert [one.page for one in read] == [1, 2]


def test_old_fonts_and_fonts_without_letters() -> None:
    page = {"height": 842, "pictures": 0}
    row = [50, 50, 200, 62, 12, False, "Hµ Néi më x­ëng giÊy dã cho ng­êi trÎ", True]
    assert "TCVN3" in str(pdf._unreadable(page | {"lines": [row]}))
    row = [50, 50, 200, 62, 12, False, "(cid:12)(cid:7)(cid:9)(cid:33)" * 3, False]
    assert "fonts do not say" in str(pdf._unreadable(page | {"lines": [row]}))
