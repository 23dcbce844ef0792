"""Orders and decisions: who is told to do what, and who approves."""

from __future__ import annotations

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.assignments import find_assignments


def actors(reader: Reader, body: str) -> list[tuple[str, str]]:
    passages = reader.passages(Article(title="", lead="", body=body))
    return [(one.actor, one.role) for one in find_assignments(passages)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "HĐND tỉnh Hưng Yên sáng 9/12 đã thông qua 12 nghị quyết về đất đai.",
            [("HĐND tỉnh Hưng Yên", "approve")],
        ),
        (
            "Bộ Nội vụ quyết định hỗ trợ 5 tỷ đồng cho vùng lũ.",
            [("Bộ Nội vụ", "approve")],
        ),
        (
            "Bí thư cho rằng Sở Y tế Hà Nội cần rà soát mạng lưới trạm y tế.",
            [("Sở Y tế Hà Nội", "implement")],
        ),
        (
            "Nhóm bạn trẻ phối hợp cùng Nhà Thiếu nhi huyện Gia Lâm tổ chức đêm rằm.",
            [("Nhà Thiếu nhi huyện Gia Lâm", "coordinate")],
        ),
        (
            "Chính phủ chủ trì, phối hợp với TAND tối cao lập hồ sơ đặc xá.",
            [("Chính phủ", "lead"), ("TAND tối cao", "coordinate")],
        ),
        (
            "UBND tỉnh Hà Nam yêu cầu các sở, ngành, Công an tỉnh rà soát các bến đò.",
            [("Công an tỉnh", "implement")],
        ),
        (
            "Thủ tướng giao Bộ Y tế phối hợp với Bộ Công an lập danh sách; phối hợp với "
            "Bộ Tài chính bố trí kinh phí.",
            [
                ("Bộ Y tế", "lead"),
                ("Bộ Công an", "coordinate"),
                ("Bộ Y tế", "lead"),
                ("Bộ Tài chính", "coordinate"),
            ],
        ),
        (
            "Tập đoàn Điện lực Việt Nam yêu cầu các đơn vị triển khai:\n"
            "Thứ nhất, lập phương án.\n"
            "Thứ hai, Công ty Điện lực Hà Nội kiểm tra các trạm.",
            [("Công ty Điện lực Hà Nội", "implement")],
        ),
        ("CLB Hà Nội cần bổ sung một tiền vệ.", []),
        ("Dự án được Quốc hội phê chuẩn.", [("Quốc hội", "approve")]),
    ],
)
def test_orders_and_decisions_of_unlisted_bodies(
    reader: Reader, body: str, expected: list[tuple[str, str]]
) -> None:
    assert actors(reader, body) == expected
