"""Posts, countries and companies beside a name, and what else is taken for a name there."""

from __future__ import annotations

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.reading import Reading


def read(reader: Reader, text: str) -> Reading:
    return reader.read([Article(title="", lead="", body=text)])[0]


def names(reader: Reader, text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.surface) for one in read(reader, text).mentions]


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("Bộ trưởng VH-TT&DL Nông Hữu Hạnh nói về lễ hội.",
         [("Nông Hữu Hạnh", "Bộ trưởng VH-TT&DL")]),
        ("Bộ trưởng LĐ-TB&XH Mạc Ngọc Duy nói về việc làm.",
         [("Mạc Ngọc Duy", "Bộ trưởng LĐ-TB&XH")]),
        ("Bộ trưởng Quốc phòng Mỹ Lloyd Bennett nói về tàu.",
         [("Lloyd Bennett", "Bộ trưởng Quốc phòng Mỹ")]),
        ("Bộ trưởng Y tế Slovakia Dolinska nói về thuốc.",
         [("Dolinska", "Bộ trưởng Y tế Slovakia")]),
        ("Chủ tịch Liên đoàn Bóng đá Việt Nam (VFF) Mạc Quốc Tú nói về giải.",
         [("Mạc Quốc Tú", "Chủ tịch Liên đoàn Bóng đá Việt Nam (VFF)")]),
        ("Ứng viên tổng thống Mỹ Kamala Hayes nói về thuế.", []),
        ("Dự lễ có ông Tony Laporte, Chủ tịch Ủy ban Olympic Pháp, Chủ tịch IOC Thomas Keller.",
         [("Tony Laporte", "Chủ tịch Ủy ban Olympic Pháp"),
          ("Thomas Keller", "Chủ tịch IOC")]),
        ("Ông Lê Hữu Phúc, Tổng giám đốc Kiến Vàng, đón khách.",
         [("Lê Hữu Phúc", "Tổng giám đốc Kiến Vàng")]),
        ("Ông Lê Hữu Phúc - Chủ tịch Sunmoon - đón khách.",
         [("Lê Hữu Phúc", "Chủ tịch Sunmoon")]),
        ("Dự có Thủ tướng Mạc Đình An, Phó Thủ tướng Lê Văn Tâm, Bộ trưởng Hoàng Kỳ.",
         [("Mạc Đình An", "Thủ tướng"), ("Lê Văn Tâm", "Phó Thủ tướng"),
          ("Hoàng Kỳ", "Bộ trưởng")]),
        ("Cựu Giám đốc Công an Hải Phòng Đỗ Hữu Tạo ra tòa.",
         [("Đỗ Hữu Tạo", "Giám đốc Công an Hải Phòng")]),
    ],
)  # fmt: skip
def test_a_post_is_that_of_the_one_it_stands_beside(
    reader: Reader, text: str, posts: list[tuple[str, str]]
) -> None:
    assert [(one.person, one.post) for one in read(reader, text).holdings] == posts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Theo ông Vinh, giá gốm sẽ giảm.", [("person", "Vinh")]),
        ("Chị Huế bán chè ở Huế.", [("person", "Huế"), ("place", "Huế")]),
        ("Hai anh em Lào sang chơi.", [("place", "Lào")]),
        ("Lebanon và Lithuania cùng dự.", [("place", "Lebanon"), ("place", "Lithuania")]),
        ("Tàu đã cập bến (Theo Kyodo)", [("org", "Kyodo")]),
        ("Hậu vệ Theo Walcott ghi bàn.", [("person", "Theo Walcott")]),
        ("Công ty cổ phần sữa Đồi Xanh mở xưởng.", [("org", "Công ty cổ phần sữa Đồi Xanh")]),
        ("Công ty cổ phần đang xây nhà máy tại Đồng Nai.", [("place", "Đồng Nai")]),
        ("Họ học tư tưởng Hồ Chí Minh.", [("person", "Hồ Chí Minh")]),
        ("Đoàn bay tới Hồ Chí Minh chiều qua.", [("place", "Hồ Chí Minh")]),
    ],
)
def test_what_stands_before_tells_the_kind(
    reader: Reader, text: str, found: list[tuple[str, str]]
) -> None:
    assert names(reader, text) == found


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Bà Lê Thị Hà (Giám đốc Sở Du lịch Hà Nội) cho biết xưởng sẽ mở lại.", "Lê Thị Hà"),
        ("Bà Lê Thị Hà, CEO Thredline, nói xưởng sẽ mở lại.", "Lê Thị Hà"),
        ("Ban Tổ chức Lễ hội Thiết kế sáng tạo Hà Nội cho biết lễ hội sẽ mở cả đêm.",
         "Ban Tổ chức Lễ hội Thiết kế sáng tạo Hà Nội"),
    ],
)  # fmt: skip
def test_who_speaks_is_whoever_has_the_post(reader: Reader, text: str, speaker: str) -> None:
    (quote,) = read(reader, text).quotes
    assert (quote.speaker, quote.speaker_id) == (speaker, None)


def test_following_somebody_is_no_source(reader: Reader) -> None:
    assert read(reader, "Đàn cá bơi lên bãi, trẻ con đi theo ông Nam, reo mừng.").quotes == ()


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Giao Sở Xây dựng Hà Nội chủ trì lập đề án, báo cáo UBND thành phố Hà Nội trước ngày "
         "30/9/2026.", "Sở Xây dựng Hà Nội"),
        ("Sở Xây dựng Hà Nội họp. Trung tâm dự kiến mở cửa vào tháng 9/2026.", None),
        ("Trung tâm Gốm Hoa Lư họp với Sở Xây dựng Hà Nội. Trung tâm dự kiến mở cửa vào tháng "
         "9/2026.", "Trung tâm Gốm Hoa Lư"),
    ],
)  # fmt: skip
def test_a_promise_is_owned_by_whom_its_sentence_names(
    reader: Reader, text: str, owner: str | None
) -> None:
    (promise,) = read(reader, text).commitments
    assert promise.owner == owner
