"""Who has which share: rows of orders, headings, equations, decisions, names in small letters."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from tests.nlp.told import Part, parts


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # one giver, several with a task of their own behind commas
        (
            "Chủ tịch UBND tỉnh giao Sở Tài chính thẩm định dự toán, Sở Nội vụ rà soát biên chế, "
            "còn Sở Y tế bố trí xe cứu thương.",
            [("Sở Tài chính", "lead", "thẩm định dự toán"),
             ("Sở Nội vụ", "lead", "rà soát biên chế")],
        ),
        # "của A, B" in a task is no further share
        (
            "UBND tỉnh giao Sở Nội vụ tổng hợp báo cáo của Sở Y tế, Sở Du lịch tổ chức trong năm.",
            [("Sở Nội vụ", "lead", "tổng hợp báo cáo của Sở Y tế")],
        ),
        # those who are told the same stand behind semicolons
        (
            "UBND tỉnh yêu cầu các đơn vị: Sở Y tế; Hội Nhà báo tỉnh; Sở Du lịch lập danh sách.",
            [("Sở Y tế", "implement", "lập danh sách"),
             ("Hội Nhà báo tỉnh", "implement", "lập danh sách"),
             ("Sở Du lịch", "implement", "lập danh sách")],
        ),
        # several go on together only with "đồng thời"
        (
            "UBND tỉnh yêu cầu Sở Y tế, Sở Du lịch lập danh sách; đồng thời rà soát hồ sơ.",
            [("Sở Y tế", "implement", "lập danh sách"),
             ("Sở Du lịch", "implement", "lập danh sách"),
             ("Sở Y tế", "implement", "rà soát hồ sơ"),
             ("Sở Du lịch", "implement", "rà soát hồ sơ")],
        ),
        # an order goes on in the next sentence of the paragraph, if that says so
        (
            "UBND tỉnh yêu cầu Sở Du lịch rà soát các điểm đến. Riêng Sở Y tế kiểm tra quán ăn.",
            [("Sở Du lịch", "implement", "rà soát các điểm đến"),
             ("Sở Y tế", "implement", "kiểm tra quán ăn")],
        ),
        (
            "UBND tỉnh yêu cầu Sở Du lịch rà soát các điểm đến. Đối với Sở Y tế, kiểm tra quán ăn.",
            [("Sở Du lịch", "implement", "rà soát các điểm đến"),
             ("Sở Y tế", "implement", "kiểm tra quán ăn")],
        ),
        # … who joins in at the end of a task
        (
            "UBND tỉnh giao Công an tỉnh lập phương án, phối hợp Sở Xây dựng phân luồng.",
            [("Công an tỉnh", "implement", "lập phương án, phối hợp Sở Xây dựng phân luồng"),
             ("Sở Xây dựng", "coordinate", "phân luồng")],
        ),
        # an order without a giver behind what it rests on
        (
            "Căn cứ kết quả thẩm định, đề nghị Sở Du lịch hoàn thiện hồ sơ.",
            [("Sở Du lịch", "implement", "hoàn thiện hồ sơ")],
        ),
        # those who are told stand behind a comma or a colon
        (
            "UBND tỉnh yêu cầu, Sở Du lịch rà soát hồ sơ.",
            [("Sở Du lịch", "implement", "rà soát hồ sơ")],
        ),
        # "nghiên cứu, báo cáo A": the object stands behind both
        (
            "UBND tỉnh giao Sở Xây dựng nghiên cứu, báo cáo UBND tỉnh phương án tu bổ đình.",
            [("Sở Xây dựng", "lead", "nghiên cứu, báo cáo UBND tỉnh phương án tu bổ đình")],
        ),
    ],
)  # fmt: skip
def test_shares_of_an_order_are_read(reader: Reader, body: str, expected: list[Part]) -> None:
    assert parts(reader, body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a heading that names a body gives it the points below
        (
            "Kế hoạch được triển khai như sau.\n1. Sở Du lịch\n- Chủ trì, phối hợp với Sở Y tế "
            "lập quy chế.\n- Rà soát các điểm đến.\n2. Sở Tài chính:\n- Thẩm định dự toán.",
            [("Sở Du lịch", "lead", "lập quy chế"),
             ("Sở Y tế", "coordinate", "lập quy chế"),
             ("Sở Du lịch", "implement", "Rà soát các điểm đến"),
             ("Sở Tài chính", "implement", "Thẩm định dự toán")],
        ),
        # … but not one with other words
        (
            "Kế hoạch được triển khai như sau.\nSở Du lịch Hà Nam họp với Sở Y tế\n"
            "- Rà soát các điểm đến.",
            [],
        ),
        # behind "giao …:" a body, a colon and a task are given
        (
            "UBND tỉnh giao:\nSở Du lịch: Phối hợp với Sở Y tế lập quy chế.",
            [("Sở Du lịch", "lead", "lập quy chế"), ("Sở Y tế", "coordinate", "lập quy chế")],
        ),
    ],
)  # fmt: skip
def test_headings_and_points_are_read(reader: Reader, body: str, expected: list[Part]) -> None:
    assert parts(reader, body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Đơn vị tổ chức cuộc thi gốm là Hội Mỹ thuật Việt Nam.",
         [("Hội Mỹ thuật Việt Nam", "implement", "cuộc thi gốm")]),
        ("Sở Xây dựng là đơn vị thực hiện đề án cây xanh.",
         [("Sở Xây dựng", "implement", "đề án cây xanh")]),
        ("Sở Xây dựng là cơ quan quản lý nhà nước về xây dựng.", []),
        ("Nhiệm vụ biên soạn sách được giao cho Viện Sử học.",
         [("Viện Sử học", "lead", "Nhiệm vụ biên soạn sách")]),
        ("Khu đất được giao cho Viện Sử học.", []),
        ("Việc thẩm định hồ sơ do Sở Du lịch đảm nhiệm.",
         [("Sở Du lịch", "implement", "Việc thẩm định hồ sơ")]),
        ("Không gian sáng tạo do nhóm kiến trúc sư khởi xướng, Sở Xây dựng quản lý.",
         [("Sở Xây dựng", "operate", "Không gian sáng tạo")]),
        ("Dự án do Sở Xây dựng làm chủ đầu tư, tư vấn là Viện Quy hoạch Hà Nam.",
         [("Sở Xây dựng", "invest", "Dự án")]),
        ("Lễ hội (thuộc chương trình hè) do Sở Du lịch tổ chức.",
         [("Sở Du lịch", "implement", "Lễ hội")]),
        ("Lễ hội do Sở Du lịch, Sở Y tế cùng phối hợp tổ chức, kéo dài hai ngày.",
         [("Sở Du lịch", "coordinate", "Lễ hội"), ("Sở Y tế", "coordinate", "Lễ hội")]),
        # a noun may be what one leads or answers for
        ("Chính phủ giao UBND tỉnh Hà Nam làm cơ quan chủ quản dự án cầu.",
         [("UBND tỉnh Hà Nam", "lead", "dự án cầu")]),
        ("UBND tỉnh Hà Nam được giao là cơ quan nhà nước có thẩm quyền để triển khai dự án cầu.",
         [("UBND tỉnh Hà Nam", "lead", "triển khai dự án cầu")]),
        ("Giám đốc Sở Du lịch chịu trách nhiệm trước UBND tỉnh về nội dung chương trình.",
         [("Sở Du lịch", "lead", "nội dung chương trình")]),
        ("Công ty Hòa Bình trúng thầu thi công nhà hát.",
         [("Công ty Hòa Bình", "implement", "thi công nhà hát")]),
        ("Sở Du lịch phải chịu trách nhiệm về các sai phạm.", []),
        ("UBND tỉnh giao Sở Du lịch chủ trì dự án cầu.",
         [("Sở Du lịch", "lead", "dự án cầu")]),
        ("Ngày hội do Sở Du lịch phối hợp các đơn vị tổ chức, kéo dài hai ngày.",
         [("Sở Du lịch", "implement", "Ngày hội")]),
        # with whom one leads, and whom
        ("UBND tỉnh giao Sở Du lịch chủ trì, cùng Sở Y tế lập quy chế.",
         [("Sở Du lịch", "lead", "lập quy chế"), ("Sở Y tế", "coordinate", "lập quy chế")]),
        ("UBND tỉnh giao Sở Du lịch chủ trì, chỉ đạo Bảo tàng Hà Nam lập quy chế.",
         [("Sở Du lịch", "lead", "chỉ đạo Bảo tàng Hà Nam lập quy chế"),
          ("Bảo tàng Hà Nam", "implement", "lập quy chế")]),
        ("Bộ Xây dựng sẽ chỉ đạo, phối hợp với các địa phương tổ chức hội chợ.",
         [("Bộ Xây dựng", "lead", "tổ chức hội chợ")]),
    ],
)  # fmt: skip
def test_who_is_named_beside_a_task(reader: Reader, body: str, expected: list[Part]) -> None:
    assert parts(reader, body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("UBND tỉnh Hà Nam thống nhất cho Sở Du lịch phối hợp với Sở Y tế tổ chức hội chợ.",
         [("UBND tỉnh Hà Nam", "approve",
           "cho Sở Du lịch phối hợp với Sở Y tế tổ chức hội chợ"),
          ("Sở Du lịch", "implement", "tổ chức hội chợ"),
          ("Sở Y tế", "coordinate", "tổ chức hội chợ")]),
        ("Ban Chỉ đạo thống nhất cho rằng hội chợ thành công.", []),
        ("Thủ tướng đồng ý để UBND tỉnh Hà Nam tổ chức hội chợ.",
         [("Thủ tướng", "approve", "để UBND tỉnh Hà Nam tổ chức hội chợ"),
          ("UBND tỉnh Hà Nam", "implement", "tổ chức hội chợ")]),
        ("Trung ương Hội đồng ý để ông Trần Văn Nam thôi giữ chức vụ.", []),
        ("Thủ tướng đồng ý về nguyên tắc việc xây dựng cầu.",
         [("Thủ tướng", "approve", "việc xây dựng cầu")]),
        ("Dự án cầu được Quốc hội đồng ý đầu tư.", [("Quốc hội", "approve", "Dự án cầu")]),
        ("UBND tỉnh Hà Nam vừa ban hành Quyết định số 985/QĐ-UBND về phê duyệt đề án cây xanh.",
         [("UBND tỉnh Hà Nam", "approve", "đề án cây xanh")]),
        # a place is a body where it is let do something
        ("Thủ tướng cho phép Đà Nẵng tổ chức hội chợ.",
         [("Thủ tướng", "approve", "Đà Nẵng tổ chức hội chợ"),
          ("Đà Nẵng", "implement", "tổ chức hội chợ")]),
        ("Việt Nam đề nghị Trung Quốc triển khai dự án cầu.", []),
    ],
)  # fmt: skip
def test_what_is_granted_is_read(reader: Reader, body: str, expected: list[Part]) -> None:
    assert parts(reader, body) == expected


@pytest.mark.parametrize(
    ("body", "actors"),
    [
        # a name goes on in small letters up to its verb or its place
        ("UBND tỉnh giao Cục Nghệ thuật biểu diễn chủ trì lập đề án.",
         ["Cục Nghệ thuật biểu diễn"]),
        ("UBND tỉnh giao Trung tâm Bảo tồn Di tích cố đô Huế lập đề án.",
         ["Trung tâm Bảo tồn Di tích cố đô Huế"]),
        ("Phong trào cây xanh do Trung ương Hội Nông dân phát động.", ["Trung ương Hội Nông dân"]),
        ("Kiến nghị Sở Nội vụ tỉnh tham mưu phương án.", ["Sở Nội vụ"]),
        # those of many places are nobody, those at a place too
        ("Bộ Y tế phối hợp với Sở Y tế các tỉnh, thành phố tổ chức lớp tập huấn.", ["Bộ Y tế"]),
        ("Bộ Y tế phối hợp với các đơn vị thuộc Bộ Xây dựng tổ chức lớp tập huấn.", ["Bộ Y tế"]),
        ("Đại sứ quán Ý ở Việt Nam phối hợp với Sở Du lịch tổ chức triển lãm.",
         ["Đại sứ quán Ý", "Sở Du lịch"]),
        ("UBND tỉnh yêu cầu Sở Du lịch, các hội của tỉnh tổ chức hội chợ.", ["Sở Du lịch"]),
        # an institute and a council in a row are two
        ("Sở Du lịch phối hợp với Viện Sử học, Hội đồng Anh tổ chức triển lãm.",
         ["Sở Du lịch", "Viện Sử học", "Hội đồng Anh"]),
    ],
)  # fmt: skip
def test_actors_have_their_whole_name(reader: Reader, body: str, actors: list[str]) -> None:
    assert [actor for actor, _, _ in parts(reader, body)] == actors
