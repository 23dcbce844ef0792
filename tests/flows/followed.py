"""Stories for those who follow: each load brings one, seen at the moment that is given."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kb.archive import Archive
from kb.archive.following import Follow, keep_follow
from kb.article import VIETNAM, Article
from kb.reading import Mention, Reading
from kb.settings import Settings
from tests.flows.ledger import settings

MORNING = datetime(2026, 5, 12, 7, 0, tzinfo=VIETNAM)
NAME = "Trung tâm Thiết kế sáng tạo Hà Nội"
BODIES = (
    "mở xưởng mộc ở phố Hàng Hòm sau ba tháng sửa mái ngói và sàn gỗ lim.",
    "mời sáu nghệ nhân Bát Tràng dạy men rạn cho học sinh quận Long Biên.",
    "bàn giao kho vật liệu tre luồng cho sinh viên kiến trúc mượn cuối tuần.",
    "công bố danh sách hai mươi nhóm được mượn chỗ ở vòm cầu Phùng Hưng.",
    "tìm người giữ máy in lụa cũ của nhà in Tiến Bộ để dựng lại phòng in.",
)


def load(archive: Archive, number: int, seen: datetime, outlet: str = "bao-mot") -> Article:
    """Load a story on the design centre that came in at a moment."""
    body = f"{NAME} {BODIES[number]}"
    made = Article(
        f"Tin {number}", "Sapo.", body, url=f"https://{outlet}.example/{number}", outlet=outlet,
        published_at=seen - timedelta(hours=1), seen_at=seen,
    )  # fmt: skip
    named = Mention("initiative", "design-centre", NAME, NAME, "body", 0, len(NAME), 0, len(body),
                    "registry", 1.0)  # fmt: skip
    archive.load([(made, Reading((named,), "thử", 1, 20))], None)
    return made


def follow(archive: Archive, name: str = "Sở", to: str = "chi@example.org", **more: Any) -> Follow:  # noqa: ANN401
    """Let somebody follow the programme since a week before the morning."""
    made = Follow(name, to, **{"created_at": MORNING - timedelta(days=7), "who": "thử"} | more)
    keep_follow(archive, made)
    return made


def sending_to(port: int, home: Path) -> Settings:
    """Return settings whose mail goes to a port of this machine."""
    url = f"smtp://127.0.0.1:{port}"
    return settings(home, smtp_url=url, mail_from="kb@example.org", language="vi")
