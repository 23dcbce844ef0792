"""The morning digest: what it holds, and how it reads as text, HTML and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from kb.archive import Archive, Query
from kb.article import VIETNAM, Article, Field
from kb.reading import Commitment, Kind, Mention, Quote, Reading
from kb.registry import load_registry
from kb.research.digest import Digest, digest, render, rendering, subject
from kb.research.digest.content import limits

NOW = datetime(2026, 5, 12, 7, 0, tzinfo=VIETNAM)
NAME = "Trung tâm Thiết kế sáng tạo Hà Nội"
BODY = (
    f"{NAME} nhận bàn giao xưởng mộc ở phố Hàng Hòm sau ba tháng sửa mái ngói và sàn gỗ lim.\n"
    'Chị Mai Khuê nói: "Chúng tôi mở cửa cả ngày chủ nhật cho học sinh."\n'
    "Đợt tuyển thợ trẻ kết thúc trước ngày 30/5, mỗi phường được cử hai người đến học miễn phí."
)


def reading(article: Article) -> Reading:
    """Return what the story above tells, with a promise that falls due."""
    start = article.body.index(NAME)
    end = article.body.index("\n")
    kind: Kind = "initiative"
    named = Mention(kind, "design-centre", NAME, NAME, "body", start, start + len(NAME),
                    0, end, "registry", 1.0)  # fmt: skip
    said = article.body.index("Chúng tôi")
    words = article.body[said : article.body.index('"', said)]
    told = article.body.index("Đợt tuyển")
    due = article.body[told : article.body.index(",", told)]
    return Reading(
        (named,), "thử", 3, 60,
        quotes=(
            Quote(None, "Mai Khuê", None, True, words, "nói", "body", said, said + len(words)),
        ),
        commitments=(
            Commitment("design-centre", None, None, due, None, "2026-05-30", None, None,
                       "body", told, told + len(due)),
        ),
    )  # fmt: skip


def story(title: str, outlet: str, seen: datetime, body: str = BODY, **more: object) -> Article:
    fields: dict[str, object] = {
        "url": f"https://{outlet}.example/{abs(hash(title))}", "outlet": outlet,
        "published_at": seen - timedelta(hours=1), "seen_at": seen,
    }  # fmt: skip
    return Article(title, "Sapo.", body, **(fields | more))  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A story and its reprint of this night, one of the night before, and one beside the point."""
    tonight, before = NOW - timedelta(hours=5), NOW - timedelta(hours=30)
    first = story("Xưởng mộc có chủ mới & <b>", "bao-mot", tonight - timedelta(hours=3))
    again = story("Trung tâm nhận xưởng mộc", "bao-hai", tonight)
    old = story("Tin đêm trước", "bao-mot", before, body=BODY.replace("mộc", "gốm"))
    beside = story("Giá rau tăng", "bao-hai", tonight, body="Rau muống tăng giá ở chợ đầu mối.")
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as opened:
        pairs = [(one, reading(one)) for one in (old, first, again)]
        opened.load([*pairs, (beside, Reading((), "thử", 1, 8))], None)
        yield opened


def gathered(archive: Archive, since: datetime = NOW - timedelta(days=1)) -> Digest:
    return digest(archive, load_registry(), since, NOW)


def test_only_what_came_in_since_is_told(archive: Archive) -> None:
    found = gathered(archive)
    assert found.articles == 3
    assert [group.entity_id for group in found.groups] == ["design-centre"]
    titles = [one.title for one in found.groups[0].stories]
    assert "Tin đêm trước" not in titles
    earlier = gathered(archive, NOW - timedelta(days=2))
    assert earlier.articles == 4
    assert "Tin đêm trước" in [one.title for one in earlier.groups[0].stories]


def test_a_reprint_is_folded_under_who_had_it_first(archive: Archive) -> None:
    (one,) = gathered(archive).groups[0].stories
    assert (one.title, one.outlet) == ("Xưởng mộc có chủ mới & <b>", "bao-mot")
    assert one.reprints == ("bao-hai",)
    assert one.sentence.startswith(f"{NAME} nhận bàn giao")


