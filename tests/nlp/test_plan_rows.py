"""Plans in a row, events that only have a name and a day, and what a plan's words leave out."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from tests.nlp.told import Plan, plans

MARCH_20 = ("2025-03-20", "2025-03-20")
MARCH_25 = ("2025-03-25", "2025-03-25")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # two verbs with a day each
        (
            "Hội gốm khai mạc tối 20/3 và bế mạc tối 25/3.",
            [("khai mạc tối 20/3", *MARCH_20), ("bế mạc tối 25/3", *MARCH_25)],
        ),
        (
            "Hội gốm sẽ diễn ra từ ngày 20/3 đến 25/3, trong đó lễ trao giải tổ chức vào 25/3.",
            [("sẽ diễn ra từ ngày 20/3 đến 25/3", "2025-03-20", "2025-03-25"),
             ("tổ chức vào 25/3", *MARCH_25)],
        ),
        (
            "Học sinh tựu trường ngày 20/3 và khai giảng ngày 25/3.",
            [("tựu trường ngày 20/3", *MARCH_20), ("khai giảng ngày 25/3", *MARCH_25)],
        ),
        (
            "Lễ khai mạc diễn ra tối 20/3 và lễ bế mạc diễn ra tối 25/3.",
            [("diễn ra tối 20/3", *MARCH_20), ("diễn ra tối 25/3", *MARCH_25)],
        ),
        (
            "Tỉnh sẽ xây nhà gốm, khởi công năm 2026, hoàn thành năm 2028.",
            [("sẽ xây nhà gốm, khởi công năm 2026", "2026-01-01", "2026-12-31"),
             ("hoàn thành năm 2028", "2028-01-01", "2028-12-31")],
        ),
        # several things done at one time
        (
            "Ngày 20/3, phường sẽ họp tổ thợ, chốt danh sách và công bố giải.",
            [("sẽ họp tổ thợ, chốt danh sách và công bố giải", *MARCH_20)],
        ),
        (
            "Ngày 20/3, phường sẽ duyệt danh sách của các tổ thợ, công bố giải.",
            [("sẽ duyệt danh sách của các tổ thợ, công bố giải", *MARCH_20)],
        ),
        # a verb that runs over two words of the tagger's
        (
            "Chương trình diễn ra cuối tuần này, từ ngày 14 đến 16/3.",
            [("diễn ra cuối tuần này, từ ngày 14 đến 16/3", "2025-03-14", "2025-03-16")],
        ),
        (
            "Công trình được khởi công vào quý III/2025.",
            [("được khởi công vào quý III/2025", "2025-07-01", "2025-09-30")],
        ),
        # an event and its day, without a verb
        (
            "Lễ khai mạc lúc 19h ngày 20/3 tại đình làng.",
            [("Lễ khai mạc lúc 19h ngày 20/3 tại đình làng", *MARCH_20)],
        ),
        (
            "Phần hội có: Hội thi nấu cơm ngày 20/3; Triển lãm tranh ngày 25/3.",
            [("Hội thi nấu cơm ngày 20/3", *MARCH_20), ("Triển lãm tranh ngày 25/3", *MARCH_25)],
        ),
        ("Ngày khai hội là ngày 20/3.", [("Ngày khai hội là ngày 20/3", *MARCH_20)]),
        # a date that opens the clause
        (
            "Bắt đầu từ ngày 20/3, khách vào đình phải mua vé.",
            [("phải mua vé", "2025-03-20", None)],
        ),
        (
            "Vào năm 2026, cả tỉnh đón 3 triệu lượt khách.",
            [("đón 3 triệu lượt khách", "2026-01-01", "2026-12-31")],
        ),
        (
            "Theo đề án, từ nay đến năm 2027, tỉnh lập hồ sơ cho 20 đình; tu bổ 5 chùa.",
            [("lập hồ sơ cho 20 đình", None, "2027-12-31"), ("tu bổ 5 chùa", None, "2027-12-31")],
        ),
        (
            "Đến năm 2030, doanh thu tăng qua từng năm, đến năm 2050 đạt 2 tỷ đồng.",
            [("Đến năm 2030, doanh thu tăng qua từng năm", None, "2030-12-31"),
             ("đến năm 2050 đạt 2 tỷ đồng", None, "2050-12-31")],
        ),
        # another day in place of the first
        (
            "Hội thi trước đây dự kiến mở ngày 20/3, nay sẽ được dời sang ngày 25/3.",
            [("sẽ được dời sang ngày 25/3", *MARCH_25)],
        ),
        (
            "UBND tỉnh thống nhất lùi hội diễn sang năm 2026.",
            [("lùi hội diễn sang năm 2026", "2026-01-01", "2026-12-31")],
        ),
        # one who tells of a plan, and one who has told others
        (
            "Ban tổ chức công bố kế hoạch mở lễ hội từ ngày 20/3.",
            [("mở lễ hội từ ngày 20/3", "2025-03-20", None)],
        ),
        (
            "Tỉnh vừa yêu cầu thị xã sửa cầu tre trước ngày 25/3.",
            [("yêu cầu thị xã sửa cầu tre trước ngày 25/3", None, "2025-03-25")],
        ),
        # what is no part of the plan's words
        (
            "Phố sách sẽ đóng cửa ngày 20/3 do mưa lớn.",
            [("sẽ đóng cửa ngày 20/3", *MARCH_20)],
        ),
        (
            "Từ ngày 20/3, phường sẽ cấm ô tô vào phố cổ (trừ xe cứu thương và xe của cư dân).",
            [("sẽ cấm ô tô vào phố cổ", "2025-03-20", None)],
        ),
        (
            "Hội vật sẽ diễn ra ngày 20/3, với phần thi của 12 đô vật.",
            [("sẽ diễn ra ngày 20/3", *MARCH_20)],
        ),
        # none of these
        ("Mỗi năm hai lần khi nước lên, phường sẽ đóng cửa chợ nổi.", []),
        ("Thợ gốm đang gắng sức để mở lò vào ngày 20/3.", []),
    ],
)  # fmt: skip
def test_plans_are_read(reader: Reader, body: str, expected: list[Plan]) -> None:
    assert plans(reader, body) == expected
