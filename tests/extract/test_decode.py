"""Charsets: what the bytes say counts before what somebody says about them."""

from __future__ import annotations

import pytest

from kb.errors import UnreadableFile
from kb.extract.decode import decode

TEXT = "Xưởng giấy dó đầu tiên vừa mở cửa bên hồ Tây."


def test_utf8_wins_over_a_wrong_header() -> None:
    assert decode(TEXT.encode(), "iso-8859-1") == TEXT
    assert decode(b"<meta charset=windows-1252>" + TEXT.encode()).endswith(TEXT)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_of_every_width(charset: str) -> None:
    assert decode(TEXT.encode(charset)) == TEXT


def test_header_then_meta_where_it_is_not_utf8() -> None:
    raw = "Сеть".encode("koi8-r")
    assert decode(raw, "koi8-r") == "Сеть"
    assert decode(b'<meta http-equiv=x content="text/html; charset=koi8-r">' + raw).endswith("Сеть")
    assert decode("Hanoï".encode("latin-1"), "no-such-charset") == "Hanoï"


def test_few_broken_bytes_do_not_cost_the_text() -> None:
    raw = (TEXT * 40).encode()
    assert decode(raw[:500] + b"\xff" + raw[500:]).count("\ufffd") <= 3


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b"GIF89a......", "GIF"),
        (b"%PDF-1.4", "PDF"),
        (b"\x00\x00\x00\x18ftypmp42", "film"),
        (bytes(range(16)) * 50, "binary"),
    ],
)
def test_what_is_no_text(payload: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        decode(payload)
