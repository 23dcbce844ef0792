"""Articles with quotes, commitments, assignments and posts, put together by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from kb.article import Article, Field
from kb.reading import Assignment, Commitment, Holding, Quote, Reading
from tests.archive.stories import pair

Record = TypeVar("Record", Quote, Commitment, Assignment, Holding)
OFFICE = {"id": "so-vhtt", "name": "Sở Văn hóa và Thể thao"}
POTTERY = "Trung tâm Gốm Cửa Nam"
NOBODY = dict.fromkeys(("speaker_id", "speaker", "role", "cue"))
OPEN = dict.fromkeys(
    ("initiative_id", "owner_id", "owner", "due_from", "due_to", "recurs", "quantity")
)


def at(
    record: type[Record],
    article: Article,
    text: str,
    /,
    *,
    field: Field = "body",
    **values: Any,  # noqa: ANN401
) -> Record:
    """Return a record whose span is the first place of a text; a `text` of its own is that."""
    start = article.text(field).index(text)
    if "text" in record.__dataclass_fields__:
        values["text"] = text
    return record(field=field, start=start, end=start + len(text), **values)


def quote(article: Article, text: str, /, *, direct: bool = True, **values: Any) -> Quote:  # noqa: ANN401
    return at(Quote, article, text, **{**NOBODY, "direct": direct, **values})


def commitment(article: Article, text: str, /, **values: Any) -> Commitment:  # noqa: ANN401
    return at(Commitment, article, text, **{**OPEN, **values})


def assignment(article: Article, text: str, actor: str, role: str, **values: Any) -> Assignment:  # noqa: ANN401
    usual = {"actor_id": None, "initiative_id": None, "ambiguous": False}
    return at(Assignment, article, text, actor=actor, role=role, **{**usual, **values})


def holding(article: Article, text: str, person: str, post: str, **values: Any) -> Holding:  # noqa: ANN401
    usual = {"person_id": None, "org_id": None, "org": None}
    return at(Holding, article, text, person=person, post=post, **{**usual, **values})


def kiln(reader: str = "1") -> tuple[Article, Reading]:
    """A potter's promise, of March 2025."""
    article, read = pair(
        "Lò gốm đỏ lửa giữa phố",
        "",
        "𝐆iám đốc Trung tâm Gốm Cửa Nam Lò Thị Inh nói: “Mười lò gốm sẽ đỏ lửa trước tháng 6.” "
        "Sở Văn hóa và Thể thao chủ trì mở lớp nặn, phường Cửa Nam phối hợp.\n"
        "Bà Inh kể rằng đất lấy từ bãi sông. Năm 2025 trung tâm sẽ dựng ba gian trưng bày.",
        url="https://bao-a.example/lo-gom.html",
        outlet="bao-a",
        published_at="2025-03-10T07:00:00+07:00",
        mentions=[["initiative", "creative-spaces", "Không gian sáng tạo", "gian trưng bày"]],
        reader=reader,
    )
    potter = {"speaker": "Lò Thị Inh", "role": "Giám đốc Trung tâm Gốm Cửa Nam"}
    lead = {"actor_id": OFFICE["id"], "task": "mở lớp nặn", "initiative_id": "creative-spaces"}
    shown = {"initiative_id": "creative-spaces", "quantity": "ba gian trưng bày"}
    return article, replace(
        read,
        quotes=(
            quote(article, "Mười lò gốm sẽ đỏ lửa trước tháng 6.", cue="nói", **potter),
            quote(article, "đất lấy từ bãi sông", cue="kể", direct=False, **potter),
        ),
        commitments=(
            commitment(
                article,
                "Mười lò gốm sẽ đỏ lửa trước tháng 6.",
                owner=POTTERY,
                due_to="2025-05-31",
                quantity="Mười lò gốm",
            ),
            commitment(
                article,
                "Năm 2025 trung tâm sẽ dựng ba gian trưng bày",
                due_from="2025-01-01",
                due_to="2025-12-31",
                **shown,
            ),
        ),
        assignments=(
            assignment(
                article, "Sở Văn hóa và Thể thao chủ trì mở lớp nặn", OFFICE["name"], "lead", **lead
            ),
            assignment(
                article,
                "phường Cửa Nam phối hợp",
                "phường Cửa Nam",
                "coordinate",
                task="mở lớp nặn",
            ),
        ),
        holdings=(
            holding(
                article,
                "𝐆iám đốc Trung tâm Gốm Cửa Nam Lò Thị Inh",
                "Lò Thị Inh",
                "Giám đốc",
                org=POTTERY,
            ),
        ),
    )


def fair() -> tuple[Article, Reading]:
    """A yearly fair, of November 2024."""
    article, read = pair(
        "Hội chợ tre mỗi năm một lần",
        "Hội chợ sẽ họp hằng năm.",
        "Sở Văn hóa và Thể thao cho biết hội chợ sẽ họp hằng năm. “Vui quá!” "
        "Từ năm 2026 sẽ có thêm hai xưởng. Sở, phường lo bãi xe, sân khấu. "
        "Cô Lò Thị Inh, giám đốc trung tâm gốm Cửa Nam; giám đốc Lò Thị Inh.",
        url="https://bao-b.example/hoi-cho.html",
        outlet="bao-b",
        published_at="2024-11-01T09:00:00+07:00",
        mentions=[["initiative", "design-festival", "Lễ hội Thiết kế", "hội chợ"]],
    )
    yearly = {"initiative_id": "design-festival", "owner_id": OFFICE["id"], "owner": OFFICE["name"]}
    post = {"person": "Lò Thị Inh", "post": "giám đốc", "org": "trung tâm gốm Cửa Nam"}
    office = {"speaker_id": OFFICE["id"], "speaker": OFFICE["name"]}
    return article, replace(
        read,
        quotes=(
            quote(article, "hội chợ sẽ họp hằng năm", direct=False, cue="cho biết", **office),
            quote(article, "Vui quá!"),
        ),
        commitments=(
            commitment(article, "Hội chợ sẽ họp hằng năm.", field="lead", recurs="P1Y", **yearly),
            commitment(
                article,
                "Từ năm 2026 sẽ có thêm hai xưởng",
                due_from="2026-01-01",
                initiative_id="young-designers",  # which the article does not name
            ),
        ),
        assignments=(
            assignment(
                article,
                "Sở, phường lo bãi xe, sân khấu",
                "phường",
                "implement",
                task="sân khấu",
                ambiguous=True,
            ),
        ),
        holdings=(
            holding(article, "Lò Thị Inh, giám đốc trung tâm gốm Cửa Nam", **post),
            holding(article, "giám đốc Lò Thị Inh", **post),
        ),
    )


def note() -> tuple[Article, Reading]:
    """A note without a date, where the office's head is named in the headline."""
    article, read = pair(
        "“Mưa thì dời sân”, Giám đốc Sở Nông Đức Thành hứa",
        "",
        "Không có gì thêm.",
        outlet="bao-d",
        url="https://bao-d.example/ghi.html",
    )
    head = {"person_id": "nong-duc-thanh", "org_id": OFFICE["id"], "org": "Sở"}
    said = {"speaker_id": "nong-duc-thanh", "speaker": "Nông Đức Thành", "role": "Giám đốc Sở"}
    named = "Giám đốc Sở Nông Đức Thành"
    return article, replace(
        read,
        quotes=(quote(article, "Mưa thì dời sân", field="title", cue="hứa", **said),),
        holdings=(holding(article, named, "Nông Đức Thành", "Giám đốc", field="title", **head),),
    )
