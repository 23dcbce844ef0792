"""Linking: which entry a name means, and which names of one article mean the same."""

from __future__ import annotations

from functools import lru_cache

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.link.metonyms import metonyms as find_metonyms
from kb.nlp.passage import Name
from kb.reading import Mention, Reading
from kb.registry import load_registry


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader(load_registry())


def read(body: str, title: str = "") -> Reading:
    return reader().read([Article(title=title, lead="", body=body)])[0]


def linked(body: str, title: str = "") -> list[tuple[str, str | None]]:
    return [(one.surface, one.entity_id) for one in read(body, title).mentions]


def only(body: str, surface: str) -> Mention:
    found = [one for one in read(body).mentions if one.surface == surface]
    assert len(found) == 1, found
    return found[0]


# --- what decided, and how sure ---------------------------------------------------------------


def test_each_mention_says_what_decided_and_how_sure_it_is() -> None:
    text = (
        "Lễ hội Thiết kế sáng tạo Hà Nội mở cửa. Trung tâm Điều phối nghệ thuật Bình Minh "
        "(viết tắt: TĐNB) tham gia lễ hội cùng Sở Văn hóa và Thể thao và ông Lò Văn Khắc."
    )
    found = {one.surface: one for one in read(text).mentions}
    assert found["Lễ hội Thiết kế sáng tạo Hà Nội"].method == "registry:exact"
    assert found["Sở Văn hóa và Thể thao"].method == "registry:context"
    assert 0.5 <= found["Sở Văn hóa và Thể thao"].score < 0.99
    unlinked = [one for one in found.values() if one.entity_id is None]
    assert unlinked and not any(one.method.startswith("registry") for one in unlinked)
    assert all(0 < one.score <= 1 for one in found.values())


# --- abbreviations ----------------------------------------------------------------------------


def test_an_abbreviation_that_the_article_introduces_means_the_same_from_there_on() -> None:
    text = (
        "Trung tâm điều phối các hoạt động sáng tạo Hà Nội (viết tắt: HCCC) mở cửa tháng trước.\n"
        "Theo HCCC, 40 nhóm đã ghi tên."
    )
    found = [one for one in read(text).mentions if one.surface == "HCCC"]
    assert [one.entity_id for one in found] == ["creative-coordination-centre"] * 2
    assert {one.method for one in found} == {"registry:abbreviation"}


def test_initials_in_brackets_are_enough_and_other_words_are_not() -> None:
    text = (
        "Hội Gốm sứ Sông Lam (HGSSL) mở lò. HGSSL mời khách.\n"
        "Hội Mộc Sông Lam (ĐHQG) đóng cửa. ĐHQG họp."
    )
    names = {one.surface: one.name for one in read(text).mentions}
    assert names["HGSSL"] == "Hội Gốm sứ Sông Lam"
    assert names.get("ĐHQG") != "Hội Mộc Sông Lam"


def test_a_head_alone_defines_no_body() -> None:
    found = read("Ủy ban nhân dân (UBND) phường An Sơn họp. Sáng nay UBND báo cáo.").mentions
    assert "UBND" not in {one.surface for one in found}


# --- short forms ------------------------------------------------------------------------------


def test_a_surname_means_the_person_named_in_full() -> None:
    text = "Ông Jonathan Baker đến dự. Ông Baker khen, bà Lê Thị Mận cảm ơn. Bà Mận ra về."
    found = read(text).mentions
    assert [(one.surface, one.entity_id, one.name) for one in found] == [
        ("Jonathan Baker", "jonathan-baker", "Jonathan Baker"),
        ("Baker", "jonathan-baker", "Jonathan Baker"),
        ("Lê Thị Mận", None, "Lê Thị Mận"),
        ("Mận", None, "Lê Thị Mận"),
    ]
    assert found[1].method == "registry:short"


def test_two_of_one_given_name_are_told_apart_by_courtesy_and_nearness() -> None:
    text = (
        "Ông Trần Văn Hải và bà Vũ Thị Hải cùng nói. Bà Hải vui. Ông Hải buồn.\n"
        "Sau đó ông Đỗ Minh Hải đến. Ông Hải chào."
    )
    names = [one.name for one in read(text).mentions if one.surface == "Hải"]
    assert names == ["Vũ Thị Hải", "Trần Văn Hải", "Đỗ Minh Hải"]


