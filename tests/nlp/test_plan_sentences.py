"""Plans as programmes tell them: rows of years, marks inside, titles with years, brackets."""

from __future__ import annotations

from datetime import date

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.commitments import find_commitments

TODAY = date(2025, 3, 10)
Found = tuple[str, str | None, str | None, str | None]


def plans(reader: Reader, body: str) -> list[Found]:
    passages = reader.passages(Article(title="", lead="", body=body))
    return [
        (one.text, one.due_from, one.due_to, one.recurs)
        for one in find_commitments(passages, TODAY)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a year that opens the sentence, with the verb right behind it
        (
            "Năm 2026, thành lập 3 trung tâm gốm; hoàn thành phố gốm.",
            [
                ("thành lập 3 trung tâm gốm", "2026-01-01", "2026-12-31", None),
                ("hoàn thành phố gốm", "2026-01-01", "2026-12-31", None),
            ],
        ),
        # a day before the verb, also in a part of its own, and two days
        (
            "Trong hai ngày 20 và 21/3, tỉnh tổ chức chợ gốm.",
            [("tổ chức chợ gốm", "2025-03-20", "2025-03-21", None)],
        ),
        (
            "Tại chợ Gạo, từ 20-22/3, diễn ra hội gốm.",
            [("diễn ra hội gốm", "2025-03-20", "2025-03-22", None)],
        ),
        # a long run, hours of a house, an end
        (
            "Các lớp vẽ gốm diễn ra từ tháng 4/2025 đến 12/2025 ở mọi phường.",
            [("diễn ra từ tháng 4/2025 đến 12/2025 ở mọi phường",
              "2025-04-01", "2025-12-31", None)],
        ),
        (
            "Chợ đêm hoạt động từ 20/3 đến hết 25/3/2025.",
            [("hoạt động từ 20/3 đến hết 25/3/2025", "2025-03-20", "2025-03-25", None)],
        ),
        (
            "Đó là 'Tuần lễ gốm sứ' diễn ra từ ngày 20 đến 25-3-2025.",
            [("diễn ra từ ngày 20 đến 25-3-2025", "2025-03-20", "2025-03-25", None)],
        ),
        # reports again and again
        (
            "Các phường gửi số liệu, báo cáo kết quả về tỉnh trước ngày 15/12 hằng năm.",
            [("báo cáo kết quả về tỉnh trước ngày 15/12 hằng năm", None, None, "P1Y")],
        ),
        # in brackets
        (
            "Chợ gốm (dự kiến mở từ tháng 5/2025) có 20 quầy.",
            [("dự kiến mở từ tháng 5/2025", "2025-05-01", None, None)],
        ),
        # marks that join words of a kind part nothing
        (
            "Tỉnh sẽ xây dựng, phát triển hợp tác công – tư với các quận, huyện vào năm 2026.",
            [("sẽ xây dựng, phát triển hợp tác công – tư với các quận, huyện vào năm 2026",
              "2026-01-01", "2026-12-31", None)],
        ),
        (
            "Từ tháng 5/2025, tỉnh sẽ khảo sát các đình, khu công viên, chợ phiên.",
            [("sẽ khảo sát các đình, khu công viên, chợ phiên", "2025-05-01", None, None)],
        ),
        # "sáng tạo" holds no "tạo"; purposes, what is replaced and captions stay outside
        (
            "Tháng 5/2025, tỉnh sẽ mở thêm ba phòng trưng bày sáng tạo.",
            [("sẽ mở thêm ba phòng trưng bày sáng tạo", "2025-05-01", "2025-05-31", None)],
        ),
        (
            "Tháng 5/2025, tỉnh sẽ nộp hồ sơ lên hội đồng để được xếp hạng.",
            [("sẽ nộp hồ sơ lên hội đồng", "2025-05-01", "2025-05-31", None)],
        ),
        (
            "Quyết định này có hiệu lực từ ngày 18 tháng 5 năm 2025 và thay thế quyết định cũ.",
            [("có hiệu lực từ ngày 18 tháng 5 năm 2025", "2025-05-18", None, None)],
        ),
        (
            "Hội chợ gốm sẽ kéo dài cả tuần từ 20-26/3 (Ảnh minh họa).",
            [("sẽ kéo dài cả tuần từ 20-26/3", "2025-03-20", "2025-03-26", None)],
        ),
        # years of titles, of strategies and of anniversaries are none of a plan
        (
            "Tỉnh có nghị quyết về “Nghề gốm giai đoạn 2024-2026, tầm nhìn 2045” với mục tiêu "
            "giúp nghề sống lại.",
            [],
        ),
        (
            "Tỉnh có nghị quyết về nghề gốm đến năm 2030, tầm nhìn đến năm 2045 với mục tiêu "
            "đưa nghề lên mạng.",
            [],
        ),
        ("Tỉnh lập kế hoạch gia đình năm 2025 với mục tiêu tạo thói quen đọc sách.", []),
        ("Mừng lễ lớn (30/4/1975 - 30/4/2025), tỉnh sẽ chủ trì chuỗi hoạt động.", []),
    ],
)  # fmt: skip
def test_plans_are_read(reader: Reader, body: str, expected: list[Found]) -> None:
    assert plans(reader, body) == expected


def test_a_vision_behind_the_year_of_the_plan_leaves_that_year(reader: Reader) -> None:
    body = "Đến năm 2030, tầm nhìn đến năm 2045, tỉnh phấn đấu mở 10 chợ gốm."
    assert [one[2] for one in plans(reader, body)] == ["2030-12-31"]


def test_dashes_in_a_title_part_nothing(reader: Reader) -> None:
    body = 'Tỉnh sẽ tổ chức lễ hội "Gốm - Lửa - Người" vào tháng 5/2025.'
    assert [one[0] for one in plans(reader, body)] == [
        'sẽ tổ chức lễ hội "Gốm - Lửa - Người" vào tháng 5/2025'
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "Hạn chót gửi hồ sơ: 30/5/2025",
        "Lễ khai mạc: 19h30 ngày 30/5/2025 tại vườn hoa Cổ Tân",
    ],
)
def test_an_entry_of_a_programme_has_its_day_and_place(reader: Reader, entry: str) -> None:
    assert plans(reader, f"{entry}.") == [(entry, "2025-05-30", "2025-05-30", None)]
