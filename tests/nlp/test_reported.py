"""Reported speech: what is told in other words, by whom, and what only looks like it."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from tests.nlp.speech import WORDS, quotes, said


@pytest.mark.parametrize(
    ("text", "speaker", "clause"),
    [
        ("Bà Lê Thu Hằng cho biết, khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng khẳng định khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng cũng nhấn mạnh rằng khu phố cần thêm cây xanh.",
         "Lê Thu Hằng", "khu phố cần thêm cây xanh"),
        ("Theo bà Lê Thu Hằng, khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Theo Sở Du lịch Hà Nội, lượng khách quốc tế đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "lượng khách quốc tế đã tăng gấp đôi"),
        ("Sở Du lịch Hà Nội thông tin: Lượng khách quốc tế đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "Lượng khách quốc tế đã tăng gấp đôi"),
        ("Đại diện Sở Du lịch Hà Nội cho hay lượng khách quốc tế đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "lượng khách quốc tế đã tăng gấp đôi"),
        ("Khu phố sẽ mở cửa vào mùa thu, bà Lê Thu Hằng cho biết.",
         "Lê Thu Hằng", "Khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng (nhà báo, từng ở Huế) cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng cho hay vào mùa thu, khu phố sẽ mở cửa đón khách.",
         "Lê Thu Hằng", "vào mùa thu, khu phố sẽ mở cửa đón khách"),
        ("Bà Lê Thu Hằng cho biết tại buổi họp báo, khu phố sẽ mở cửa đón khách.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa đón khách"),
        ("Bà Lê Thu Hằng xác nhận sẽ mở cửa khu phố vào mùa thu.",
         "Lê Thu Hằng", "sẽ mở cửa khu phố vào mùa thu"),
        ("Bà Lê Thu Hằng tiết lộ UNESCO tán thành kế hoạch của phố cổ.",
         "Lê Thu Hằng", "UNESCO tán thành kế hoạch của phố cổ"),
        ("Bà Lê Thu Hằng thông báo, phường mới bắt đầu dọn vỉa hè.",
         "Lê Thu Hằng", "phường mới bắt đầu dọn vỉa hè"),
        ("Theo thông cáo của Sở Du lịch Hà Nội, khu phố sẽ mở cửa vào mùa thu.",
         "Sở Du lịch Hà Nội", "khu phố sẽ mở cửa vào mùa thu"),
        ("Khu phố sẽ mở cửa vào mùa thu, theo nguồn tin của Sở Du lịch Hà Nội.",
         "Sở Du lịch Hà Nội", "Khu phố sẽ mở cửa vào mùa thu"),
        ("Theo trang web phoco.vn, khu phố sẽ mở cửa vào mùa thu.",
         "phoco.vn", "khu phố sẽ mở cửa vào mùa thu"),
        ("Theo truyền thông Pháp, khu phố sẽ mở cửa vào mùa thu.",
         None, "khu phố sẽ mở cửa vào mùa thu"),
        ("Vỉa hè phố cổ đã rộng hơn trước: Theo Sở Du lịch Hà Nội, khách đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "khách đã tăng gấp đôi"),
        ("Theo Sở Du lịch Hà Nội (cũ, trước 2025), lượng khách đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "lượng khách đã tăng gấp đôi"),
        ("Theo Reuters, ngày 5/6, bà Lê Thu Hằng cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Như Reuters đã đưa tin, UNESCO cho biết khu phố sẽ mở cửa vào mùa thu.",
         "UNESCO", "khu phố sẽ mở cửa vào mùa thu"),
        ("Hãng Reuters dẫn lời bà Lê Thu Hằng cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Sở Du lịch Hà Nội (SDL) cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Sở Du lịch Hà Nội", "khu phố sẽ mở cửa vào mùa thu"),
        ("Khu phố sẽ mở cửa vào mùa thu, các quan chức địa phương xác nhận.",
         None, "Khu phố sẽ mở cửa vào mùa thu"),
        ("Một tòa án độc lập được thành lập và xác nhận quy định ấy là trái luật.",
         None, "quy định ấy là trái luật"),
        ("Bảng khảo sát mới của phường cho biết khu phố cần thêm cây xanh.",
         None, "khu phố cần thêm cây xanh"),
        ("Báo giới Tây Ban Nha cho rằng khu phố cần thêm cây xanh.",
         None, "khu phố cần thêm cây xanh"),
        ("Bà Lê Thu Hằng cảnh báo hồ sẽ cạn nước, còn UNESCO đã cử người tới xem.",
         "Lê Thu Hằng", "hồ sẽ cạn nước"),
        ("Bà Lê Thu Hằng lên án UNESCO, cho rằng khu phố cần thêm cây xanh.",
         "Lê Thu Hằng", "khu phố cần thêm cây xanh"),
        ("Bà Lê Thu Hằng tới dự lễ cùng ông Trần Quốc Bảo và cho biết khu phố sẽ mở cửa.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa"),
        ("Nhiều chuyên gia cho rằng khu phố cần thêm cây xanh.",
         None, "khu phố cần thêm cây xanh"),
    ],
)  # fmt: skip
def test_reported_speech(reader: Reader, text: str, speaker: str | None, clause: str) -> None:
    assert said(reader, text) == [(speaker, False, clause)]


@pytest.mark.parametrize(
    "text",
    [
        "Hà Nội khẳng định vị thế của một trung tâm sáng tạo.",
        "Các đội trao đổi, chia sẻ kinh nghiệm với nhau.",
        "Đội khách được đánh giá cao hơn nhờ hàng công mạnh.",
        "Theo kế hoạch, tuyến phố sẽ mở cửa vào mùa thu.",
        "Theo đó, tuyến phố sẽ mở cửa vào mùa thu.",
        "Tuyến phố nói trên sẽ mở cửa, đón khách vào mùa thu.",
        "UBND thành phố yêu cầu các quận rà soát quỹ đất.",
        "Bà Lê Thu Hằng đề nghị các phường cần lấy ý kiến người dân.",
        "Bà Lê Thu Hằng kêu gọi bà con sẽ cùng giữ vỉa hè sạch.",
        "Sự sáng tạo ấy khẳng định rằng phố cổ còn nhiều sức sống.",
        "Mua vàng đầu năm là tục lệ với niềm tin rằng cả năm sẽ may mắn.",
        "Đáng nói, khu phố đã mở cửa từ mùa thu năm ngoái.",
        "Sở Du lịch Hà Nội thông tin thêm về một số tuyến phố sẽ mở.",
        "Con chỉ muốn nói rằng mẹ là người đẹp nhất trong khu phố.",
        "Cô ấy mang lại niềm vui cho biết bao thế hệ học trò.",
        "Theo báo cáo, phố mới đông khách hơn phố cũ nhiều lần.",
        "UNESCO đã ban bố cảnh báo đỏ khi nước hồ sẽ tràn bờ.",
        "Bà Lê Thu Hằng thông báo cho phường về kế hoạch sẽ mở phố.",
        "UNESCO mở trang tin với phỏng vấn, phân tích, chân dung và điểm sách.",
        "Tin ấy chưa từng được chính bà Lê Thu Hằng xác nhận, khiến bà con lo lắng.",
    ],
)
def test_what_only_looks_like_speech(reader: Reader, text: str) -> None:
    assert quotes(reader, text) == []


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ('Bà Lê Thu Hằng cho rằng phố cổ đang "hụt hơi", cảnh báo rằng hồ sẽ cạn nước.',
         'phố cổ đang "hụt hơi"', "hồ sẽ cạn nước"),
        ('Bà Lê Thu Hằng nói rằng phố cổ đang "hụt hơi" và nhấn mạnh vỉa hè cần rộng hơn.',
         'phố cổ đang "hụt hơi"', "vỉa hè cần rộng hơn"),
        ("Bà Lê Thu Hằng cho rằng phố cổ đang chật, đồng thời khẳng định vỉa hè cần rộng hơn.",
         "phố cổ đang chật", "vỉa hè cần rộng hơn"),
    ],
)  # fmt: skip
def test_a_second_word_of_saying_begins_a_second_clause(
    reader: Reader, text: str, first: str, second: str
) -> None:
    assert said(reader, text) == [("Lê Thu Hằng", False, first), ("Lê Thu Hằng", False, second)]


def test_a_word_of_saying_within_a_name_is_none(reader: Reader) -> None:
    (one,) = quotes(reader, f'Giữa sân khấu, MC Lê Thu Tố: "{WORDS}".')
    assert (one.speaker, one.cue) == ("Lê Thu Tố", None)


def test_the_word_of_saying_is_kept(reader: Reader) -> None:
    (one,) = quotes(reader, f"“{WORDS}”, bà Lê Thu Hằng quả quyết.")
    assert one.cue == "quả quyết"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Bà Lê Thu Hằng thừa nhận bà chịu ảnh hưởng nhiều từ mẹ.",
         ("Lê Thu Hằng", "bà chịu ảnh hưởng nhiều từ mẹ")),
        ("Bà Lê Thu Hằng phân bua rằng mình làm vậy vì túng tiền.",
         ("Lê Thu Hằng", "mình làm vậy vì túng tiền")),
        ("Bà Lê Thu Hằng bỏ phiếu trắng khi ông Vũ Tùng vắng mặt vì cho rằng kế "
         "hoạch còn nhiều sơ hở.",
         ("Lê Thu Hằng", "kế hoạch còn nhiều sơ hở")),
        ("Bà Lê Thu Hằng chúc mừng ông Vũ Tùng được bầu; tin tưởng chắc chắn "
         "rằng khu phố sẽ đẹp hơn.",
         ("Lê Thu Hằng", "khu phố sẽ đẹp hơn")),
        ("Văn phòng công tố Peru thông báo sẽ mở cuộc điều tra về vụ cháy kho sách.",
         ("Văn phòng công tố Peru", "sẽ mở cuộc điều tra về vụ cháy kho sách")),
        ("Trên mạng, một người bình luận rằng khu phố này quá ồn ào.",
         (None, "khu phố này quá ồn ào")),
        ("Nhiều nguồn tin tiết lộ rằng khu phố sẽ mở vào tháng tới.",
         (None, "khu phố sẽ mở vào tháng tới")),
        ("Một đại diện của VFF đã tiết lộ, đội tuyển sẽ tập trung vào tháng tới.",
         (None, "đội tuyển sẽ tập trung vào tháng tới")),
        ("Sở Du lịch Hà Nội và Hiệp hội Du lịch Việt Nam cho biết khu phố sẽ mở cửa trở lại.",
         ("Sở Du lịch Hà Nội", "khu phố sẽ mở cửa trở lại")),
    ],
)  # fmt: skip
def test_what_is_reported_and_by_whom(
    reader: Reader, body: str, found: tuple[str | None, str]
) -> None:
    assert [(one.speaker, one.text) for one in quotes(reader, body)] == [found]


def test_another_cue_of_one_speaker_ends_the_clause(reader: Reader) -> None:
    body = "Bà Lê Thu Hằng cho rằng khu phố quá ồn, và cho rằng giờ mở cửa quá muộn."
    assert [one.text for one in quotes(reader, body)] == [
        "khu phố quá ồn", "giờ mở cửa quá muộn",
    ]  # fmt: skip


def test_two_speakers_share_a_sentence(reader: Reader) -> None:
    text = (
        "Ông Trần Quốc Bảo cho rằng khu phố cần thêm cây xanh, "
        "bà Lê Thu Hằng cho biết hạt giống đã được gieo từ mùa xuân."
    )
    assert said(reader, text) == [
        ("Trần Quốc Bảo", False, "khu phố cần thêm cây xanh"),
        ("Lê Thu Hằng", False, "hạt giống đã được gieo từ mùa xuân"),
    ]


def test_one_speaker_says_two_things(reader: Reader) -> None:
    text = "Ông Trần Quốc Bảo cho biết khu phố cần thêm cây xanh; nhấn mạnh vỉa hè nên rộng hơn."
    assert said(reader, text) == [
        ("Trần Quốc Bảo", False, "khu phố cần thêm cây xanh"),
        ("Trần Quốc Bảo", False, "vỉa hè nên rộng hơn"),
    ]


def test_what_the_story_sets_against_a_clause_is_outside(reader: Reader) -> None:
    text = "Mặc dù ông Trần Quốc Bảo cho rằng khu phố cần cây xanh, nhưng người dân vẫn chặt."
    assert said(reader, text) == [("Trần Quốc Bảo", False, "khu phố cần cây xanh")]


def test_said_on_a_channel_or_above(reader: Reader) -> None:
    text = "Ông Trần Quốc Bảo nói trên VTV rằng khu phố cần thêm cây xanh."
    assert said(reader, text) == [("Trần Quốc Bảo", False, "khu phố cần thêm cây xanh")]
    assert quotes(reader, "Ông Trần Quốc Bảo giải quyết vụ việc nói trên từ mùa xuân.") == []


def test_when_or_where_may_open_the_clause(reader: Reader) -> None:
    text = "Bà Lê Thu Hằng nhấn mạnh, tại kỳ họp này, huyện lựa chọn nghề gốm làm mũi nhọn."
    assert said(reader, text) == [
        ("Lê Thu Hằng", False, "tại kỳ họp này, huyện lựa chọn nghề gốm làm mũi nhọn")
    ]
