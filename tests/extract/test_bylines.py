"""Authors: what names one, and what only stands where authors stand."""

from __future__ import annotations

import pytest

from kb.extract.bylines import is_credit, names, of_json_ld, signature


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đoàn Hải", ("Đoàn Hải",)),
        ("Đoàn Hải - Lê Vân", ("Đoàn Hải", "Lê Vân")),
        ("Đoàn Hải và Lê Vân, H.Y.T.", ("Đoàn Hải", "Lê Vân", "H.Y.T")),
        ("Bài, ảnh: Đoàn Hải", ("Đoàn Hải",)),
        ("Tác giả: ĐOÀN HẢI (thực hiện)", ("ĐOÀN HẢI",)),
        ("Đoàn Hải/TTXVN", ("Đoàn Hải",)),
        ("Đoàn Hải doanhai@mau.example.vn", ("Đoàn Hải",)),
        ("&amp;#272;o&amp;#224;n H&amp;#7843;i", ("Đoàn Hải",)),
        ("Đoàn Hải\nĐoàn Hải", ("Đoàn Hải",)),
        ("VnExpress", ()),
        ("VCCorp.vn", ()),
        ("Dân Trí", ()),
        ("TUOI TRE ONLINE", ()),
        ("https://www.facebook.com/mau", ()),
        ("Theo Reuters", ()),
        ("Ảnh: Minh Đức", ()),
        ("15:21, 14/08/2026", ()),
        ("Nhóm PV", ()),
        ("Xem các bài viết của tác giả", ()),
    ],
)
def test_names(text: str, expected: tuple[str, ...]) -> None:
    assert names(text) == expected


def test_the_outlet_is_no_author() -> None:
    assert names("Báo Mẫu - Đoàn Hải", ["Báo Mẫu"]) == ("Đoàn Hải",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đoàn Hải", ("Đoàn Hải",)),
        ("Đoàn Hải - Lê Vân", ("Đoàn Hải", "Lê Vân")),
        ("Đoàn Hải (theo AFP, Reuters)", ("Đoàn Hải",)),
        ("Lê Vân/TTXVN", ("Lê Vân",)),
        ("Ba việc phải làm trước mùa mưa", ()),
        ("Lớp học không thu tiền.", ()),
        ("Hà Nội", ()),
        ("Kết", ()),
        ("Ông Đoàn Hải nói:", ()),
    ],
)
def test_signature(text: str, expected: tuple[str, ...]) -> None:
    assert signature(text) == expected


def test_credit() -> None:
    assert is_credit("Theo TTXVN")
    assert is_credit("(TTXVN)")
    assert is_credit("(TTXVN/Vietnam+)")
    assert not is_credit("Hà Nội")
    assert not is_credit("Theo kế hoạch, xưởng sẽ mở thêm hai lớp buổi tối cho người đi làm.")
    assert not is_credit("Đoàn Hải")


def test_json_ld_persons_only() -> None:
    person = {"@type": "Person", "name": "Đoàn Hải"}
    house = {"@type": "Organization", "name": "Xưởng Dó"}
    assert of_json_ld({"author": [person, house]}) == ("Đoàn Hải",)
    assert of_json_ld({"author": "Lê Vân"}) == ("Lê Vân",)
    assert of_json_ld({"author": {"@type": "Person", "name": ""}}) == ()
    assert of_json_ld({}) == ()
