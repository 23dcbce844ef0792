"""Every kind of result and each of its columns, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from kb.research.columns import KINDS, Kind, kind_of
from kb.research.labels import vietnamese
from kb.research.words import described_columns, kind_words
from scripts.reference.table import code, plain, table

_HEAD = """# Columns of exports and frames

Made from `kb.research` when this site was built. `kb export KIND`, `archive.KIND()` and
`/api/v1/KIND` have the same columns; the first ones of each kind keep their names and their order,
more may follow. The Vietnamese heading is that of `labels="vi"`.
"""
_TYPES = {
    "int": "whole number", "int?": "whole number or empty", "float": "number",
    "bool": "true or false", "text": "text", "texts": "list of texts", "date": "day",
    "time": "moment, time of Vietnam",
}  # fmt: skip


def kinds() -> Iterator[tuple[str, Kind]]:
    """Yield each kind by its name, articles with their body."""
    for name in KINDS:
        yield name, kind_of(name, full_text=True)


def columns_page() -> str:
    """Return the page of all kinds."""
    return "\n".join([_HEAD, *(_section(name, kind) for name, kind in kinds())])


def _section(name: str, kind: Kind) -> str:
    about, described = kind_words(name), described_columns(name, kind.columns)
    heads = ("column", "tiêu đề", "value", "what it holds", "nội dung")
    rows = (
        [code(column), plain(vietnamese()[column]), _TYPES[type_], plain(said["en"]),
         plain(said["vi"])]
        for (column, type_), said in zip(kind.columns.items(), described.values(), strict=True)
    )  # fmt: skip
    return f"\n## {name}\n\n{plain(about['en'])} *{plain(about['vi'])}*\n\n{table(heads, rows)}"
