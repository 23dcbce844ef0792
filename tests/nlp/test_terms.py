"""Times that only a plan has a use for, rows of targets, and who may apply when."""

from __future__ import annotations

from datetime import date

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.commitments import find_commitments
from kb.nlp.commitments.moments import Moments
from kb.nlp.dates import TimeSpan, find_dates

TODAY = date(2025, 3, 10)
Due = tuple[str | None, str | None, str | None]


def plans(reader: Reader, body: str) -> list[tuple[str, Due]]:
    passages = reader.passages(Article(title="", lead="", body=body))
    return [
        (one.text, (one.due_from, one.due_to, one.recurs))
        for one in find_commitments(passages, TODAY)
    ]


def day(text: str) -> Due:
    return (text, text, None)


@pytest.mark.parametrize(
    ("body", "text", "due"),
    [
        # the result is nobody's doing, but somebody makes it known
        (
            "Kết quả chấm thi sẽ được công bố ngày 20/6.",
            "sẽ được công bố ngày 20/6",
            day("2025-06-20"),
        ),
        # a plan that is kept
        ("Hội sách vẫn sẽ diễn ra vào ngày 5/5.", "sẽ diễn ra vào ngày 5/5", day("2025-05-05")),
        # promises by their verb, and aims with a figure
        (
            "Ngân hàng cam kết giải ngân 1.000 tỷ đồng cho nhà ở xã hội trong năm nay.",
            "cam kết giải ngân 1.000 tỷ đồng cho nhà ở xã hội trong năm nay",
            ("2025-01-01", "2025-12-31", None),
        ),
        (
            "Đến cuối năm 2026, toàn bộ hộ nghèo của huyện được hỗ trợ sửa nhà.",
            "Đến cuối năm 2026, toàn bộ hộ nghèo của huyện được hỗ trợ sửa nhà",
            (None, "2026-12-31", None),
        ),
        (
            "Giai đoạn 2026-2030, tỉnh bố trí 300 tỷ đồng tu bổ đình làng.",
            "bố trí 300 tỷ đồng tu bổ đình làng",
            ("2026-01-01", "2030-12-31", None),
        ),
        # a recurrence within the term that opens the sentence
        (
            "Trong nhiệm kỳ 2023-2028, Hội đổi mới; phấn đấu hàng năm có 16 hội viên mới.",
            "phấn đấu hàng năm có 16 hội viên mới",
            ("2023-01-01", "2028-12-31", "P1Y"),
        ),
        # orders of what is to be done again and again
        (
            "Chủ tịch yêu cầu các phường hằng tháng báo cáo việc dọn rác.",
            "hằng tháng báo cáo việc dọn rác",
            (None, None, "P1M"),
        ),
        # applicants
        (
            "Thí sinh có thể nộp hồ sơ từ ngày 15/3 đến hết ngày 30/3.",
            "nộp hồ sơ từ ngày 15/3 đến hết ngày 30/3",
            ("2025-03-15", "2025-03-30", None),
        ),
        (
            "Nhà trường nhận đơn phúc khảo từ ngày 10/3 đến ngày 14/3.",
            "nhận đơn phúc khảo từ ngày 10/3 đến ngày 14/3",
            ("2025-03-10", "2025-03-14", None),
        ),
        ("Hạn nộp bài dự thi là ngày 15/5.", "Hạn nộp bài dự thi là ngày 15/5", day("2025-05-15")),
        # a row of days, the year of a name, a month that "tới" names
        (
            "Hội thi tay nghề năm 2025 được tổ chức vào các ngày 26, 27/6.",
            "được tổ chức vào các ngày 26, 27/6",
            ("2025-06-26", "2025-06-27", None),
        ),
        (
            "Vua Thụy Điển thăm Hà Nội vào tháng tới.",
            "thăm Hà Nội vào tháng tới",
            ("2025-04-01", "2025-04-30", None),
        ),
        # open periods and feasts by the lunar calendar say when, but no day
        (
            "Quỹ dự kiến giải ngân trong 3 - 5 năm tới.",
            "dự kiến giải ngân trong 3 - 5 năm tới",
            (None, None, None),
        ),
        (
            "Hội xuân sẽ diễn ra trên núi trong suốt tháng Giêng.",
            "sẽ diễn ra trên núi trong suốt tháng Giêng",
            (None, None, None),
        ),
        # what is denied, borne or obliged is part of what is done
        (
            "Từ 1/7, người dân không phải nộp bản giấy.",
            "không phải nộp bản giấy",
            ("2025-07-01", None, None),
        ),
        # a row of names belongs to what is done
        (
            "Tuần này, đoàn xiếc dự kiến đến Nam Định, Thái Bình, Hưng Yên.",
            "dự kiến đến Nam Định, Thái Bình, Hưng Yên",
            ("2025-03-10", "2025-03-16", None),
        ),
    ],
)
def test_what_will_be_done_is_read_with_its_time(
    reader: Reader, body: str, text: str, due: Due
) -> None:
    ((found, when),) = plans(reader, body)
    assert found.endswith(text)
    assert when == due


