"""Word documents and e-mails: what is the article in them, what is attached, what is refused."""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_BREAK

from kb.article import Article
from kb.capture import Rejection
from kb.extract import documents, to_article
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
    letter,
    word,
    written,
)

Page = Callable[[str], bytes]
Take = Callable[..., tuple[list[Article], list[Rejection]]]
LIMIT = 1_000_000
WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"
PARTS = [LEAD, HOUSE, LESSON]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Return what a file of a name becomes: articles with their short source, and refusals."""
    outlets = load_outlets()

    def taken(name: str, data: bytes) -> tuple[list[Article], list[Rejection]]:
        path = tmp_path / name
        path.write_bytes(data)
        items = list(documents([path], max_bytes=LIMIT))
        aside = [one for one in items if isinstance(one, Rejection)]
        return [to_article(one, outlets) for one in items if one not in aside], aside

    return taken


def sources(articles: list[Article]) -> list[str]:
    """Return the sources without the folder."""
    return [str(one.source_file).partition("test_")[2].partition("/")[2] for one in articles]


def forwarded(*lines: str) -> str:
    """Return the text of a forwarded mail as mail programs break it."""
    quoted = "\n\n".join(textwrap.fill(line, 74) for line in lines)
    return (
        "Kính gửi các anh chị bài báo sáng nay,\n\n"
        "---------- Forwarded message ---------\nFrom: Hà Nội Mới <ban-tin@hanoimoi.vn>\n"
        "Date: Th 7, 8 thg 11, 2025 vào lúc 17:42\nSubject: " + WORKSHOP + "\n"
        "To: <tt@so.example.vn>\n\n\n" + quoted + "\n\n-- \nPhòng Truyền thông\nĐT 024 3936 0000\n"
    )


# --- Word ----------------------------------------------------------------------------------------


def test_a_word_document_is_an_article(take: Take) -> None:
    data = word((WORKSHOP, 0), *PARTS, "Đoàn Hải")
    (article,), aside = take("bai.docx", data)
    assert (article.title, article.body.split("\n")) == (WORKSHOP, PARTS)
    assert (article.authors, article.parser, aside) == (("Đoàn Hải",), "docx/1", [])
    assert Path(str(article.source_file)).name == "bai.docx"


def test_a_review_in_word_is_cut_at_its_headings(take: Take) -> None:
    data = word(
        ("ĐIỂM BÁO NGÀY 10/11/2025", 0),
        (WORKSHOP, 1), LEAD, ("Ba việc phải làm", 2), HOUSE, LESSON,
        (MARKET, 1), STALLS, FEES,
    )  # fmt: skip
    (first, second), _ = take("diem-bao.docx", data)
    assert [Path(str(one.source_file)).name for one in (first, second)] == [
        "diem-bao.docx#1",
        "diem-bao.docx#2",
    ]
    assert first.body.split("\n") == [LEAD, "Ba việc phải làm", HOUSE, LESSON]
    assert (second.title, second.body.split("\n")) == (MARKET, [STALLS, FEES])
    assert "ĐIỂM BÁO NGÀY 10/11/2025" in first.boilerplate


def test_lines_in_bold_on_top_of_pages_are_headlines(take: Take) -> None:
    document = docx.Document()
    for at, (title, *texts) in enumerate([(WORKSHOP, LEAD, HOUSE), (MARKET, STALLS, FEES)]):
        if at:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph().add_run(title).bold = True
        for text in texts:
            document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    articles, _ = take("bai.docx", out.getvalue())
    assert [one.title for one in articles] == [WORKSHOP, MARKET]
    assert articles[0].body.split("\n") == [LEAD, HOUSE]


def test_lists_and_tables_of_word_stay(take: Take) -> None:
    document = docx.Document(io.BytesIO(word((WORKSHOP, 1), LEAD)))
    document.add_paragraph("Sửa bể ngâm trước tháng 8;", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Việc", "Hạn", "Bể ngâm", "tháng 8"), strict=True):
        cell.text = text
    document.add_paragraph(LESSON)
    out = io.BytesIO()
    document.save(out)
    (article,), _ = take("bai.docx", out.getvalue())
    rows = [LEAD, "Sửa bể ngâm trước tháng 8;", "Việc | Hạn", "Bể ngâm | tháng 8", LESSON]
    assert article.body.split("\n") == rows


def repacked(change: dict[str, bytes]) -> bytes:
    """Return a Word document with some of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word(LEAD))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *change}:
            new.writestr(name, change.get(name) or old.read(name))
    return out.getvalue()


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "haha">%s]><w:document
 xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>
 <w:t>&j;</w:t></w:r></w:p></w:body></w:document>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 12) for at in range(9)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 and no more", "damaged Word document"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old or locked"),
        (word(LEAD)[:3000], "damaged Word document"),
        (repacked({"word/document.xml": b"<w:document"}), "damaged Word document"),
        (repacked({"word/document.xml": b"<x>" + b" " * 20_000_000}), "unpacks to"),
        (repacked({"word/media/a.png": bytes(60_000_000)}), "unpacks to"),
        (repacked({"word/document.xml": LAUGHS}), "damaged Word document"),
        (word(), "without text"),
    ],
    ids=["stub", "old", "cut", "xml", "bomb", "picture", "entities", "empty"],
)
def test_bad_word_documents_are_named_with_a_reason(take: Take, data: bytes, reason: str) -> None:
    articles, (aside,) = take("bai.docx", data)
    assert articles == []
    assert reason in aside.reason