def test_promises_that_fall_due_are_told_once(archive: Archive) -> None:
    (row,) = gathered(archive).due
    assert row["text"].startswith("Đợt tuyển thợ trẻ")
    late = digest(archive, load_registry(), NOW - timedelta(days=1), NOW + timedelta(days=25))
    assert late.due == ()


def test_outlets_that_failed_in_the_last_night_are_named(archive: Archive) -> None:
    run = archive.start_run("nightly", {})
    counts = {"outlets": {"bao-hai": {"error": "không trả lời"}, "bao-mot": {"error": None}}}
    archive.finish_run(run, "done with failures", counts)
    assert gathered(archive).troubles == (("bao-hai", "không trả lời"),)


@pytest.mark.parametrize(
    ("language", "due"), [("vi", "trước hoặc vào 30/05/2026"), ("en", "by 30/05/2026")]
)
def test_the_text_says_it_in_both_languages(archive: Archive, language: str, due: str) -> None:
    text = render(gathered(archive), "text", language)
    for said in (due, "Xưởng mộc có chủ mới & <b>", "bao-hai", "Mai Khuê", "12/05/2026 07:00"):
        assert said in text
    assert "{" not in text


@pytest.mark.parametrize("format", ["text", "html", "brief"])
@pytest.mark.parametrize(
    ("first", "vi", "en"),
    [
        (None, "trước hoặc vào 30/05/2026 ·", "by 30/05/2026 ·"),
        (date(2026, 5, 14), "từ 14/05/2026 đến 30/05/2026 ·", "from 14/05/2026 to 30/05/2026 ·"),
        (date(2026, 5, 30), " 30/05/2026 ·", " 30/05/2026 ·"),
    ],
)
def test_a_time_is_no_last_day(
    archive: Archive, format: str, first: date | None, vi: str, en: str
) -> None:
    found = gathered(archive)
    found = replace(found, due=tuple({**row, "due_from": first} for row in found.due))
    for language, said in (("vi", vi), ("en", en)):
        text = render(found, format, language).replace("<b>", " ").replace("</b>", "")
        assert said in text
        assert ("trước hoặc vào" in text or "by 30" in text) == (first is None)


def test_html_escapes_what_the_press_wrote(archive: Archive) -> None:
    text = render(gathered(archive), "html", "vi")
    page = html.document_fromstring(text)
    assert page.get("lang") == "vi"
    title, *_ = page.xpath("//a")
    assert title.text_content() == "Xưởng mộc có chủ mới & <b>"
    assert {one.get("href").partition(":")[0] for one in page.xpath("//a")} == {"https"}
    assert page.xpath("//script | //img | //link") == []


def test_an_address_that_is_no_page_is_no_link(tmp_path: Path) -> None:
    bad = story("Bẫy", "bao-ba", NOW - timedelta(hours=1), url="javascript:alert(1)")
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as archive:
        archive.load([(bad, reading(bad))], None)
        found = gathered(archive)
    assert "javascript" not in render(found, "html", "vi")
    assert "javascript" not in render(found, "text", "vi")


def test_json_holds_everything_with_iso_dates(archive: Archive) -> None:
    found = json.loads(render(gathered(archive), "json", "vi"))
    assert datetime.fromisoformat(found["since"]) == NOW - timedelta(days=1)
    assert found["due"][0]["due_to"] == "2026-05-30"
    assert found["groups"][0]["stories"][0]["reprints"] == ["bao-hai"]


def test_a_quiet_night_says_so(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as archive:
        found = digest(archive, load_registry(), datetime(2020, 1, 1, tzinfo=UTC), NOW)
    assert "Không có tin nào" in render(found, "text", "vi")
    assert "No story" in render(found, "html", "en")
    assert subject(found, "vi") == "Điểm báo 12/05/2026: không có tin mới"


def test_the_subject_counts_each_story_once(archive: Archive) -> None:
    found = gathered(archive)
    assert subject(found, "en") == "Press digest 12/05/2026, stories: 1"
    assert subject(found, "vi", name="Sở") == "Điểm báo 12/05/2026: 1 tin [Sở]"
    assert subject(found, "vi", now=True) == "Tin mới: Xưởng mộc có chủ mới & <b>"


# --- what would annoy its reader ----------------------------------------------------------------


def loaded(tmp_path: Path, *pairs: tuple[Article, Reading]) -> Archive:
    opened = Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}")
    for pair in pairs:
        opened.load([pair], None)
    return opened


