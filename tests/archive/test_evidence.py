"""What later coverage is proposed as evidence of a promise, and when there is silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb.archive import Archive, Query
from kb.archive.evidence import cues, outcome
from kb.article import Article
from kb.reading import Reading
from kb.text import canonical
from tests.archive.facts import commitment
from tests.archive.stories import ENTRIES, pair

SPACES = ["initiative", "creative-spaces", "Không gian sáng tạo", "Không gian sáng tạo"]
WORDS = "Sở sẽ mở mười xưởng gốm và phòng tranh lụa trong Không gian sáng tạo trước tháng 6/2025"
LATER: list[tuple[str, str, str | None]] = [
    (
        "Mười xưởng gốm và phòng tranh lụa đã đi vào hoạt động ở Không gian sáng tạo.", "done",
        "Mười xưởng gốm",
    ),
    ("Xưởng gốm, phòng tranh lụa của Không gian sáng tạo đang được lợp mái.", "in_progress", None),
    ("Không gian sáng tạo: xưởng gốm và phòng tranh lụa vẫn chưa hoàn thành.", "in_progress", None),
    (
        "Việc mở xưởng gốm, phòng tranh lụa ở Không gian sáng tạo phải lùi đến cuối năm.",
        "promised_again", None,
    ),
    ("Không gian sáng tạo tạm dừng xưởng gốm và phòng tranh lụa.", "cancelled", None),
    ("Khách hỏi về xưởng gốm và phòng tranh lụa ở Không gian sáng tạo.", "mentioned", None),
]  # fmt: skip
BESIDE = [
    "Không gian sáng tạo đã khai trương quán cà phê mới.",
    "Sở đã mở đường hoa trong Không gian sáng tạo trước tháng 6.",
    "Xưởng gốm và phòng tranh lụa ở làng Bát Tràng đã mở cửa.",  # of no initiative
]


def story(number: int, body: str, day: str = "2025-03-01") -> tuple[Article, Reading]:
    return pair(
        f"Tin {number}", "", body, mentions=[SPACES], url=f"https://a.example/{number}",
        outlet="bao-a", published_at=f"{day}T08:00:00+07:00",
    )  # fmt: skip


def promised(text: str = WORDS) -> tuple[Article, Reading]:
    article, read = story(1, f"{text}. Hết tin.", "2025-01-10")
    due = {"due_from": "2025-01-10", "due_to": "2025-05-31"}
    made = commitment(article, text, initiative_id="creative-spaces", owner="Sở", **due)
    return article, replace(read, commitments=(made,))


def key(archive: Archive) -> str:
    return next(key for (part, _), key in archive.keys(1).items() if part == "commitment")


@pytest.fixture
def full(archive: Archive) -> Archive:
    archive.sync_registry(ENTRIES)
    archive.load([promised()], None)
    return archive


@pytest.mark.parametrize(("body", "kind", "begin"), LATER)
def test_a_later_sentence_on_the_same_is_evidence(
    full: Archive, body: str, kind: str, begin: str | None
) -> None:
    full.load([story(n, other) for n, other in enumerate(BESIDE, 3)], None)
    full.load([story(2, f"Trời mưa. {body} Nhiều người xem.")], None)
    (found,), silent = full.evidence(key(full), today=date(2025, 7, 1))
    assert (found.kind, found.sentence, silent) == (kind, body, False)
    assert found.sentence.startswith(begin or "")
    assert (found.url, found.outlet) == ("https://a.example/2", "bao-a")
    assert 0.4 < found.score <= 1


def test_nothing_but_other_news_is_silence_once_it_is_due(full: Archive) -> None:
    full.load([story(n, body) for n, body in enumerate(BESIDE, 2)], None)
    full.load([story(9, WORDS + ".", "2024-12-01")], None)  # before the promise
    assert full.evidence(key(full), today=date(2025, 5, 31)) == ([], False)
    assert full.evidence(key(full), today=date(2025, 6, 1)) == ([], True)
    (item,) = full.review(why=["due"], today=date(2025, 6, 1))
    assert (item.key, item.proposed, item.text) == (key(full), "silent", WORDS)
    assert full.review(why=["due"], today=date(2025, 5, 31)) == []


@pytest.mark.parametrize(
    ("due", "kind"), [("2025-05-31", "mentioned"), ("2025-12-31", "promised_again")]
)
def test_a_promise_made_again_says_for_when(full: Archive, due: str, kind: str) -> None:
    text = "Sở sẽ mở xưởng gốm và phòng tranh lụa"
    article, read = story(2, f"Không gian sáng tạo chờ. {text} vào lúc khác.")
    first = "2025-01-10" if kind == "mentioned" else None
    made = commitment(article, text, due_to=due, due_from=first)
    full.load([(article, replace(read, commitments=(made,)))], None)
    (found,), _ = full.evidence(key(full))
    assert found.kind == kind
    assert found.due_to == (date.fromisoformat(due) if kind == "promised_again" else None)


def test_a_promise_without_initiative_goes_by_its_owner(archive: Archive) -> None:
    text = "Hội Thợ gốm sẽ dựng lò nung cổ bên bờ sông"
    guild = ["org", None, "Hội Thợ gốm", "Hội Thợ gốm"]
    stories = [
        pair(f"Tin {n}", "", body, mentions=[guild], url=f"https://a.example/{n}", published_at=day)
        for n, body, day in (
            (1, text + ".", "2025-01-01T08:00:00+07:00"),
            (2, "Hội Thợ gốm đã khánh thành lò nung cổ bên bờ sông.", "2025-03-01T08:00:00+07:00"),
            (3, "Lò nung cổ bên bờ sông đã khánh thành.", "2025-04-01T08:00:00+07:00"),
        )
    ]
    article, read = stories[0]
    made = commitment(article, text, owner="Hội Thợ gốm", due_to="2025-02-01")
    archive.load([(article, replace(read, commitments=(made,))), *stories[1:]], None)
    found, silent = archive.evidence(key(archive))
    assert [(one.article_id, one.kind) for one in found] == [(2, "done")]
    assert not silent


def test_words_of_promising_alone_are_no_evidence(archive: Archive) -> None:
    archive.sync_registry(ENTRIES)
    archive.load([promised("Sẽ triển khai kế hoạch trong Không gian sáng tạo")], None)
    archive.load([story(2, "Đã triển khai kế hoạch trong Không gian sáng tạo.")], None)
    assert archive.evidence(key(archive), today=date(2025, 1, 11)) == ([], False)


OPENINGS = [
    ("Lễ hội Thiết kế sẽ khai mạc ngày 15/6/2025", "Lễ hội Thiết kế đã khai mạc tối qua.", "done"),
    ("Lễ hội Thiết kế sẽ ra mắt trong tháng 6", "Hôm nay Lễ hội Thiết kế ra mắt.", "done"),
    ("Sở sẽ thành lập quỹ trong năm 2025", "Sở đã thành lập quỹ từ hôm qua.", "done"),
    ("Sở sẽ khánh thành phố đi bộ", "Tỉnh vừa khánh thành phố đi bộ.", "done"),
    ("Tỉnh sẽ khánh thành trụ sở mới", "Tỉnh chưa khánh thành trụ sở mới.", "in_progress"),
    (
        "Tỉnh sẽ khánh thành trụ sở mới",
        "Trụ sở mới đã được xây xong, nhưng tỉnh chưa khánh thành.", "in_progress",
    ),
    (
        "Tỉnh sẽ trưng bày tác phẩm sắp đặt",
        "Tỉnh chưa trưng bày tác phẩm sắp đặt dù sân khấu đã hoàn thành.", "in_progress",
    ),
    (
        "Tỉnh sẽ trưng bày tác phẩm sắp đặt",
        "Tỉnh đã không trưng bày tác phẩm sắp đặt dù sân khấu đã hoàn thành.", "mentioned",
    ),
    (
        "Tỉnh sẽ khánh thành trụ sở mới",
        "Chưa đầy một năm sau, tỉnh đã khánh thành trụ sở mới.", "done",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "later", "kind"), OPENINGS)
def test_a_promise_to_open_is_found_again_and_may_be_denied(
    archive: Archive, text: str, later: str, kind: str
) -> None:
    archive.sync_registry(ENTRIES)
    festival = ["initiative", "design-festival", "Lễ hội Thiết kế", "Lễ hội Thiết kế"]
    stories = [
        pair(
            "Tin Lễ hội Thiết kế", "", body, mentions=[festival], url=f"https://a.example/{day}",
            published_at=f"2025-0{day}-01T08:00:00+07:00",
        )
        for day, body in ((1, text + "."), (7, later))
    ]  # fmt: skip
    article, read = stories[0]
    made = commitment(article, text, initiative_id="design-festival", due_to="2025-06-15")
    archive.load([(article, replace(read, commitments=(made,))), stories[1]], None)
    (found,), silent = archive.evidence(key(archive), today=date(2025, 8, 1))
    assert (found.kind, found.sentence, silent) == (kind, later, False)


NOWHERE: list[tuple[str, dict[str, str]]] = [
    (WORDS, {}),
    ("Sở sẽ triển khai kế hoạch", {"initiative_id": "creative-spaces"}),
]


@pytest.mark.parametrize(("text", "about"), NOWHERE)
def test_what_gives_nothing_to_look_by_is_not_silent(
    archive: Archive, text: str, about: dict[str, str]
) -> None:
    archive.sync_registry(ENTRIES)
    article, read = story(1, f"{text}. Hết tin.", "2025-01-10")
    made = commitment(article, text, due_to="2025-05-31", **about)
    archive.load([(article, replace(read, commitments=(made,)))], None)
    day = date(2025, 7, 1)
    assert archive.evidence(key(archive), today=day) == ([], False)
    (item,) = archive.review(why=["due"], today=day)
    assert item.proposed is None
    (row,) = archive.ledger_rows(Query(), today=day)
    assert (row["proposed"], row["evidence"]) == (None, None)


SAID = {
    "Đến nay tỉnh chưa khánh thành trụ sở.": "in_progress",
    "Nhà hát vẫn chưa kịp mở cửa.": "in_progress",
    "Cầu chưa được khánh thành.": "in_progress",
    "Chưa biết khi nào xưởng khai trương.": "in_progress",
    "Tỉnh chưa làm lễ khánh thành.": "in_progress",
    "Tỉnh không kịp hoàn thành để khánh thành.": "mentioned",
    "Chưa rõ ngày khai trương.": "in_progress",
    "Xưởng không được đưa vào sử dụng.": "mentioned",
    "Hội chợ đã không diễn ra.": "mentioned",
    "Hội chợ không diễn ra như dự kiến.": "mentioned",
    "Hội chợ sẽ không diễn ra.": "mentioned",
    "Dự án chưa khởi công.": "mentioned",
    "Hội chợ không bị hủy bỏ.": "mentioned",
    "Hội chợ không bị huỷ bỏ mà lùi sang tháng 9.": "promised_again",
    "Hội chợ chưa bị hủy, đã khai mạc sáng nay.": "done",
    "Hội chợ bị hủy.": "cancelled",
    "Hội chợ không tổ chức nữa.": "cancelled",
    "Không chỉ khánh thành cầu mà tỉnh còn mở đường.": "done",
    "Tỉnh không những sửa mà còn đã khánh thành nhà hát.": "done",
    "Hãng hàng không đưa vào khai thác đường bay mới.": "done",
    "Sẽ khai trương vào mùa thu.": "promised_again",
    "Đã khai trương, sẽ mở đến hết năm.": "done",
    "Như dự kiến, chợ đã mở cửa.": "done",
}


@pytest.mark.parametrize("sentence", SAID)
def test_a_denied_cue_is_turned(sentence: str) -> None:
    assert outcome(sentence) == SAID[sentence]


def test_every_list_of_cues_is_in_use() -> None:
    known = cues()
    kinds = {"cancelled", "promised_again", "in_progress", "done", "mentioned"}
    assert set(known.kinds.values()) == kinds
    assert {kind for turned in known.turned.values() for kind in turned.values()} <= kinds
    assert all(known.cue.fullmatch(cue) for cue in known.kinds)
    assert all(word == canonical(word) for word in (*known.kinds, *known.ignored))
