"""The second opinion: two readings of one page, and how far they agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import UnreadableFile
from kb.extract import extract_page
from kb.extract.generic import TRAFILATURA_TAGS, by_trafilatura
from kb.extract.opinion import agreement, second_opinion

PARAGRAPHS = [
    "Sáng 12/11, phường Ngọc Hà mở lại lớp vẽ ngoài trời cho học sinh cấp hai sau hai tuần mưa.",
    "Cô giáo Bùi Thị Lan cho biết mỗi buổi có chừng ba mươi em, ngồi dọc bờ hồ từ bảy giờ sáng.",
    "Phụ huynh góp giá vẽ và giấy, còn màu nước do một cửa hàng ở phố Đội Cấn tặng từ mùa hè.",
    "Bức tranh của các em sẽ được treo ở nhà văn hóa phường đến hết tháng, ai cũng vào xem được.",
]
BOX = "".join(f"<li>Tin khác {n}: Giá rau xanh tăng nhẹ ở các chợ đầu mối</li>" for n in range(9))


def page(paragraphs: list[str], more: str = "") -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        '<html><head><title>Lớp vẽ bên hồ</title><meta property="og:type" content="article">'
        f"</head><body><article><h1>Lớp vẽ bên hồ</h1><div>{body}</div>{more}</article></body>"
        "</html>"
    ).encode()


def test_two_ways_agree_on_a_plain_page_and_say_how_it_begins() -> None:
    payload = page(PARAGRAPHS)
    opinion = second_opinion(payload, extract_page(payload, url=None))
    assert opinion.agreement > 0.99
    assert opinion.ours == opinion.theirs
    assert opinion.ours.words == sum(len(text.split()) for text in PARAGRAPHS)
    assert opinion.ours.begins == " ".join(PARAGRAPHS[0].split()[:12])


def test_a_parser_that_loses_or_adds_much_disagrees() -> None:
    payload = page(PARAGRAPHS)
    article = extract_page(payload, url=None)
    lost = second_opinion(payload, replace(article, body=PARAGRAPHS[0]))
    added = second_opinion(payload, replace(article, body=article.body + "\nLời quảng cáo." * 60))
    assert lost.agreement < 0.5
    assert added.agreement < 0.7
    assert second_opinion(payload, None).agreement == 0.0


def test_boxes_that_are_lists_speak_for_nobody() -> None:
    payload = page(PARAGRAPHS, f"<ul>{BOX}</ul>")
    article = extract_page(page(PARAGRAPHS), url=None)
    assert second_opinion(payload, article).agreement > 0.99


@pytest.mark.parametrize("payload", [b"", b"\x00\x01\x02" * 50, b"<html></html>"])
def test_a_page_that_nobody_can_read_has_an_empty_second_reading(payload: bytes) -> None:
    opinion = second_opinion(payload, None)
    assert (opinion.theirs.words, opinion.agreement) == (0, 1.0)


def test_a_page_that_would_take_minutes_is_not_given_to_trafilatura() -> None:
    long = "<p><a href=/x>x</a>" * (TRAFILATURA_TAGS // 2)
    with pytest.raises(UnreadableFile, match="too many for a second opinion"):
        second_opinion(page(PARAGRAPHS, long), None)
    assert by_trafilatura(f"<html>{long}</html>").paragraphs == []
    assert by_trafilatura(page(PARAGRAPHS).decode()).paragraphs


TEXT = st.lists(st.sampled_from(["chợ", "hoa", "ven", "sông", "mở"]), max_size=30).map(" ".join)


@given(TEXT, TEXT)
def test_agreement_is_a_share_and_full_only_for_the_same_words(ours: str, theirs: str) -> None:
    share = agreement(ours, theirs)
    assert 0.0 <= share <= 1.0
    assert (share == 1.0) == (sorted(ours.split()) == sorted(theirs.split()))
    assert share == pytest.approx(agreement(theirs, ours))
