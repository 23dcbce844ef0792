"""Plans in lines of timetables, in years that open a clause, as pledges, and how far they reach."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from tests.nlp.told import Plan, plans


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a line that names a term, with a colon or without, whatever stands before its date
        (
            "2. Thời gian chấm ảnh: từ ngày 3/5/2025 đến 9/5/2025.",
            [("Thời gian chấm ảnh: từ ngày 3/5/2025 đến 9/5/2025", "2025-05-03", "2025-05-09")],
        ),
        (
            "Thời gian bình chọn tranh kéo dài đến hết ngày 1.5.2025.",
            [("Thời gian bình chọn tranh kéo dài đến hết ngày 1.5.2025", None, "2025-05-01")],
        ),
        (
            "- Thời hạn gửi bản vẽ: từ sau lễ phát động đến hết ngày 20/4/2025 (tính theo dấu "
            "bưu điện, nếu gửi qua bưu cục).",
            [("Thời hạn gửi bản vẽ: từ sau lễ phát động đến hết ngày 20/4/2025",
              None, "2025-04-20")],
        ),
        # what a short subject does in a year or month to come
        (
            "Năm 2027, thành phố mở rộng 3 không gian sáng tạo ở ven sông.",
            [("mở rộng 3 không gian sáng tạo ở ven sông", "2027-01-01", "2027-12-31")],
        ),
        # pledges right before a verb
        (
            "Quận hứa khôi phục đình làng trước ngày 30/6.",
            [("hứa khôi phục đình làng trước ngày 30/6", None, "2025-06-30")],
        ),
        (
            "Làng sắp khôi phục lễ rước vào ngày 30/6.",
            [("sắp khôi phục lễ rước vào ngày 30/6", "2025-06-30", "2025-06-30")],
        ),
        # two verbs with a date each share the subject
        (
            "Tổ giám khảo nhận tác phẩm từ ngày 12 đến 30/4, tiến hành chấm vào ngày 5/5.",
            [("nhận tác phẩm từ ngày 12 đến 30/4", "2025-04-12", "2025-04-30"),
             ("tiến hành chấm vào ngày 5/5", "2025-05-05", "2025-05-05")],
        ),
        # a cue in brackets governs what stands there
        (
            "Thời gian nhận ảnh: từ ngày 1/4 đến 30/4 (ảnh gửi muộn sẽ bị trả lại).",
            [("Thời gian nhận ảnh: từ ngày 1/4 đến 30/4 (ảnh gửi muộn sẽ bị trả lại)",
              "2025-04-01", "2025-04-30")],
        ),
        # a word of saying that nobody says
        (
            "Công bố kết quả thi vẽ dự kiến trước ngày 15/4.",
            [("Công bố kết quả thi vẽ dự kiến trước ngày 15/4", None, "2025-04-15")],
        ),
        # a dash between figures joins them
        (
            "Quận phấn đấu năm 2026 xây 1 - 2 thư viện thiếu nhi ở mỗi phường.",
            [("phấn đấu năm 2026 xây 1 - 2 thư viện thiếu nhi ở mỗi phường",
              "2026-01-01", "2026-12-31")],
        ),
        # what is under way on the day of the story, and goes on
        (
            "Lễ hội diễn ra từ ngày 10/3 đến 16/3/2025.",
            [("diễn ra từ ngày 10/3 đến 16/3/2025", "2025-03-10", "2025-03-16")],
        ),
        (
            "Lễ hội gốm diễn ra trong tháng 3 này.",
            [("diễn ra trong tháng 3 này", "2025-03-01", "2025-03-31")],
        ),
        # what else there is, is no part of it
        (
            "Hội chợ sẽ mở cửa vào ngày 2/4 với hơn 100 gian hàng.",
            [("sẽ mở cửa vào ngày 2/4", "2025-04-02", "2025-04-02")],
        ),
        # targets that name what rises
        (
            "Thành phố đặt mục tiêu trong năm 2026 mở 5 lớp gốm; lượng khách đạt 3 triệu lượt.",
            [("trong năm 2026 mở 5 lớp gốm", "2026-01-01", "2026-12-31"),
             ("lượng khách đạt 3 triệu lượt", "2026-01-01", "2026-12-31")],
        ),
        # none of these
        ("Thời gian qua, làng nghề đón khách đến hết ngày 1/5/2025.", []),
        ("Bản cam kết của quận với hãng phim đó đề ngày 30/6.", []),
        ("Năm 2027, công tác triển khai sẽ khó hơn.", []),
        ("Phường đã mời các cơ quan, tổ chức cho sự kiện diễn ra từ ngày 29/5 đến 26/6.", []),
    ],
)  # fmt: skip
def test_plans_are_read(reader: Reader, body: str, expected: list[Plan]) -> None:
    assert plans(reader, body) == expected