# --- mail ----------------------------------------------------------------------------------------


def test_a_forwarded_article_is_freed_of_what_mails_add(take: Take) -> None:
    text = forwarded(*PARTS, "Đoàn Hải")
    (article,), aside = take("thu.eml", bytes(letter(text=text)))
    assert (article.title, article.body.split("\n"), aside) == (WORKSHOP, PARTS, [])
    assert (article.outlet, article.authors, article.parser) == (
        "hanoimoi",
        ("Đoàn Hải",),
        "mail/1",
    )
    assert article.published_at == datetime.fromisoformat("2025-11-08T17:42:00+07:00")
    assert article.published_from == "mail"
    for line in ("From: Phong Truyen thong <tt@so.example.vn>", "Phòng Truyền thông",
                 "Kính gửi các anh chị bài báo sáng nay,"):  # fmt: skip
        assert line in article.boilerplate.split("\n")


@pytest.mark.parametrize("subject", ["Fwd: {}", "FW: RE: {}", "Chuyển tiếp: {}", "{}"])
def test_the_subject_is_the_title_of_a_text_without_one(take: Take, subject: str) -> None:
    mail = letter(subject.format("Phuong Buoi mo xuong giay do"), "\n\n".join(PARTS))
    (article,), _ = take("thu.eml", bytes(mail))
    assert article.title == "Phuong Buoi mo xuong giay do"
    assert article.body.split("\n") == PARTS
    assert article.published_at == datetime.fromisoformat("2025-11-10T08:15:00+07:00")


def test_a_headline_in_the_text_is_better_than_the_subject(take: Take) -> None:
    html = "".join(f"<p>{text}</p>" for text in PARTS)
    mail = letter("Fwd: bao hom nay", "xem HTML", f"<div><b>{WORKSHOP}</b></div>{html}")
    (article,), _ = take("thu.eml", bytes(mail))
    assert (article.title, article.body.split("\n")) == (WORKSHOP, PARTS)


def test_a_page_sent_as_mail_is_read_as_a_page(
    take: Take, page: Page, story: dict[str, Any]
) -> None:
    mail = letter("Trang báo", "", page("vccorp").decode())
    (article,), _ = take("thu.eml", bytes(mail))
    assert (article.parser.partition("/")[0], article.title) == ("vccorp", story["title"])
    assert article.body.split("\n") == story["paragraphs"]


