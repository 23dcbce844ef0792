"""Articles of our own for the tests of reuse: a plan told by two newspapers, and its copies."""

from __future__ import annotations

from kb.article import Article
from kb.reading import Reading
from tests.archive.stories import pair

PLAN = (
    "Thành phố yêu cầu các sở, ngành liên quan, Ủy ban nhân dân các quận, huyện rà soát hiện trạng "
    "các làng gốm ven sông, lập danh mục lò nung còn đỏ lửa và báo cáo trước ngày rằm tháng tám; "
    "các phường có nghề bố trí nơi trưng bày sản phẩm cho thợ trẻ, giảm tiền thuê mặt bằng ba năm "
    "đầu và mời nghệ nhân cao tuổi truyền nghề cho học sinh vào sáng thứ bảy hằng tuần."
)
RETOLD = (
    "Để làm tốt việc này, thành phố yêu cầu các sở, ngành liên quan và Ủy ban nhân dân các quận, "
    "huyện rà soát hiện trạng những làng gốm ven sông, lập danh mục lò nung còn đỏ lửa, báo cáo "
    "trước ngày rằm tháng tám; các phường có nghề cần bố trí nơi trưng bày sản phẩm cho thợ trẻ, "
    "giảm tiền thuê mặt bằng trong ba năm đầu và mời nghệ nhân cao tuổi truyền nghề cho học sinh "
    "vào sáng thứ bảy mỗi tuần."
)
MARKET = (
    "Phiên chợ gốm cuối tuần đông từ tờ mờ sáng, người bán bày chum vại dọc bờ đê, người mua từ "
    "bên kia sông chèo thuyền sang, mặc cả rôm rả đến tận trưa mới vãn."
)
KILNS = (
    "Cụ Tư Lành nhóm lò bằng rơm khô và vỏ trấu, ngồi canh lửa suốt đêm không chợp mắt, vì chỉ cần "
    "gió đổi hướng một lần là cả mẻ bình vôi nứt hết."
)
SCHOOL = (
    "Lớp học gốm của cô giáo Hạnh mở trong đình làng, mười hai em nhỏ nặn con tò he bằng đất sét "
    "trắng, đứa nào cũng lấm lem mà cười vang cả sân."
)
BRIDGE = (
    "Cây cầu gỗ bắc qua con ngòi đã mục, xã xin kinh phí thay bằng cầu bê tông rộng ba mét để xe "
    "ba gác chở đất sét vào làng không phải đi vòng."
)
LETTER = (
    "Mời bạn đọc gửi ý kiến về tòa soạn theo địa chỉ ghi ở cuối trang báo hoặc gọi đường dây nóng "
    "trong giờ hành chính các ngày trong tuần."
)
CREDIT = "Theo TTXVN. Ảnh: Minh Quân, cộng tác viên thường trú tại làng gốm ven sông."


def told(
    name: str, *paragraphs: str, day: int | None = 1, outlet: str | None = None, lead: str = ""
) -> tuple[Article, Reading]:
    """Return an article of its own address, published on a day of March 2026."""
    return pair(
        f"Bài {name}",
        lead,
        "\n".join(paragraphs),
        url=f"https://{outlet or name}.example/{name}.html",
        outlet=outlet or name,
        published_at=f"2026-03-{day:02}T08:00:00+07:00" if day else None,
    )


def own(*letters: str) -> list[str]:
    """Return paragraphs that no other article has: thirty words that start with these letters."""
    return [" ".join(f"{letter}{place}" for place in range(30)) + "." for letter in letters]
