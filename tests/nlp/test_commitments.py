"""Commitments: what is promised and what is not, who owes it, by when and how much."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.commitments import find_commitments
from kb.reading import Commitment
from kb.registry import load_registry

TODAY = date(2025, 3, 10)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_registry())


def find(
    reader: Reader, body: str, *, title: str = "", published: date | None = TODAY
) -> list[Commitment]:
    article = Article(title=title, lead="", body=body)
    passages = reader.passages(article)
    found = find_commitments(passages, published)
    texts = {one.field: one.text for one in passages}
    assert all(texts[one.field][one.start : one.end] == one.text for one in found)
    return found


@pytest.mark.parametrize(
    ("body", "text", "due"),
    [
        (
            "Sở Xây dựng Hà Nội sẽ lắp 40 ghế đá quanh hồ trong tháng 9/2025.",
            "sẽ lắp 40 ghế đá quanh hồ trong tháng 9/2025",
            ("2025-09-01", "2025-09-30"),
        ),
        (
            "Phố sách dự kiến mở cửa trở lại vào ngày 2/4.",
            "Phố sách dự kiến mở cửa trở lại vào ngày 2/4",
            ("2025-04-02", "2025-04-02"),
        ),
        (
            "Đến năm 2030, huyện phấn đấu có 12 làng nghề được công nhận.",
            "năm 2030, huyện phấn đấu có 12 làng nghề được công nhận",
            ("2030-01-01", "2030-12-31"),
        ),
        (
            "Hạn chót nộp tác phẩm dự thi là ngày 15/5/2025.",
            "Hạn chót nộp tác phẩm dự thi là ngày 15/5/2025",
            ("2025-05-15", "2025-05-15"),
        ),
        (
            "UBND quận yêu cầu các phường báo cáo kết quả rà soát trước ngày 31/3.",
            "UBND quận yêu cầu các phường báo cáo kết quả rà soát trước ngày 31/3",
            ("2025-03-31", "2025-03-31"),
        ),
        (
            "Triển lãm gốm diễn ra từ ngày 20/3 đến ngày 2/4 tại Bảo tàng Hà Nội.",
            "Triển lãm gốm diễn ra từ ngày 20/3 đến ngày 2/4 tại Bảo tàng Hà Nội",
            ("2025-03-20", "2025-04-02"),
        ),
        (
            "Quy hoạch nêu rõ đến năm 2035 cơ bản hoàn thành năm bảo tàng ngoài công lập.",
            "đến năm 2035 cơ bản hoàn thành năm bảo tàng ngoài công lập",
            ("2035-01-01", "2035-12-31"),
        ),
    ],
)
def test_a_plan_with_a_date_is_a_commitment(
    reader: Reader, body: str, text: str, due: tuple[str, str]
) -> None:
    (one,) = find(reader, body)
    assert text in one.text or one.text in text
    assert (one.due_from, one.due_to) == due


@pytest.mark.parametrize(
    "body",
    [
        # told, not promised
        "Ngày 3/3, quận đã khánh thành vườn hoa ven sông.",
        "Sở vừa công bố kế hoạch chỉnh trang vỉa hè năm 2025.",
        "Hồi tháng 1, ông nói sẽ từ chức.",
        "Năm ngoái thành phố sẽ mở phố đi bộ nhưng rồi hoãn.",
        "Họa sĩ sinh ngày 5/6/1990 tại Huế.",
        "Ban tổ chức đã hoãn đêm nhạc dự kiến diễn ra ngày 20/3.",
        "Lễ hội kết thúc ngày 20/3, sớm hơn so với dự kiến.",
        # the day of the saying, not of the doing
        "Ngày 12/3, giám đốc cho biết nhà hát sẽ đổi tên.",
        # wishes and guesses
        "Thủ đô sẽ ngày càng xanh hơn.",
        "Theo tôi, khả năng cao nhà hát sẽ bán vé vào tháng 6.",
        "Chuyên gia dự báo giá vé sẽ đắt hơn vào tháng 6.",
        "Nếu trúng thầu, công ty sẽ khởi công vào tháng 6.",
        "Lượng khách có thể sẽ đông hơn vào tháng 4.",
        "Ban quản lý không đặt mục tiêu lợi nhuận trong năm 2025.",
        # what comes of itself
        "Bão số 3 sẽ đổ bộ vào đất liền ngày 12/3.",
        "Điều này sẽ thay đổi cách làm phim trong năm 2025.",
        "Dân số phường dự kiến tăng gấp đôi vào năm 2030.",
        # questions, documents and rates
        "Ai sẽ trông coi công viên từ tháng 5/2025?",
        "Theo Nghị định số 12/2030/NĐ-CP ngày 5/6/2030, mức thu giữ nguyên.",
        "Nhà máy sẽ dùng dây chuyền làm ra 3 triệu viên gạch mỗi năm.",
    ],
)
def test_neither_past_nor_wish_nor_guess_is_one(reader: Reader, body: str) -> None:
    assert find(reader, body) == []


def test_horoscopes_are_left_alone(reader: Reader) -> None:
    body = "Người này sẽ gặp quý nhân vào ngày 20/3."
    assert find(reader, body, title="Tử vi tuần mới") == []
    assert len(find(reader, body, title="Chuyện phố")) == 1


def test_the_targets_of_a_plan_are_one_each(reader: Reader) -> None:
    body = (
        "UBND thành phố Hà Nội vừa ban hành kế hoạch phát triển thư viện. "
        "Kế hoạch đề ra các chỉ tiêu như: số hóa 5.000 bản sách trong năm 2025; "
        "nâng cao chất lượng phục vụ; mở 3-4 phòng đọc năm 2026. "
        "Tổ chức ngày hội đọc sách trong giai đoạn 2026-2027."
    )
    found = find(reader, body)
    assert [one.due_from for one in found] == ["2025-01-01", "2026-01-01", "2026-01-01"]
    assert [one.quantity for one in found] == ["5.000 bản sách", "3-4 phòng", None]
    assert found[0].text == "số hóa 5.000 bản sách trong năm 2025"
    assert {one.owner for one in found} == {"UBND thành phố Hà Nội"}


def test_a_list_ends_where_another_subject_speaks(reader: Reader) -> None:
    body = (
        "Chỉ tiêu đặt ra gồm: trồng 200 cây trong năm 2025. "
        "Bà con quanh hồ đồng tình. Mua thêm phân bón năm 2026."
    )
    assert [one.due_from for one in find(reader, body)] == ["2025-01-01"]


def test_two_cues_make_two_commitments(reader: Reader) -> None:
    body = (
        "Công viên sẽ được khởi công vào quý II/2025, dự kiến hoàn thành trong năm 2027, "
        "đồng thời quận sẽ giữ nguyên hàng cây cũ."
    )
    found = find(reader, body)
    assert [one.due_to for one in found] == ["2025-06-30", "2027-12-31"]
    assert "hàng cây" not in found[1].text


def test_a_recurring_task_has_a_duration(reader: Reader) -> None:
    (one,) = find(reader, "Phường sẽ tổ chức chợ phiên 2 tháng một lần.")
    assert (one.recurs, one.due_from) == ("P2M", None)


def test_the_initiative_in_the_clause_is_named(reader: Reader) -> None:
    body = (
        "Hà Nội sẽ tổ chức Lễ hội Thiết kế sáng tạo vào tháng 11/2025; "
        "sẽ thay 300 bóng đèn trong năm 2026."
    )
    first, second = find(reader, body)
    assert (first.initiative_id, second.initiative_id) == ("design-festival", None)
    assert second.quantity == "300 bóng đèn"


def test_the_owner_is_the_subject_the_doer_or_who_was_named_before(reader: Reader) -> None:
    subject = find(reader, "Bảo tàng Hà Nội sẽ mở phòng tranh mới vào tháng 6/2025.")
    assert subject[0].owner == "Bảo tàng Hà Nội"
    city = find(
        reader,
        "UBND thành phố Hà Nội họp sáng 10/3. Thành phố sẽ sửa 20 nhà văn hóa trong năm 2025.",
    )
    assert city[0].owner == "UBND thành phố Hà Nội"
    nobody = find(reader, "Những con đường quanh hồ sẽ được lát đá vào tháng 6/2025.")
    assert nobody[0].owner is None


def test_a_day_without_a_year_long_past_is_meant_for_the_next(reader: Reader) -> None:
    body = "Ban tổ chức sẽ trao giải vào tháng 3."
    (one,) = find(reader, body, published=date(2025, 11, 20))
    assert one.due_from == "2026-03-01"


def test_what_is_over_when_the_story_appears_is_no_commitment(reader: Reader) -> None:
    body = "Chợ hoa sẽ bán đến hết ngày 28/2/2025."
    assert find(reader, body, published=TODAY) == []
    assert len(find(reader, body, published=date(2025, 2, 1))) == 1
    assert len(find(reader, body, published=None)) == 1


def test_the_title_does_not_count_what_the_body_says_again(reader: Reader) -> None:
    title = "Sẽ mở phố sách ven sông trong tháng 6"
    body = "Quận sẽ mở phố sách ven sông trong tháng 6, theo lời chủ tịch quận."
    assert [one.field for one in find(reader, body, title=title)] == ["body"]
    assert [one.field for one in find(reader, "Phố vắng.", title=title)] == ["title"]


def test_gold_seeds(shared: Path, reader: Reader) -> None:
    hits = wanted = given = 0
    published = {"001": date(2023, 6, 1), "003": date(2022, 2, 1), "004": None}
    for gold in json.loads((shared / "gold" / "seeds.json").read_text("utf-8")):
        raw = (shared / "seeds" / gold["file"]).read_text("utf-8")
        first, last = gold["body_span"]
        day = published[gold["file"][:3]]
        found = find(reader, raw[first:last], title=gold["title"], published=day)
        wanted += len(gold["commitments"])
        given += len(found)
        for one in gold["commitments"]:
            hits += any(fits(one, other) for other in found)
    print(f"commitments of the seeds: {hits} of {wanted} found, {given} given")
    assert hits / wanted >= 0.75
    assert hits / given >= 0.75


def fits(gold: dict[str, Any], found: Commitment) -> bool:
    """Tell whether a commitment is the gold one: it shares most words, the date and the rest."""
    words = set(gold["what"].lower().split())
    shares = len(words & set(found.text.lower().split())) >= 0.8 * len(words)
    first, _, last = (gold.get("due") or "").partition("/")
    due = (found.due_from or "").startswith(first) and (found.due_to or "").startswith(
        last or first
    )
    rest = all(
        gold.get(key) in (None, value)
        for key, value in (
            ("initiative", found.initiative_id),
            ("recurs", found.recurs),
            ("quantity", found.quantity),
        )
    )
    return shares and due and rest
