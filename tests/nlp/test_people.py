"""Who is named with which post, and whom a short name means."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.passage import Name, Passage
from kb.nlp.people import Cast, find_holdings
from kb.nlp.people.cast import People, given_sex
from kb.nlp.people.wordlists import words
from kb.reading import Holding


def bare(text: str) -> Passage:
    """A passage without any name found: only courtesies and capitals are left."""
    return Passage("body", text, (), ())


def holdings(reader: Reader, text: str) -> list[tuple[str, str]]:
    passages = reader.passages(Article(title="", lead="", body=text))
    found = find_holdings(Cast(passages))
    for one in found:
        span = text[one.start : one.end]
        assert one.post in span
        assert one.person.split()[-1] in span
    return [(one.person, one.post) for one in found]


@pytest.mark.parametrize(
    ("text", "person", "post"),
    [
        ("Bà Lê Thu Hằng - Giám đốc Sở Du lịch Hà Nội - mở đầu buổi họp.",
         "Lê Thu Hằng", "Giám đốc Sở Du lịch Hà Nội"),
        ("Ông Trần Quốc Bảo, Giám đốc Sở Du lịch Hà Nội, mở đầu buổi họp.",
         "Trần Quốc Bảo", "Giám đốc Sở Du lịch Hà Nội"),
        ("Ông Trần Quốc Bảo (Giám đốc Sở Du lịch Hà Nội) đã tới.",
         "Trần Quốc Bảo", "Giám đốc Sở Du lịch Hà Nội"),
        ("Ông Trần Quốc Bảo (54 tuổi), nguyên Giám đốc Sở Du lịch Hà Nội, đã tới.",
         "Trần Quốc Bảo", "Giám đốc Sở Du lịch Hà Nội"),
        ("Ông Trần Quốc Bảo, 54 tuổi, Giám đốc Sở Du lịch Hà Nội, đã tới.",
         "Trần Quốc Bảo", "Giám đốc Sở Du lịch Hà Nội"),
        ("Phó Chủ tịch UBND TP. Hà Nội Trần Quốc Bảo phát biểu tại buổi lễ.",
         "Trần Quốc Bảo", "Phó Chủ tịch UBND TP. Hà Nội"),
        ("Trưởng đoàn Đại biểu Quốc hội Trần Quốc Bảo cắt băng mở phố.",
         "Trần Quốc Bảo", "Trưởng đoàn Đại biểu Quốc hội"),
        ("Tân Bộ trưởng Tài chính Lê Minh Khuê trả lời bên hành lang.",
         "Lê Minh Khuê", "Bộ trưởng Tài chính"),
        ("Sáng nay, Bí thư Thành ủy Hà Nội Trần Quốc Bảo tiếp dân.",
         "Trần Quốc Bảo", "Bí thư Thành ủy Hà Nội"),
        ("Bộ trưởng Tài chính Lê Minh Khuê trả lời bên hành lang.",
         "Lê Minh Khuê", "Bộ trưởng Tài chính"),
        ("Ông Peter Lindqvist - Trưởng đại diện UNESCO tại Việt Nam - gửi lời chúc.",
         "Peter Lindqvist", "Trưởng đại diện UNESCO tại Việt Nam"),
        ("Giám đốc Sở Du lịch Hà Nội, ông Trần Quốc Bảo, mở đầu buổi họp.",
         "Trần Quốc Bảo", "Giám đốc Sở Du lịch Hà Nội"),
        ("Ông Trần Quốc Bảo, Phó Chủ nhiệm Ủy ban Văn hóa, Giáo dục của Quốc hội, đã tới.",
         "Trần Quốc Bảo", "Phó Chủ nhiệm Ủy ban Văn hóa, Giáo dục của Quốc hội"),
    ],
)  # fmt: skip
def test_a_post_stands_on_either_side_of_its_holder(
    reader: Reader, text: str, person: str, post: str
) -> None:
    assert holdings(reader, text) == [(person, post)]


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("Ông Trần Quốc Bảo, Phó Vụ trưởng Vụ Kế hoạch - Tài chính, đã tới.",
         "Phó Vụ trưởng Vụ Kế hoạch - Tài chính"),
        ("Ông Trần Quốc Bảo, Phó Giám đốc Trung tâm Quản lý đầu tư và khai thác bến bãi Hà Nội, "
         "đã tới.",
         "Phó Giám đốc Trung tâm Quản lý đầu tư và khai thác bến bãi Hà Nội"),
        ("Ông Trần Quốc Bảo, Trưởng ban Chỉ đạo và toàn thể đại biểu thắp hương.",
         "Trưởng ban Chỉ đạo"),
        ("Ông Trần Quốc Bảo - Bí thư Đảng ủy Sở nông nghiệp biểu dương bà con.",
         "Bí thư Đảng ủy Sở nông nghiệp"),
        ("Ông Trần Quốc Bảo - Trưởng phòng LĐ-XH thị xã Sơn Tây - đã tới.",
         "Trưởng phòng LĐ-XH thị xã Sơn Tây"),
        ("Ông Trần Quốc Bảo - Phó Trưởng ban MRX - đã tới.", "Phó Trưởng ban MRX"),
        ("Ông Trần Quốc Bảo, Ủy viên dự khuyết Trung ương Đảng, đã tới.",
         "Ủy viên dự khuyết Trung ương Đảng"),
        ("Ông Trần Quốc Bảo, Trưởng phòng Bảo vệ, chăm sóc trẻ em, đã tới.",
         "Trưởng phòng Bảo vệ, chăm sóc trẻ em"),
        ("Ông Trần Quốc Bảo, Thường trực Ban Bí thư, đã tới.", "Thường trực Ban Bí thư"),
        ("Ông Trần Quốc Bảo - Chỉ huy phó kiêm Tham mưu trưởng Bộ CHQS tỉnh đã tới.",
         "Chỉ huy phó kiêm Tham mưu trưởng Bộ CHQS tỉnh"),
        ("Ông Trần Quốc Bảo, lãnh đạo Ban Chuyển đổi số Hà Nội, đã tới.",
         "lãnh đạo Ban Chuyển đổi số Hà Nội"),
        ("Ông Trần Quốc Bảo - người tổ chức chính của Thế vận hội Tokyo 2020 - đã tới.",
         "người tổ chức chính của Thế vận hội Tokyo 2020"),
        ("Ông Trần Quốc Bảo, Chủ nhiệm và bà con thắp hương.", "Chủ nhiệm"),
        ("Ông Trần Quốc Bảo, Trưởng ban Chuyên đề truyền hình (kênh hai), đã tới.",
         "Trưởng ban Chuyên đề truyền hình"),
        ("Ông Trần Quốc Bảo, Vụ trưởng Cục Quản lý Bến bãi, đã tới.",
         "Vụ trưởng Cục Quản lý Bến bãi"),
        ("Ông Trần Quốc Bảo, bác sĩ Bệnh viện Bạch Mai, đã tới.", "bác sĩ Bệnh viện Bạch Mai"),
    ],
)  # fmt: skip
def test_a_post_goes_as_far_as_its_body(reader: Reader, text: str, post: str) -> None:
    assert holdings(reader, text) == [("Trần Quốc Bảo", post)]


def test_ranks_are_posts_of_their_own(reader: Reader) -> None:
    text = "Đại tá Trần Quốc Bảo, Giám đốc Công an tỉnh Sơn La, và Trung tướng, PGS Lê Hồng Phúc."
    assert holdings(reader, text) == [
        ("Trần Quốc Bảo", "Đại tá"),
        ("Trần Quốc Bảo", "Giám đốc Công an tỉnh Sơn La"),
        ("Lê Hồng Phúc", "Trung tướng"),
    ]


def test_a_calling_is_a_post_only_with_a_body(reader: Reader) -> None:
    text = "HLV Trần Quốc Bảo gặp HLV trưởng Lê Hồng Phúc và HLV CLB Hà Nội Đỗ Anh Tú."
    assert holdings(reader, text) == [
        ("Lê Hồng Phúc", "HLV trưởng"),
        ("Đỗ Anh Tú", "HLV CLB Hà Nội"),
    ]


def test_the_span_tells_that_a_post_is_a_former_one(reader: Reader) -> None:
    text = "Hôm qua cựu Giám đốc Sở Du lịch Hà Nội Trần Quốc Bảo tới thăm."
    (one,) = find_holdings(Cast(reader.passages(Article(title="", lead="", body=text))))
    assert one.post == "Giám đốc Sở Du lịch Hà Nội"
    assert text[one.start : one.end] == "cựu Giám đốc Sở Du lịch Hà Nội Trần Quốc Bảo"


def test_a_dash_joins_two_posts_of_one_body(reader: Reader) -> None:
    text = "Bà Lê Thu Hằng, Giám đốc - Tổng Biên tập Nhà xuất bản Phụ nữ, có mặt."
    assert holdings(reader, text) == [
        ("Lê Thu Hằng", "Giám đốc"),
        ("Lê Thu Hằng", "Tổng Biên tập Nhà xuất bản Phụ nữ"),
    ]


def test_a_name_unknown_behind_the_body_of_a_post_is_the_holders() -> None:
    text = "Tổng thanh tra Nhật Bản Mori Kenjiro vắng mặt."
    place = Name(15, 23, "place", None, "Nhật Bản", "known place", 1.0)
    (one,) = find_holdings(Cast([Passage("body", text, (), (place,))]))
    assert (one.person, one.post) == ("Mori Kenjiro", "Tổng thanh tra Nhật Bản")


def test_a_post_within_the_name_of_a_body_is_none() -> None:
    text = "Thường trực Hội đồng Bí thư Trần Quốc Bảo đã tới."
    body = Name(12, 27, "org", None, "Hội đồng Bí thư", "body of words", 0.8)
    person = Name(28, 41, "person", None, "Trần Quốc Bảo", "full name", 0.8)
    found = find_holdings(Cast([Passage("body", text, (), (body, person))]))
    assert [one.post for one in found] == ["Thường trực Hội đồng Bí thư"]


def test_a_name_behind_a_post_to_be_filled_is_the_bodys() -> None:
    text = "Năm ấy ông được bầu làm Bí thư chi bộ Đồi Thông."
    name = Name(38, 47, "person", None, "Đồi Thông", "titled", 0.8)
    assert text[38:47] == "Đồi Thông"
    assert find_holdings(Cast([Passage("body", text, (), (name,))])) == []


def test_joined_posts_are_one_record_each(reader: Reader) -> None:
    text = "Ủy viên Bộ Chính trị, Bí thư Thành ủy Hà Nội Trần Quốc Bảo dự lễ."
    assert holdings(reader, text) == [
        ("Trần Quốc Bảo", "Ủy viên Bộ Chính trị"),
        ("Trần Quốc Bảo", "Bí thư Thành ủy Hà Nội"),
    ]


def test_the_body_of_a_post_is_linked(reader: Reader) -> None:
    text = "Bà Lê Thu Hằng, Giám đốc Sở Văn hóa và Thể thao Hà Nội, chủ trì cuộc họp."
    (one,) = find_holdings(Cast(reader.passages(Article(title="", lead="", body=text))))
    assert one.org_id == "hanoi-department-of-culture-and-sports"
    assert text[one.start : one.end] == ("Lê Thu Hằng, Giám đốc Sở Văn hóa và Thể thao Hà Nội")


@pytest.mark.parametrize(
    "text",
    [
        "Giám đốc Sở Du lịch Hà Nội và ông Trần Quốc Bảo cùng có mặt.",
        "Chủ tịch UBND quận. Ông Trần Quốc Bảo sống ở đó.",
        "Các đại biểu dành một phút tưởng nhớ ông Trần Quốc Bảo.",
        "Chủ tịch CLB Hải Phòng thẳng thừng chê Trần Quốc Bảo.",
        "Chủ tịch CLB Hải Phòng sa thải Trần Quốc Bảo.",
        "Anh được phân công làm Bí thư chi bộ Đồi Thông.",
        "Đại diện Thái Lan, Trần Quốc Bảo nhắc lại, đã thua.",
        "Ông giữ chức vụ Bộ trưởng KH-ĐT từ năm 2016.",
        "Ông giữ ghế Vụ trưởng Vụ Thực hành từ năm 2016.",
    ],
)
def test_a_post_that_is_another_persons_is_none(reader: Reader, text: str) -> None:
    assert holdings(reader, text) == []


def test_each_of_a_row_has_his_own_post(reader: Reader) -> None:
    text = (
        "Dự lễ có ông Trần Quốc Bảo, Giám đốc Sở Du lịch Hà Nội; bà Lê Thu Hằng, "
        "Hiệu trưởng Trường Đại học Mỹ thuật Công nghiệp."
    )
    assert [person for person, _ in holdings(reader, text)] == ["Trần Quốc Bảo", "Lê Thu Hằng"]


def test_a_holder_is_named_in_full(reader: Reader) -> None:
    text = "Bà Lê Thu Hằng tới sớm.\nBà Hằng, Giám đốc Sở Du lịch Hà Nội, chủ trì."
    assert holdings(reader, text) == [("Lê Thu Hằng", "Giám đốc Sở Du lịch Hà Nội")]


def test_courtesies_name_people_without_any_tagger() -> None:
    people = People(bare("Hôm qua ông Trần Quốc Bảo và bà Hằng gặp GS.TS Phan Đình Tuấn."))
    assert [(one.text, one.sex) for one in people.persons] == [
        ("Trần Quốc Bảo", "m"), ("Hằng", "f"), ("Phan Đình Tuấn", "-"),
    ]  # fmt: skip


def test_a_courtesy_inside_a_name_is_none() -> None:
    people = People(bare("Huấn luyện viên nhắc ông Hoàng Anh Tuấn."))
    assert [one.text for one in people.persons] == ["Hoàng Anh Tuấn"]


def test_short_names_mean_the_full_ones_of_the_same_sex() -> None:
    text = "Ông Lê Văn Hòa gặp bà Đỗ Thị Hòa và ông Peter Lindqvist. Bà Hòa, ông Hòa, ông Peter."
    cast = Cast([bare(text)])
    assert [cast.full(one)[0] for one in cast.people[0].persons[3:]] == [
        "Đỗ Thị Hòa", "Lê Văn Hòa", "Peter Lindqvist",
    ]  # fmt: skip


def test_every_list_of_posts_counts() -> None:
    known = words()
    for word, label in (
        ("trưởng đại diện", "post"), ("nữ ca sĩ", "f"), ("ông", "m"), ("nhạc sĩ", "-"),
        ("đại tá", "rank"), ("hlv", "job"), ("nghiên cứu viên", "member"), ("thủ lĩnh", "head"),
    ):  # fmt: skip
        (hit,) = known.phrases.find(f"x {word} y")
        assert (hit.word, hit.label) == (word, label)
    assert known.phrases.find("bàn ôngx") == []
    assert "phó" in known.before
    assert {"nguyên", "cựu"} <= known.times
    assert "Thể thao" in known.sectors
    assert known.links.match("tại Huế")
    assert known.onward.match("khu vực Bắc Bộ")
    assert known.within.match("đầu tư và")
    assert known.ends.match("đã tới")
    assert not known.ends.match("đãi")
    assert " chức vụ" in known.made
    assert "vụ" in known.units
    assert "sở" in known.bodies


@given(st.text(alphabet="Ôôngbà ĐđạNguyễn,.-(\n" + string.ascii_letters, max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for one in find_holdings(Cast([bare(text)])):
        assert 0 <= one.start < one.end <= len(text)


def test_gold_holders_are_found_with_their_posts(reader: Reader, shared: Path) -> None:
    wanted, found = set(), set()
    for story in json.loads((shared / "gold" / "seeds.json").read_text("utf-8")):
        raw = (shared / "seeds" / story["file"]).read_text("utf-8")
        body = raw[slice(*story["body_span"])]
        wanted |= {(one["name"], one["role"]) for one in story["people"]}
        found |= _pairs(find_holdings(Cast(reader.passages(Article(story["title"], "", body)))))
    print(f"holdings: {len(wanted & found)} of {len(wanted)} gold, {len(found)} found")
    assert wanted <= found
    assert len(found - wanted) <= 1


def _pairs(found: list[Holding]) -> set[tuple[str, str]]:
    return {(one.person, one.post) for one in found}


@pytest.mark.parametrize(
    ("name", "sex"),
    [("Vũ Bích Thảo", "f"), ("Đặng Quốc Hùng", "m"), ("Vũ Minh", "-"), ("Hùng", "-"), ("", "-")],
)
def test_a_given_name_tells_the_sex(name: str, sex: str) -> None:
    assert given_sex(name) == sex


def test_no_given_name_tells_both_sexes() -> None:
    assert set(words().given.values()) == {"m", "f"}
    assert not {"minh", "anh", "linh", "hà", "giang"} & set(words().given)


def test_a_courtesy_outweighs_a_given_name(reader: Reader) -> None:
    cast = Cast(reader.passages(Article("", "", "Bà Trần Quốc Hùng đến sớm.")))
    assert cast.sex("Trần Quốc Hùng") == "f"
