"""Names of bodies are found whole: where they begin and end, in any place of a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kb.article import Article
from kb.nlp import Reader
from kb.reading import Mention

BODIES: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("bodies.yaml").read_text("utf-8")
)
FRAMES = (
    "{} vừa mở xưởng vẽ cho học trò.",
    "Xưởng vẽ do {} và Hội Nông dân Việt Nam mở.",
    "Theo {}, xưởng vẽ có thêm hai lò nung.",
    "Bà Lâm Thục Quyên, Giám đốc {}, khen nét vẽ.",
)


def bodies(reader: Reader, sentences: list[str]) -> list[list[Mention]]:
    """Return the bodies and places of sentences, each read as an article of its own."""
    readings = reader.read([Article(title="Tin", lead="", body=sentence) for sentence in sentences])
    return [[one for one in read.mentions if one.kind in ("org", "place")] for read in readings]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("kind", BODIES)
def test_bodies_are_found_whole(reader: Reader, kind: str, frame: str) -> None:
    start = frame.index("{")
    names = [name for name in BODIES[kind] if name not in frame]
    found = bodies(reader, [frame.format(name) for name in names])
    touching = [
        [one.surface for one in row if one.start < start + len(name) and start < one.end]
        for name, row in zip(names, found, strict=True)
    ]
    assert touching == [[name] for name in names]
    assert len(names) > 5


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Sở Xây dựng và Công an thành phố đo lại nền nhà.", ["Sở Xây dựng", "Công an thành phố"]),
        ("Sở Du lịch và Công an tỉnh Ninh Bình dặn lái đò.",
         ["Sở Du lịch", "Công an tỉnh Ninh Bình"]),
        ("Ban Quản lý hồ Hoàn Kiếm và phố cổ Hà Nội quét lá.",
         ["Ban Quản lý hồ Hoàn Kiếm và phố cổ Hà Nội"]),
        ("Trưng bày ở Trung tâm văn hóa ASEAN ở Thái Lan mở cửa.",
         ["Trung tâm văn hóa ASEAN", "Thái Lan"]),
        ("Tham tán Đại sứ quán Italia tại Việt Nam đến xem lò.",
         ["Đại sứ quán Italia tại Việt Nam"]),
        ("Học trò Trường THPT chuyên Tiền Giang - Ảnh: L.T.Q.", ["Trường THPT chuyên Tiền Giang"]),
        ("Theo quyết định của UBND số 1234/QĐ-UBND, chợ dời về bãi sông.", []),
        ("Chợ dời về trước Công an số 44 phố Hàng Than.", ["Hàng Than"]),
        ("Hiệp hội Du lịch Việt Nam tại Đà Nẵng đón khách.",
         ["Hiệp hội Du lịch Việt Nam", "Đà Nẵng"]),
        ("Đại sứ quán Việt Nam tại Lào đón thợ gốm.", ["Đại sứ quán Việt Nam tại Lào"]),
        ("Quán nằm ở xã Sơn Cẩm (TP. Thái Nguyên).", ["Sơn Cẩm", "Thái Nguyên"]),
    ],
)  # fmt: skip
def test_where_one_body_ends_and_another_begins(
    reader: Reader, sentence: str, expected: list[str]
) -> None:
    (found,) = bodies(reader, [sentence])
    assert [one.surface for one in found] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Phó chủ tịch Ủy ban MTTQ Việt Nam tỉnh Lò Thị Inh đến thăm.",
         [("org", "Ủy ban MTTQ Việt Nam tỉnh"), ("person", "Lò Thị Inh")]),
        ("Giám đốc Sở Du lịch Thành phố Hồ Chí Minh Nông Thị Vi An nói.",
         [("org", "Sở Du lịch Thành phố Hồ Chí Minh"), ("person", "Nông Thị Vi An")]),
        ("Chủ tịch UBND phường Nguyễn Thái Bình Lê Thục Quyên đáp.",
         [("org", "UBND phường Nguyễn Thái Bình"), ("person", "Lê Thục Quyên")]),
        ("Bí thư Tỉnh ủy Trần Gia Lạc, Chủ tịch UBND tỉnh Lâm Đình Vĩ đến dự.",
         [("org", "Tỉnh ủy"), ("person", "Trần Gia Lạc"), ("org", "UBND tỉnh"),
          ("person", "Lâm Đình Vĩ")]),
        ("Ông Lâm Đình Vĩ, Giám đốc Trung tâm Nghệ thuật Âu Cơ, mở cửa.",
         [("person", "Lâm Đình Vĩ"), ("org", "Trung tâm Nghệ thuật Âu Cơ")]),
        ("Giám đốc Nhà xuất bản Thế giới Lâm Đình Vĩ ký tặng.",
         [("org", "Nhà xuất bản Thế giới"), ("person", "Lâm Đình Vĩ")]),
        ("Bộ trưởng Công an Lâm Đình Vĩ trả lời.", [("person", "Lâm Đình Vĩ")]),
        ("Trưởng Ban Tuyên giáo Thành ủy Nguyễn Doãn Vĩ dặn dò.",
         [("org", "Ban Tuyên giáo Thành ủy"), ("person", "Nguyễn Doãn Vĩ")]),
        ("Ông Lâm Đình Vĩ, Phó Chánh Thanh tra thành phố Nam Định, đến dự.",
         [("person", "Lâm Đình Vĩ"), ("org", "Thanh tra thành phố Nam Định")]),
        ("Trưởng Đoàn đại biểu Quốc hội tỉnh Cao Bằng Lâm Đình Vĩ hỏi thợ.",
         [("org", "Đoàn đại biểu Quốc hội tỉnh Cao Bằng"), ("person", "Lâm Đình Vĩ")]),
        ("Phó Chánh Văn phòng Nguyễn Văn Vĩ trả lời.", [("person", "Nguyễn Văn Vĩ")]),
    ],
)  # fmt: skip
def test_a_body_ends_before_who_holds_a_post_in_it(
    reader: Reader, sentence: str, expected: list[tuple[str, str]]
) -> None:
    (read,) = reader.read([Article(title="Tin", lead="", body=sentence)])
    assert [(one.kind, one.surface) for one in read.mentions] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Ông Lâm Đình Vĩ, Trưởng Ban Tổ chức Trung ương, đến dự.",
         ("Trưởng Ban Tổ chức Trung ương", "Ban Tổ chức Trung ương")),
        ("Chánh Văn phòng UBND thành phố Hà Nội Lâm Đình Vĩ trả lời.",
         ("Chánh Văn phòng UBND thành phố Hà Nội", "Văn phòng UBND thành phố Hà Nội")),
        ("Phó Chánh Văn phòng Nguyễn Văn Vĩ trả lời.", ("Phó Chánh Văn phòng", None)),
    ],
)  # fmt: skip
def test_a_post_that_shares_words_with_its_body_is_of_it(
    reader: Reader, sentence: str, expected: tuple[str, str | None]
) -> None:
    (read,) = reader.read([Article(title="Tin", lead="", body=sentence)])
    assert [(one.post, one.org) for one in read.holdings] == [expected]