@pytest.mark.parametrize(
    "body",
    [
        "Hợp đồng thuê kho có hiệu lực đến tháng 6/2026.",
        "Chiến lược phát triển du lịch đến năm 2030, tầm nhìn đến năm 2045 có ba trụ cột.",
        "Mùng hai, cả nhà sẽ đi chúc Tết.",
        "Hằng tháng các phường báo cáo việc dọn rác.",
        "Theo yêu cầu mỗi năm một lần, xe cũ phải đăng kiểm.",
        "Cùng ngày, đoàn dự lễ kỷ niệm ở Huế.",
    ],
)
def test_what_lasts_is_usual_or_only_named_is_none(reader: Reader, body: str) -> None:
    assert plans(reader, body) == []


def test_each_target_of_a_row_is_one(reader: Reader) -> None:
    body = (
        "Hoàn thành mục tiêu có 1.200 km đường sắt trong năm 2025,"
        " mở cửa ga Ngọc Hồi vào 30/4/2025,"
        " cơ bản hoàn thành cầu Đại Ngãi trong năm 2026."
    )
    assert [due for _, due in plans(reader, body)] == [
        ("2025-01-01", "2025-12-31", None),
        ("2025-04-30", "2025-04-30", None),
        ("2026-01-01", "2026-12-31", None),
    ]


def test_a_row_of_targets_is_for_the_year_that_its_first_names(reader: Reader) -> None:
    body = "Nghị quyết đặt mục tiêu đến năm 2030, tỉnh có 12 bảo tàng; có từ 40 nhà hát trở lên."
    assert [due for _, due in plans(reader, body)] == [(None, "2030-12-31", None)] * 2


def test_two_promises_are_two(reader: Reader) -> None:
    found = plans(reader, "Hội sẽ lấy ý kiến nghệ nhân và sẽ thu phí mới từ ngày 1/7.")
    assert found == [("sẽ thu phí mới từ ngày 1/7", ("2025-07-01", None, None))]


def test_the_same_day_is_that_of_the_plan_before(reader: Reader) -> None:
    body = "Lễ viếng được tổ chức vào lúc 14h ngày 13/3. Lễ đưa tang diễn ra lúc 15h cùng ngày."
    assert [due for _, due in plans(reader, body)] == [day("2025-03-13")] * 2
    told = "Ông Hòa sinh ngày 13/3/1936 tại Huế. Lễ đưa tang diễn ra lúc 15h cùng ngày."
    assert plans(reader, told) == []


def test_moments_keep_a_day_only_where_something_is_planned() -> None:
    moments = Moments()
    (thirteenth,) = find_dates("ngày 13/3", TODAY)
    moments.plan([thirteenth], [thirteenth])
    (same,) = moments.of("tối cùng ngày", [])
    assert (same.first, same.start, same.end) == (date(2025, 3, 13), 0, 13)
    moments.plan([thirteenth], [])
    assert moments.of("tối cùng ngày", []) == []


def test_a_period_of_open_length_has_no_days() -> None:
    (found,) = Moments().of("trong 3-5 năm tới", find_dates("trong 3-5 năm tới", TODAY))
    assert isinstance(found, TimeSpan)
    assert (found.first, found.last) == (None, None)
