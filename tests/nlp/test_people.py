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
from kb.nlp.passage import Passage
from kb.nlp.people import Cast, find_holdings
from kb.nlp.people.cast import People
from kb.nlp.people.wordlists import words
from kb.reading import Holding
from kb.registry import load_registry


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_registry())


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
         "Trần Quốc Bảo", "nguyên Giám đốc Sở Du lịch Hà Nội"),
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


def test_every_word_of_the_lists_is_found() -> None:
    for word in ("phó trưởng đại diện", "nữ ca sĩ", "trưởng đại diện"):
        (hit,) = words().phrases.find(f"x {word} y")
        assert hit.word == word
    assert words().phrases.find("bàn ôngx") == []
    assert {"nguyên", "cựu"} <= words().before
    assert "Thể thao" in words().sectors
    assert "tại" in words().onward
    assert "đã" in words().ends
    assert "vụ" in words().units


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
