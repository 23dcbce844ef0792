"""Who has which part in what several bodies do, and bodies that only a row or a word names."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from tests.nlp.told import Part, parts


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # help that is named after the task
        (
            "Bảo tàng Hà Nội tổ chức hội chợ gốm với sự phối hợp của Viện Goethe.",
            [
                ("Bảo tàng Hà Nội", "implement", "tổ chức hội chợ gốm"),
                ("Viện Goethe", "coordinate", "tổ chức hội chợ gốm"),
            ],
        ),
        (
            "Các hoạt động được chia đều, với sự phối hợp của Viện Goethe.",
            [("Viện Goethe", "coordinate", "hoạt động được chia đều")],
        ),
        # other words for working together
        (
            "Viện Goethe hợp tác với Bảo tàng Hà Nội tổ chức tuần phim câm.",
            [
                ("Viện Goethe", "implement", "tổ chức tuần phim câm"),
                ("Bảo tàng Hà Nội", "coordinate", "tổ chức tuần phim câm"),
            ],
        ),
        ("Việt Nam và EU cần tăng cường hợp tác về thuế, quản lý tốt hơn cảng biển.", []),
        ("Khi hợp tác với Bộ Y tế, chúng tôi đã hỗ trợ xây dựng trạm xá.", []),
        # who is above others leads
        (
            "Hội thi do Bộ Y tế chỉ đạo, Viện Goethe tổ chức.",
            [("Bộ Y tế", "lead", "Hội thi"), ("Viện Goethe", "implement", "Hội thi")],
        ),
        (
            "Lễ hội được Bộ Y tế chỉ đạo, Viện Goethe chủ trì phối hợp với các đơn vị.",
            [("Bộ Y tế", "lead", "Lễ hội"), ("Viện Goethe", "lead", "Lễ hội")],
        ),
        (
            "Triển lãm do Viện Goethe và Bảo tàng Hà Nội đồng thực hiện.",
            [
                ("Viện Goethe", "coordinate", "Triển lãm"),
                ("Bảo tàng Hà Nội", "coordinate", "Triển lãm"),
            ],
        ),
        # the task comes after a second word for the role
        (
            "Tỉnh giao Sở Y tế là đơn vị chủ trì thực hiện và phối hợp với Viện Goethe mở hội thi.",
            [
                ("Sở Y tế", "lead", "mở hội thi"),
                ("Viện Goethe", "coordinate", "mở hội thi"),
            ],
        ),
        (
            "Tỉnh giao Sở Y tế là cơ quan thường trực, phối hợp với Viện Goethe tổ chức hội thi.",
            [
                ("Sở Y tế", "lead", "tổ chức hội thi"),
                ("Viện Goethe", "coordinate", "tổ chức hội thi"),
            ],
        ),
        # what is approved
        ("Bộ Y tế chấp thuận thí điểm 5 phòng khám lưu động.",
         [("Bộ Y tế", "approve", "thí điểm 5 phòng khám lưu động")]),
        ("Bộ Y tế đồng ý với đề nghị của tỉnh.",
         [("Bộ Y tế", "approve", "đề nghị của tỉnh")]),
        # a term behind the body
        (
            "Luật Cầu đường được Quốc hội khóa XV thông qua.",
            [("Quốc hội", "approve", "Luật Cầu đường")],
        ),
        # a place that acts, and one that only tells where a body is
        (
            "Hội An đã chủ trì, phối hợp với các làng nghề tổ chức chợ phiên.",
            [("Hội An", "lead", "tổ chức chợ phiên")],
        ),
        (
            "Bộ Y tế và tỉnh Bắc Ninh phối hợp tổ chức hội thảo.",
            [
                ("Bộ Y tế", "coordinate", "tổ chức hội thảo"),
                ("tỉnh Bắc Ninh", "coordinate", "tổ chức hội thảo"),
            ],
        ),
        # bare words stand for the body named last
        (
            "Sở Y tế lập đoàn kiểm tra. Sở sẽ phối hợp với Viện Goethe tổ chức lớp học.",
            [
                ("Sở Y tế", "implement", "tổ chức lớp học"),
                ("Viện Goethe", "coordinate", "tổ chức lớp học"),
            ],
        ),
        (
            "Theo Bộ Y tế, cơ quan này sẽ chủ trì tổ chức lớp học.",
            [("Bộ Y tế", "lead", "tổ chức lớp học")],
        ),
    ],
)  # fmt: skip
def test_parts_are_read(reader: Reader, body: str, expected: list[Part]) -> None:
    assert parts(reader, body) == expected


def test_a_row_of_fields_names_one_body_each(reader: Reader) -> None:
    body = (
        "Thành phố giao Viện Goethe phối hợp với các Sở: Y tế, Quy hoạch - Kiến trúc, "
        "Văn hóa và Thể thao, Công an TP xây dựng phương án."
    )
    assert [one[:2] for one in parts(reader, body)] == [
        ("Viện Goethe", "lead"),
        ("Sở Y tế", "coordinate"),
        ("Sở Quy hoạch - Kiến trúc", "coordinate"),
        ("Sở Văn hóa và Thể thao", "coordinate"),
        ("Công an TP", "coordinate"),
    ]


def test_the_city_behind_a_comma_does_not_act(reader: Reader) -> None:
    body = "Công an quận Long Biên, TP. Hà Nội đang phối hợp với Bộ Y tế xác minh."
    assert "Hà Nội" not in {one[0] for one in parts(reader, body)}


def test_points_name_a_body_and_its_task(reader: Reader) -> None:
    body = (
        "Kế hoạch phân việc như sau.\n"
        "1. Sở Y tế: Chủ trì, phối hợp với Viện Goethe xây dựng lớp học.\n"
        "2. Sở Nội vụ: Bố trí kinh phí thực hiện lớp học."
    )
    assert parts(reader, body) == [
        ("Sở Y tế", "lead", "xây dựng lớp học"),
        ("Viện Goethe", "coordinate", "xây dựng lớp học"),
        ("Sở Nội vụ", "implement", "Bố trí kinh phí thực hiện lớp học"),
    ]


def test_numbered_points_under_a_giver_are_given(reader: Reader) -> None:
    body = "UBND huyện giao:\n1. Sở Y tế: Mở lớp học.\n2. Sở Nội vụ bố trí kinh phí."
    assert parts(reader, body) == [
        ("Sở Y tế", "lead", "Mở lớp học"),
        ("Sở Nội vụ", "lead", "bố trí kinh phí"),
    ]


def test_those_in_a_row_behind_who_leads_carry_out(reader: Reader) -> None:
    body = "Sở Y tế chủ trì tổ chức lớp học; Sở Nội vụ bố trí kinh phí cho học viên."
    assert parts(reader, body) == [
        ("Sở Y tế", "lead", "tổ chức lớp học"),
        ("Sở Nội vụ", "implement", "bố trí kinh phí cho học viên"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Tập đoàn Sovico sẽ đầu tư 50 tỷ đồng xây dựng trường quay.", "invest"),
        ("Chủ tịch UBND tỉnh Trần Văn Bình phê duyệt đề án gốm.", "approve"),
    ],
)
def test_sums_and_heads_of_bodies(reader: Reader, body: str, expected: str) -> None:
    assert [one[1] for one in parts(reader, body)] == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Thủ tướng ban hành Quyết định số 345/QĐ-TTg phê duyệt chiến lược gốm.",
            ("Thủ tướng", "approve", "chiến lược gốm"),
        ),
        (
            "Làng nằm trong đề án phát triển các làng gốm thuộc chương trình nghề quê được "
            "Thủ tướng phê duyệt.",
            (
                "Thủ tướng",
                "approve",
                "đề án phát triển các làng gốm thuộc chương trình nghề quê",
            ),
        ),
    ],
)
def test_what_is_approved_is_named_whole(reader: Reader, body: str, expected: Part) -> None:
    assert parts(reader, body) == [expected]
