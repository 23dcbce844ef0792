"""Results as pandas frames with typed columns."""

from __future__ import annotations

import pandas as pd

from kb.archive import Archive, Query
from kb.research.columns import Type, kind_of, typed_rows

DTYPES: dict[Type, str] = {
    "int": "int64",
    "int?": "Int64",
    "float": "float64",
    "bool": "bool",
    "text": "string",
    "texts": "object",
    "date": "datetime64[us]",
    "time": "datetime64[us, Asia/Ho_Chi_Minh]",
}


def frame(kind: str, archive: Archive, query: Query, *, full_text: bool = False) -> pd.DataFrame:
    """Return all matching rows of one kind.

    Columns are those of `kb export KIND`; moments are `datetime64[us, Asia/Ho_Chi_Minh]`, days
    `datetime64[us]`, texts `string`; an empty result has the same columns and types.

    Raises:
        ConfigError: there is no such kind.
    """
    chosen = kind_of(kind, full_text=full_text)
    rows = list(typed_rows(chosen, archive, query))
    columns = {
        name: pd.Series([row[name] for row in rows], dtype=DTYPES[type_], name=name)
        for name, type_ in chosen.columns.items()
    }
    return pd.DataFrame(columns)
