"""The interface for figures: those of the frames, in every form, with honest refusals."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import httpx
import pandas as pd
import pytest

from kb.archive import Archive
from kb.research import Desk
from kb.research.figures import FIGURES

OF = ["design-festival", "design-centre", "Lâm Thục Quyên"]
ASKED: dict[str, list[tuple[str, str]]] = {
    "attention": [("initiative", "design-festival"), ("by", "year")],
    "share-of-voice": [("of", one) for one in OF],
    "co-mentions": [("of", "design-festival")],
    "timeline": [("initiative", "design-festival")],
}


def framed(archive: Archive, name: str) -> pd.DataFrame:
    """Return the frame that an address of `ASKED` is compared with."""
    desk = Desk(archive)
    match name:
        case "attention":
            return desk.attention(initiative="design-festival", by="year").reset_index()
        case "share-of-voice":
            return desk.share_of_voice(OF).reset_index()
        case "co-mentions":
            return desk.co_mentions("design-festival")
    return desk.timeline("design-festival")


def written(value: Any) -> Any:  # noqa: ANN401
    """Return a value of a frame as the interface writes it."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat() if value.tzinfo else f"{value:%Y-%m-%d}"
    return value


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_those_of_the_frames(client: httpx.Client, archive: Archive, name: str) -> None:
    answer = client.get(f"/api/v1/{name}", params=ASKED[name])
    assert answer.status_code == 200, answer.text
    frame = framed(archive, name)
    expected = [{k: written(v) for k, v in row.items()} for row in frame.to_dict("records")]
    assert answer.json() == expected
    assert len(expected) > 0
    assert list(expected[0]) == list(FIGURES[name])
    assert answer.headers["x-total-count"] == str(len(expected))


@pytest.mark.parametrize("name", FIGURES)
def test_every_form_holds_the_same_rows(client: httpx.Client, name: str) -> None:
    def ask(form: str, **headers: str) -> httpx.Response:
        given = {"Accept": form, **headers}
        return client.get(f"/api/v1/{name}", params=ASKED[name], headers=given)

    rows = ask("application/json").json()
    lines = ask("application/jsonl")
    assert [json.loads(line) for line in lines.text.splitlines()] == rows
    table = ask("text/csv")
    assert f'filename="{name}.csv"' in table.headers["content-disposition"]
    cells = list(csv.DictReader(io.StringIO(table.text)))
    assert [list(row) for row in cells] == [list(FIGURES[name])] * len(rows)
    assert [row["articles" if "articles" in row else "article_id"] for row in cells] == [
        str(row["articles" if "articles" in row else "article_id"]) for row in rows
    ]
    assert ask("application/x-research-info-systems").status_code == 406
    tag = ask("application/json").headers["etag"]
    same = ask("application/json", **{"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "params", "fault"),
    [
        ("attention", [("by", "fortnight")], "by"),
        ("attention", [("by", "day"), ("by", "week")], "by"),
        ("attention", [("limit", "5")], "limit"),
        ("attention", [("due_after", "2025-01-01")], "due_after"),
        ("share-of-voice", [], "of"),
        ("share-of-voice", [("of", "")], "of"),
        ("share-of-voice", [("of", str(number)) for number in range(51)], "of"),
        ("share-of-voice", [("of", "x"), ("by", "week")], "by"),
        ("co-mentions", [("of", "x"), ("of", "y")], "of"),
        ("timeline", [], "initiative"),
        ("timeline", [("initiative", "uccn"), ("order", "newest")], "order"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    client: httpx.Client, name: str, params: list[tuple[str, str]], fault: str
) -> None:
    answer = client.get(f"/api/v1/{name}", params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (
        422, "application/problem+json",
    )  # fmt: skip
    assert [one["name"] for one in answer.json()["errors"]] == [fault]


def test_a_share_of_nothing_is_unknown(client: httpx.Client) -> None:
    rows = client.get("/api/v1/attention", params={"by": "month"}).json()
    quiet = [row for row in rows if not row["total"]]
    assert len(quiet) > 0
    assert {row["share"] for row in quiet} == {None}
    told = [row for row in rows if row["total"]]
    assert {row["share"] for row in told} == {1.0}


def test_pages_of_the_ledger_join_to_the_whole(client: httpx.Client, archive: Archive) -> None:
    whole = client.get("/api/v1/ledger", params={"limit": 1000})
    assert len(whole.json()) == len(list(Desk(archive).ledger().index)) > 2
    answer = client.get("/api/v1/ledger", params={"limit": 2})
    joined = answer.json()
    while "next" in answer.links:
        answer = client.get(answer.links["next"]["url"])
        joined += answer.json()
    assert joined == whole.json()
    late = client.get("/api/v1/ledger", params={"due_after": "2025-11-07"}).json()
    assert 0 < len(late) < len(joined)
    assert min(row["due_to"] or row["due_from"] for row in late) > "2025-11-07"
