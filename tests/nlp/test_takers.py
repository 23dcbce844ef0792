"""Tasks of those who are charged, picked or allowed, and tasks that go on."""

from __future__ import annotations

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.assignments import find_assignments
from tests.nlp.told import Part, parts


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # "có trách nhiệm" behind what one is made, and tasks behind it
        (
            "Sở Du lịch được giao là cơ quan thường trực của chương trình, có trách nhiệm theo dõi "
            "tiến độ; đồng thời xây dựng quy chế.",
            [("Sở Du lịch", "lead", "theo dõi tiến độ"),
             ("Sở Du lịch", "implement", "xây dựng quy chế")],
        ),
        # what one does it by stands between actor and verb
        (
            "Sở Y tế, theo chức năng nhiệm vụ được giao, phối hợp với Sở Công Thương kiểm tra "
            "các quán ăn.",
            [("Sở Y tế", "implement", "kiểm tra các quán ăn"),
             ("Sở Công Thương", "coordinate", "kiểm tra các quán ăn")],
        ),
        # the next sentence goes on
        (
            "UBND tỉnh giao Sở Nội vụ xây dựng đề án. Đồng thời, tổ chức các lớp tập huấn.",
            [("Sở Nội vụ", "implement", "xây dựng đề án"),
             ("Sở Nội vụ", "implement", "tổ chức các lớp tập huấn")],
        ),
        (
            "UBND tỉnh giao Sở Nội vụ xây dựng đề án. Đồng thời, phối hợp với các đơn vị tổ chức "
            "lớp tập huấn.",
            [("Sở Nội vụ", "implement", "xây dựng đề án"),
             ("Sở Nội vụ", "lead", "tổ chức lớp tập huấn")],
        ),
        # a purpose between two tasks
        (
            "UBND tỉnh yêu cầu Sở Nội vụ rà soát hồ sơ, nhằm bảo đảm tiến độ; lập danh sách.",
            [("Sở Nội vụ", "implement", "rà soát hồ sơ"),
             ("Sở Nội vụ", "implement", "lập danh sách")],
        ),
        # who is allowed carries it out
        (
            "UBND tỉnh Hà Nam vừa ra thông báo chấp thuận cho Sở Du lịch tổ chức hội chợ gốm.",
            [("UBND tỉnh Hà Nam", "approve", "cho Sở Du lịch tổ chức hội chợ gốm"),
             ("Sở Du lịch", "implement", "tổ chức hội chợ gốm")],
        ),
        # who is given it by a decision
        (
            "UBND tỉnh Hà Nam quyết định giao Sở Du lịch tổ chức hội chợ gốm.",
            [("Sở Du lịch", "implement", "tổ chức hội chợ gốm")],
        ),
        # who is picked, or takes it on
        (
            "Tỉnh Ninh Bình được chọn đăng cai tổ chức hội diễn.",
            [("Tỉnh Ninh Bình", "implement", "đăng cai tổ chức hội diễn")],
        ),
        (
            "Sở Du lịch sẽ đảm nhiệm tổ chức đêm khai mạc.",
            [("Sở Du lịch", "implement", "tổ chức đêm khai mạc")],
        ),
        # a place acts behind a comma that joins nothing, and behind "do"
        (
            "Sau đợt diễn ở Hà Nội, tỉnh Ninh Bình sẽ chủ trì tổ chức hội diễn.",
            [("tỉnh Ninh Bình", "lead", "tổ chức hội diễn")],
        ),
        (
            "Hội diễn do tỉnh Ninh Bình, Sở Du lịch phối hợp tổ chức.",
            [("tỉnh Ninh Bình", "coordinate", "Hội diễn"),
             ("Sở Du lịch", "coordinate", "Hội diễn")],
        ),
        # fields in any spelling
        (
            "Các Sở: Văn hoá thể thao, Giáo dục - Đào tạo có trách nhiệm hướng dẫn các trường.",
            [("Sở Văn hoá thể thao", "guide", "hướng dẫn các trường"),
             ("Sở Giáo dục - Đào tạo", "guide", "hướng dẫn các trường")],
        ),
        (
            "UBND tỉnh yêu cầu Sở văn hóa, Thể thao và Du lịch kiểm tra các lễ hội.",
            [("Sở văn hóa, Thể thao và Du lịch", "implement", "kiểm tra các lễ hội")],
        ),
        # who gives an order is not told in the next sentence
        (
            "UBND tỉnh yêu cầu Sở Nội vụ rà soát hồ sơ. Đồng thời, yêu cầu Sở Y tế lập chốt.",
            [("Sở Nội vụ", "implement", "rà soát hồ sơ"),
             ("Sở Y tế", "implement", "lập chốt")],
        ),
    ],
)  # fmt: skip
def test_tasks_are_read(reader: Reader, body: str, expected: list[Part]) -> None:
    assert parts(reader, body) == expected


def test_a_record_spans_its_task(reader: Reader) -> None:
    """The span of a record holds its task, also where that stands before another's name."""
    body = "Sự kiện do Sở Du lịch chỉ đạo, Sở Nội vụ tổ chức."
    passages = reader.passages(Article(title="", lead="", body=body))
    found = find_assignments(passages)
    assert [(one.actor, one.role) for one in found] == [
        ("Sở Du lịch", "lead"),
        ("Sở Nội vụ", "implement"),
    ]
    assert all(one.task in body[one.start : one.end] for one in found)
