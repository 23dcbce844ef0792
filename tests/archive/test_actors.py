"""Names and posts as people type them: aliases, any case, tone marks in either place, no body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from kb.archive import Archive, EntryRow, Query
from kb.archive.actors import asked_as
from tests.archive.facts import holding
from tests.archive.stories import pair

ENTRIES = (
    EntryRow(
        "ubnd-hue", "org", "Ủy ban nhân dân thành phố Huế", None, None, None, None,
        {"aliases": [{"text": "UBND [TP|thành phố] Huế"}, {"text": "Ủy ban thành phố"}]},
    ),
    EntryRow(
        "ubnd-vinh", "org", "Ủy ban nhân dân thành phố Vinh", None, None, None, None,
        {"aliases": [{"text": "UBND [TP|thành phố] Vinh"}, {"text": "Ủy ban thành phố"},
                     {"text": "Ngày hội Gốm"}]},
    ),
    EntryRow("gom", "initiative", "Ngày hội Gốm", None, None, None, None, {}),
)  # fmt: skip
HUE: list[str | None] = ["org", "ubnd-hue", "Ủy ban nhân dân thành phố Huế", "UBND TP Huế"]
VINH: list[str | None] = ["org", "ubnd-vinh", "Ủy ban nhân dân thành phố Vinh", "UBND TP Vinh"]
LONG = "Ban Quản lý các Khu di tích và Danh thắng phía Tây thành phố"


def _stories() -> Iterator[tuple]:  # type: ignore[type-arg]
    bodies: tuple[tuple[str, list[list[str | None]]], ...] = (
        ("UBND TP Huế mở lại chợ nổi.", [HUE]),
        ("UBND TP Vinh sửa cầu gỗ.", [VINH]),
        ("Bộ Y tế nhắc tiêm phòng.", [["org", None, "Bộ Y tế", "Bộ Y tế"]]),
        ("BỘ Y TẾ họp.", [["org", None, "BỘ Y TẾ", "BỘ Y TẾ"]]),
        ("Bà Hoà Thuý kể.", [["person", None, "Hoà Thuý", "Hoà Thuý"]]),
        (f"{LONG} họp.", [["org", None, LONG, LONG]]),
        ("Ngày hội Gốm khai lò.", [["initiative", "gom", "Ngày hội Gốm", "Ngày hội Gốm"]]),
    )
    for number, (body, mentions) in enumerate(bodies):
        url = f"https://bao-a.example/{number}.html"
        yield pair(f"Tin số {number}", "", body, mentions=mentions, url=url, outlet="bao-a")
    posts = (
        ("Giám đốc Sở Xây dựng", "Sở Xây dựng"),
        ("giám đốc Sở Y tế", "Sở Y tế Cao Bằng"),
        ("Giám đốc", None),
        ("Giám đốc Nghiên cứu của Viện Lúa", "Viện Lúa"),
        ("giám đốc điều hành", None),
        ("Phó giám đốc", "Sở Xây dựng"),
    )
    for number, (post, org) in enumerate(posts, 7):
        person = "Lý Văn Tạ"
        body = f"{person}, {post}, nói về việc {number}."
        article, read = pair(
            f"Chuyện {number}", "", body, url=f"https://bao-a.example/{number}.html", outlet="bao-a"
        )
        held = holding(article, f"{person}, {post}", person, post, org=org)
        yield article, replace(read, holdings=(held,))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def archive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('actors') / 'kb.sqlite'}"
    else:
        url = str(request.getfixturevalue("scratch_database"))
    with Archive.open(url) as opened:
        opened.load(list(_stories()), None)
        opened.sync_registry(ENTRIES)
        yield opened


def found(archive: Archive, query: Query) -> list[int]:
    """Return the numbers of the stories that a query finds."""
    hits = archive.search(query).hits
    return sorted(int(str(hit.url).rpartition("/")[2].removesuffix(".html")) for hit in hits)


@pytest.mark.parametrize(
    ("name", "stories"),
    [
        ("UBND TP Huế", [0]),
        ("ubnd thành phố huế", [0]),
        ("Ủy ban thành phố", [0, 1]),
        ("Uỷ ban thành phố", [0, 1]),
        ("UBND Huế", []),
        # A name decides before an alias of something else.
        ("Ngày hội Gốm", [6]),
        ("Bộ Y tế", [2, 3]),
        ("bộ y tế", [2, 3]),
        ("BỘ Y TẾ", [2, 3]),
        ("Hòa Thúy", [4]),
        ("hoà thuý", [4]),
        ("HÒA THÚY", [4]),
        (LONG, [5]),
        ("Bộ Y", []),
    ],
)
def test_a_name_is_found_however_it_is_written(
    archive: Archive, name: str, stories: list[int]
) -> None:
    assert found(archive, Query(actors=(name,))) == stories
    assert found(archive, Query(f'người:"{name}"')) == stories
    remarks = [one.code for one in archive.explain(Query(f'người:"{name}"')).remarks]
    assert remarks == ([] if stories else ["unknown"])
    (share,) = archive.share_of_voice([name])
    assert share.articles == len(stories)
    assert len({row["article_id"] for row in archive.mentions_rows(Query(actors=(name,)))}) == len(
        stories
    )


@pytest.mark.parametrize(
    ("post", "stories"),
    [
        ("giám đốc", [7, 8, 9]),
        ("GIÁM ĐỐC", [7, 8, 9]),
        ("giám đốc Sở Xây dựng", [7]),
        ("giám đốc Sở Y tế", [8]),
        ("giám đốc Sở Y tế Cao Bằng", [8]),
        ("giám đốc nghiên cứu", [10]),
        ("giám đốc điều hành", [11]),
        ("phó giám đốc", [12]),
        ("phó giám đốc Sở Xây dựng", [12]),
        ("Sở Xây dựng", []),
    ],
)
def test_a_post_is_found_with_its_body_and_without(
    archive: Archive, post: str, stories: list[int]
) -> None:
    assert found(archive, Query(posts=(post,))) == stories
    assert found(archive, Query(f'chức_vụ:"{post}"')) == stories
    assert sum(row["articles"] for row in archive.posts_rows(Query(posts=(post,)))) == len(stories)


ALIKE = "Ủy ban thành phố"  # an alias of two, and what some texts call one that no entry is
ASKED = (
    ("org:Ủy ban thành phố", 1),
    ("org:Làng Sậy", 1),
    ("place:Làng Sậy", 2),
    ("Làng Sậy", 3),
    ("bai-lau", 1),
    ("Bãi Lau", 2),
    ("org:", 0),
)


@pytest.mark.parametrize("as_of", [None, date(2099, 1, 1)])
def test_an_id_or_a_name_with_its_kind_means_that_alone(url: str, as_of: date | None) -> None:
    told: tuple[list[str | None], ...] = (
        ["org", None, ALIKE, ALIKE],
        ["org", "ubnd-hue", "Ủy ban nhân dân thành phố Huế", "Huế"],
        ["org", None, "Làng Sậy", "Làng Sậy"],
        ["place", None, "Làng Sậy", "Làng Sậy"],
        ["place", None, "LÀNG SẬY", "LÀNG SẬY"],
        ["place", "bai-lau", "Bãi Lau", "Bãi Lau"],
        ["place", "bai-moi", "Bãi Mới", "Bãi Mới"],
    )
    entries = (
        *ENTRIES,
        EntryRow("bai-lau", "place", "Bãi Lau", None, None, None, None, {}),
        EntryRow("bai-moi", "place", "Bãi Mới", None, None, None, None, {"territory": ["bai-lau"]}),
    )
    with Archive.open(url) as archive:
        stories = [
            pair(
                f"Tin {number}",
                "",
                f"{one[3]} họp.",
                mentions=[one],
                outlet="bao-a",
                url=f"https://bao-a.example/{number}.html",
            )
            for number, one in enumerate(told)
        ]
        archive.load(stories, None)
        archive.sync_registry(entries)
        facets = archive.facets(Query(as_of=as_of))
        for one in (*facets.actors, *facets.places):
            value = asked_as(one.kind, one.value, one.name)
            field = "places" if one.kind == "place" else "actors"
            asked = Query(as_of=as_of, **{field: (value,)})
            assert archive.count("articles", asked) == one.articles, value
            typed = Query(f'{field[:-1]}:"{value}"', as_of=as_of)
            assert archive.count("articles", typed) == one.articles, value
        for value, count in ASKED:
            assert archive.count("articles", Query(actors=(value,), as_of=as_of)) == count, value
        said = archive.explain(Query(actors=("org:Làng Sậy",)))
        assert (said.vi, said.remarks) == ("người hoặc cơ quan Làng Sậy (cơ quan)", ())