def test_a_body_without_its_seat_is_the_one_named_in_full_before_it() -> None:
    text = (
        "Sở Du lịch TP.HCM mở hội chợ. Sở Du lịch mời khách.\n"
        "Khách Hà Nội đông nhất. Hà Nội góp 10 gian, Hà Nội mang cốm vào."
    )
    found = [one for one in read(text).mentions if one.surface == "Sở Du lịch"]
    assert [one.entity_id for one in found] == ["hcmc-department-of-tourism"]


def test_a_short_document_number_is_the_document() -> None:
    text = (
        "Kế hoạch số 512/KH-UBND nói rõ. Theo Kế hoạch 512, quận làm trước. Kế hoạch 51 thì chưa."
    )
    names = {one.surface: one.name for one in read(text).mentions}
    assert names["Kế hoạch 512"] == "Kế hoạch số 512/KH-UBND"
    assert names.get("Kế hoạch 51") != "Kế hoạch số 512/KH-UBND"


def test_a_bare_noun_is_no_mention() -> None:
    text = "Bảo tàng Hà Nội có Trung tâm điều phối các hoạt động sáng tạo. Trung tâm mở cửa."
    assert "Trung tâm" not in {one.surface for one in read(text).mentions}


# --- lists of bodies --------------------------------------------------------------------------


def test_each_part_of_a_list_is_the_committee() -> None:
    text = (
        "UBND các quận, huyện: Hoàng Mai, Hoài Đức và thị xã Sơn Tây chủ trì; "
        "UBND các huyện Mù Khơi, Gia Lâm phối hợp."
    )
    found = read(text).mentions
    assert [(one.surface, one.entity_id, one.name) for one in found] == [
        ("Hoàng Mai", "hoang-mai-district-committee", "UBND quận Hoàng Mai"),
        ("Hoài Đức", "hoai-duc-district-committee", "UBND huyện Hoài Đức"),
        ("thị xã Sơn Tây", "son-tay-town-committee", "UBND thị xã Sơn Tây"),
        ("Mù Khơi", None, "UBND huyện Mù Khơi"),
        ("Gia Lâm", "gia-lam-district-committee", "UBND huyện Gia Lâm"),
    ]
    assert {one.kind for one in found} == {"org"}
    assert {one.method for one in found} == {"registry:list", "coordinated"}


# --- places -----------------------------------------------------------------------------------

PLACES = {
    "Hà Nội: người dân phường Hoàn Kiếm họp.": ("Hoàn Kiếm", "phuong-hoan-kiem"),
    "Hà Nội: người dân quận Hoàn Kiếm họp.": ("Hoàn Kiếm", "hoan-kiem"),
    "Hà Nội: người dân đi quanh hồ Hoàn Kiếm.": ("Hoàn Kiếm", "hoan-kiem-lake"),
    "Hà Nội: thợ gốm xã Bát Tràng họp.": ("Bát Tràng", "bat-trang"),
    "Nước sông Hồng lên cao.": ("Hồng", "song-hong"),
}


@pytest.mark.parametrize("text", PLACES)
def test_the_district_the_ward_and_the_lake_of_one_name(text: str) -> None:
    assert PLACES[text] in linked(text)


def test_a_bare_name_is_the_wards_where_the_story_speaks_of_the_ward() -> None:
    ward = "Hà Nội có phường Tây Hồ. Sáng nay Tây Hồ mở chợ."
    assert [one for _, one in linked(ward)] == ["hanoi", "phuong-tay-ho", "phuong-tay-ho"]
    district = "Hà Nội có quận Tây Hồ. Sáng nay Tây Hồ mở chợ."
    assert [one for _, one in linked(district)] == ["hanoi", "tay-ho", "tay-ho"]


@pytest.mark.parametrize(
    "text",
    [
        "Xe chạy trên đường Hai Bà Trưng rồi rẽ.",
        "Thị xã Hoàng Mai của Nghệ An đón khách.",
        "Chính trị, kinh tế - xã hội, an ninh đều ổn.",
        "Bộ Ngoại giao Nga lên tiếng.",
        "Cán bộ khoa học và công nghệ được thưởng.",
    ],
)
def test_other_things_of_the_same_name_are_not_linked(text: str) -> None:
    assert [one for _, one in linked(text) if one] == []


