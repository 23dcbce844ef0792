"""Keeping where frequent words stand in the texts that PostgreSQL searches.

A row of `search_position` has the places of one word in 256 texts that follow each other (a block),
two bytes a place. Of `heads`, two bytes each, one stands for each text: which one of the block (the
upper byte), and how many places follow (the lower one, plus one). Numbers of texts (`search.doc`)
are never used again: what stands here of texts that are gone is nobody's, until the index is made
anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from kb.archive.grammar import FARTHEST
from kb.archive.index import END, common

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]

BLOCK_BITS = 8
TEXT_BITS = 20
"""Of a number that tells a place in a text: places need 16, numbers of texts 31."""
_MOST = 256  # places behind one head
_GAP = FARTHEST + 2
"""Between two fields, so that nothing is near across their border."""

ADD = """
INSERT INTO search_position AS own (word, folded, block, heads, positions)
SELECT * FROM unnest(%b::text[], %b::boolean[], %b::integer[], %b::bytea[], %b::bytea[])
ON CONFLICT (word, folded, block) DO UPDATE
SET heads = own.heads || excluded.heads, positions = own.positions || excluded.positions
"""
_TAKE = "SELECT setval('search_doc', nextval('search_doc') + %s - 1)"


def take(connection: Connection, count: int) -> range:
    """Return numbers for new texts; safe because nobody else writes."""
    last = int(connection.exec_driver_sql(_TAKE, (count,)).scalar_one())
    return range(last - count + 1, last + 1)


def clear(connection: Connection) -> None:
    """Forget all texts."""
    connection.exec_driver_sql("TRUNCATE search, search_position")
    connection.exec_driver_sql("ALTER SEQUENCE search_doc RESTART")


def add(connection: Connection, texts: Iterable[tuple[int, str, str]]) -> None:
    """Keep the positions of new texts: their number, ascending, exact and folded tokens."""
    columns = gathered(texts)
    if columns[0]:
        connection.exec_driver_sql(ADD, columns)


def gathered(texts: Iterable[tuple[int, str, str]]) -> tuple[list[Any], ...]:
    """Return the parameters of `ADD`, a list for each column."""
    docs, *both = zip(*texts, strict=True) if (texts := list(texts)) else ((), (), ())
    made: tuple[list[Any], ...] = ([], [], [], [], [])
    for folded, kept in zip((False, True), both, strict=True):
        for row in _rows(docs, [text.split() for text in kept], folded):
            for column, value in zip(made, row, strict=True):
                column.append(value)
    return made


def _rows(
    docs: Sequence[int], texts: Sequence[list[str]], folded: bool
) -> Iterator[tuple[str, bool, int, bytes, bytes]]:
    """Yield rows of `search_position`, by word and block."""
    import numpy as np

    words, number = _numbers(folded)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    tokens = np.fromiter(
        map(number.get, chain.from_iterable(texts), repeat(0)),
        dtype=np.int64,
        count=int(lengths.sum()),
    )
    firsts = np.cumsum(lengths) - lengths
    fields = np.cumsum(tokens == number[END])
    at = np.arange(len(tokens)) + _GAP * fields
    at -= np.repeat(at[firsts], lengths) if len(tokens) else 0
    text = np.repeat(np.array(docs, dtype=np.int64), lengths)
    frequent = (tokens != 0) & (tokens != number[END])
    # By word, text and place: those of one word in one text then follow each other.
    key = np.sort((tokens[frequent] << 52) | (text[frequent] << TEXT_BITS) | at[frequent])
    places = (key & ((1 << TEXT_BITS) - 1)).astype("<u2")
    same = key >> TEXT_BITS
    starts, counts = _runs(same)
    nth = np.arange(len(key)) - np.repeat(starts, counts)
    starts, counts = _runs((same << 16) | (nth // _MOST))
    heads = (((same[starts] & (_MOST - 1)) << 8) | (counts - 1)).astype("<u2")
    block = same[starts] >> BLOCK_BITS
    first_heads, head_counts = _runs(block)
    for first, count in zip(first_heads.tolist(), head_counts.tolist(), strict=True):
        last = first + count - 1
        own = slice(int(starts[first]), int(starts[last] + counts[last]))
        word, number_ = int(block[first]) >> (32 - BLOCK_BITS), int(block[first])
        yield (
            words[word],
            folded,
            number_ & ((1 << (32 - BLOCK_BITS)) - 1),
            heads[first : last + 1].tobytes(),
            places[own].tobytes(),
        )


@cache
def _numbers(folded: bool) -> tuple[list[str], dict[str, int]]:
    """Return frequent words from number 1 on, and their numbers; the last is the end of a field."""
    words = ["", *sorted(common(folded)), END]
    return words, {word: number for number, word in enumerate(words) if word}


def _runs(values: Places) -> tuple[Places, Places]:
    """Return where equal numbers that follow each other begin, and how many there are."""
    import numpy as np

    change = np.flatnonzero(values[1:] != values[:-1]) + 1
    starts = np.concatenate([[0], change]) if len(values) else change
    return starts, np.diff(np.append(starts, len(values)))
