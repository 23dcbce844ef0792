"""The grammar of names: each rule on sentences of our own."""

from __future__ import annotations

import pytest

from kb.nlp.names import find_names
from kb.nlp.tag import tagger
from kb.reading import Kind


def names(sentence: str, memory: dict[str, Kind] | None = None) -> list[tuple[str, str]]:
    words = tagger().tag([sentence])[0]
    return [(sentence[n.start : n.end], n.kind) for n in find_names(sentence, words, memory)]


SENTENCES = {
    # documents
    "Theo Nghị định số 12/2023/NĐ-CP và Kế hoạch số 45/KH-UBND, quận báo cáo hằng quý.": [
        ("Nghị định số 12/2023/NĐ-CP", "document"),
        ("Kế hoạch số 45/KH-UBND", "document"),
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
    # a bare common noun is nothing
    "Thành phố yêu cầu UBND các quận báo cáo Sở trước tháng 6.": [],
    # people: the title stays outside
    "Bà Lê Thu Hằng và PGS.TS. Đỗ Văn Khoa gặp KTS Hoàng Minh.": [
        ("Lê Thu Hằng", "person"),
        ("Đỗ Văn Khoa", "person"),
        ("Hoàng Minh", "person"),
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
    # storms and works are nothing
    "Bão Trà Mi đổ bộ khi phim Lật Mặt ra rạp.": [],
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_names_of_a_sentence(sentence: str) -> None:
    assert names(sentence) == SENTENCES[sentence]


def test_a_short_form_keeps_the_kind_of_the_full_name() -> None:
    memory: dict[str, Kind] = {}
    assert names("Ông Peter Holm đến Huế.", memory) == [("Peter Holm", "person"), ("Huế", "place")]
    assert names("Sau đó Holm về.", memory) == [("Holm", "person")]


@pytest.mark.parametrize("text", ["", ".", "A", "Ủ", "TP.", "UBND", "Luật", "số 1", "Ông", "và Hà"])
def test_short_and_cut_texts_do_no_harm(text: str) -> None:
    assert all(kind in ("org", "place", "person") for _, kind in names(text))
