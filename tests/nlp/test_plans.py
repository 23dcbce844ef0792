"""Plans without a cue of their own, in lists, taken back or replaced."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from kb.nlp.commitments.clauses import words
from tests.nlp.told import plans


@pytest.mark.parametrize(
    ("body", "text", "due"),
    [
        # a day to come and a verb of somebody's doing
        (
            "Theo đó, sáng 14/3, tổ đại biểu số 2 tiếp xúc cử tri tại phường Bạch Mai.",
            "tiếp xúc cử tri tại phường Bạch Mai",
            ("2025-03-14", "2025-03-14"),
        ),
        (
            "Để giữ chỗ, học viên cần đăng ký trên trang của trường, từ ngày 18 đến 30/3.",
            "cần đăng ký trên trang của trường, từ ngày 18 đến 30/3",
            ("2025-03-18", "2025-03-30"),
        ),
        (
            "Theo ban quản lý, hội chợ được tổ chức vào ngày 29.3 tại nhà thi đấu quận.",
            "được tổ chức vào ngày 29.3 tại nhà thi đấu quận",
            ("2025-03-29", "2025-03-29"),
        ),
        (
            "Sở tham mưu sửa quy chế, báo cáo UBND tỉnh trong quý III/2025.",
            "báo cáo UBND tỉnh trong quý III/2025",
            ("2025-07-01", "2025-09-30"),
        ),
        # what stands beside it takes nothing back
        (
            "Người trúng tuyển xác nhận nhập học từ ngày 25 đến 29/3, nếu không sẽ bị xóa tên.",
            "xác nhận nhập học từ ngày 25 đến 29/3",
            ("2025-03-25", "2025-03-29"),
        ),
        (
            "Mình cam kết sẽ trả lại tiền vé trước ngày 30/3.",
            "sẽ trả lại tiền vé trước ngày 30/3",
            (None, "2025-03-30"),
        ),
        (
            "Hãng hiện đang đặt mục tiêu mở 40 cửa hàng vào năm 2030.",
            "mở 40 cửa hàng vào năm 2030",
            ("2030-01-01", "2030-12-31"),
        ),
        (
            "Từ 1/7 thợ mỏ sẽ được tăng 10% lương.",
            "sẽ được tăng 10% lương",
            ("2025-07-01", None),
        ),
        (
            "Đợt tập trận sẽ kéo dài đến hết ngày 8/4.",
            "sẽ kéo dài đến hết ngày 8/4",
            (None, "2025-04-08"),
        ),
        # two times in one
        (
            "Ban tổ chức cho biết lễ hội sẽ diễn ra trong 2 ngày 6/5 và 7/5.",
            "sẽ diễn ra trong 2 ngày 6/5 và 7/5",
            ("2025-05-06", "2025-05-07"),
        ),
        # an entry of a timetable that has begun
        ("- Mở đơn: 5/3 - 12/4/2025", "Mở đơn: 5/3 - 12/4/2025", ("2025-03-05", "2025-04-12")),
        # what goes on behind is no part of it
        (
            "Chuyến thăm diễn ra từ 16 đến 21/3, theo lời mời của thành phố Kyoto.",
            "diễn ra từ 16 đến 21/3",
            ("2025-03-16", "2025-03-21"),
        ),
    ],
)
def test_a_plan_is_read_with_its_days(
    reader: Reader, body: str, text: str, due: tuple[str | None, str | None]
) -> None:
    found = plans(reader, body)
    assert [one[1:] for one in found] == [due]
    assert found[0][0].endswith(text)


@pytest.mark.parametrize(
    "body",
    [
        "Theo dự kiến ban đầu, ngày 12/4 nhà hát sẽ mở cửa.",
        "Trước đó, đoàn dự kiến biểu diễn tại Huế vào ngày 13/4.",
        "Cử tri đề nghị nghỉ thêm hai ngày (nghỉ từ ngày 2/9 đến ngày 5/9).",
        "Theo nghị định có hiệu lực từ ngày 1/5, người vứt rác sẽ bị phạt 2 triệu đồng.",
        "Hãng cho đặt hàng từ hôm nay và dự kiến giao máy sau ba ngày.",
        "Bức xạ từ vụ nổ sẽ kéo dài đến hết ngày 14/3.",
        "Trung bình cứ ba người dự thi năm nay sẽ có một người đỗ.",
        ">> Từ tháng 4/2025, trạm thu phí được dừng xe",
        "Khán giả chờ vòng bán kết ngày 14/3.",
    ],
)
def test_what_is_replaced_wished_or_told_of_a_decree_is_none(reader: Reader, body: str) -> None:
    assert plans(reader, body) == []


def test_targets_of_a_list_are_for_the_term_that_its_head_names(reader: Reader) -> None:
    body = (
        "Nhiệm kỳ 2025 - 2028, Hội Nông dân xã chọn khẩu hiệu mới. Hội đề ra các chỉ tiêu như,"
        " trồng 500 cây bàng ven sông; mở ít nhất 3 lớp dạy nghề; 90% hội viên có thẻ bảo hiểm."
    )
    assert plans(reader, body) == [
        ("trồng 500 cây bàng ven sông", "2025-01-01", "2028-12-31"),
        ("mở ít nhất 3 lớp dạy nghề", "2025-01-01", "2028-12-31"),
        ("90% hội viên có thẻ bảo hiểm", "2025-01-01", "2028-12-31"),
    ]


def test_points_below_a_head_of_targets_are_for_its_term(reader: Reader) -> None:
    body = "Mục tiêu giai đoạn 2025 - 2030:\n- Xây 12 cây cầu dân sinh.\n- Trồng 40 ha rừng.\nHết."
    assert [one[0] for one in plans(reader, body)] == [
        "Xây 12 cây cầu dân sinh",
        "Trồng 40 ha rừng",
    ]
    past = body.replace("2025 - 2030", "2016 - 2020")
    assert plans(reader, past) == []


def test_verbs_of_one_syllable_that_begin_other_words_are_told_by_the_tagger() -> None:
    assert {"bay", "bán", "thi"} <= words("done_then")
