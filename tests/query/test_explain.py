"""What was typed is understood, or it is said what not, where, and what may have been meant."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.archive import Archive, Query
from kb.archive.explain import spelled, words_of
from kb.archive.grammar import Filter, field_names, leaves, normal, parse, unmarked
from kb.archive.params import parameters
from kb.archive.remarks import impossible, remarks
from kb.research import Desk

SIGNS = st.lists(
    st.sampled_from(
        ["(", ")", '"', "*", "-", ":", " ", " OR ", " KHÔNG ", " NEAR/5 ", "lễ", "hội", "title:",
         "ngày:", "có:", "5/2025", "foo:", "NEAR(a b, 3)"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def test_days_between_which_nothing_lies_are_remarked() -> None:
    early, late = date(2025, 1, 1), date(2025, 2, 1)
    assert impossible(Query(since=early, until=late, due_after=early, due_before=late)) == []
    for names in (("since", "until"), ("due_after", "due_before")):
        (found,) = impossible(Query(**dict(zip(names, (late, early), strict=True))))
        assert "01/02/2025" in found.said("vi")
        assert "01/01/2025" in found.said("en")


@given(SIGNS | st.text(max_size=30))
@example("NEAR")
@example("a NEAR/999999999 b")
def test_anything_typed_can_be_explained(text: str) -> None:
    typed = normal(text)
    for remark in remarks(text):
        assert remark.start is not None
        assert remark.end is not None
        assert 0 <= remark.start < remark.end <= len(typed)
        assert remark.said("vi") != remark.said("en")
        if remark.suggestion and remark.code in ("field", "space", "value"):
            better = typed[: remark.start] + remark.suggestion + typed[remark.end :]
            assert remark.code not in {one.code for one in remarks(better)[:1]} or better != typed
    assert isinstance(spelled(Query(text), False, "vi"), str)


@pytest.mark.parametrize(
    ("typed", "code", "place", "suggestion"),
    [
        ('lễ "hội xuân', "quote", '"', '"hội xuân"'),
        ("(lễ hội", "open", "(", None),
        ("lễ) hội", "close", ")", None),
        ("HOẶC lễ", "operator", "HOẶC", None),
        ("lễ KHÔNG", "operator", "KHÔNG", None),
        ("(lễ) GẦN hội", "near", "GẦN", None),
        ("lễ GẦN/99 hội", "far", "GẦN/99", "GẦN/30"),
        ("tiêu_dề:lễ", "field", "tiêu_dề:", "tiêu_đề:lễ"),
        ("lạ_lùng:lễ", "field", "lạ_lùng:", None),
        ("tiêu_đề: lễ", "space", "tiêu_đề:", "tiêu_đề:lễ"),
        ("lễ*hội", "star", "lễ*hội", "lễhội*"),
        ("từ_ngày:hômqua", "day", "từ_ngày:hômqua", None),
        ("ngày:32/1/2025", "day", "ngày:32/1/2025", None),
        ("loại:orgs", "value", "loại:orgs", "kind:org"),
        ("có:quote", None, "", None),
        ("có:kotes", "value", "có:kotes", "fact:quotes"),
        ("😀", "wordless", "😀", None),
        ("% …", "wordless", "% …", None),
    ],
)
def test_each_kind_of_trouble_has_its_place_and_a_suggestion(
    typed: str, code: str | None, place: str, suggestion: str | None
) -> None:
    found = remarks(typed)
    if code is None:
        assert found == []
        return
    (one,) = found
    assert (one.code, typed[one.start : one.end]) == (code, place)
    assert one.suggestion == suggestion
    if suggestion and code in ("field", "space", "value", "far"):
        rest = typed[one.end :] if code == "far" else ""
        assert remarks(typed[: one.start or 0] + suggestion + rest) == []


@pytest.mark.parametrize(
    "typed",
    ["lễ hội", '"lễ hội" HOẶC chum*', "161/KH-UBND", "http://a.b/c", "17:30", "KHÔNG GIAN SÁNG TẠO",
     "a - b", "NEAR(a b, 3)", 'tiêu đề:"lễ hội"', "-phim lễ"],
)  # fmt: skip
def test_what_is_understood_is_not_remarked(typed: str) -> None:
    assert remarks(typed) == []


def test_every_way_of_writing_a_field_is_read_as_one() -> None:
    for spelling, name in field_names().items():
        node = parse(f"{spelling}:2025")
        assert node is not None
        (leaf,) = leaves(node)
        assert name in (getattr(leaf, "name", ""), getattr(leaf, "field", "")), spelling


def test_a_query_in_words_names_every_filter() -> None:
    asked = Query.from_json(
        {"q": "lễ hội -phim", "from": "2025-01-01", "to": "2025-02-01", "outlet": ["a", "b"],
         "level": ["hanoi"], "initiative": ["i"], "actor": ["x"], "post": ["giám đốc"],
         "place": ["p"], "document": ["d"], "kind": ["org"], "fact": ["quotes"], "role": ["lead"],
         "article": [7], "due_after": "2025-03-01", "due_before": "2025-04-01", "reuse": "folded",
         "as_of": "2025-05-01", "order": "relevance"}
    )  # fmt: skip
    assert set(asked.to_json()) == {one.param for one in parameters().values()}
    assert spelled(asked, False, "vi") == (
        "lễ VÀ hội VÀ KHÔNG phim; từ ngày 01/01/2025; đến ngày 01/02/2025; báo a HOẶC b; "
        "báo cấp hanoi; sáng kiến i; người hoặc cơ quan x; chức vụ giám đốc; địa điểm p; "
        "văn bản d; loại org; có phát biểu; vai trò lead; bài số 7; "
        "đến hạn sau ngày 01/03/2025; "
        "đến hạn trước ngày 01/04/2025; bài đăng lại tính một lần; kho như ngày 01/05/2025; "
        "sát nhất trước"
    )
    assert spelled(Query(), False, "en") == "all articles"
    assert words_of("vi").keys() == words_of("en").keys()


def test_names_that_the_archive_has_not_seen_are_told(archive: Archive) -> None:
    query = Query.from_json({"q": "báo:bao-h nguồn:bao-hn", "outlet": ["bao-tv"], "post": ["vua"],
                             "place": ["museum"], "actor": ["Sở Văn hóa"],
                             "role": ["leed", "lead museum", "lead so-vhtt"]})  # fmt: skip
    told = [(one.code, one.typed, one.suggestion) for one in archive.explain(query).remarks]
    assert told == [
        ("unknown", "bao-h", "bao-hn"),
        ("unknown", "bao-tv", "bao-tw"),
        ("unknown", "Sở Văn hóa", "so-vhtt"),
        ("unknown", "vua", None),
        ("unknown", "leed", "lead"),
        ("unknown", "lead museum", None),
    ]


@given(SIGNS | st.text(max_size=30))
@example("KHÔNG GIAN SÁNG TẠO")
@example('GẦN(lễ hội, 3) -tiêu_đề:(lò HOẶC gốm) người:"Đỗ Thúy"')
def test_a_query_without_marks_asks_for_the_same_words(text: str) -> None:
    bare = unmarked(text)
    assert unmarked(bare) == bare
    if parse(text) is None or bare == normal(text):
        return
    typed, plain = (list(leaves(node)) for one in (text, bare) if (node := parse(one)))
    assert len(typed) == len(plain)
    assert [one for one in typed if isinstance(one, Filter)] == [
        one for one in plain if isinstance(one, Filter)
    ]


def test_marks_that_nothing_has_are_ignored_by_all_and_remarked(archive: Archive) -> None:
    """ "hôi" stands nowhere, "hội" does."""
    query = Query("hôi -chum", levels=("central",))
    bare = Query("hoi -chum", levels=("central",))
    total = archive.count("articles", bare)
    assert archive.search(query).total == archive.facets(query).total == total > 0
    desk = Desk(archive)
    for asked, same in (
        (desk.articles(query), desk.articles(bare)),
        (desk.attention(query), desk.attention(bare)),
        (desk.co_mentions("museum", query), desk.co_mentions("museum", bare)),
    ):
        assert len(asked) == len(same)
        (said,) = asked.attrs["remarks"]
        assert "nothing with the marks" in said
        assert f"without marks {total} articles match; try: hoi -chum" in said
        assert same.attrs["remarks"] == []
    assert archive.search_anyhow(query) == (bare, archive.search(query))


def test_marks_count_where_only_news_is_asked_for(archive: Archive) -> None:
    found = archive.search(Query("hôi")).hits
    assert found
    among = tuple(hit.article_id for hit in found)
    assert archive.search(Query("hoi", articles=among)).total == len(found)
    assert archive.search(Query("hôi", articles=among)).total == 0
