"""What stands around a name decides what it is: clues near and far, weighed against others."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import ConfigError
from kb.registry import Match, Matcher, load_registry
from kb.registry.loader import Registry

FILE = """
id: ferry
name: Bến phà
clues:
  of-the-town:
    words: &town [Cảng Vàng]
    than: &others [Bãi Bạc, Đảo Đồng]
  anglers: {words: [câu cá, cần câu], near: 5}
entries:
  - {id: ferry, kind: programme, name: Bến phà mới, sources: [https://a.vn/1], aliases: [
      {text: bến phà, needs: ["@of-the-town"], unless: ["@anglers", {words: [một], before: 1}]},
      {text: phà cao tốc, needs: ["@of-the-town", hải quan]},
      {text: phà đêm, needs: [{words: ["#"], before: 1}]}]}
  - {id: other-ferry, kind: org, name: Bến phà Bãi Bạc, sources: [https://a.vn/2], aliases: [
      {text: bến phà, needs: [{words: [*others], than: *town}]}]}
"""


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    (tmp_path / "ferry.yaml").write_text(FILE, "utf-8")
    programmes = [p for p in load_registry(tmp_path).programmes if p.id == "ferry"]
    return Matcher(Registry(tuple(programmes), "test"))


def only(matcher: Matcher, *texts: str) -> Match | None:
    found = [match for matches in matcher.find(texts) for match in matches]
    assert len(found) <= 1
    return found[0] if found else None


def test_the_place_that_weighs_more_decides_and_says_how_sure(matcher: Matcher) -> None:
    plain = only(matcher, "Bến phà mở cửa.", "Cảng Vàng vui mừng.")
    assert plain is not None
    assert (plain.entry.id, plain.rule) == ("ferry", "context")
    both = only(matcher, "Bến phà ở Cảng Vàng đông khách hơn bến tàu nhỏ của Bãi Bạc.")
    assert both is not None and both.entry.id == "ferry"
    assert 0.5 < both.score < plain.score < 0.99
    away = only(matcher, "Khách từ Cảng Vàng xa xôi cũng tìm sang. Bến phà của Bãi Bạc đông.")
    assert away is not None and away.entry.id == "other-ferry"


def test_words_nearby_speak_against_a_name_and_far_away_they_do_not(matcher: Matcher) -> None:
    assert only(matcher, "Cảng Vàng có bến phà cho người câu cá.") is None
    text = "Cảng Vàng có bến phà. Chợ họp từ bốn giờ sáng, sau đó mới đến lượt người câu cá."
    assert only(matcher, text) is not None


def test_a_word_right_before_it_decides_on_that_side_only(matcher: Matcher) -> None:
    assert only(matcher, "Cảng Vàng xây một bến phà.") is None
    assert only(matcher, "Cảng Vàng xây bến phà một tầng.") is not None


def test_all_clues_have_to_hold(matcher: Matcher) -> None:
    assert only(matcher, "Phà cao tốc rời Cảng Vàng.") is None
    assert only(matcher, "Phà cao tốc rời Cảng Vàng, hải quan chờ sẵn.") is not None


def test_any_number_is_one_word(matcher: Matcher) -> None:
    assert only(matcher, "Có 12 phà đêm.") is not None
    assert only(matcher, "Có vài phà đêm.") is None


def test_a_name_without_clues_is_exact(matcher: Matcher) -> None:
    found = only(matcher, "Bến phà mới khánh thành.")
    assert found is not None and (found.rule, found.score) == ("exact", 0.99)


def test_a_clue_that_the_file_does_not_have_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(FILE.replace('"@anglers"', '"@sailors"'), "utf-8")
    with pytest.raises(ConfigError, match="@sailors is not among"):
        load_registry(tmp_path)


HANOI = {
    # the plural and the network, in a story on the city's culture
    "Hà Nội hỗ trợ các không gian sáng tạo, các nghệ sĩ đón nhận.": {"creative-spaces"},
    "Sau lễ hội, Hà Nội khảo sát 30 không gian sáng tạo.": {"creative-spaces"},
    # flats, a school, one address, another city, the country
    "Mở bán 300 căn hộ ở Hà Nội, cư dân có không gian sáng tạo trên tầng mái.": set(),
    "Trường tiểu học ở Hà Nội mở không gian sáng tạo với robot và phòng thí nghiệm STEM.": set(),
    "Họa sĩ mở một không gian sáng tạo ở phố cổ Hà Nội, văn hóa làng nghề là đề tài.": set(),
    "Triển lãm mở tại không gian sáng tạo tại Bảo tàng Hà Nội.": set(),
    "Huế có thêm các không gian sáng tạo; nghệ sĩ Huế từng học ở Hà Nội dự triển lãm.": set(),
    "Nghệ sĩ Hà Nội kể về các không gian sáng tạo ở Việt Nam.": set(),
    # the design centre and the centres of the crafts
    "Hà Nội, Thành phố Sáng tạo của UNESCO, chờ Trung tâm Thiết kế sáng tạo.": {"design-centre"},
    "Hà Nội gắn biển Trung tâm Thiết kế sáng tạo bán sản phẩm OCOP của làng nghề.": set(),
    # the network of the cities is itself, whichever city joins; that of the crafts is another
    "Đà Lạt gia nhập Mạng lưới các Thành phố Sáng tạo của UNESCO.": {"uccn"},
    "Bát Tràng gia nhập Mạng lưới các Thành phố Thủ công sáng tạo thế giới.": set(),
    # a festival of the same name elsewhere
    "Đà Nẵng bế mạc Lễ hội Thiết kế sáng tạo, khách từ Hà Nội vào Đà Nẵng xem.": set(),
    "Hà Nội bế mạc Lễ hội Thiết kế sáng tạo, khách từ Đà Nẵng ra Hà Nội.": {"design-festival"},
}  # fmt: skip


@pytest.fixture(scope="module")
def hanoi() -> Matcher:
    return Matcher(load_registry())


@pytest.mark.parametrize("text", HANOI)
def test_what_counts_as_an_initiative_of_hanoi(hanoi: Matcher, text: str) -> None:
    found = {
        m.entry.id for m in hanoi.find([text])[0] if m.entry.kind in ("initiative", "programme")
    }
    assert found == HANOI[text]


def test_two_laws_of_one_name_are_told_apart(hanoi: Matcher) -> None:
    text = "Luật Thủ đô năm 2012 hết hiệu lực. Từ năm 2025, Luật Thủ đô (sửa đổi) cho phép hơn."
    laws = [m.entry.id for m in hanoi.find([text])[0] if m.entry.kind == "document"]
    assert laws == ["capital-law-2012", "capital-law-2024"]
