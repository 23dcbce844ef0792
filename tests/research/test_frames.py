"""What a researcher gets: typed frames from an archive, and a reading without one."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

import kb
from kb.errors import ArchiveError, ConfigError, QueryError
from kb.research import KINDS, Desk, frame, make_query
from tests.research.conftest import FESTIVAL, stories

ZONE = "Asia/Ho_Chi_Minh"
TYPES = {
    "article_id": "int64", "words": "int64", "revisions": "int64", "start": "int64",
    "end": "int64", "mentions": "int64", "articles": "int64", "score": "float64",
    "published_at": f"datetime64[us, {ZONE}]", "authors": "object",
    "first_seen": f"datetime64[us, {ZONE}]", "last_seen": f"datetime64[us, {ZONE}]",
    "first": f"datetime64[us, {ZONE}]", "last": f"datetime64[us, {ZONE}]",
    "due_from": "datetime64[us]", "due_to": "datetime64[us]", "direct": "bool",
    "evidence_article_id": "Int64", "evidence_start": "Int64", "evidence_end": "Int64",
    "evidence_published_at": f"datetime64[us, {ZONE}]", "status_at": f"datetime64[us, {ZONE}]",
    "evidence_due_from": "datetime64[us]", "evidence_due_to": "datetime64[us]",
    "evidence_score": "float64",
    "ambiguous": "bool", "earlier_article_id": "int64", "earlier_revision": "int64",
    "earlier_start": "int64", "earlier_end": "int64", "similarity": "float64",
    "share": "float64", "resemblance": "float64", "reused": "float64",
    "earlier_published_at": f"datetime64[us, {ZONE}]",
}  # fmt: skip


def test_articles_are_complete_and_newest_first(desk: Desk) -> None:
    found = desk.articles()
    titles = [article.title for article, _ in stories()]
    assert found["title"].tolist()[:2] == titles[:2]
    assert sorted(found["title"]) == sorted(titles)
    assert "body" not in found
    festival = found.iloc[0]
    assert festival["published_at"] == pd.Timestamp("2025-11-09T20:05:30", tz=ZONE)
    assert list(festival["authors"]) == ["Đặng Hường", "Lê Ý"]
    assert found["published_at"].isna().sum() == 2
    assert found["url"].isna().sum() == 2


def test_full_text_adds_the_body(desk: Desk) -> None:
    found = desk.articles(full_text=True).set_index("title")["body"].to_dict()
    assert found == {article.title: article.body for article, _ in stories()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["", "khôngcótừnày"])
def test_columns_and_types_are_the_same_with_and_without_rows(
    desk: Desk, kind: str, query: str
) -> None:
    found = frame(kind, desk.archive, make_query(query))
    assert found.empty == bool(query)
    assert list(found.columns) == list(KINDS[kind].columns)
    types = {str(name): str(type_) for name, type_ in found.dtypes.items()}
    assert types == {name: TYPES.get(name, "string") for name in KINDS[kind].columns}


def test_years_can_be_counted_and_joined(desk: Desk) -> None:
    found = desk.articles().dropna(subset="published_at")
    assert found.groupby(found["published_at"].dt.year).size().to_dict() == {2024: 1, 2025: 2}
    joined = desk.mentions().merge(desk.articles(), on="article_id", how="left")
    assert len(joined) == 5
    assert joined["title"].notna().all()


def test_mentions_lie_where_they_say(desk: Desk) -> None:
    articles = desk.articles(full_text=True).to_dict("records")
    texts = {article["article_id"]: article for article in articles}
    found = desk.mentions()
    assert len(found) == 5
    for row in found.to_dict("records"):
        text = texts[row["article_id"]][row["field"]]
        assert text[row["start"] : row["end"]] == row["surface"]
        assert row["surface"] in row["sentence"]
    assert found["entity_id"].isna().sum() == 1


def test_filters_narrow_the_frames(desk: Desk) -> None:
    assert len(desk.mentions(initiative="design-festival")) == 3
    assert len(desk.mentions(kind="person")) == 1
    assert len(desk.mentions(kind=["person", "initiative"])) == 4
    assert len(desk.mentions(actor="Đỗ Thúy Hòa")) == 1
    assert desk.articles(initiative="design-festival")["article_id"].size == 2
    assert desk.articles(outlet=["bao-khac", "bao-la"])["title"].tolist() == [
        "Tin ngắn",
        "Điều tra",
    ]
    assert desk.articles('"mở cửa"')["title"].str.startswith(FESTIVAL).all()
    assert desk.articles(since=date(2025, 3, 1), until="2025-03-01")["outlet"].size == 1
    # A day is a day in Vietnam: a quarter past midnight is the day before in UTC.
    assert desk.articles(since="2025-01-01", until="2025-02-28").empty
    assert desk.articles(since=datetime(2025, 11, 9, 23)).shape[0] == 1


def test_actors_and_initiatives_are_counted(desk: Desk) -> None:
    (person,) = desk.actors().to_dict("records")
    assert (person["name"], person["mentions"], person["articles"]) == ("Đỗ Thúy Hòa", 1, 1)
    (festival,) = desk.initiatives().to_dict("records")
    assert (festival["entity_id"], festival["level"]) == ("design-festival", "international")
    assert (festival["mentions"], festival["articles"]) == (3, 2)
    assert festival["first"] == festival["last"] == pd.Timestamp("2025-11-09T20:05:30", tz=ZONE)


def test_quotes_of_a_speaker(desk: Desk) -> None:
    (said,) = desk.quotes(speaker="Đỗ Thúy Hòa").to_dict("records")
    assert (said["text"], said["direct"]) == (f"{FESTIVAL} sẽ kéo dài", False)
    assert (said["cue"], said["role"]) == ("nói", "giám đốc")
    assert desk.quotes(speaker=["office", "Đỗ Thúy Hòa"])["direct"].tolist() == [False, True]
    assert desk.quotes("khôngcótừnày", speaker="office").empty
    assert len(desk.quotes(initiative="design-festival", outlet="bao-thu", since="2025-11-09")) == 2
    assert desk.quotes(until="2025-11-08").empty


def test_commitments_by_the_day_when_they_are_due(desk: Desk) -> None:
    found = desk.commitments()
    assert found["due_to"].dropna().tolist() == [pd.Timestamp("2026-01-31")]
    assert found["due_from"].dt.year.dropna().tolist() == [2026]
    assert (found["due_to"] < "2026-02-01").sum() == 1
    assert found["status"].unique().tolist() == ["promised"]
    assert found["recurs"].dropna().tolist() == ["P1Y"]
    before = desk.commitments(due_before="2026-02-01")
    assert before["text"].tolist() == ["Trước tháng 2/2026 mở xưởng giấy dó"]
    assert desk.commitments(due_before=date(2026, 1, 31)).empty
    after = desk.commitments(due_after="2025-12-31")
    assert after["quantity"].dropna().tolist() == ["30"]
    assert desk.commitments(due_after="2026-01-31").empty, "what began is not to come"
    assert len(desk.commitments(due_after="2026-01-30", due_before="2026-02-01")) == 1
    assert len(desk.commitments(initiative="design-festival")) == 2
    owned = desk.commitments(initiative="design-festival", owner="office", outlet="bao-thu")
    assert owned["owner"].tolist() == ["Văn phòng"]
    assert desk.commitments("khôngcótừnày", until="2025-12-31").empty
    assert desk.commitments(since="2025-11-10").empty


def test_assignments_documents_and_posts(desk: Desk) -> None:
    assert desk.assignments()["ambiguous"].tolist() == [False, True]
    assert desk.assignments(initiative="design-festival")["role"].tolist() == ["lead"]
    assert desk.assignments(actor="phường", outlet="bao-thu")["role"].tolist() == ["coordinate"]
    assert desk.assignments("kéo dài", since="2025-11-10", until="2025-11-11").empty
    (paper,) = desk.documents(initiative="design-festival", outlet="bao-thu").to_dict("records")
    assert (paper["name"], paper["mentions"]) == ("Quyết định 88", 1)
    assert desk.documents("điều tra", until="2030-01-01", since="2020-01-01").empty
    (post,) = desk.posts(actor="office").to_dict("records")
    assert (post["person"], post["post"], post["articles"]) == ("Đỗ Thúy Hòa", "giám đốc", 1)
    assert post["first_seen"] == post["last_seen"] == pd.Timestamp("2025-11-09T20:05:30", tz=ZONE)
    assert desk.posts("kéo dài", outlet="bao-khac", since="2020-01-01", until="2030-01-01").empty


def test_mistakes_are_told(desk: Desk) -> None:
    with pytest.raises(QueryError, match=r"since: '1/3/2025' is not a day"):
        desk.articles(since="1/3/2025")
    with pytest.raises(QueryError, match=r"due_before: 'tháng 6' is not a day"):
        desk.commitments(due_before="tháng 6")
    with pytest.raises(QueryError, match="until"):
        desk.mentions(until="2025-02-30")
    with pytest.raises(QueryError, match="limit"):
        make_query(limit=0)
    with pytest.raises(ConfigError, match=r"recipes.*articles, mentions"):
        frame("recipes", desk.archive, make_query())


def test_there_must_be_an_archive(here: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no archive at"):
        kb.open(f"sqlite:///{here / 'none.sqlite'}")
    assert list(here.iterdir()) == []


# --- reading without an archive ----------------------------------------------------------------

TEXT = (
    "Sở Văn hóa và Thể thao Hà Nội khai mạc Lễ hội Thiết kế sáng tạo Hà Nội tại Bảo tàng Hà Nội. "
    "Ông Đỗ Đình Hồng cho biết Trung tâm Thiết kế sáng tạo Hà Nội sẽ mở cửa năm sau."
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_read_gives_spans_of_the_text_as_given(form: str) -> None:
    text = unicodedata.normalize("NFC" if form == "NFC" else "NFD", f"  {TEXT}\u200b ")
    found = kb.read(text).mentions
    for one in found:
        assert text[one.start : one.end] == one.surface
        assert one.sentence_start <= one.start < one.end <= one.sentence_end <= len(text)
    ids = {one.entity_id for one in found}
    assert {"design-festival", "design-centre"} <= ids
    assert {one.field for one in found} == {"body"}


def test_read_finds_the_same_however_the_text_was_typed() -> None:
    facts = [
        [(one.kind, one.entity_id) for one in kb.read(text).mentions]
        for text in (TEXT, unicodedata.normalize("NFD", TEXT), TEXT.replace("óa", "oá"))
    ]
    assert facts[0] == facts[1] == facts[2]
    assert facts[0]


@pytest.mark.parametrize("text", ["", "   \n ", "🎨", "\u200b", "a" * 5000])
def test_read_takes_any_text(text: str) -> None:
    reading = kb.read(text)
    assert all(text[one.start : one.end] == one.surface for one in reading.mentions)
    assert reading.reader
