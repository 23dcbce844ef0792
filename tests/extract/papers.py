"""Files as offices keep them: printed by a browser, written by hand, or saved by their programs."""

from __future__ import annotations

import io
import zlib
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent: install Debian's package chromium"
)
LEAD = (
    "Xưởng giấy dó đầu tiên do một nhóm họa sĩ trẻ lập ra vừa mở cửa bên hồ Tây, đón ba mươi học "
    "viên vào các buổi sáng thứ bảy."
)
HOUSE = (
    "Xưởng nằm trong một ngôi nhà cũ ba gian, nơi các nghệ nhân từng ngâm vỏ cây và xeo giấy suốt "
    "mấy đời liền trước khi nghề vắng dần."
)
LESSON = (
    "Lớp học không thu tiền, học viên chỉ đóng góp vỏ cây hoặc một buổi công mỗi tháng, và được "
    "giữ lại tờ giấy đẹp nhất của mình."
)
WORKSHOP = "Phường Bưởi mở xưởng giấy dó cho người trẻ tập nghề"
STALLS = (
    "Từ rạng sáng, hơn một trăm quầy hoa đã dọn sang bãi mới cách chỗ cũ chừng bốn trăm mét, trong "
    "khi vài chục người vẫn ở lại bên bờ đê vì sợ mất khách quen."
)
FEES = (
    "Ban quản lý chợ nói sẽ miễn phí chỗ ngồi đến hết tháng 12, rồi thu 200.000 đồng mỗi ngày; "
    "người bán mong có thêm đèn trước mùa cưới."
)
MARKET = "Chợ hoa đêm dời chỗ, người bán chia hai ngả"


def printed(html: str, folder: Path, *, heads: bool = False) -> bytes:
    """Return a page as a browser prints it to PDF (A4), with its running heads if asked."""
    from playwright.sync_api import sync_playwright

    source = folder / "print.html"
    source.write_text(f"<!doctype html><html lang=vi><meta charset=utf-8>{html}", "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        page.goto(source.as_uri())
        data = page.pdf(format="A4", display_header_footer=heads, prefer_css_page_size=True)
        browser.close()
    return data


def written(*pages: bytes, filters: str = "", extra: bytes = b"") -> bytes:
    """Return a PDF of pages with these contents; `filters` of their streams as PDF writes them."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for content in pages:
        stream = b"<< /Length %d %s >>\nstream\n%s\nendstream"
        objects.append(stream % (len(content), filters.encode(), content))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
            b"/XObject << /I %d 0 R >> >> >>" % (len(objects), 3 + 2 * len(pages))
        )
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    grey = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
    objects.append(grey + b"/BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream")
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows))
    trailer = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF"
    out.write(trailer % (len(objects) + 1, extra, table))
    return out.getvalue()


SCANNED = b"q 595 0 0 842 0 0 cm /I Do Q"
"""A page that shows a picture and nothing else."""


def bomb(size: int) -> bytes:
    """Return some kilobytes that unpack, twice deflated, to `size` bytes."""
    packer = zlib.compressobj(1)
    block = bytes(1_000_000)
    once = [packer.compress(block) for _ in range(size // len(block))]
    return zlib.compress(b"".join((*once, packer.flush())), 9)


def typed(text: str, size: int = 12) -> bytes:
    """Return the contents of a page with one line of plain letters."""
    return f"BT /F {size} Tf 60 700 Td ({text}) Tj ET".encode("ascii")


def word(*paragraphs: str | tuple[str, int]) -> bytes:
    """Return a Word document; a pair is a heading and its level (0: the title)."""
    document = docx.Document()
    for one in paragraphs:
        if isinstance(one, str):
            document.add_paragraph(one)
        else:
            document.add_heading(*one)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def letter(subject: str = "Fwd: Bài báo", text: str = "", html: str = "") -> EmailMessage:
    """Return a mail of a communications office."""
    mail = EmailMessage()
    mail["From"] = "Phong Truyen thong <tt@so.example.vn>"
    mail["To"] = "ban@so.example.vn"
    mail["Date"] = "Mon, 10 Nov 2025 08:15:00 +0700"
    mail["Subject"] = subject
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail
