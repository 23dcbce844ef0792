"""Commitments: what is promised and what is not, who owes it, by when and how much."""

from __future__ import annotations

from datetime import date

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.commitments import find_commitments
from kb.reading import Commitment

TODAY = date(2025, 3, 10)


def find(
    reader: Reader, body: str, *, title: str = "", published: date | None = TODAY
) -> list[Commitment]:
    article = Article(title=title, lead="", body=body)
    passages = reader.passages(article)
    found = find_commitments(passages, published)
    texts = {one.field: one.text for one in passages}
    assert all(texts[one.field][one.start : one.end] == one.text for one in found)
    return found


@pytest.mark.parametrize(
    ("body", "text", "due"),
    [
        (
            "Sở Xây dựng Hà Nội sẽ lắp 40 ghế đá quanh hồ trong tháng 9/2025.",
            "sẽ lắp 40 ghế đá quanh hồ trong tháng 9/2025",
            ("2025-09-01", "2025-09-30"),
        ),
        (
            "Phố sách dự kiến mở cửa trở lại vào ngày 2/4.",
            "Phố sách dự kiến mở cửa trở lại vào ngày 2/4",
            ("2025-04-02", "2025-04-02"),
        ),
        (
            "Đến năm 2030, huyện phấn đấu có 12 làng nghề được công nhận.",
            "năm 2030, huyện phấn đấu có 12 làng nghề được công nhận",
            (None, "2030-12-31"),
        ),
        (
            "Hạn chót nộp tác phẩm dự thi là ngày 15/5/2025.",
            "Hạn chót nộp tác phẩm dự thi là ngày 15/5/2025",
            ("2025-05-15", "2025-05-15"),
        ),
        (
            "UBND quận yêu cầu các phường báo cáo kết quả rà soát trước ngày 31/3.",
            "UBND quận yêu cầu các phường báo cáo kết quả rà soát trước ngày 31/3",
            (None, "2025-03-31"),
        ),
        (
            "Triển lãm gốm diễn ra từ ngày 20/3 đến ngày 2/4 tại Bảo tàng Hà Nội.",
            "Triển lãm gốm diễn ra từ ngày 20/3 đến ngày 2/4 tại Bảo tàng Hà Nội",
            ("2025-03-20", "2025-04-02"),
        ),
        (
            "Quy hoạch nêu rõ đến năm 2035 cơ bản hoàn thành năm bảo tàng ngoài công lập.",
            "đến năm 2035 cơ bản hoàn thành năm bảo tàng ngoài công lập",
            (None, "2035-12-31"),
        ),
    ],
)
def test_a_plan_with_a_date_is_a_commitment(
    reader: Reader, body: str, text: str, due: tuple[str | None, str | None]
) -> None:
    (one,) = find(reader, body)
    assert text in one.text or one.text in text
    assert (one.due_from, one.due_to) == due


@pytest.mark.parametrize(
    "body",
    [
        # told, not promised
        "Ngày 3/3, quận đã khánh thành vườn hoa ven sông.",
        "Sở vừa công bố kế hoạch chỉnh trang vỉa hè năm 2025.",
        "Hồi tháng 1, ông nói sẽ từ chức.",
        "Năm ngoái thành phố sẽ mở phố đi bộ nhưng rồi hoãn.",
        "Họa sĩ sinh ngày 5/6/1990 tại Huế.",
        "Ban tổ chức đã hoãn đêm nhạc dự kiến diễn ra ngày 20/3.",
        "Lễ hội kết thúc ngày 20/3, sớm hơn so với dự kiến.",
        # the day of the saying, not of the doing
        "Ngày 10/3, giám đốc cho biết nhà hát sẽ đổi tên.",
        # wishes and guesses
        "Thủ đô sẽ ngày càng xanh hơn.",
        "Theo tôi, khả năng cao nhà hát sẽ bán vé vào tháng 6.",
        "Chuyên gia dự báo giá vé sẽ đắt hơn vào tháng 6.",
        "Nếu trúng thầu, công ty sẽ khởi công vào tháng 6.",
        "Lượng khách có thể sẽ đông hơn vào tháng 4.",
        "Ban quản lý không đặt mục tiêu lợi nhuận trong năm 2025.",
        # what comes of itself
        "Bão số 3 sẽ đổ bộ vào đất liền ngày 12/3.",
        "Điều này sẽ thay đổi cách làm phim trong năm 2025.",
        "Dân số phường dự kiến tăng gấp đôi vào năm 2030.",
        # questions, documents and rates
        "Ai sẽ trông coi công viên từ tháng 5/2025?",
        "Theo Nghị định số 12/2030/NĐ-CP ngày 5/6/2030, mức thu giữ nguyên.",
        "Nhà máy sẽ dùng dây chuyền làm ra 3 triệu viên gạch mỗi năm.",
    ],
)
def test_neither_past_nor_wish_nor_guess_is_one(reader: Reader, body: str) -> None:
    assert find(reader, body) == []


@pytest.mark.parametrize(
    ("body", "text", "due"),
    [
        # the span begins at the cue, or behind one that only names a plan
        (
            "Hãng phim đặt mục tiêu chiếu 20 phim mới mỗi tháng, gấp đôi hiện nay.",
            "chiếu 20 phim mới mỗi tháng, gấp đôi hiện nay",
            (None, None, "P1M"),
        ),
        (
            "Nhà hát đã lên kế hoạch dựng thêm ba vở trong năm 2025.",
            "dựng thêm ba vở trong năm 2025",
            ("2025-01-01", "2025-12-31", None),
        ),
        (
            "Ban giám đốc dự định dành nửa số lãi trả cổ tức, dự kiến là 2.000 đồng mỗi cổ phần,"
            " khi cổ đông họp vào tháng 6/2025.",
            "dự định dành nửa số lãi trả cổ tức, dự kiến là 2.000 đồng mỗi cổ phần,"
            " khi cổ đông họp vào tháng 6/2025",
            ("2025-06-01", "2025-06-30", None),
        ),
        (
            "Dự kiến trong khoảng thời gian từ ngày 1/4 đến 4/4, Sở sẽ công bố kết quả.",
            "Dự kiến trong khoảng thời gian từ ngày 1/4 đến 4/4, Sở sẽ công bố kết quả",
            ("2025-04-01", "2025-04-04", None),
        ),
        (
            "Công ty cho hay vào ngày 1-4, bảo tàng sẽ nêu số vé bán trong giai đoạn từ 12-3 đến"
            " hết 30-3.",
            "sẽ nêu số vé bán trong giai đoạn từ 12-3 đến hết 30-3",
            ("2025-04-01", "2025-04-01", None),
        ),
        (
            "Sau ngày 20/3, những hồ sơ đã nộp trên mạng sẽ bị xóa để mở đợt mới từ ngày 1/4.",
            "sẽ bị xóa để mở đợt mới từ ngày 1/4",
            ("2025-03-21", None, None),
        ),
        (
            'Ông nói: "Chúng tôi sẽ thu vé ngay từ 1/4", giám đốc nhà hát khẳng định.',
            "sẽ thu vé ngay từ 1/4",
            ("2025-04-01", None, None),
        ),
        (
            "Phường quyết tâm phấn đấu đến năm 2030, kỷ niệm 20 năm thành lập, mở ba thư viện.",
            "phấn đấu đến năm 2030, kỷ niệm 20 năm thành lập, mở ba thư viện",
            (None, "2030-12-31", None),
        ),
        (
            "Hai nước bàn về việc rút quân vào năm 2026 và việc rút quân sẽ bắt đầu vào cuối năm"
            " nay.",
            "sẽ bắt đầu vào cuối năm nay",
            ("2025-01-01", "2025-12-31", None),
        ),
        # the date to come plans by itself
        (
            "Xưởng phim ở ngoại ô được hoàn thiện vào năm 2026 tại Sóc Sơn.",
            "được hoàn thiện vào năm 2026 tại Sóc Sơn",
            ("2026-01-01", "2026-12-31", None),
        ),
        (
            "Buổi tập là cơ sở để đạo diễn chốt danh sách diễn viên vào ngày 16/4.",
            "chốt danh sách diễn viên vào ngày 16/4",
            ("2025-04-16", "2025-04-16", None),
        ),
        (
            "Hãng đã thông báo kế hoạch phóng một vệ tinh trước ngày 4-4, đồng thời tuyển thêm"
            " người.",
            "phóng một vệ tinh trước ngày 4-4",
            (None, "2025-04-04", None),
        ),
        (
            "Từ ngày 18/3 đến ngày 30/3 thí sinh đăng ký dự thi trên mạng.",
            "đăng ký dự thi trên mạng",
            ("2025-03-18", "2025-03-30", None),
        ),
        (
            "Người trúng tuyển làm thủ tục nhập học chậm nhất ngày 22/3.",
            "làm thủ tục nhập học chậm nhất ngày 22/3",
            ("2025-03-22", "2025-03-22", None),
        ),
    ],
)
def test_the_span_is_the_action_with_the_days_that_are_meant(
    reader: Reader, body: str, text: str, due: tuple[str | None, str | None, str | None]
) -> None:
    (one,) = find(reader, body)
    assert one.text.endswith(text)
    assert len(text) > 0.6 * len(one.text)
    assert (one.due_from, one.due_to, one.recurs) == due


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "Ba việc gồm: Mở phố sách; UBND phường tổ chức hội chợ làng nghề, dự kiến vào tháng "
            "11/2025; dựng cổng chào.",
            "tổ chức hội chợ làng nghề, dự kiến vào tháng 11/2025",
        ),
        (
            "Triển lãm gốm cổ được mở ở đình làng (dự kiến từ ngày 5 đến 8/12/2025).",
            "Triển lãm gốm cổ được mở ở đình làng (dự kiến từ ngày 5 đến 8/12/2025)",
        ),
        (
            "Loại xe này nhẹ hơn loại cũ, dự kiến được bán từ ngày 20/9/2025.",
            "dự kiến được bán từ ngày 20/9/2025",
        ),
    ],
)
def test_what_is_done_stays_in_the_span_where_the_cue_only_adds_when(
    reader: Reader, body: str, text: str
) -> None:
    (one,) = find(reader, body)
    assert one.text == text


@pytest.mark.parametrize("subject", ["Lễ trao giải", "Giải đua thuyền của các phường ven sông"])
def test_what_takes_place_begins_at_its_cue(reader: Reader, subject: str) -> None:
    (one,) = find(reader, f"{subject} sẽ diễn ra vào ngày 31/3 tại phố sách.")
    assert one.text == "sẽ diễn ra vào ngày 31/3 tại phố sách"


@pytest.mark.parametrize(
    "body",
    [
        "Trận đấu này diễn ra vào lúc 21h ngày 20/3.",
        "Đội tuyển sẽ có màn ra quân vào đêm ngày 20/3.",
        "Phim sẽ được phát sóng vào tối 20/3.",
        "Kênh sẽ phát lại vở chèo vào tối 20/3.",
        "Sự kiện khai trương vào ngày 20/3 là dấu hiệu tốt.",
        "Trong tập mới phát sóng vào tối 20/3, cô út sẽ bỏ nhà đi.",
        "Năm nay với nhiều đội mới, vòng đầu sẽ thú vị hơn.",
        "Mọi năm, khách sẽ ghé phố sách.",
        "Mức thu sẽ theo mức học phí hằng năm của trường.",
        "Họ sẽ tìm hiểu việc giảm giá vé dự kiến trong năm nay.",
        "Đội nhà sẽ đứng đầu nếu thắng trận ngày 20/3.",
        "Nhiều nguồn tin cho biết đội bóng sẽ mua thêm người vào tháng 6.",
        "Cuộc đua vẫn diễn ra gay gắt trước thềm cuộc bầu cử ngày 5/4.",
        "Hãng sẽ phải thuyết phục ca sĩ, bởi lẽ cô còn hợp đồng đến tháng 6/2025.",
        "Vợ anh đang mang bầu, dự sinh vào cuối tháng 9.",
        "Cuộc đọ sức giữa hai đội sẽ diễn ra lúc 19h15 ngày 20/3.",
        "Vùng biển phía bắc sẽ có mưa rào vào sáng 11/3.",
        "Mở cửa phiên giao dịch 20/3, giá vàng đi ngang.",
        "Anh nằm trong số ứng viên tại lễ trao giải vào tối 20/3.",
        "Đồng tiền này sẵn sàng tăng khi cuộc họp diễn ra vào ngày 20/3.",
        "Họ sẽ bàn lại một thỏa thuận kéo dài đến tháng 6-2030.",
        "Cơ quan khí tượng thấy rằng năm nay dự kiến khoảng 4-5 cơn bão.",
        "Khi mua quà dịp lễ 20/10, khách sẽ được gói hoa.",
        "Bà còn nộp đơn từ tháng 1 vừa qua.",
    ],
)
def test_neither_matches_nor_broadcasts_nor_what_comes_of_itself(reader: Reader, body: str) -> None:
    assert find(reader, body) == []


def test_who_meets_whom_counts_outside_of_sport(reader: Reader) -> None:
    body = "Bộ trưởng sẽ gặp các nghệ nhân vào ngày 20/3."
    assert len(find(reader, body)) == 1
    match = "Cầu thủ hai đội đã quen sân. HLV giữ nguyên đội hình sau trận trước ở vòng bảng. "
    assert find(reader, match + "Đội khách sẽ gặp chủ nhà vào ngày 20/3.") == []
    assert len(find(reader, match + "Ban tổ chức sẽ công bố lịch mới vào ngày 20/3.")) == 1


def test_episodes_are_left_alone(reader: Reader) -> None:
    body = "Cô út sẽ về quê vào ngày 20/3."
    assert find(reader, body, title="Phố hoa tập 12: Cô út bỏ đi") == []
    assert len(find(reader, body, title="Cô út bỏ buổi tập 12 người")) == 1


@pytest.mark.parametrize(
    ("when", "due"),
    [("trước ngày 30/9", "2025-09-30"), ("trước năm 2030", "2029-12-31")],
)
def test_a_limit_is_due_on_the_day_that_is_named(reader: Reader, when: str, due: str) -> None:
    (one,) = find(reader, f"Sở sẽ hoàn thành đề án phố sách {when}.")
    assert (one.due_from, one.due_to) == (None, due)


