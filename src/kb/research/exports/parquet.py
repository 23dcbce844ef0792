"""Rows as Parquet, batch by batch.

Batches go to Arrow as JSON: Arrow loads pandas to read Python's own values, which takes more
memory than the whole export.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq

from kb.research.columns import Type
from kb.research.exports.base import Source, about, batches

_ARROW: dict[Type, pa.DataType] = {
    "int": pa.int64(),
    "int?": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "date": pa.date32(),
    "time": pa.timestamp("us", tz="Asia/Ho_Chi_Minh"),
}
_AS_NUMBERS: dict[Type, pa.DataType] = {"date": pa.int32(), "time": pa.int64()}
"""What stands for a type on its way: days, and microseconds, since 1970."""
_PIECE = 500
"""Rows that Arrow parses at once: doing so takes a multiple of their size."""
_DAY = date(1970, 1, 1)
_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def write_parquet(source: Source, out: BinaryIO) -> int:
    """Write Parquet with typed columns: lists as lists, days as days, moments with their zone.

    The file's own metadata say what it is: `kb.query`, `kb.made_at`, `kb.rows`, versions. pandas
    reads the same into `frame.attrs["about"]`.
    """
    types, rows = source.kind.columns, source.rows
    told = about(source)
    kept = {f"kb.{name}": value for name, value in told.items()}
    kept["PANDAS_ATTRS"] = json.dumps({"about": told}, ensure_ascii=False)
    schema = pa.schema([(name, _ARROW[type_]) for name, type_ in types.items()], kept)
    sent = pa.schema([(name, _AS_NUMBERS.get(one, _ARROW[one])) for name, one in types.items()])
    parsing = pa.json.ParseOptions(explicit_schema=sent, unexpected_field_behavior="error")
    count = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in batches(rows):
            pieces = []
            for piece in batches(batch, _PIECE):
                data = "\n".join(json.dumps(row, default=_number) for row in piece).encode()
                whole = pa.json.ReadOptions(use_threads=False, block_size=len(data) + 1)
                pieces.append(pa.json.read_json(pa.BufferReader(data), whole, parsing))
            writer.write_table(pa.concat_tables(pieces).cast(schema))
            count += len(batch)
        writer.add_key_value_metadata({"kb.rows": str(count)})
    return count


def _number(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, datetime):
        return (value - _MOMENT) // timedelta(microseconds=1)
    days: int = (value - _DAY).days
    return days
