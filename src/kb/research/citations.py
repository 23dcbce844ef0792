"""Articles as references: RIS for Zotero and EndNote, BibTeX (biblatex), CSL-JSON.

Names of Vietnamese authors stay whole: they are not turned round into family and given names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from kb.errors import ConfigError
from kb.research.columns import Kind, Row

UNTITLED = "[Bài không có tít]"
"""What stands for a title that is not: a description in brackets, as styles of citing have it.
BibTeX and biblatex want a title, reference managers list a RIS record by it; in CSL-JSON it stays
away, and what is said instead is the style's."""


def write_ris(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write RIS records of type NEWS, through rispy.

    Raises:
        ConfigError: the rows are no articles.
    """
    import rispy

    _only_articles(kind, "ris")
    count = 0
    for row in rows:
        count += 1
        when: datetime | None = row["published_at"]
        record = {
            "type_of_reference": "NEWS",
            "title": row["title"] or UNTITLED,
            "authors": list(row["authors"]),
            "secondary_title": row["outlet_name"],
            "date": f"{when:%Y/%m/%d}/" if when else None,
            "year": f"{when:%Y}" if when else None,
            "section": row["section"],
            "abstract": row["lead"],
            "urls": [row["url"]] if row["url"] else None,
            "language": "vi",
            "accession_number": str(row["article_id"]),
        }
        told = {name: _one_line(value) for name, value in record.items() if value}
        lines = rispy.dumps([told]).splitlines()
        begin = next(n for n, line in enumerate(lines) if line.startswith("TY"))
        out.write("\r\n".join([*lines[begin:], "", ""]).encode())
    return count


def write_bibtex(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write BibTeX entries with biblatex's `date` and `entrysubtype`, through bibtexparser.

    Raises:
        ConfigError: the rows are no articles.
    """
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    _only_articles(kind, "bibtex")
    count = 0
    for row in rows:
        count += 1
        when: datetime | None = row["published_at"]
        values = {
            "author": " and ".join(f"{{{_tex(name)}}}" for name in row["authors"]),
            "title": f"{{{_tex(row['title'] or UNTITLED)}}}",
            "journal": _tex(row["outlet_name"] or ""),
            "date": f"{when:%Y-%m-%d}" if when else "",
            "year": f"{when:%Y}" if when else "",
            "month": f"{when:%m}" if when else "",
            "url": row["url"] or "",
            "abstract": _tex(row["lead"]),
            "entrysubtype": "newspaper",
            "langid": "vietnamese",
        }
        fields = [Field(name, f"{{{value}}}") for name, value in values.items() if value]
        entry = Entry("article", f"kb{row['article_id']}", fields)
        text = write_string(Library([entry]), unparse_stack=[])
        out.write(text.encode() + b"\n")
    return count


def write_csl(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write CSL-JSON items of type `article-newspaper`, one list.

    Raises:
        ConfigError: the rows are no articles.
    """
    _only_articles(kind, "csl-json")
    count = 0
    for count, row in enumerate(rows, 1):
        item = json.dumps(csl(row), ensure_ascii=False)
        out.write((b"[" if count == 1 else b",\n") + item.encode())
    out.write(b"]\n" if count else b"[]\n")
    return count


def csl(row: Row) -> dict[str, Any]:
    """Return an article as a CSL-JSON item (schema 1.0.2), without what is not known."""
    when: datetime | None = row["published_at"]
    item = {
        "id": f"kb{row['article_id']}",
        "type": "article-newspaper",
        "title": row["title"],
        "author": [{"literal": name} for name in row["authors"]],
        "container-title": row["outlet_name"],
        "issued": {"date-parts": [[when.year, when.month, when.day]]} if when else None,
        "section": row["section"],
        "abstract": row["lead"],
        "URL": row["url"],
        "language": "vi",
    }
    return {name: value for name, value in item.items() if value}


def _only_articles(kind: Kind, format: str) -> None:
    if "outlet_name" not in kind.columns:
        raise ConfigError(f"{format} lists references: export articles in it, not other rows")


def _one_line(value: str | list[str]) -> str | list[str]:
    """Keep a field on its line: RIS has no other end of a field."""
    if isinstance(value, list):
        return [" ".join(one.split()) for one in value]
    return " ".join(value.split())


_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
        "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


def _tex(text: str) -> str:
    """Escape what TeX reads as a command; letters with marks stay, as biblatex expects."""
    return " ".join(text.split()).translate(_TEX)