def test_headers_quoted_as_outlook_does_end_the_note(take: Take) -> None:
    head = f"From: A\nSent: Saturday, November 8, 2025 5:42 PM\nTo: B\nSubject: {WORKSHOP}\n\n"
    mail = letter("FW: x", "Anh xem nhé.\n\n" + head + "\n\n".join(PARTS))
    (article,), _ = take("thu.eml", bytes(mail))
    assert (article.title, article.body.split("\n")) == (WORKSHOP, PARTS)
    assert article.published_at == datetime.fromisoformat("2025-11-08T17:42:00+07:00")
    assert "Anh xem nhé." in article.boilerplate


def test_attachments_are_documents_of_their_own(take: Take, page: Page) -> None:
    mail = letter("Điểm báo", "Kính gửi các anh chị.\n")
    mail.add_attachment(
        word((WORKSHOP, 1), LEAD, HOUSE, (MARKET, 1), STALLS, FEES),
        maintype="application", subtype=WORD, filename="điểm báo.docx",
    )  # fmt: skip
    mail.add_attachment(page("epi"), maintype="text", subtype="html", filename="trang.html")
    mail.add_attachment(f"{MARKET}\n{STALLS}\n{FEES}\n", filename="cho.txt")
    mail.add_attachment(written(SCANNED), maintype="application", subtype="pdf", filename="a.pdf")
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png")
    mail.add_attachment(b"x", maintype="application", subtype="zip", filename="b.zip")
    inner = letter("Fwd: y", forwarded(*PARTS))
    mail.add_attachment(inner)
    articles, aside = take("thu.eml", bytes(mail))
    assert sources(articles)[0].endswith("thu.eml/điểm báo.docx#1")
    assert [Path(source).name for source in sources(articles)] == [
        "điểm báo.docx#1", "điểm báo.docx#2", "trang.html", "cho.txt", "8.eml",
    ]  # fmt: skip
    assert articles[4].title == WORKSHOP
    assert [Path(one.source).name for one in aside] == ["a.pdf", "b.zip"]
    assert "scan" in aside[0].reason
    assert ".docx" in aside[1].reason


def nested(deep: int) -> EmailMessage:
    mail = letter("x", "y")
    for _ in range(deep):
        outer = letter("x", "y")
        outer.add_attachment(mail)
        mail = outer
    return mail


def parts(count: int) -> EmailMessage:
    mail = letter("x", "y")
    for number in range(count):
        mail.add_attachment(b"x", maintype="image", subtype="png", filename=f"{number}.png")
    return mail


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"just some text\nwithout any header", "not an e-mail"),
        (bytes(letter("x", "")), "without text"),
        (bytes(nested(8)), "inside of each other"),
        (bytes(parts(250)), "more than 200 parts"),
    ],
    ids=["text", "empty", "nested", "parts"],
)
def test_bad_mails_are_named_with_a_reason(take: Take, data: bytes, reason: str) -> None:
    articles, (aside,) = take("thu.eml", data)
    assert articles == []
    assert reason in aside.reason


def test_odd_charsets_and_broken_headers_are_read(take: Take) -> None:
    head = b"From: a@b.example\r\nSubject: =?utf-8?q?B=C3=A0i_b=C3=A1o?=\r\nDate: never\r\n"
    body = "Ha\u0300 Nô\u0323i mơ\u0309 xươ\u0309ng giâ\u0301y. " * 3
    data = head + b"Content-Type: text/plain; charset=windows-1258\r\n\r\n" + body.encode("cp1258")
    (article,), _ = take("thu.eml", data)
    assert (article.title, article.published_at) == ("Bài báo", None)
    assert article.body.startswith("Hà Nội mở xưởng giấy.")


def test_whatever_a_library_raises_costs_one_file(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise LookupError("unknown encoding")

    monkeypatch.setattr("kb.extract.papers.read_mail", fail)
    articles, (aside,) = take("thu.eml", bytes(letter(text=LEAD)))
    assert (articles, "LookupError: unknown encoding" in aside.reason) == ([], True)