def naming(article: Article, *entities: str) -> Reading:
    """Return a reading that has these entities named, each by its own name in the text."""
    found = []
    for entity in entities:
        name = load_registry().entries[entity].name
        field: Field = "title" if name in article.title else "body"
        text = article.text(field)
        start = text.index(name)
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", start)
        found.append(Mention("initiative", entity, name, name, field, start, start + len(name),
                             first, len(text) if last < 0 else last, "registry", 1.0))  # fmt: skip
    return Reading(tuple(found), "thử", 3, 60)


def test_a_story_on_several_initiatives_is_told_once(tmp_path: Path) -> None:
    names = [load_registry().entries[one].name for one in ("design-centre", "talent-tv")]
    body = f"Tin chung.\n{names[1]} quay ở đó.\n{names[0]} mở cửa.\n{names[0]} mở rộng."
    both = story("Hai việc", "bao-mot", NOW - timedelta(hours=5), body=body)
    read = naming(both, "talent-tv", "design-centre", "design-centre")
    with loaded(tmp_path, (both, read)) as archive:
        found = gathered(archive)
    assert [group.entity_id for group in found.groups] == ["design-centre"]
    (one,) = found.groups[0].stories
    assert one.about == ("design-centre", "talent-tv")
    assert one.sentence == f"{names[0]} mở cửa."
    assert one.sentence[slice(*one.marks[0])] == names[0]
    text = render(found, "text", "vi")
    assert text.count("Hai việc") == 1
    assert f"Còn nhắc tới: {names[1]}" in text
    page = html.document_fromstring(render(found, "html", "vi"))
    assert names[0] in [one.text_content() for one in page.xpath("//b")]


def test_the_title_is_not_said_again_as_the_sentence(tmp_path: Path) -> None:
    alone = story(f"{NAME} có giám đốc", "bao-mot", NOW, body="Bà Hạnh nhận việc từ thứ hai.")
    named = naming(alone, "design-centre")
    with loaded(tmp_path, (alone, named)) as archive:
        (one,) = digest(archive, load_registry(), NOW - timedelta(days=1),
                        NOW + timedelta(days=1)).groups[0].stories  # fmt: skip
    assert one.sentence == "Sapo."


def test_what_was_printed_long_ago_comes_last_in_a_line(tmp_path: Path) -> None:
    days = limits()["recent_days"]
    seen = NOW - timedelta(hours=5)
    old = story("Chuyện năm ngoái", "bao-mot", seen, published_at=NOW - timedelta(days=days + 1))
    new = story(
        "Chuyện tuần này", "bao-mot", seen, published_at=NOW - timedelta(days=days - 1),
        body=f"Cuối tuần, {NAME} dựng lò gốm ngoài sân và mời ba nghệ nhân Bát Tràng đứng lớp.",
    )  # fmt: skip
    with loaded(tmp_path, (old, reading(old)), (new, naming(new, "design-centre"))) as archive:
        found = gathered(archive)
    assert [one.title for one in found.groups[0].stories] == ["Chuyện tuần này"]
    assert [one.title for one in found.older] == ["Chuyện năm ngoái"]
    assert (found.recent, found.late, found.stories) == (1, 1, 2)
    assert "1 tin của 1 báo và 1 tin cũ" in render(found, "text", "vi")


def test_a_reprint_of_a_story_told_before_says_so(archive: Archive) -> None:
    late = story("Xưởng mộc sang trang", "bao-ba", NOW + timedelta(hours=3))
    archive.load([(late, reading(late))], None)
    later = NOW + timedelta(days=1)
    (one,) = digest(archive, load_registry(), NOW, later).groups[0].stories
    assert one.first is not None
    assert one.first[0] == "bao-mot"
    assert "Đăng lại tin của bao-mot, 11/05/2026" in render(
        digest(archive, load_registry(), NOW, later), "text", "vi"
    )


