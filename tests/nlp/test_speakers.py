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
