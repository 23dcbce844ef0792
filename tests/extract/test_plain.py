"""Raw text: title, story and signature apart from what was copied with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kb.article import Article
from kb.errors import NoArticle
from kb.extract import from_text
from kb.extract.boilerplate import heading, is_caption, is_noise, split


def read(*lines: str) -> Article:
    return from_text("\n\n".join(lines), source_file="bai.txt")


def test_story_with_everything_around_it(story: dict[str, Any]) -> None:
    one, two, three, four, five = story["paragraphs"]
    article = read(
        "-->",
        "Văn hóa",
        story["title"],
        "Hà Nội",
        story["lead"],
        f"TTXVN - {one}",
        two,
        three,
        story["title"],
        "Các học viên đầu tiên bên bể ngâm.",
        four,
        "Xưởng giấy nhìn từ ngoài hồ |",
        five,
        "Đoàn Hải",
        "Tin liên quan",
        story["related"],
        "Xem thêm",
    )
    assert (article.title, article.section) == (story["title"], "Văn hóa")
    assert article.lead == story["lead"]
    assert article.body.split("\n") == [f"TTXVN - {one}", two, three, four, five]
    assert article.authors == ("Đoàn Hải",)
    assert (article.published_at, article.published_from) == (None, None)
    for cut in ("-->", "Văn hóa", "Hà Nội", "bên bể ngâm", "từ ngoài hồ |", story["related"]):
        assert cut in article.boilerplate


def test_teasers_after_the_end_go_even_as_paragraphs(story: dict[str, Any]) -> None:
    one, _, three, four, five = story["paragraphs"]
    for end in (
        "Ý KIẾN",
        "Có thể bạn quan tâm",
        "Bài viết hay? Hãy đánh giá bài viết",
        "Tin khác:",
    ):
        article = read(story["title"], one, three, end, four, five)
        assert article.body.split("\n") == [one, three]
        assert article.boilerplate.split("\n") == [end, four, five]


def test_box_inside_the_story_goes_and_the_story_goes_on(story: dict[str, Any]) -> None:
    one, _, three, four, five = story["paragraphs"]
    article = read(story["title"], one, "Tin liên quan", story["related"], three, four, five)
    assert article.body.split("\n") == [one, three, four, five]
    assert article.boilerplate.split("\n") == ["Tin liên quan", story["related"]]


def test_teasers_under_headlines_of_their_own_do_not_come_back(story: dict[str, Any]) -> None:
    one, two, three, four, five = story["paragraphs"]
    article = read(story["title"], one, three, "Tin liên quan", two, two, four, two, two, five)
    assert article.body.split("\n") == [one, three]


def test_headings_inside_sentences_are_left_alone(story: dict[str, Any]) -> None:
    said = (
        "Ý kiến của bà con được ghi vào sổ và tin khác sẽ được báo sau, người phụ trách cho biết."
    )
    article = read(story["title"], story["paragraphs"][0], said)
    assert article.body.endswith(said)


def test_headlines_run_together_below_the_lead(story: dict[str, Any]) -> None:
    one, _, three, *_ = story["paragraphs"]
    run_on = f"{story['related']} Phố nghề đổi thay sau một năm cải tạo Bảo tàng mở cửa đêm rằm"
    article = read(story["title"], one, run_on, three)
    assert article.body.split("\n") == [one, three]
    assert run_on in article.boilerplate


def test_long_paragraph_without_full_stop_is_no_run_on(story: dict[str, Any]) -> None:
    one, _, three, four, _ = story["paragraphs"]
    article = read(story["title"], one, f"{three} {four} Xưởng mở cửa mỗi sáng thứ bảy")
    assert article.body.endswith("mỗi sáng thứ bảy")


def test_fact_box_at_the_end_is_story(story: dict[str, Any]) -> None:
    one, _, three, four, _ = story["paragraphs"]
    article = read(story["title"], one, f"{three} {four} |")
    assert article.body.split("\n") == [one, f"{three} {four}"]


def test_text_without_a_title(story: dict[str, Any]) -> None:
    one, _, three, *_ = story["paragraphs"]
    article = read(one, three)
    assert (article.title, article.body.split("\n")) == ("", [one, three])


def test_date_line_at_the_top_is_the_date(story: dict[str, Any]) -> None:
    article = read(story["title"], "Thứ Bảy, 11/05/2024 - 17:42", *story["paragraphs"])
    assert article.published_at == datetime.fromisoformat("2024-05-11T17:42:00+07:00")
    assert article.published_from == "visible"


def test_author_and_date_on_one_line_at_the_top(story: dict[str, Any]) -> None:
    head = "Đoàn Hải - Thứ bảy, 11/05/2024 17:42 (GMT+7)"
    article = read(story["title"], head, *story["paragraphs"])
    assert article.published_at == datetime.fromisoformat("2024-05-11T17:42:00+07:00")
    assert (article.authors, head in article.body) == (("Đoàn Hải",), False)


def test_given_date_wins(story: dict[str, Any]) -> None:
    given = datetime(2024, 5, 12, tzinfo=UTC)
    text = "\n".join([story["title"], "11/05/2024 17:42", *story["paragraphs"]])
    article = from_text(text, source_file="bai.txt", published=given)
    assert (article.published_at, article.published_from) == (given, "given")


def test_only_boilerplate_is_no_article() -> None:
    with pytest.raises(NoArticle):
        read("-->", "Đăng nhập", "Chia sẻ")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tin liên quan", "box"),
        (">>> XEM THÊM:", "box"),
        ("Từ khóa: giấy dó, làng nghề", "end"),
        ("Bình luận (12)", "end"),
        ("Phiên bản di động", "end"),
        ("Tin liên quan đến vụ việc sẽ được cập nhật.", None),
        ("Chủ đề: một câu rất dài " + "và dài " * 30, None),
    ],
)
def test_heading(text: str, kind: str | None) -> None:
    assert heading(text) == kind


def test_noise() -> None:
    assert is_noise("Chỉ đạo - Điều hành 14/11/2024 20:48")
    assert is_noise("user image")
    assert is_noise("Xem thêm: Phố nghề đổi thay sau một năm")
    assert not is_noise("Lễ khai trương diễn ra ngày 14/11/2024 20:48 tại xưởng giấy bên hồ.")


@pytest.mark.parametrize(
    "text",
    [
        "Học viên xeo giấy. Ảnh: Minh Đức",
        "Học viên xeo giấy - Ảnh: M.Đ.",
        "Học viên xeo giấy ẢNH: REUTERS",
        "Học viên xeo giấy (Ảnh: Minh Đức/TTXVN)",
        "Học viên xeo giấy (Ảnh minh họa)",
        "Học viên xeo giấy (hình minh họa)",
        "Học viên xeo giấy [PHOTO: Minh Đức]",
        "Học viên xeo giấy. Video: Minh Đức",
        "Học viên xeo giấy. Clip: Minh Đức",
        "Học viên xeo giấy (đồ họa: Minh Đức)",
        "Học viên xeo giấy. Đồ hoạ: Minh Đức",
        "Học viên xeo giấy |",
    ],
)
def test_caption(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize(
    "text",
    [
        "Theo Điều 3, bên vi phạm phải nộp phạt (tranh chấp đất đai).",
        "Anh nói về nhiếp ảnh: nghề của ánh sáng và bóng tối.",
        "Xưởng sẽ mở cửa vào thứ bảy hằng tuần, ông Minh cho biết.",
    ],
)
def test_no_caption(text: str) -> None:
    assert not is_caption(text)


def test_split_keeps_every_line_once(story: dict[str, Any]) -> None:
    lines = [story["title"], *story["paragraphs"], "Tin khác", story["related"], "user image"]
    parts = split(lines)
    assert sorted(parts.kept + parts.cut) == list(range(len(lines)))