def test_what_the_body_says_twice_counts_twice(reader: Reader) -> None:
    body = "Quận sẽ mở phố sách vào ngày 20/3. Quận sẽ mở phố sách vào ngày 20/3."
    assert len(find(reader, body)) == 2


def test_horoscopes_are_left_alone(reader: Reader) -> None:
    body = "Người này sẽ đổi nghề vào ngày 20/3."
    assert find(reader, body, title="Tử vi tuần mới") == []
    assert len(find(reader, body, title="Chuyện phố")) == 1


def test_the_targets_of_a_plan_are_one_each(reader: Reader) -> None:
    body = (
        "UBND thành phố Hà Nội vừa ban hành kế hoạch phát triển thư viện. "
        "Kế hoạch đề ra các chỉ tiêu như: số hóa 5.000 bản sách trong năm 2025; "
        "nâng cao chất lượng phục vụ; mở 3-4 phòng đọc năm 2026. "
        "Tổ chức ngày hội đọc sách trong giai đoạn 2026-2027."
    )
    found = find(reader, body)
    assert [one.due_from for one in found] == ["2025-01-01", "2026-01-01", "2026-01-01"]
    assert [one.quantity for one in found] == ["5.000 bản sách", "3-4 phòng", None]
    assert found[0].text == "số hóa 5.000 bản sách trong năm 2025"
    assert {one.owner for one in found} == {"UBND thành phố Hà Nội"}


def test_a_list_ends_where_another_subject_speaks(reader: Reader) -> None:
    body = (
        "Chỉ tiêu đặt ra gồm: trồng 200 cây trong năm 2025. "
        "Bà con quanh hồ đồng tình. Mua thêm phân bón năm 2026."
    )
    assert [one.due_from for one in find(reader, body)] == ["2025-01-01"]


def test_two_cues_make_two_commitments(reader: Reader) -> None:
    body = (
        "Công viên sẽ được khởi công vào quý II/2025, dự kiến hoàn thành trong năm 2027, "
        "đồng thời quận sẽ giữ nguyên hàng cây cũ."
    )
    found = find(reader, body)
    assert [one.due_to for one in found] == ["2025-06-30", "2027-12-31"]
    assert "hàng cây" not in found[1].text


def test_a_recurring_task_has_a_duration(reader: Reader) -> None:
    (one,) = find(reader, "Phường sẽ tổ chức chợ phiên 2 tháng một lần.")
    assert (one.recurs, one.due_from) == ("P2M", None)


def test_the_initiative_in_the_clause_is_named(reader: Reader) -> None:
    body = (
        "Hà Nội sẽ tổ chức Lễ hội Thiết kế sáng tạo vào tháng 11/2025; "
        "sẽ thay 300 bóng đèn trong năm 2026."
    )
    first, second = find(reader, body)
    assert (first.initiative_id, second.initiative_id) == ("design-festival", None)
    assert second.quantity == "300 bóng đèn"


def test_the_owner_is_the_subject_the_doer_or_who_was_named_before(reader: Reader) -> None:
    subject = find(reader, "Bảo tàng Hà Nội sẽ mở phòng tranh mới vào tháng 6/2025.")
    assert subject[0].owner == "Bảo tàng Hà Nội"
    city = find(
        reader,
        "UBND thành phố Hà Nội họp sáng 10/3. Thành phố sẽ sửa 20 nhà văn hóa trong năm 2025.",
    )
    assert city[0].owner == "UBND thành phố Hà Nội"
    nobody = find(reader, "Những con đường quanh hồ sẽ được lát đá vào tháng 6/2025.")
    assert nobody[0].owner is None


def test_a_day_without_a_year_long_past_is_meant_for_the_next(reader: Reader) -> None:
    body = "Ban tổ chức sẽ trao giải vào tháng 3."
    (one,) = find(reader, body, published=date(2025, 11, 20))
    assert one.due_from == "2026-03-01"


def test_what_is_over_when_the_story_appears_is_no_commitment(reader: Reader) -> None:
    body = "Chợ hoa sẽ bán đến hết ngày 28/2/2025."
    assert find(reader, body, published=TODAY) == []
    assert len(find(reader, body, published=date(2025, 2, 1))) == 1
    assert len(find(reader, body, published=None)) == 1


def test_the_title_does_not_count_what_the_body_says_again(reader: Reader) -> None:
    title = "Sẽ mở phố sách ven sông trong tháng 6"
    body = "Quận sẽ mở phố sách ven sông trong tháng 6, theo lời chủ tịch quận."
    assert [one.field for one in find(reader, body, title=title)] == ["body"]
    assert [one.field for one in find(reader, "Phố vắng.", title=title)] == ["title"]
