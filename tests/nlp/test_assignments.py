"""Assignments: who is given or takes which role in which task."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.assignments import find_assignments
from kb.nlp.passage import Passage
from kb.reading import Assignment


def passages(reader: Reader, body: str) -> list[Passage]:
    return reader.passages(Article(title="", lead="", body=body))


def found(reader: Reader, body: str) -> list[Assignment]:
    return find_assignments(passages(reader, body))


def rows(reader: Reader, body: str) -> list[tuple[str, str, str]]:
    return [(one.actor, one.role, one.task) for one in found(reader, body)]


CASES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "given to lead with others": (
        "UBND tỉnh Lạng Sơn giao Sở Du lịch chủ trì, phối hợp với Sở Tài chính và các đơn vị liên"
        " quan xây dựng đề án phố đêm, với mục tiêu giữ chân du khách.",
        [
            ("Sở Du lịch", "lead", "xây dựng đề án phố đêm"),
            ("Sở Tài chính", "coordinate", "xây dựng đề án phố đêm"),
        ],
    ),
    "the one given without a giver": (
        "Sở Xây dựng được giao chủ trì rà soát quy hoạch ven sông.",
        [("Sở Xây dựng", "lead", "rà soát quy hoạch ven sông")],
    ),
    "given by a named body": (
        "Sở Nội vụ được UBND tỉnh Hà Giang giao tham mưu kế hoạch tuyển dụng.",
        [("Sở Nội vụ", "lead", "tham mưu kế hoạch tuyển dụng")],
    ),
    "each of a list": (
        "Chính phủ giao Bộ Y tế, Bộ Tài chính và Bộ Công Thương triển khai chương trình vắc xin.",
        [
            (body, "implement", "triển khai chương trình vắc xin")
            for body in ("Bộ Y tế", "Bộ Tài chính", "Bộ Công Thương")
        ],
    ),
    "told": (
        "UBND tỉnh Nam Định yêu cầu Sở Giao thông vận tải hoàn thiện phương án phân luồng.",
        [("Sở Giao thông vận tải", "implement", "hoàn thiện phương án phân luồng")],
    ),
    "together": (
        "Ngày 3/4, Bộ Công Thương phối hợp với UBND tỉnh Sơn La tổ chức hội chợ nông sản.",
        [
            ("Bộ Công Thương", "implement", "tổ chức hội chợ nông sản"),
            ("UBND tỉnh Sơn La", "coordinate", "tổ chức hội chợ nông sản"),
        ],
    ),
    "both coordinate": (
        "Sở Du lịch và Sở Công Thương phối hợp tổ chức tuần lễ ẩm thực.",
        [
            ("Sở Du lịch", "coordinate", "tổ chức tuần lễ ẩm thực"),
            ("Sở Công Thương", "coordinate", "tổ chức tuần lễ ẩm thực"),
        ],
    ),
    "with somebody not named before": (
        "Chúng tôi phối hợp với Bộ Y tế xây dựng phần mềm tiêm chủng.",
        [("Bộ Y tế", "coordinate", "xây dựng phần mềm tiêm chủng")],
    ),
    "invests and operates": (
        "Dự án nhà máy nước sạch do Công ty cổ phần Sông Gấm đầu tư và vận hành.",
        [
            ("Công ty cổ phần Sông Gấm", "invest", "Dự án nhà máy nước sạch"),
            ("Công ty cổ phần Sông Gấm", "operate", "Dự án nhà máy nước sạch"),
        ],
    ),
    "a place follows the verb": (
        "Dự án cảng cá do Sở Du lịch triển khai tại vùng biển phía nam.",
        [("Sở Du lịch", "implement", "Dự án cảng cá")],
    ),
    "is the investor": (
        "Công ty Him Lam làm chủ đầu tư dự án cầu vượt biển.",
        [("Công ty Him Lam", "invest", "dự án cầu vượt biển")],
    ),
    "guides another": (
        "Sở Xây dựng hướng dẫn UBND huyện Sóc Sơn lập quy hoạch bến xe.",
        [
            ("Sở Xây dựng", "guide", "hướng dẫn UBND huyện Sóc Sơn lập quy hoạch bến xe"),
            ("UBND huyện Sóc Sơn", "implement", "lập quy hoạch bến xe"),
        ],
    ),
    "approves": (
        "Bộ Xây dựng vừa phê duyệt đồ án quy hoạch cảng cá.",
        [("Bộ Xây dựng", "approve", "đồ án quy hoạch cảng cá")],
    ),
    "is responsible": (
        "Sở Y tế chịu trách nhiệm tổ chức trực cấp cứu.",
        [("Sở Y tế", "lead", "tổ chức trực cấp cứu")],
    ),
    "what was given stands before": (
        "Chương trình sân khấu học đường là dự án dài hơi được Bộ Y tế giao cho Sở Du lịch thực"
        " hiện, kéo dài ba năm.",
        [("Sở Du lịch", "implement", "Chương trình sân khấu học đường")],
    ),
    "the first body belongs to the phrase before": (
        "Theo đề nghị của Bộ Tài chính, Bộ Y tế chủ trì soạn thảo thông tư mới.",
        [("Bộ Y tế", "lead", "soạn thảo thông tư mới")],
    ),
    "the head of a body": (
        "UBND tỉnh Hà Giang giao Giám đốc Sở Tài chính chủ trì tham mưu bố trí kinh phí.",
        [("Sở Tài chính", "lead", "tham mưu bố trí kinh phí")],
    ),
    "given to run": (
        "Bảo tàng Hà Nội được giao quản lý, vận hành phòng đọc mới.",
        [("Bảo tàng Hà Nội", "operate", "quản lý, vận hành phòng đọc mới")],
    ),
    "those after the first of the makers": (
        "Cuộc thi vẽ tranh do Bộ Y tế chủ trì, Bộ Công an và Bộ Xây dựng phối hợp tổ chức.",
        [
            ("Bộ Y tế", "lead", "Cuộc thi vẽ tranh"),
            ("Bộ Công an", "coordinate", "Cuộc thi vẽ tranh"),
            ("Bộ Xây dựng", "coordinate", "Cuộc thi vẽ tranh"),
        ],
    ),
    "a comma joins a part to its whole": (
        "Cục Di sản, Bộ Tài chính phối hợp với Sở Du lịch tổ chức khảo sát chùa cổ.",
        [
            ("Cục Di sản", "implement", "tổ chức khảo sát chùa cổ"),
            ("Sở Du lịch", "coordinate", "tổ chức khảo sát chùa cổ"),
        ],
    ),
    "given as a duty": (
        "UBND tỉnh Hà Giang giao nhiệm vụ cho Sở Du lịch tổ chức lễ hội hoa.",
        [("Sở Du lịch", "implement", "tổ chức lễ hội hoa")],
    ),
    "what only one who is told does as a task": (
        "Chính phủ giao Bộ Y tế phối hợp với Bộ Công an kiểm tra kho thuốc.",
        [
            ("Bộ Y tế", "lead", "kiểm tra kho thuốc"),
            ("Bộ Công an", "coordinate", "kiểm tra kho thuốc"),
        ],
    ),
    "a verb inside a noun": (
        "Bộ Y tế phối hợp với Bộ Công an và đơn vị quản lý mở kho thuốc.",
        [("Bộ Y tế", "implement", "mở kho thuốc"), ("Bộ Công an", "coordinate", "mở kho thuốc")],
    ),
    "generic partners in a row": (
        "Bộ Y tế phối hợp với các sở, các ban ngành, cấp ủy, đoàn thể và lực lượng tổ chức hội"
        " thao.",
        [("Bộ Y tế", "implement", "tổ chức hội thao")],
    ),
    "generic partners described": (
        "Bộ Y tế phối hợp với các đơn vị nghiệp vụ chuyên môn trực thuộc trên địa bàn tổ chức hội"
        " thao.",
        [("Bộ Y tế", "implement", "tổ chức hội thao")],
    ),
    "not the body but its head": (
        "Phó Giám đốc Sở Y tế phối hợp với Bộ Công an tổ chức hội thao.",
        [("Bộ Công an", "coordinate", "tổ chức hội thao")],
    ),
    "not the body but its standing head": (
        "Phó Giám đốc phụ trách Sở Y tế phối hợp với Bộ Công an tổ chức hội thao.",
        [("Bộ Công an", "coordinate", "tổ chức hội thao")],
    ),
    "a person is given a duty": (
        "Thủ tướng giao cho tỷ phú Lê Văn Hùng nhiệm vụ cắt giảm nhân sự.",
        [("Lê Văn Hùng", "lead", "cắt giảm nhân sự")],
    ),
    "given land to carry out a project": (
        "UBND tỉnh Hà Giang giao lại hơn 51 ha đất cho Công ty cổ phần Sông Gấm thực hiện dự án"
        " cảng cá.",
        [("Công ty cổ phần Sông Gấm", "implement", "thực hiện dự án cảng cá")],
    ),
    "several tasks of one": (
        "UBND tỉnh Hà Giang giao Sở Du lịch chủ trì xây dựng bản đồ số; tổ chức tập huấn; chỉ đạo"
        " Sở Y tế kiểm tra kho thuốc; người dân vui mừng.",
        [
            ("Sở Du lịch", "lead", "xây dựng bản đồ số"),
            ("Sở Du lịch", "implement", "tổ chức tập huấn"),
            ("Sở Du lịch", "lead", "chỉ đạo Sở Y tế kiểm tra kho thuốc"),
            ("Sở Y tế", "implement", "kiểm tra kho thuốc"),
        ],
    ),
    "pays for a purpose": (
        "Chính quyền Pháp đã đầu tư 1,4 tỷ Euro trong mười năm để làm sạch dòng sông.",
        [("Chính quyền Pháp", "invest", "làm sạch dòng sông")],
    ),
    "a list whose head is no task": (
        "Bộ trưởng yêu cầu Sở Y tế gương mẫu; cùng người dân vui sống; tổ chức tập huấn; Bộ Công an"
        " trực đêm; tổ chức hội thao.",
        [("Sở Y tế", "implement", "tổ chức tập huấn")],
    ),
    "told what is no task of its own": (
        "Bộ trưởng yêu cầu Sở Y tế phải quán triệt quy định mới.",
        [("Sở Y tế", "implement", "quán triệt quy định mới")],
    ),
    "asked by somebody named": (
        "Bộ Công an đề nghị Sở Y tế và Sở Du lịch phối hợp kiểm tra kho thuốc.",
        [
            ("Sở Y tế", "coordinate", "kiểm tra kho thuốc"),
            ("Sở Du lịch", "coordinate", "kiểm tra kho thuốc"),
        ],
    ),
    "told to direct another": (
        "Tổng Bí thư đề nghị ông Lê Văn Hùng tập trung chỉ đạo Bộ Y tế và các cơ quan liên quan"
        " hoàn thành công tác chuẩn bị.",
        [
            (
                "Lê Văn Hùng",
                "lead",
                "chỉ đạo Bộ Y tế và các cơ quan liên quan hoàn thành công tác chuẩn bị",
            ),
            ("Bộ Y tế", "implement", "hoàn thành công tác chuẩn bị"),
        ],
    ),
    "what is submitted stands before": (
        "Đồ án quy hoạch cảng cá đã được hoàn thiện và trình UBND tỉnh Hà Giang phê duyệt.",
        [("UBND tỉnh Hà Giang", "approve", "Đồ án quy hoạch cảng cá đã được hoàn thiện")],
    ),
    "what is decided stands behind": (
        "Hội đồng đã trình Bộ trưởng Bộ Y tế xem xét, quyết định miễn nhiệm hiệu trưởng.",
        [("Bộ Y tế", "approve", "miễn nhiệm hiệu trưởng")],
    ),
    "is approved by": (
        "Dự án cảng cá được UBND tỉnh Hà Giang chấp thuận chủ trương đầu tư năm 2020.",
        [("UBND tỉnh Hà Giang", "approve", "Dự án cảng cá")],
    ),
    "the government of a country": (
        "Chính phủ Nhật Bản phối hợp với Bộ Y tế tổ chức hội thao.",
        [
            ("Chính phủ Nhật Bản", "implement", "tổ chức hội thao"),
            ("Bộ Y tế", "coordinate", "tổ chức hội thao"),
        ],
    ),
    "points below one actor": (
        "UBND tỉnh Hà Giang giao Sở Du lịch:\n- Chủ trì xây dựng bản đồ số.\n- Tổ chức tập huấn.\n"
        "Mùa lễ hội bắt đầu.",
        [
            ("Sở Du lịch", "lead", "xây dựng bản đồ số"),
            ("Sở Du lịch", "implement", "Tổ chức tập huấn"),
        ],
    ),
    "points that name the actors": (
        "UBND tỉnh Hà Giang giao:\n- Sở Du lịch: xây dựng bản đồ số.\n- Sở Y tế: tổ chức tập huấn.",
        [
            ("Sở Du lịch", "implement", "xây dựng bản đồ số"),
            ("Sở Y tế", "implement", "tổ chức tập huấn"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES.keys())
def test_roles_are_read_from_the_phrases_of_the_press(
    reader: Reader, text: str, wanted: list[tuple[str, str, str]]
) -> None:
    assert rows(reader, text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Tay vợt Lê Hoàng Nam giao bóng ăn điểm trực tiếp.",
        "Bộ Ngoại giao Việt Nam phản đối hành động này.",
        "Sở Giao thông vận tải phân luồng giao thông dịp lễ.",
        "Phiên giao dịch của Ngân hàng Nhà nước khép lại.",
        "Nhà thầu đã bàn giao cho Công ty Sông Gấm quản lý 40 căn hộ.",
        "Bộ Chính trị phân công ông Lê Văn Hùng giữ chức Bí thư Tỉnh ủy.",
        "Thủ tướng Phạm Minh Chính chủ trì phiên họp thường kỳ.",
        "Bộ Y tế chủ trì hội nghị sơ kết.",
        "Giám đốc Sở Y tế phối hợp với các bệnh viện tổ chức tiêm chủng.",
        "Công an quận Tây Hồ phối hợp với Công an quận Ba Đình bắt giữ hai nghi phạm.",
        "Phút 20, Lautaro Martinez phối hợp với De Paul thực hiện pha đập nhả.",
        "Sở Y tế không chủ trì xây dựng đề án này.",
        "UBND tỉnh Hà Giang giao các đơn vị liên quan triển khai kế hoạch.",
        "Các bên làm việc dưới sự chỉ đạo của Bộ Y tế.",
        "Sở Du lịch là cơ quan chuyên môn thuộc UBND tỉnh.",
        "UBND tỉnh giao Công ty Sông Gấm 51 ha đất.",
        "Pires được giao nhiệm vụ chọn ra cầu thủ hay nhất.",
        "Nhà thầu bàn giao cho Sở Du lịch quản lý nhà chờ.",
        "Họ không phối hợp với Bộ Y tế xây dựng phần mềm.",
        "Bộ Y tế chủ trì họp bàn phương án.",
        "Chương trình hỏng do Sở Du lịch triển khai muộn.",
        "Chính phủ giao Sở Y tế nhận 40 tấn gạo.",
        "UBND tỉnh Hà Giang yêu cầu Trung tâm Quản lý đầu tư công trình hồ phải dừng đón khách.",
        "Sự cố do Công ty Sông Gấm thực hiện sai quy trình.",
        "HLV trưởng chỉ đạo ĐT Việt Nam tập luyện buổi chiều.",
        "Đã có nhiều yêu cầu Bộ Công an kiểm tra kho thuốc.",
        "Nhiều bạn đọc đề nghị Sở Y tế kiểm tra kho thuốc.",
        "Trong giao kèo mới của Denzel Dumfries sẽ có khoản thưởng.",
        "UBND tỉnh Hà Giang giao 40 tấn gạo cho Công ty Sông Gấm.",
        "Chương trình của Bộ Y tế được nhiều người thích.",
    ],
)
def test_what_only_looks_like_an_assignment_is_none(reader: Reader, text: str) -> None:
    assert rows(reader, text) == []


COMMITTEES = (
    "UBND Thành phố Hà Nội giao UBND các quận, huyện: Tây Hồ, Gia Lâm và thị xã Sơn Tây chủ trì,"
    " phối hợp các đơn vị liên quan: mở phố sách ven hồ; phố sách làng gốm; phố sách cổ thành."
)


def test_a_shared_head_goes_to_each_committee_and_tasks_are_not_paired(reader: Reader) -> None:
    records = found(reader, COMMITTEES)
    assert [(one.actor, one.actor_id is not None) for one in records] == [
        ("UBND quận Tây Hồ", True),
        ("UBND huyện Gia Lâm", True),
        ("UBND thị xã Sơn Tây", True),
    ]
    assert {(one.role, one.task, one.ambiguous) for one in records} == {
        ("lead", "mở phố sách", True)
    }


def test_one_task_for_several_is_not_ambiguous(reader: Reader) -> None:
    records = found(reader, "Chính phủ giao Bộ Y tế và Bộ Công an rà soát kho thuốc; thu hồi sau.")
    assert [one.ambiguous for one in records] == [False, False]


def test_spans_cover_the_clause_and_the_initiative_is_the_one_in_the_task(reader: Reader) -> None:
    body = (
        "Lễ hội năm nay đông khách. UBND thành phố Hà Nội giao Bảo tàng Hà Nội chủ trì tổ chức Lễ"
        " hội Thiết kế sáng tạo Hà Nội."
    )
    parts = passages(reader, body)
    [record] = find_assignments(parts)
    text = next(part.text for part in parts if part.field == record.field)
    assert text[record.start : record.end] == (
        "Bảo tàng Hà Nội chủ trì tổ chức Lễ hội Thiết kế sáng tạo Hà Nội"
    )
    assert (record.actor_id, record.initiative_id) == ("hanoi-museum", "design-festival")


def test_a_character_of_private_use_in_the_text_is_no_name(reader: Reader) -> None:
    assert rows(reader, "\ue000 được giao chủ trì; Bộ Y tế \ue002 chủ trì \ue000 rà soát.") == []


def test_a_long_line_is_read_to_its_end(reader: Reader) -> None:
    one = "Sở Y tế được giao chủ trì rà soát thuốc; "
    [part] = [part for part in passages(reader, one) if part.text]
    assert len(find_assignments([part])) == 1
    assert len(found(reader, one * 20)) == 20


def test_every_list_of_words_is_used() -> None:
    raw = yaml.safe_load(files("kb.nlp.assignments").joinpath("verbs.yaml").read_text("utf-8"))
    code = files("kb.nlp.assignments").joinpath("rules.py").read_text("utf-8")
    assert [key for key in raw if f'"{key}"' not in code and f"'{key}'" not in code] == []
    roles = {"lead", "coordinate", "implement", "invest", "operate", "approve", "guide"}
    assert set(raw["verbs"].values()) <= roles


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Hồ sơ đề cử thành phố vào mạng lưới do Sở Văn hóa và Thể thao Hà Nội chủ trì thực "
            "hiện với sự phối hợp của Bảo tàng Hà Nội và các sở liên quan.",
            {
                ("Sở Văn hóa và Thể thao Hà Nội", "lead"),
                ("Bảo tàng Hà Nội", "coordinate"),
            },
        ),
        (
            "Lễ hội do UBND quận Hoàn Kiếm chủ trì, kết hợp với Bảo tàng Hà Nội.",
            {("UBND quận Hoàn Kiếm", "lead"), ("Bảo tàng Hà Nội", "coordinate")},
        ),
        (
            "Sự kiện do UBND quận Hoàn Kiếm chỉ đạo, Bảo tàng Hà Nội tổ chức, với nhiều khách.",
            {("UBND quận Hoàn Kiếm", "lead"), ("Bảo tàng Hà Nội", "implement")},
        ),
    ],
)
def test_who_leads_what_stands_before_has_others_beside_it(
    reader: Reader, body: str, expected: set[tuple[str, str]]
) -> None:
    given = found(reader, body)
    assert {(one.actor, one.role) for one in given} == expected
    assert {one.task for one in given} == {body.split(" do ")[0]}


def test_an_order_goes_on_to_the_next_body_behind_a_semicolon(reader: Reader) -> None:
    body = (
        "Thành phố giao Sở Văn hóa và Thể thao Hà Nội xây dựng kế hoạch; Sở Tài chính Hà Nội cân "
        "đối kinh phí. Sở Du lịch Hà Nội cân đối kinh phí."
    )
    tasks = {(one.actor, one.task) for one in found(reader, body)}
    assert tasks == {
        ("Sở Văn hóa và Thể thao Hà Nội", "xây dựng kế hoạch"),
        ("Sở Tài chính Hà Nội", "cân đối kinh phí"),
    }
