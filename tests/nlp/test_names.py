"""The grammar of names: each rule on sentences of our own."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from kb.nlp.names import find_names
from kb.nlp.names.gazetteer import gazetteer
from kb.nlp.tag import tagger


def names(*sentences: str) -> list[tuple[str, str]]:
    """Read the sentences of one article."""
    words = tagger().tag(list(sentences))
    found = find_names(list(zip(sentences, words, strict=True)))
    return [
        (sentence[one.start : one.end], one.kind)
        for sentence, row in zip(sentences, found, strict=True)
        for one in row
    ]


SENTENCES = {
    # documents
    "Theo Nghị định số 12/2023/NĐ-CP và Kế hoạch số 45/KH-UBND, quận báo cáo hằng quý.": [
        ("Nghị định số 12/2023/NĐ-CP", "document"),
        ("Kế hoạch số 45/KH-UBND", "document"),
    ],
    "Theo văn bản số 45/TB-ĐHX, phường lập kế hoạch số 7 và xin kế hoạch số 8/KH-UBND.": [
        ("văn bản số 45/TB-ĐHX", "document"),
        ("kế hoạch số 8/KH-UBND", "document"),
    ],
    "Phường trình Đề án “Giữ nghề làm nón lá ven sông” vào tháng 5.": [
        ("Đề án “Giữ nghề làm nón lá ven sông”", "document"),
    ],
    'Phường mở "Ngày hội Nón lá vì bình yên" vào tháng 5.': [
        ("Ngày hội Nón lá vì bình yên", "event"),
    ],
    "Phường công bố Khung hoạt động của năm.": [],
    "Nghệ nhân Đoàn Thị Lụa Vân gặp Đoàn Thanh niên Cộng sản Hồ Chí Minh.": [
        ("Đoàn Thị Lụa Vân", "person"),
        ("Đoàn Thanh niên Cộng sản Hồ Chí Minh", "org"),
    ],
    "Luật Đất đai năm 2024 có hiệu lực.": [("Luật Đất đai năm 2024", "document")],
    # bodies and their complements
    "Công an quận Cầu Giấy làm việc với UBND tỉnh Nghệ An.": [
        ("Công an quận Cầu Giấy", "org"),
        ("UBND tỉnh Nghệ An", "org"),
    ],
    "Sở Văn hóa, Thể thao và Du lịch tỉnh Ninh Bình mời Bộ Y tế.": [
        ("Sở Văn hóa, Thể thao và Du lịch tỉnh Ninh Bình", "org"),
        ("Bộ Y tế", "org"),
    ],
    "Cục Cảnh sát giao thông phối hợp với Trung tâm Bảo tồn di sản Huế.": [
        ("Cục Cảnh sát giao thông", "org"),
        ("Trung tâm Bảo tồn di sản Huế", "org"),
    ],
    "Bệnh viện Bạch Mai và Bệnh viện Việt Đức nhận thêm người bệnh.": [
        ("Bệnh viện Bạch Mai", "org"),
        ("Bệnh viện Việt Đức", "org"),
    ],
    # one head, several bodies, each with the span of its own part
    "UBND các quận, huyện: Ba Đình, Tây Hồ và thị xã Sơn Tây chủ trì.": [
        ("Ba Đình", "org"),
        ("Tây Hồ", "org"),
        ("thị xã Sơn Tây", "org"),
    ],
    # what a body is for goes on in lower case, up to what it does
    "Cục Quản lý xuất nhập cảnh vừa công bố số liệu.": [("Cục Quản lý xuất nhập cảnh", "org")],
    "Hiệp hội An ninh mạng quốc gia cho biết vụ việc tăng.": [
        ("Hiệp hội An ninh mạng quốc gia", "org")
    ],
    "Tổng cục Giáo dục nghề nghiệp phối hợp với Viện Vật lý địa cầu.": [
        ("Tổng cục Giáo dục nghề nghiệp", "org"),
        ("Viện Vật lý địa cầu", "org"),
    ],
    "Ban Chỉ huy phòng, chống thiên tai và tìm kiếm cứu nạn tỉnh Hà Nam yêu cầu sơ tán.": [
        ("Ban Chỉ huy phòng, chống thiên tai và tìm kiếm cứu nạn tỉnh Hà Nam", "org")
    ],
    "Cục Cảnh sát điều tra tội phạm về ma túy kiểm tra kho hàng.": [
        ("Cục Cảnh sát điều tra tội phạm về ma túy", "org")
    ],
    "Theo Hội đồng Tham mưu trưởng liên quân Hàn Quốc, tàu đã rời cảng.": [
        ("Hội đồng Tham mưu trưởng liên quân Hàn Quốc", "org")
    ],
    "Quỹ Bình ổn giá xăng dầu và Liên đoàn Bóng đá châu Âu im lặng.": [
        ("Quỹ Bình ổn giá xăng dầu", "org"),
        ("Liên đoàn Bóng đá châu Âu", "org"),
    ],
    "Ban Quản lý dự án 6 và Công ty Sao Mai giao dịch với nhau.": [
        ("Ban Quản lý dự án 6", "org"),
        ("Công ty Sao Mai", "org"),
    ],
    "Cục Quản lý đê điều và Phòng chống thiên tai cũng lo ngại.": [
        ("Cục Quản lý đê điều và Phòng chống thiên tai", "org")
    ],
    # but not into verbs, times and what is told of it
    "Trung tâm Dự báo khí tượng thủy văn quốc gia dự báo Bắc Bộ có mưa.": [
        ("Trung tâm Dự báo khí tượng thủy văn quốc gia", "org"),
        ("Bắc Bộ", "place"),
    ],
    "Học viện Ngoại giao nhiệm kỳ này, Ủy ban Dân tộc hiện nay và Cục Cảnh sát kiểm tra xe.": [
        ("Học viện Ngoại giao", "org"),
        ("Ủy ban Dân tộc", "org"),
        ("Cục Cảnh sát", "org"),
    ],
    # a row of fields; the bodies of a list stay apart; a province with a dash
    "Bộ Thông tin, Văn hóa và Du lịch Lào gặp các Bộ Công an, Xây dựng và Y tế.": [
        ("Bộ Thông tin, Văn hóa và Du lịch Lào", "org"),
        ("Bộ Công an", "org"),
    ],
    "UBND tỉnh Thừa Thiên - Huế họp.": [("UBND tỉnh Thừa Thiên - Huế", "org")],
    # common words with capitals are nobody
    "Bước Thẩm Định diễn ra vào Chủ Nhật ở huyện nhà, theo Missosology.": [("Missosology", "org")],
    "Nghi thức tắm voi ở Mường Lát.": [("Mường Lát", "place")],
    # a bare common noun is nothing
    "Thành phố yêu cầu UBND các quận báo cáo Sở trước tháng 6.": [],
    # people: the title stays outside
    "Bà Lê Thu Hằng và PGS.TS. Đỗ Văn Khoa gặp KTS Hoàng Minh.": [
        ("Lê Thu Hằng", "person"),
        ("Đỗ Văn Khoa", "person"),
        ("Hoàng Minh", "person"),
    ],
    "Chủ tịch UBND quận Tây Hồ Đỗ Quang Hải cho biết.": [
        ("UBND quận Tây Hồ", "org"),
        ("Đỗ Quang Hải", "person"),
    ],
    "Bí thư Thành ủy Đỗ Quang Hải chủ trì hội nghị.": [
        ("Thành ủy", "org"),
        ("Đỗ Quang Hải", "person"),
    ],
    "Phó Chủ tịch UBND tỉnh Hà Nam Trần Quốc Bảo dự họp.": [
        ("UBND tỉnh Hà Nam", "org"),
        ("Trần Quốc Bảo", "person"),
    ],
    "Bộ trưởng Tài chính Vũ Đình Lân trả lời.": [("Vũ Đình Lân", "person")],
    # places: the unit stays outside in lower case, inside with a capital
    "Xe đi từ đường Trần Phú, phường Yên Nghĩa tới Hồ Tây.": [
        ("Trần Phú", "place"),
        ("Yên Nghĩa", "place"),
        ("Hồ Tây", "place"),
    ],
    "Người Việt nói tiếng Anh khi sang Pháp.": [("Pháp", "place")],
    # teams and matches
    "Tuyển Argentina thắng Brazil 2-1 ở chung kết Copa America 2024.": [
        ("Tuyển Argentina", "org"),
        ("Brazil", "org"),
        ("Copa America 2024", "event"),
    ],
    # a country in a match is its team, as the modifier of a noun it is a place
    "Thái Lan gỡ hòa ở phút 80, bóng đá Việt Nam tiếc nuối sau trận bán kết.": [
        ("Thái Lan", "org"),
        ("Việt Nam", "place"),
    ],
    "Chelsea bị Everton cầm hòa, HLV Enzo Maresca xoay tua đội hình.": [
        ("Chelsea", "org"),
        ("Everton", "org"),
        ("Enzo Maresca", "person"),
    ],
    "Giải vô địch karate thế giới 2024 khép lại, đội tuyển karate Việt Nam có ba huy chương.": [
        ("Giải vô địch karate thế giới 2024", "event"),
        ("đội tuyển karate Việt Nam", "org"),
    ],
    # several places under one unit
    "Mưa lớn ở các huyện Tứ Kỳ, Thanh Miện và Ninh Giang làm ngập đường.": [
        ("Tứ Kỳ", "place"),
        ("Thanh Miện", "place"),
        ("Ninh Giang", "place"),
    ],
    # a company with its seat; with a person after it; its product
    "Vietcombank Đà Nẵng và ông chủ Tesla Elon Musk không bàn về Volvo XC90.": [
        ("Vietcombank Đà Nẵng", "org"),
        ("Tesla", "org"),
        ("Elon Musk", "person"),
    ],
    # the unit and the body above belong to the body; its holder does not
    "Chánh Thanh tra, Phòng Kinh tế thành phố Vinh và Hội Người mù tỉnh báo cáo.": [
        ("Phòng Kinh tế thành phố Vinh", "org"),
        ("Hội Người mù tỉnh", "org"),
    ],
    "Chủ tịch UBND tỉnh Lâm Đồng Hồ Quang Minh tiếp khách.": [
        ("UBND tỉnh Lâm Đồng", "org"),
        ("Hồ Quang Minh", "person"),
    ],
    "Phó Chủ tịch UBND tỉnh Lưu Văn Tám và Tổng thống Hàn Quốc Park Min Ho hội kiến.": [
        ("UBND tỉnh", "org"),
        ("Lưu Văn Tám", "person"),
        ("Hàn Quốc", "place"),
        ("Park Min Ho", "person"),
    ],
    "Nghị sĩ đảng Dân chủ Chris Harmon dự Olympic Paris 2024.": [
        ("đảng Dân chủ", "org"),
        ("Chris Harmon", "person"),
        ("Olympic Paris 2024", "event"),
    ],
    "Tư lệnh Không quân Ukraine Andriy Shevko phát biểu.": [
        ("Không quân Ukraine", "org"),
        ("Andriy Shevko", "person"),
    ],
    "Quân khu 7 và trường Đại học Thủy lợi ký kết.": [
        ("Quân khu 7", "org"),
        ("trường Đại học Thủy lợi", "org"),
    ],
    # a house where something happens
    "Hai người được cấp cứu tại Bệnh viện Bạch Mai.": [("Bệnh viện Bạch Mai", "place")],
    # syllables of common words are no units, openers no names
    "Trên ứng dụng di động Grok, từ Đà Nẵng ai cũng xem được.": [("Đà Nẵng", "place")],
    "Từ Đà Nẵng đến Huế có mưa.": [("Đà Nẵng", "place"), ("Huế", "place")],
    # foreign names by their parts: people, bodies, places, initials, particles, dashes
    "Bà gặp Kevin de Bruyne, J. Robinson và Boston Analytics ở Tampa Bay.": [
        ("Kevin de Bruyne", "person"),
        ("J. Robinson", "person"),
        ("Boston Analytics", "org"),
        ("Tampa Bay", "place"),
    ],
    "Quan hệ ba nước Việt Nam-Campuchia-Lào bền chặt.": [
        ("Việt Nam", "place"),
        ("Campuchia", "place"),
        ("Lào", "place"),
    ],
    # storms and works are nothing
    "Bão Trà Mi đổ bộ khi phim Lật Mặt ra rạp.": [],
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_names_of_a_sentence(sentence: str) -> None:
    assert names(sentence) == SENTENCES[sentence]


def test_a_short_form_keeps_the_kind_of_the_full_name() -> None:
    assert names("Ông Peter Holm đến Huế.", "Sau đó Holm về.") == [
        ("Peter Holm", "person"), ("Huế", "place"), ("Holm", "person"),
    ]  # fmt: skip


def test_the_article_decides_on_a_name_without_any_sign() -> None:
    alone = "Vương bắt đầu làm thơ từ nhỏ."
    assert names(alone, "Thầy giáo khen em Vương chăm chỉ.")[0] == ("Vương", "person")
    assert (
        names("Theo hãng dược Zorvia, thuốc an toàn.", "Zorvia lãi lớn.", "Sau đó Zorvia im lặng.")
        == [("Zorvia", "org")] * 3
    )


def test_neighbours_in_a_list_share_their_kind() -> None:
    listed = "Các hãng Zorvia, Kelmont, Brastel và Dunlore giảm giá."
    assert {kind for _, kind in names(listed)} == {"org"}


def test_an_article_about_a_match_reads_its_countries_as_teams() -> None:
    news = "Italy gục ngã."
    match = "Đội tuyển thua trận bán kết sau loạt luân lưu, HLV xin lỗi người hâm mộ."
    assert names(news) == [("Italy", "place")]
    assert names(match, match, news)[-1] == ("Italy", "org")


def test_names_known_beforehand_stand_in_one_group_only() -> None:
    raw = yaml.safe_load(files("kb.nlp.names").joinpath("known.yaml").read_text("utf-8"))
    groups = {key: _flat(raw[key]) for key in raw if key != "cities"}
    for key, found in groups.items():
        assert all(isinstance(name, str) for name in found), key
    assert set(raw["cities"]) <= set(groups["clubs"])
    assert not set(groups["products"]) & {*groups["companies"], *groups["clubs"]}


def _flat(group: dict[str, list[str]] | list[str]) -> list[str]:
    if isinstance(group, list):
        return group
    return [name for names in group.values() for name in names]


def test_lists_of_people_and_units_come_from_the_packages() -> None:
    known = gazetteer()
    assert {"jonathan", "kylian"} <= known.given
    assert {"baker", "garcia"} <= known.family
    assert {"nam sách", "cẩm giàng"} <= known.districts
    assert "hà nội" not in known.districts


def test_a_line_of_nothing_but_heads_is_read() -> None:
    heads = "Văn phòng Ban Hội Trung tâm " * 500
    assert names(heads, "UBND quận Tây Hồ họp.")[-1] == ("UBND quận Tây Hồ", "org")


@pytest.mark.parametrize("text", ["", ".", "A", "Ủ", "TP.", "UBND", "Luật", "số 1", "Ông", "và Hà"])
def test_short_and_cut_texts_do_no_harm(text: str) -> None:
    assert all(kind in ("org", "place", "person") for _, kind in names(text))
