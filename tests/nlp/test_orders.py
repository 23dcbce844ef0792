"""Orders and decisions: who is told to do what, and who approves."""

from __future__ import annotations

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.assignments import find_assignments


def actors(reader: Reader, body: str) -> list[tuple[str, str]]:
    passages = reader.passages(Article(title="", lead="", body=body))
    return [(one.actor, one.role) for one in find_assignments(passages)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "HĐND tỉnh Hưng Yên sáng 9/12 đã thông qua 12 nghị quyết về đất đai.",
            [("HĐND tỉnh Hưng Yên", "approve")],
        ),
        (
            "Bộ Nội vụ quyết định hỗ trợ 5 tỷ đồng cho vùng lũ.",
            [("Bộ Nội vụ", "approve")],
        ),
        (
            "Bí thư cho rằng Sở Y tế Hà Nội cần rà soát mạng lưới trạm y tế.",
            [("Sở Y tế Hà Nội", "implement")],
        ),
        (
            "Nhóm bạn trẻ phối hợp cùng Nhà Thiếu nhi huyện Gia Lâm tổ chức đêm rằm.",
            [("Nhà Thiếu nhi huyện Gia Lâm", "coordinate")],
        ),
        (
            "Chính phủ chủ trì, phối hợp với TAND tối cao lập hồ sơ đặc xá.",
            [("Chính phủ", "lead"), ("TAND tối cao", "coordinate")],
        ),
        (
            "UBND tỉnh Hà Nam yêu cầu các sở, ngành, Công an tỉnh rà soát các bến đò.",
            [("Công an tỉnh", "implement")],
        ),
        (
            "Thủ tướng giao Bộ Y tế phối hợp với Bộ Công an lập danh sách; phối hợp với "
            "Bộ Tài chính bố trí kinh phí.",
            [
                ("Bộ Y tế", "lead"),
                ("Bộ Công an", "coordinate"),
                ("Bộ Y tế", "lead"),
                ("Bộ Tài chính", "coordinate"),
            ],
        ),
        (
            "Tổng công ty Đường sắt Việt Nam yêu cầu các đơn vị triển khai:\n"
            "Thứ nhất, lập phương án.\n"
            "Thứ hai, Công ty Điện lực Hà Nội kiểm tra các trạm.",
            [("Công ty Điện lực Hà Nội", "implement")],
        ),
        # told in the passive, in the name of a post, of a place, or not by name
        (
            "Giám đốc Sở Y tế, Chủ tịch UBND huyện Mường Chà được yêu cầu triển khai tiêm phòng.",
            [("Sở Y tế", "implement"), ("UBND huyện Mường Chà", "implement")],
        ),
        (
            "Công an TP Hà Nội yêu cầu tỉnh Thái Bình cung cấp hồ sơ khu đô thị.",
            [("tỉnh Thái Bình", "implement")],
        ),
        (
            "UBND tỉnh yêu cầu Công an huyện Mai Sơn không chủ quan, tiếp tục rà soát bến đò.",
            [("Công an huyện Mai Sơn", "implement")],
        ),
        (
            "Kiến nghị Sở Nội vụ tham mưu quy chế làm việc.",
            [("Sở Nội vụ", "implement")],
        ),
        (
            "Cuộc thi do Bộ môn Lịch sử kinh tế phối hợp với Đoàn trường tổ chức.",
            [("Bộ môn Lịch sử kinh tế", "implement"), ("Đoàn trường", "coordinate")],
        ),
        (
            "Cục Quản lý thị trường, Bộ Công Thương và Sở Y tế Hà Nội phối hợp kiểm tra chợ thuốc.",
            [("Cục Quản lý thị trường", "coordinate"), ("Sở Y tế Hà Nội", "coordinate")],
        ),
        # orders go on from paragraph to paragraph, and points after a pause
        (
            "Thủ tướng yêu cầu Bộ Công an điều tra vụ việc.\n"
            "Bộ trưởng Bộ Xây dựng chỉ đạo các đơn vị rà soát cầu yếu.\n"
            "Bộ Tài chính đã họp với các hãng tàu.",
            [("Bộ Công an", "implement"), ("Bộ Xây dựng", "lead")],
        ),
        (
            "Tổng công ty Đường sắt Việt Nam yêu cầu các đơn vị triển khai:\n"
            "- Bố trí người trực.\n"
            "Khách hàng được báo trước ba ngày.\n"
            "- Công ty Điện lực Hà Nội kiểm tra các trạm.",
            [("Công ty Điện lực Hà Nội", "implement")],
        ),
        # … also where the next paragraph names nobody
        (
            "Thủ tướng yêu cầu Bộ Công an điều tra vụ cháy; lưu ý xử lý nghiêm chủ nhà;\n"
            "Chỉ đạo công an các địa phương kiểm tra chung cư; rà soát hệ thống báo cháy.",
            [("Bộ Công an", "implement")] * 2
            + [("Bộ Công an", "lead"), ("Bộ Công an", "implement")],
        ),
        # a second task, what is sent or proposed, an office and who holds it
        (
            "UBND tỉnh Hà Nam yêu cầu Sở Y tế lập danh sách, đồng thời kiểm tra nhà thuốc.",
            [("Sở Y tế", "implement")] * 2,
        ),
        (
            "Văn phòng Chính phủ có văn bản gửi Bộ Xây dựng yêu cầu rà soát nhà tái định cư.",
            [("Bộ Xây dựng", "implement")],
        ),
        (
            "Bộ Tài chính đề xuất Chính phủ ban hành nghị định về hải quan.",
            [("Chính phủ", "implement")],
        ),
        (
            "Thủ tướng giao Bộ trưởng Bộ Y tế Đào Thị Lan chỉ đạo rà soát thuốc giả.",
            [("Bộ Y tế", "lead")],
        ),
        (
            "Thủ tướng giao Phó Thủ tướng Lê Văn Long trực tiếp chỉ đạo việc tháo gỡ.",
            [("Lê Văn Long", "lead")],
        ),
        (
            "Công an quận Tây Hồ, TP Hà Nội đang phối hợp với Bộ Công an xác minh vụ việc.",
            [("Công an quận Tây Hồ", "implement"), ("Bộ Công an", "coordinate")],
        ),
        (
            "Chủ tịch UBND tỉnh yêu cầu Sở Y tế và UBND huyện Mai Sơn làm rõ vụ việc.",
            [("Sở Y tế", "implement"), ("UBND huyện Mai Sơn", "implement")],
        ),
        # who organises or hosts something needs no other word
        (
            "Học sinh dự cuộc thi “Em yêu biển – đảo” do Trung ương Đoàn tổ chức, đạt giải Nhì.",
            [("Trung ương Đoàn", "implement")],
        ),
        ("Hội nghị P4G do Việt Nam đăng cai tổ chức.", [("Việt Nam", "implement")]),
        # offices approve, also by a decision with a number; who gets a post is no task
        ("Thủ tướng đồng ý việc nghỉ bù ngày 2/5.", [("Thủ tướng", "approve")]),
        ("Đề án đã được Thủ tướng Chính phủ phê duyệt.", [("Thủ tướng Chính phủ", "approve")]),
        (
            "Phó Thủ tướng Lê Văn Long vừa ký Quyết định số 345/QĐ-TTg phê duyệt đề án làng nghề.",
            [("Lê Văn Long", "approve")],
        ),
        (
            "Đại hội đồng cổ đông Vietcombank thông qua phương án tăng vốn.",
            [("Đại hội đồng cổ đông Vietcombank", "approve")],
        ),
        ("Quốc hội đã phê chuẩn bổ nhiệm ông Lê Văn Long làm Phó Thủ tướng.", []),
        ("Việc bổ nhiệm ông Lê Văn Long được Quốc hội quyết định bằng bỏ phiếu kín.", []),
        # who builds what, said the other way round, passively or of a draft
        ("Chủ đầu tư dự án cầu Đuống là Tập đoàn Sun Group.", [("Tập đoàn Sun Group", "invest")]),
        (
            "Dự án được UBND tỉnh Nam Định giao cho Ban Quản lý dự án giao thông làm chủ đầu tư.",
            [("Ban Quản lý dự án giao thông", "invest")],
        ),
        (
            "Triển lãm do Bảo tàng Mỹ thuật Việt Nam và Viện Goethe đồng tổ chức.",
            [("Bảo tàng Mỹ thuật Việt Nam", "coordinate"), ("Viện Goethe", "coordinate")],
        ),
        ("CLB Hà Nội cần bổ sung một tiền vệ.", []),
        ("Dự án được Quốc hội phê chuẩn.", [("Quốc hội", "approve")]),
    ],
)
def test_orders_and_decisions_of_unlisted_bodies(
    reader: Reader, body: str, expected: list[tuple[str, str]]
) -> None:
    assert actors(reader, body) == expected


def test_what_is_carried_out_stands_before_do_and_is_not_the_subject(reader: Reader) -> None:
    body = "Bộ Xây dựng lấy ý kiến về dự thảo nghị định do Cục Điện ảnh soạn thảo."
    (one,) = find_assignments(reader.passages(Article(title="", lead="", body=body)))
    assert one.task == "dự thảo nghị định"
