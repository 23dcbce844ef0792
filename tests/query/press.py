"""A small press of which every count is known: levels, posts, places, reprints, an edited text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kb.archive import Archive, EntryRow
from kb.article import Article
from kb.reading import Reading
from tests.archive.facts import assignment, commitment, holding, quote
from tests.archive.reuse import KILNS, MARKET, PLAN, own
from tests.archive.stories import pair

Named = list[str | None]
FESTIVAL: Named = ["initiative", "design-festival", "Lễ hội Thiết kế", "Lễ hội Thiết kế"]
SPACES: Named = ["initiative", "creative-spaces", "Không gian sáng tạo", "Không gian sáng tạo"]
OFFICE: Named = ["org", "so-vhtt", "Sở Văn hóa và Thể thao", "Sở Văn hóa và Thể thao"]
HOA: Named = ["person", None, "Đỗ Thúy Hòa", "Đỗ Thúy Hòa"]
MUSEUM: Named = ["place", "museum", "Bảo tàng Hà Nội", "Bảo tàng Hà Nội"]
DITCH: Named = ["place", None, "Ngòi Mục", "Ngòi Mục"]
DECISION: Named = ["document", "decision-88", "Quyết định 88", "Quyết định 88"]
ENTRIES = (
    EntryRow("uccn", "programme", "Mạng lưới sáng tạo", None, None, None, None, {}),
    EntryRow("design-festival", "initiative", "Lễ hội Thiết kế", None, None, "uccn", None, {}),
    EntryRow("creative-spaces", "initiative", "Không gian sáng tạo", None, None, "uccn", None, {}),
    EntryRow("so-vhtt", "org", "Sở Văn hóa và Thể thao", None, None, None, None, {}),
    EntryRow("museum", "place", "Bảo tàng Hà Nội", "Hanoi Museum", None, None, None, {}),
    EntryRow("decision-88", "document", "Quyết định 88", None, None, None, None, {}),
)


@dataclass(frozen=True)
class Outlet:
    """A newspaper of this press."""

    id: str
    name: str
    level: str
    home: str = "https://bao.example"
    family: str = "generic"


OUTLETS = (
    Outlet("bao-tw", "Báo Trung ương", "central"),
    Outlet("bao-hn", "Báo Hà Nội Nhỏ", "hanoi"),
    Outlet("bao-nganh", "Báo Ngành Gốm", "trade"),
)
WORDS = f"{PLAN}\n{MARKET}\n{KILNS}"
"""What is printed again, long enough to be known as a reprint."""


def _story(
    name: str, outlet: str | None, day: str | None, body: str, title: str, *mentions: Named
) -> tuple[Article, Reading]:
    url = f"https://{outlet}.example/{name}.html" if outlet else None
    return pair(
        title, "", body, mentions=mentions, published_at=f"{day}T08:00:00+07:00" if day else None,
        **({"url": url, "outlet": outlet} if url else {}),
    )  # fmt: skip


def press() -> list[tuple[Article, Reading]]:
    """Return nine texts: a story and two reprints of it, four of their own, one without a date,
    and one that is edited later (see `edit`)."""
    opening = (
        f"Lễ hội Thiết kế mở cửa tại Bảo tàng Hà Nội.\n{WORDS}\n"
        "Bà Đỗ Thúy Hòa, giám đốc Sở Văn hóa và Thể thao, nói lễ hội không thu vé."
    )
    named = (FESTIVAL, MUSEUM, HOA, OFFICE)
    first, read = _story("le-hoi", "bao-tw", "2025-01-10", opening, "Lễ hội khai màn", *named)
    told = {
        "quotes": (quote(first, "lễ hội không thu vé", speaker="Đỗ Thúy Hòa"),),
        "holdings": (
            holding(
                first, "Đỗ Thúy Hòa, giám đốc", "Đỗ Thúy Hòa", "giám đốc", org_id="so-vhtt",
                org="Sở Văn hóa và Thể thao",
            ),
        ),
    }  # fmt: skip
    again = [
        _story("le-hoi", outlet, day, opening, title, *named)
        for outlet, day, title in (
            ("bao-hn", "2025-01-11", "Lễ hội khai màn ở Hà Nội"),
            ("bao-nganh", "2025-01-12", "Khai màn lễ hội"),
        )
    ]
    promise = "Không gian sáng tạo sẽ mở xưởng trước tháng 6/2025, theo Quyết định 88."
    plan, planned = _story(
        "xuong", "bao-hn", "2025-02-05", f"{promise}\n{own('q')[0]}", "Xưởng gốm sắp mở",
        SPACES, DECISION,
    )  # fmt: skip
    due = commitment(
        plan, promise, initiative_id="creative-spaces", due_from=None, due_to="2025-05-31"
    )
    task = "Sở Văn hóa và Thể thao chủ trì Lễ hội Thiết kế tại Ngòi Mục."
    duty, assigned = _story(
        "viec", "bao-tw", "2025-03-01", f"{task}\n{own('w')[0]}", "Việc của Sở", FESTIVAL, OFFICE,
        DITCH,
    )  # fmt: skip
    lead = assignment(
        duty, task, "Sở Văn hóa và Thể thao", "lead", actor_id="so-vhtt",
        initiative_id="design-festival", task=task,
    )  # fmt: skip
    plain = _story("chum", "bao-nganh", "2025-03-15", own("e")[0], "Chum vại ven đê")
    undated = _story(
        "tep", None, None, f"Không gian sáng tạo trong tệp. {own('t')[0]}", "Tệp", SPACES
    )
    other = _story("nuoc", "bao-tw", "2025-04-20", own("y")[0], "Nước lên khai mạc trễ")
    return [
        (first, replace(read, **told)),  # type: ignore[arg-type]
        *again,
        (plan, replace(planned, commitments=(due,))),
        (duty, replace(assigned, assignments=(lead,))),
        plain,
        undated,
        other,
    ]


def edit(day: int, title: str, body: str) -> tuple[Article, Reading]:
    """Return one address as it was seen on a day of May 2025."""
    article, read = _story("lo", "bao-hn", "2025-05-01", f"{body}\n{own('u')[0]}", title, SPACES)
    told: dict[str, object] = {}
    if "nói" in body:
        given = assignment(article, body, "ông Tư", "operate", task="trông lò")
        told = {"quotes": (quote(article, body),), "assignments": (given,)}
    seen = replace(article, seen_at=datetime(2025, 5, day, 1, tzinfo=UTC))
    return seen, replace(read, **told)  # type: ignore[arg-type]


def fill(archive: Archive) -> None:
    """Load this press."""
    archive.sync_outlets(OUTLETS)
    archive.sync_registry(ENTRIES)
    archive.load(
        [
            (replace(article, seen_at=datetime(2025, 4, 30, tzinfo=UTC)), read)
            for article, read in press()
        ],
        None,
    )
    archive.load([edit(2, "Lò hoãn", "Không gian sáng tạo hoãn, ông Tư nói.")], None)
    archive.load([edit(9, "Lò mở", "Không gian sáng tạo mở.")], None)
