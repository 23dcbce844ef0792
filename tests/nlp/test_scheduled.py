"""Commitments without a word of planning: what is set for a day to come."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from tests.nlp.test_commitments import find


@pytest.mark.parametrize(
    ("body", "due"),
    [
        ("Nghị định mới có hiệu lực từ ngày 1/5/2025.", ("2025-05-01", None)),
        ("Bộ phim Mùa Gió ra rạp từ ngày 4/4.", ("2025-04-04", None)),
        ("8h ngày 21/3, Sở họp với hiệu trưởng các trường.", ("2025-03-21", "2025-03-21")),
        ("Từ ngày 6/4, cổ phiếu VHA niêm yết tại Hà Nội.", ("2025-04-06", None)),
        ("Thí sinh phải xác nhận hồ sơ từ ngày 10/4 đến 12/4.", ("2025-04-10", "2025-04-12")),
        ("Vòng sơ khảo: 5/5 - 20/5/2025", ("2025-05-05", "2025-05-20")),
        (
            "Mục tiêu của xã là đến năm 2030 mọi bí thư chi bộ thôn đều là người địa phương.",
            (None, "2030-12-31"),
        ),
        (
            "Từ ngày 1/5/2025, lỗi vượt đèn đỏ sẽ bị phạt 18 triệu đồng.",
            ("2025-05-01", None),
        ),
    ],
)
def test_what_is_set_for_a_day_to_come_needs_no_cue(
    reader: Reader, body: str, due: tuple[str | None, str | None]
) -> None:
    assert [(one.due_from, one.due_to) for one in find(reader, body)] == [due]


@pytest.mark.parametrize(
    "body",
    [
        "Đại hội tổ chức tại Huế bầu ban chấp hành nhiệm kỳ 2025 - 2030.",
        "Ông đã dự phiên họp ngày 3/3.",
        "Lịch phát sóng: 20h ngày 15/3",
    ],
)
def test_a_date_to_come_alone_is_no_plan(reader: Reader, body: str) -> None:
    assert find(reader, body) == []


def test_a_fee_of_a_school_year_to_come_counts(reader: Reader) -> None:
    found = find(reader, "Năm học 2026 - 2027, học phí ngành y là 55 triệu đồng.")
    assert len(found) == 1
