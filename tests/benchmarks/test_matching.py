"""When a found item counts: spans, speakers, dates, posts, tasks, and never twice."""

from __future__ import annotations

import pytest

from benchmarks.facts import FAMILIES, same_date, same_holding, same_task, same_words
from benchmarks.matching import Agree, Item, Tally, half, last_word, match, overlap, within

FAMILY = {family.name: family for family in FAMILIES}


def at(
    text: str, words: str, **rest: str | tuple[str | None, str | None, None, bool] | None
) -> Item:
    start = text.index(words)
    return Item(start, start + len(words), **rest)  # type: ignore[arg-type]


def right(text: str, gold: list[Item], found: list[Item], agree: Agree) -> int:
    return match("story", text, gold, found, agree).right


def test_nothing_counts_twice_and_the_best_fit_goes_first() -> None:
    def fits(text: str, wanted: Item, got: Item) -> float:
        return half(wanted, got)

    wide, exact = Item(0, 14), Item(0, 10)
    case = match("story", "x" * 20, [Item(0, 10)], [wide, exact], fits)
    assert (case.right, case.wrong, case.missed) == (1, (wide,), ())
    case = match("story", "x" * 20, [Item(0, 10), Item(0, 10)], [exact], fits)
    assert (case.right, case.wrong, len(case.missed)) == (1, (), 1)


def test_shares_of_a_tally() -> None:
    case = match("", "", [Item(0, 1), Item(1, 2), Item(2, 3)], [Item(0, 1), Item(7, 8)],
                 lambda text, a, b: float(a == b))  # fmt: skip
    tally = Tally.of([case, case])
    assert (tally.right, tally.found, tally.wanted) == (2, 4, 6)
    assert (tally.precision, tally.recall) == (0.5, pytest.approx(1 / 3))
    assert tally.f1 == pytest.approx(0.4)
    assert Tally.of([]).f1 == 0.0


def test_half_of_the_union() -> None:
    assert overlap(Item(0, 10), Item(10, 20)) == 0.0
    assert half(Item(0, 10), Item(0, 20)) == 0.5
    assert half(Item(0, 10), Item(0, 21)) == 0.0


def test_a_direct_quote_may_differ_in_marks_but_not_in_words_or_speaker() -> None:
    text = "Bà Mơ nói: “Phố sách mở lại.” rồi đi."
    gold = at(text, "Phố sách mở lại.", who="Trần Thị Mơ")
    with_marks = at(text, "“Phố sách mở lại.”", who="bà MƠ")
    agree = FAMILY["direct quotes"].agree
    assert agree(text, gold, with_marks)
    assert not agree(text, gold, at(text, "Phố sách mở lại", who="Trần Thị Nhài"))
    assert not agree(text, gold, at(text, "Phố sách mở lại", who=None))
    assert not same_words(text, gold, at(text, "sách mở lại."))
    looser = FAMILY["direct quotes"].looser
    assert looser is not None
    assert looser[1](text, gold, at(text, "Phố sách mở lại", who="Trần Thị Nhài"))


def test_a_speaker_is_known_by_the_last_word() -> None:
    assert last_word("Nguyễn Văn Hoà") == last_word("ông Hòa") == "hòa"
    assert last_word("") is None is last_word(None)


def test_a_reported_quote_needs_half_and_the_speaker() -> None:
    text = "Ông Lụa cho biết phố sách sẽ mở lại vào mùa thu tới đây."
    gold = at(text, "phố sách sẽ mở lại vào mùa thu", who="Lụa")
    agree = FAMILY["reported quotes"].agree
    assert agree(text, gold, at(text, "phố sách sẽ mở lại", who="Phan Lụa"))
    assert not agree(text, gold, at(text, "phố sách", who="Phan Lụa"))
    assert not agree(text, gold, at(text, "phố sách sẽ mở lại vào mùa thu", who="Phan Gấm"))


def test_a_date_may_lack_its_preposition_but_not_its_days() -> None:
    text = "Kể từ ngày 5/6, phố đóng cửa."
    days = ("2024-06-05", "2024-06-05", None, False)
    agree = FAMILY["dates"].agree
    gold = at(text, "Kể từ ngày 5/6,", when=days)
    assert agree(text, gold, at(text, "ngày 5/6", when=days))
    assert not agree(text, gold, at(text, "5/6", when=days))
    assert not agree(text, gold, at(text, "ngày 5/6", when=(days[0], None, None, False)))
    assert not agree(text, gold, at(text, "ngày 5/6", when=(*days[:3], True)))
    assert same_date(text, gold, at(text, "ngày 5/6"))
    text = "Phố mở lại vào khoảng tháng 7."
    assert same_date(text, at(text, "vào khoảng tháng 7"), at(text, "tháng 7"))


def test_a_commitment_needs_half_and_the_days() -> None:
    text = "Quận sẽ mở phố sách trong tháng 7 năm nay."
    july = ("2024-07-01", "2024-07-31", None, False)
    gold = at(text, "sẽ mở phố sách trong tháng 7", when=july)
    family = FAMILY["commitments"]
    assert family.agree(text, gold, at(text, "mở phố sách trong tháng 7 năm nay", when=july))
    year = at(text, "sẽ mở phố sách", when=("2024-01-01", "2024-12-31", None, False))
    assert not family.agree(text, gold, year)
    assert family.looser is not None and family.looser[1](text, gold, year)


def test_a_holding_is_the_last_word_and_the_whole_post() -> None:
    gold = Item(0, 30, what="Giám đốc Nhà sách Hoà Bình", who="Đỗ Văn Thuý")
    assert same_holding("", gold, Item(0, 30, what="giám đốc Nhà sách Hòa Bình", who="Thúy"))
    assert not same_holding("", gold, Item(0, 30, what="Giám đốc Nhà sách", who="Đỗ Văn Thuý"))
    assert not same_holding("", gold, Item(0, 30, what=gold.what, who="Đỗ Văn Lý"))


def test_of_two_equal_holdings_the_one_that_stands_there_is_taken() -> None:
    first, second = Item(0, 9, "Giám đốc", "Mơ"), Item(50, 59, "Giám đốc", "Mơ")
    case = match("", "x" * 60, [second], [first, second], same_holding)
    assert case.wrong == (first,)


def test_an_assignment_is_role_actor_and_task() -> None:
    text = "giao Sở Xây dựng chủ trì lập đề án phố sách, báo cáo trước tháng 7"
    gold = at(text, "lập đề án phố sách", what="lead", who="Sở Xây dựng")
    whole = at(text, "chủ trì lập đề án phố sách, báo cáo trước tháng 7", what="lead", who="Sở")
    assert same_task(text, gold, whole)  # one lies in the other, though it is not half
    assert not half(gold, whole)
    part = at(text, "đề án phố sách, báo", what="lead", who="Sở Xây dựng thành phố")
    assert same_task(text, gold, part)
    assert not same_task(text, gold, at(text, "phố sách, báo cáo", what="lead", who="Sở Xây dựng"))
    assert not same_task(text, gold, at(text, "lập đề án", what="guide", who="Sở Xây dựng"))
    assert not same_task(text, gold, at(text, "lập đề án", what="lead", who="Sở Y tế"))
    assert not same_task(text, gold, at(text, "lập đề án", what="lead", who=None))


def test_one_within_the_other_whatever_the_case() -> None:
    assert within("UBND quận", "ubnd QUẬN Tây Hồ") and within("Tây Hồ", "hồ") is True
    assert not within("", "Tây Hồ")