def test_reported_words_are_not_put_into_marks(tmp_path: Path) -> None:
    told = story("Thuật lại", "bao-mot", NOW - timedelta(hours=5))
    read = reading(told)
    reported = replace(read, quotes=tuple(replace(one, direct=False) for one in read.quotes))
    with loaded(tmp_path, (told, reported)) as archive:
        text = render(gathered(archive), "html", "vi")
    assert "“" not in text
    assert "(thuật lại)" in text


def test_quiet_outlets_are_named(archive: Archive) -> None:
    run = archive.start_run("nightly", {})
    facts = {"days": 9, "usual": 2, "since": "2026-05-01", "listings": []}
    alarm = {"outlet": "bao-hai", "kind": "silent", "facts": facts, "url": None, "opinion": None}
    lead = {"outlet": "bao-hai", "kind": "lead", "facts": {}, "url": None, "opinion": None}
    archive.finish_run(run, "done", {"outlets": {}, "alarms": [alarm, lead]})
    found = gathered(archive)
    assert [row["kind"] for row in found.silent] == ["silent"]
    assert "bao-hai: không có bài mới 9 ngày, bình thường cách 2 ngày" in render(
        found, "text", "vi"
    )
    assert "bao-hai: nothing new for 9 days, usual gap 2" in render(found, "html", "en")


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        (Query(text='"chợ đầu mối"'), ["Giá rau tăng"]),
        (Query(outlets=("bao-hai",)), ["Giá rau tăng", "Trung tâm nhận xưởng mộc"]),
        (Query(initiatives=("design-centre",)), ["Xưởng mộc có chủ mới & <b>"]),
        (Query(text="thủy điện"), []),
    ],
)
def test_a_query_finds_what_it_asks_for(archive: Archive, asked: Query, titles: list[str]) -> None:
    found = digest(archive, load_registry(), NOW - timedelta(days=1), NOW, asked=asked)
    assert sorted(one.title for group in found.groups for one in group.stories) == titles
    if asked.text and titles:
        (one,) = found.groups[0].stories
        assert found.groups[0].entity_id is None
        assert one.sentence[slice(*one.marks[0])] == "chợ đầu mối"
        assert "Tin khác" in render(found, "text", "vi", name="rau")
    assert (found.due == ()) == (not asked.initiatives)


def test_limits_hold_and_what_is_beyond_them_is_counted(tmp_path: Path) -> None:
    most = limits()["stories"]
    many = [
        story(f"Tin số {n}", "bao-mot", NOW - timedelta(hours=5),
              body=f"{NAME} họp lần {n} về {'việc ' * n}riêng số {n * 7919}.")
        for n in range(most + 2)
    ]  # fmt: skip
    with loaded(tmp_path) as archive:
        archive.load([(one, naming(one, "design-centre")) for one in many], None)
        found = gathered(archive)
    assert (len(found.groups[0].stories), found.groups[0].more) == (most, 2)
    assert len(found.told) == most + 2
    assert "… và 2 tin nữa trong kho." in render(found, "text", "vi")


def test_a_sentence_that_is_too_long_is_cut_around_what_matches(tmp_path: Path) -> None:
    longest = limits()["sentence"]
    body = f"{'Rất nhiều chữ đứng trước, ' * 40}{NAME} {'và sau đó còn nhiều nữa, ' * 40}hết."
    long = story("Dài dòng", "bao-mot", NOW - timedelta(hours=5), body=body)
    with loaded(tmp_path, (long, naming(long, "design-centre"))) as archive:
        (one,) = gathered(archive).groups[0].stories
    assert len(one.sentence) <= longest + 4
    assert one.sentence[slice(*one.marks[0])] == NAME


def test_both_languages_have_the_same_words() -> None:
    vi, en = (rendering._words()[language] for language in ("vi", "en"))
    assert vi.keys() == en.keys()
    fields = {name: set(re.findall(r"{(\w+)}", text)) for name, text in vi.items()}
    assert fields == {name: set(re.findall(r"{(\w+)}", text)) for name, text in en.items()}