# --- the city that stands for its government --------------------------------------------------


def test_the_city_that_acts_is_its_committee_and_no_mention() -> None:
    text = (
        "Hà Nội họp về nước sạch. Thành phố sẽ hoàn thành 20 trạm bơm trước ngày 30/6/2026.\n"
        "Thành phố có 30 quận, huyện."
    )
    reading = read(text)
    assert [one.surface for one in reading.mentions] == ["Hà Nội"]
    (promise,) = reading.commitments
    assert (promise.owner_id, promise.owner) == ("hanoi-peoples-committee", "UBND thành phố Hà Nội")


def test_another_city_is_its_own_and_an_unknown_one_nobody() -> None:
    def owner(city: str) -> str | None:
        text = f"{city} họp về nước sạch. Thành phố sẽ xây 20 trạm bơm trước ngày 30/6/2026."
        return read(text).commitments[0].owner_id

    assert owner("Đà Nẵng") == "da-nang-peoples-committee"
    assert owner("Vinh") is None


def test_a_committee_called_by_its_level_is_that_of_the_storys_city() -> None:
    text = "Đà Nẵng họp. Sở Y tế Đà Nẵng trình UBND thành phố. Theo UBND thành phố, dịch đã hết."
    found = [one for one in read(text).mentions if one.surface == "UBND thành phố"]
    assert [one.entity_id for one in found] == ["da-nang-peoples-committee"] * 2
    assert [one.entity_id for one in read("UBND thành phố họp.").mentions] == [None]


def metonyms(body: str) -> list[tuple[str, Name]]:
    passages = reader().passages(Article(title="", lead="", body=body))
    return [(one.text[name.start : name.end], name) for one in passages for name in one.metonyms]


def test_only_a_city_that_acts_is_one() -> None:
    text = (
        "Thủ đô Hà Nội đón khách. Thủ đô sẽ mở thêm chợ. Trung tâm thành phố tổ chức hội.\n"
        "Khách nói rằng thành phố đang hỗ trợ họ, UBND thành phố giao Sở Công Thương làm.\n"
        "Các tỉnh, thành phố chỉ đạo làm ngay."
    )
    found = metonyms(text)
    assert [surface for surface, _ in found] == ["Thủ đô", "thành phố"]
    assert {(name.method, name.entity_id) for _, name in found} == {
        ("metonym", "hanoi-peoples-committee")
    }


def test_a_city_inside_a_name_is_none() -> None:
    city = load_registry().entries["hanoi-peoples-committee"]
    text = "Thủ đô giao việc."
    assert len(find_metonyms(text, [], city)) == 1
    name = Name(0, 6, "event", None, "Thủ đô", "event head", 0.8)
    assert find_metonyms(text, [name], city) == []


def test_a_document_is_named_with_its_whole_title(reader: Reader) -> None:
    title = 'Nghị quyết chuyên đề về "Phát triển công nghiệp văn hóa Thủ đô đến năm 2030"'
    (read,) = reader.read([Article("", "", f"Thành phố đã có {title} từ lâu.")])
    documents = [(one.surface, one.entity_id) for one in read.mentions if one.kind == "document"]
    assert documents == [(title, "resolution-09-2022")]
    assert [one.surface for one in read.mentions if one.kind == "place"] == []


def test_networks_of_creative_cities_are_not_all_unescos() -> None:
    text = (
        "Mạng lưới các thành phố sáng tạo Đông Nam Á (SEACCN) họp ở Cebu. Đại diện Mạng lưới các "
        "thành phố sáng tạo Indonesia cũng đến. Hà Nội thuộc Mạng lưới các thành phố sáng tạo."
    )
    found = [one.entity_id for one in read(text).mentions if "ạng lưới" in one.surface]
    assert found == ["seaccn", "indonesia-creative-cities", "uccn"]
    alone = "Hà Nội lập Mạng lưới các thành phố sáng tạo Đông Nam Á trong khuôn khổ UNESCO."
    (network,) = (one for one in read(alone).mentions if "ạng lưới" in one.surface)
    assert network.entity_id == "uccn"
