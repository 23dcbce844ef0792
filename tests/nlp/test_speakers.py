"""Who speaks: pronouns, posts, callings, bodies and crowds."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from tests.nlp.speech import HANG, LONG_WORDS, WORDS, quotes, said


def test_a_body_is_meant_by_its_kind(reader: Reader) -> None:
    text = (
        "Sở Du lịch Hà Nội cho biết lượng khách đã tăng gấp đôi.\n"
        "Họ tuyên bố sẽ mở thêm hai tuyến phố đi bộ.\n"
        '"Chúng tôi chưa nhận được đơn nào của người dân", báo cáo cho biết.'
    )
    assert [one[0] for one in said(reader, text)] == ["Sở Du lịch Hà Nội"] * 3


def test_a_crowd_is_told_apart_by_its_place(reader: Reader) -> None:
    text = '"Không ai bị thương trong đêm qua", chính quyền thành phố Huế cho biết.'
    (one,) = quotes(reader, text)
    assert (one.speaker, one.direct) == ("chính quyền thành phố Huế", True)


def test_who_is_named_right_behind_a_quotation_speaks(reader: Reader) -> None:
    text = (
        '"Không ai bị thương trong đêm qua", chính quyền thành phố Huế - nơi vừa qua nhiều giờ '
        "mưa lớn và gió giật ở các xã ven biển cho biết."
    )
    assert [one[0] for one in said(reader, text)] == ["chính quyền thành phố Huế"]
    text = f'"{WORDS}", bà Lê Thu Hằng, tác giả cuốn sách về ông Trần Quốc Bảo, nói.'
    assert [one[0] for one in said(reader, text)] == ["Lê Thu Hằng"]


def test_a_bare_post_means_its_holder(reader: Reader) -> None:
    text = (
        "Phó Chủ tịch nước Lê Thu Hằng gặp ông Trần Quốc Bảo - Tư lệnh Vùng 4 Hải quân.\n"
        "Phó Chủ tịch nước nhấn mạnh, vỉa hè nên rộng hơn cho người già.\n"
        "Tư lệnh Vùng 4 Hải quân cho biết tàu sẽ chở thêm cây xanh ra đảo."
    )
    assert [one[0] for one in said(reader, text)] == ["Lê Thu Hằng", "Trần Quốc Bảo"]


def test_one_calling_stands_for_another(reader: Reader) -> None:
    text = (
        "HLV Trần Quốc Bảo vừa tới sân cùng tiền đạo Lê Văn Đạt.\n"
        "Nhà cầm quân 50 tuổi cho biết đội bóng sẽ đá tấn công."
    )
    assert [one[0] for one in said(reader, text)] == ["Trần Quốc Bảo"]


def test_pronouns_mean_the_last_speaker_of_that_sex(reader: Reader) -> None:
    text = (
        "Bà Lê Thu Hằng cho biết khu phố sẽ mở cửa vào mùa thu.\n"
        "Ông Trần Quốc Bảo cho rằng khu phố cần thêm cây xanh.\n"
        "Bà cho hay hạt giống đã được gieo từ mùa xuân.\n"
        "Ông cũng cho rằng vỉa hè nên rộng hơn."
    )
    assert [one[0] for one in said(reader, text)] == [
        "Lê Thu Hằng", "Trần Quốc Bảo", "Lê Thu Hằng", "Trần Quốc Bảo",
    ]  # fmt: skip


def test_short_names_and_posts_mean_the_person(reader: Reader) -> None:
    text = (
        f"{HANG}\nBà Hằng cho biết khu phố sẽ mở cửa vào mùa thu.\n"
        "Giám đốc Sở Du lịch Hà Nội nhấn mạnh rằng vỉa hè nên rộng hơn."
    )
    found = quotes(reader, text)
    assert [one.speaker for one in found] == ["Lê Thu Hằng"] * 2
    assert {one.role for one in found} == {"Giám đốc Sở Du lịch Hà Nội"}


def test_a_body_of_the_registry_speaks_with_its_id(reader: Reader) -> None:
    (one,) = quotes(reader, "UNESCO cho biết mạng lưới sẽ mở rộng vào năm tới.")
    assert (one.speaker_id, one.role, one.cue) == ("unesco", None, "cho biết")


def test_the_speaker_of_the_body_is_known_in_the_title(reader: Reader) -> None:
    (one, *_) = quotes(reader, HANG, title="Bà Lê Thu Hằng: 'Phố đi bộ sẽ không thu vé vào cửa'")
    assert (one.field, one.speaker) == ("title", "Lê Thu Hằng")


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        # the sex that a given name tells, and that a calling tells
        ("Đặng Quốc Hùng hát trước. Sau đó, Vũ Bích Thảo lên sân khấu. Cô nói: “{}”.",
         "Vũ Bích Thảo"),
        ("Hoa hậu Lê An Phương đi cùng ca sĩ Vũ Minh Tùng. Cô viết: “{}”.", "Lê An Phương"),
        # callings: the one called so, not one who is called otherwise
        ("Nghệ sĩ Trần Thu Nga bị ốm. Ca sĩ Mai Lan đến thăm.\n“{}”, nghệ sĩ nói với Mai Lan.",
         "Trần Thu Nga"),
        ("Hoa hậu Lê An Phương đến sớm. Diễn viên Mai Lan đến sau. Nàng hậu nói: “{}”.",
         "Lê An Phương"),
        ("Ca sỹ Vũ Minh Tùng đến sớm. Ca sỹ nhắn nhủ: “{}”.", "Vũ Minh Tùng"),
        # those beside a person or a body are not he, nor it
        ("Ông Lê Văn Thành đã mất. “{}”, con gái ông Lê Văn Thành chia sẻ.", None),
        ("Trước đó, người hâm mộ CLB Hà Nội đã hô vang: “{}”.", None),
        ("“{}”, bức thư của người con mở đầu.", None),
        # bodies told apart by their place
        ("“{}”, theo tuyên bố của chính phủ Singapore.", "chính phủ Singapore"),
        ("Theo tờ Daily Star, trận đấu diễn ra sòng phẳng. “{}”, báo viết.", "Daily Star"),
        # appositions between dashes hold names of others
        ("Ông Lê Văn Thành - con trai ông Lê Văn Quang, em trai ông Lê Văn Long - nói: “{}”.",
         "Lê Văn Thành"),
        ("Trên chương trình Sống Chậm, ông Lê Văn Thành nói: “{}”.", "Lê Văn Thành"),
    ],
)  # fmt: skip
def test_who_speaks_is_told_by_the_story(reader: Reader, body: str, speaker: str | None) -> None:
    assert said(reader, body.format(LONG_WORDS))[-1] == (speaker, True, LONG_WORDS)


COACH = "HLV Trần Quốc Bảo gặp tiền đạo Lê Văn Đạt trước giờ bóng lăn."


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # The body above is named behind the one that speaks.
        ("Cục Thủy lợi, Bộ Công an cho biết mực nước hồ sẽ tăng nhanh.", ["Cục Thủy lợi"]),
        # A name that is found in part goes on to the verb, and in brackets no more.
        ("Hiệp hội An ninh mạng quốc gia cho biết số vụ lừa đảo sẽ tăng nhanh.",
         ["Hiệp hội An ninh mạng quốc gia"]),
        ("Theo Hiệp hội An ninh mạng quốc gia, số vụ lừa đảo sẽ tăng nhanh.",
         ["Hiệp hội An ninh mạng quốc gia"]),
        # A crowd told apart by a name; the name does not speak.
        ("Một số fan của bà Lê Thu Hằng cho rằng khu phố nên đóng cửa sớm.", [None]),
        ("Theo các nhà khoa học, mực nước hồ sẽ tăng nhanh trong tuần này.", [None]),
        ("Theo C05, mực nước hồ sẽ tăng nhanh trong tuần này.", ["C05"]),
        ("Theo Nghị quyết, khu phố sẽ mở cửa vào tối cuối tuần.", []),
        # Who is named after `là`, and who is quoted by another.
        (f'Công ty quản lý của chị là Hằng Media trả lời: "{WORDS}".', ["Hằng Media"]),
        (f'Báo Tuổi Trẻ dẫn lời một nhân vật thân cận khẳng định: "{WORDS}".', [None]),
        ("Tờ Kyiv Independent dẫn thông tin từ Bộ Quốc phòng Ukraine cho hay tàu sẽ rời cảng sớm.",
         ["Bộ Quốc phòng Ukraine"]),
        ("Nhà báo Trần Quốc Bảo của tờ Sky Sport khẳng định rằng cầu thủ này sẽ ra đi.",
         ["Trần Quốc Bảo"]),
        (f'"{WORDS}", một người biểu tình có tên Trần Quốc Bảo, 60 tuổi, chia sẻ.',
         ["Trần Quốc Bảo"]),
        # An agent of a passive says nothing.
        ("Các em được bà Lê Thu Hằng đánh giá là rất tận tâm với phố nghề.", []),
        # `khi` and `nhưng` keep the subject of their sentence.
        ("Bà Lê Thu Hằng gây chú ý khi tiết lộ khu phố sẽ đóng cửa sớm.", ["Lê Thu Hằng"]),
        # A noun of saying says whose words follow.
        (f"Tất cả bắt đầu từ phát biểu của bà Lê Thu Hằng hôm qua, cụ thể là: “{WORDS}”.",
         ["Lê Thu Hằng"]),
        (f'"{WORDS}" - bình luận của bà Lê Thu Hằng trên trang cá nhân.', ["Lê Thu Hằng"]),
        # A player is no coach, and who answers is not who asked.
        (f'{COACH}\n"{WORDS}", HLV Bảo nói. Tiền vệ 20 tuổi cho biết anh sẽ đá chính trận này.',
         ["Trần Quốc Bảo", "Lê Văn Đạt"]),
        (f'Bà Lê Thu Hằng gặp bà Vũ Thị Mai.\nBà Hằng nói: "{WORDS}". Bà đáp: "{LONG_WORDS}".',
         ["Lê Thu Hằng", "Vũ Thị Mai"]),
        # Where the story comes from is no speaker.
        ("Minh Anh (theo AFP)/ Ảnh: NVCC, ngày hôm nay tàu sẽ rời cảng từ rất sớm.", []),
    ],
)  # fmt: skip
def test_who_speaks(reader: Reader, text: str, speakers: list[str | None]) -> None:
    assert [one[0] for one in said(reader, text)] == speakers


def test_pronouns_tell_the_sex_of_whom_they_follow(reader: Reader) -> None:
    text = (
        "Jordan Miller cho biết cô mở phòng tranh từ mùa xuân, và mẹ cô giúp đỡ.\n"
        "Anh Trần Quốc Bảo cho rằng phòng tranh cần thêm cây xanh.\n"
        "Cô cho hay hạt giống đã được gieo từ mùa xuân."
    )
    assert [one[0] for one in said(reader, text)][-1] == "Jordan Miller"


def test_who_opens_a_sentence_is_meant_before_whom_it_names_later(reader: Reader) -> None:
    text = (
        "Ông Vũ Tùng bước ra sân sớm, theo sau là ông Trần Quốc Bảo.\n"
        "Hiện ông Vũ Tùng bận rộn, ông Bảo thì không. Ông nói tàu sẽ rời cảng từ rất sớm."
    )
    assert [one[0] for one in said(reader, text)] == ["Vũ Tùng"]


def test_photographers_are_no_part_of_a_name(reader: Reader) -> None:
    text = f'Ông Trần Quốc Bảo MINH TÚ\nÔng Bảo nói: "{WORDS}".'
    assert [one[0] for one in said(reader, text)] == ["Trần Quốc Bảo"]


def test_who_hands_words_on_does_not_speak(reader: Reader) -> None:
    text = f'"{WORDS}", AFP dẫn lời bà Lê Thu Hằng.'
    assert [one[0] for one in said(reader, text)] == ["Lê Thu Hằng"]
    text = "Ông Trần Quốc Bảo cảnh báo bà Lê Thu Hằng rằng hồ sắp cạn nước."
    assert said(reader, text) == [("Trần Quốc Bảo", False, "hồ sắp cạn nước")]


def test_kin_without_a_name_are_nobody(reader: Reader) -> None:
    text = (
        "Ông Trần Quốc Bảo cho biết khu phố cần thêm cây xanh.\n"
        "Vợ ông kể rằng cả nhà đã ngủ từ sớm."
    )
    assert [one[0] for one in said(reader, text)] == ["Trần Quốc Bảo", None]
    assert [
        one[0] for one in said(reader, "Em gái của ông Trần Quốc Bảo nhấn mạnh cả nhà đã ngủ.")
    ] == [None]


def test_a_calling_behind_theo_means_who_had_it(reader: Reader) -> None:
    text = (
        "Theo luật sư Trần Quốc Bảo, khu phố cần thêm cây xanh.\n"
        "Theo vị luật sư này, vỉa hè nên rộng hơn."
    )
    assert [one[0] for one in said(reader, text)] == ["Trần Quốc Bảo"] * 2


def test_what_stands_between_a_speaker_and_the_word_of_saying(reader: Reader) -> None:
    rise = "lượng khách đã tăng gấp đôi"
    for text, speaker in (
        (f"Sở Du lịch cho phóng viên biết {rise}.", "Sở Du lịch"),
        (f"Về phần mình, bà Lê Thu Hằng cho biết {rise}.", "Lê Thu Hằng"),
        (
            f"Ban Quản lý Phố cổ (đơn vị giữ hồ sơ từ năm 2004) cho biết {rise}.",
            "Ban Quản lý Phố cổ",
        ),
    ):
        assert said(reader, text) == [(speaker, False, rise)]


def test_a_minister_named_by_the_post_alone(reader: Reader) -> None:
    text = (
        "Bộ trưởng Bộ Y tế Lê Thu Hằng gửi thư khen.\n"
        "Bộ trưởng Bộ Y tế cho biết lượng khách đã tăng gấp đôi."
    )
    assert [one[0] for one in said(reader, text)] == ["Lê Thu Hằng"]


def test_a_bare_head_behind_theo_means_the_body_named_last(reader: Reader) -> None:
    text = "Sở Du lịch vừa họp báo.\nTheo Sở, năm 2024, lượng khách đã tăng gấp đôi."
    assert said(reader, text) == [("Sở Du lịch", False, "năm 2024, lượng khách đã tăng gấp đôi")]
