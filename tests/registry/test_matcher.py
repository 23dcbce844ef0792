"""Names found whatever their spelling; the longest wins; needs and capitals are respected."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.registry import Matcher, load_registry
from kb.registry.loader import Registry

FILE = """
id: lake-clean
name: Làm sạch hồ
entries:
  - {id: lake, kind: programme, name: Chương trình Làm sạch hồ, sources: [https://a.vn/1],
     aliases: [{text: LSH, case: true}]}
  - {id: pumps, kind: initiative, level: local, programme: lake, name: Trạm bơm xanh,
     sources: [https://a.vn/2], aliases: [{text: trạm bơm, needs: [hồ Tây, Làm sạch hồ]}]}
  - {id: pumps-office, kind: org, name: "Trạm bơm xanh và xử lý nước", sources: [https://a.vn/3]}
  - {id: department, kind: org, name: "Sở Văn hóa, Thể thao và Nước", sources: [https://a.vn/4]}
"""


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    (tmp_path / "lake-clean.yaml").write_text(FILE, "utf-8")
    programmes = [p for p in load_registry(tmp_path).programmes if p.id == "lake-clean"]
    return Matcher(Registry(tuple(programmes), "test"))


def names(matcher: Matcher, *texts: str) -> list[tuple[str, str]]:
    return [
        (match.entry.id, text[match.start : match.end])
        for text, matches in zip(texts, matcher.find(texts), strict=True)
        for match in matches
    ]


@pytest.mark.parametrize(
    "surface",
    [
        "Sở Văn hóa, Thể thao và Nước",
        "sở văn hoá - thể thao và nước",
        "SỞ VĂN HÓA – THỂ THAO VÀ NƯỚC",
        "Sở “Văn hoá, Thể thao và Nước",
        "Sở Văn hóa  Thể thao và Nước",
        "Sở Văn hóa , Thể thao và Nước",
        "Sở Văn hóa\t, Thể thao\xa0và Nước",
    ],
)
def test_spelling_does_not_matter_and_the_surface_stays(matcher: Matcher, surface: str) -> None:
    assert names(matcher, f"Hôm nay {surface} họp.") == [("department", surface)]


@pytest.mark.parametrize("space", [" ", "  ", " – ", "\u3000"])
def test_spans_hold_behind_joints_of_any_width(matcher: Matcher, space: str) -> None:
    text = f", {space}“Nay”,{space}Trạm{space}bơm xanh – mở,{space}Sở Văn hóa, Thể thao và Nước nói"
    assert names(matcher, text) == [
        ("pumps", f"Trạm{space}bơm xanh"),
        ("department", "Sở Văn hóa, Thể thao và Nước"),
    ]


def test_the_longest_name_wins(matcher: Matcher) -> None:
    assert names(matcher, "Trạm bơm xanh và xử lý nước mở cửa; trạm bơm xanh thì chưa") == [
        ("pumps-office", "Trạm bơm xanh và xử lý nước"),
        ("pumps", "trạm bơm xanh"),
    ]


def test_names_end_at_words_sentences_and_lines(matcher: Matcher) -> None:
    assert names(matcher, "Trạm bơm xanhh; xTrạm bơm xanh; Trạm bơm. Xanh; Trạm bơm\nxanh") == []


def test_needs_may_stand_in_another_field(matcher: Matcher) -> None:
    assert names(matcher, "Một trạm bơm mới", "Bên Hồ  Tây") == [("pumps", "trạm bơm")]
    assert names(matcher, "Một trạm bơm mới", "Bên hồ Tâyy") == []


def test_capitals_matter_where_the_registry_says_so(matcher: Matcher) -> None:
    assert names(matcher, "LSH và lsh") == [("lake", "LSH")]


def test_length_changing_lower_case_keeps_offsets(matcher: Matcher) -> None:
    assert names(matcher, "İİİ Trạm bơm xanh") == [("pumps", "Trạm bơm xanh")]
