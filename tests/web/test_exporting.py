"""Exports from the search page: exactly what is shown, in every format, noted in the audit log."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest

from kb.archive import Archive, Query
from kb.archive.accounts import Accounts, Role
from kb.research.exports import FORMATS
from kb.web.exporting import KINDS, OFFERED
from tests.web.markup import tree

PASSWORD = "gác chuông buổi sớm"
ASKED = {"q": "lễ hội OR xưởng", "from": "2023-01-01"}


@pytest.fixture
def accounts(archive: Archive) -> Iterator[Accounts]:
    found = Accounts(archive.engine)
    found.add("Ngân", Role.reader, PASSWORD)
    yield found
    found.remove("Ngân")


@pytest.fixture
def offered(client: httpx.Client) -> dict[str, str]:
    """Addresses of the files that the page offers, by kind and format."""
    links = tree(client.get("/search", params=ASKED)).xpath("//section[@id='take']//td/a")
    return {one.get("href").partition("?")[0].rpartition("/")[2]: one.get("href") for one in links}


def test_every_kind_is_offered_in_every_format_that_holds_it(offered: dict[str, str]) -> None:
    wanted = {
        f"{kind}.{name}"
        for kind in KINDS
        for name in OFFERED
        if not FORMATS[name].kinds or kind in FORMATS[name].kinds
    }
    assert set(offered) == wanted
    assert {"articles.ris", "articles.xlsx", "quotes.w3c", "reuse.csv"} <= wanted


def test_every_file_opens(client: httpx.Client, offered: dict[str, str]) -> None:
    for name, address in offered.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        assert len(plain.content) == int(plain.headers["content-length"])
        if "content-encoding" not in answer.headers:
            assert len(answer.content) == int(answer.headers["content-length"])
        else:
            assert name.partition(".")[2] not in ("xlsx", "parquet")  # are compressed already
        assert name.partition(".")[0] in answer.headers["content-disposition"]
        media = FORMATS[name.partition(".")[2]].media_type
        assert answer.headers["content-type"] == media


def test_a_file_holds_all_that_was_found_and_nothing_else(
    client: httpx.Client, archive: Archive, offered: dict[str, str]
) -> None:
    query = Query.from_params(ASKED.items())
    wanted = [row["article_id"] for row in archive.rows("articles", query)]
    assert len(wanted) == 2
    text = client.get(offered["articles.csv"]).content.decode("utf-8-sig")
    assert [int(row["article_id"]) for row in csv.DictReader(io.StringIO(text))] == wanted
    lines = client.get(offered["articles.jsonl"]).text.splitlines()
    assert [json.loads(line)["article_id"] for line in lines] == wanted
    table = pq.read_table(io.BytesIO(client.get(offered["articles.parquet"]).content))
    assert table.column("article_id").to_pylist() == wanted
    book = openpyxl.load_workbook(io.BytesIO(client.get(offered["articles.xlsx"]).content))
    rows = list(book.worksheets[0].values)
    assert [row[0] for row in rows[1:]] == wanted
    assert client.get(offered["articles.ris"]).text.count("TY  - ") == len(wanted)
    mentions = client.get(offered["mentions.jsonl"])
    assert int(mentions.headers["x-total-count"]) == archive.count("mentions", query)


@pytest.mark.parametrize("name", ["articles.exe", "nothing.csv", "quotes.ris", "articles.sqlite"])
def test_what_there_is_not_is_not_found(client: httpx.Client, name: str) -> None:
    assert client.get(f"/search/export/{name}").status_code == 404


def test_an_export_is_noted_with_who_and_what(
    client: httpx.Client, accounts: Accounts, offered: dict[str, str]
) -> None:
    secret = accounts.begin("Ngân", 1)
    headers = {"Cookie": f"kb_session={secret}"}
    assert client.get(offered["quotes.csv"], headers=headers).status_code == 200
    token = accounts.begin("Ngân", None, label="máy")
    program = {"Authorization": f"Bearer {token}", "Accept": "text/csv"}
    assert client.get("/api/v1/articles?q=g%E1%BB%91m", headers=program).status_code == 200
    found = [(one.what, one.detail) for one in accounts.noted(who="Ngân")]
    assert sorted(found) == [
        ("export", "articles as csv: q=gốm"),
        ("export", "quotes as csv, 3 rows: q=lễ hội OR xưởng; from=2023-01-01"),
    ]


def test_looking_is_not_noted(client: httpx.Client, accounts: Accounts) -> None:
    headers = {"Cookie": f"kb_session={accounts.begin('Ngân', 1)}"}
    before = accounts.noted(who="Ngân")
    client.get("/search", params=ASKED, headers=headers)
    client.get("/api/v1/articles", headers=headers)
    assert accounts.noted(who="Ngân") == before
