"""Phrases and NEAR of frequent words on PostgreSQL, decided by where the words stand.

GIN knows which texts have a word, not where. To look at the texts of what has all words is cheap
where one of them is rare; of frequent words it would be to look at every other text. So their
places are kept by word (`standing.py`), as engines of their own keep them, and a phrase is an
intersection of sorted numbers. What is found so is handed to PostgreSQL as a bit for each text, by
its number (`search.doc`).
"""

from __future__ import annotations

from functools import cached_property, reduce
from typing import TYPE_CHECKING

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    any_,
    case,
    cast,
    false,
    func,
    literal,
)

from kb.archive.grammar import And, Near, Node, Not, Or, Phrase
from kb.archive.index import common
from kb.archive.standing import BLOCK_BITS, TEXT_BITS
from kb.archive.tsquery import numbered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bits = NDArray[np.bool_]
    Places = NDArray[np.int64]

_FEW = 1_000  # texts that are looked up one by one
_READ = """
SELECT block, heads, positions FROM search_position WHERE word = %s AND folded = %s ORDER BY block
"""
_LAST = "SELECT last_value FROM search_doc"


class Positions:
    """The texts that phrases, NEAR and what is made of them find, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: dict[tuple[Node, bool], Bits] = {}

    def knows(self, node: Node, folded: bool) -> bool:
        """Whether a phrase or NEAR consists of frequent words alone, anywhere in a text."""
        match node:
            case Phrase(exact, bare, False, ""):
                return common(folded).issuperset(bare if folded else exact)
            case Near(first, second, _):
                return self.knows(first, folded) and self.knows(second, folded)
        return False

    def holds(self, node: Node, folded: bool, doc: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition that the text of a number matches; the tree has no filters."""
        import numpy as np

        bits = self._find(node, folded)
        if (few := np.flatnonzero(bits)).size <= _FEW:
            return doc == any_(cast(literal(few.tolist(), ARRAY(Integer)), ARRAY(Integer)))
        packed = np.packbits(bits, bitorder="little").tobytes()
        there = func.get_bit(cast(literal(packed, LargeBinary), LargeBinary), doc) == 1
        # A text that came meanwhile has no bit.
        return case((doc < len(bits), there), else_=false())

    def _find(self, node: Node, folded: bool) -> Bits:
        if (bits := self._kept.get((node, folded))) is None:
            bits = self._kept[node, folded] = self._found(node, folded)
        return bits

    def _found(self, node: Node, folded: bool) -> Bits:
        import numpy as np

        match node:
            case And(parts):
                return reduce(np.logical_and, _alike([self._find(p, folded) for p in parts]))
            case Or(parts):
                return reduce(np.logical_or, _alike([self._find(p, folded) for p in parts]))
            case Not(part):
                found: Bits = ~self._find(part, folded)
                last = len(found) - 1
                return np.pad(found, (0, max(0, self._last - last)), constant_values=True)
        known = self.knows(node, folded)
        bits = self._asked(node, folded, long=known)
        if known:
            at, _ = self._at(node, folded)
            bits = np.logical_or(*_alike([bits, _bits(at >> TEXT_BITS)]))
        return bits

    @cached_property
    def _last(self) -> int:
        return int(self._connection.exec_driver_sql(_LAST).scalar_one())

    def _asked(self, node: Node, folded: bool, *, long: bool) -> Bits:
        """Return the texts, or only the long ones, that PostgreSQL finds."""
        import numpy as np

        found = self._connection.execute(numbered(node, folded, long=long)).scalar()
        return _bits(np.frombuffer(found or b"", dtype=">i4").astype(np.int64))

    def _at(self, node: Node, folded: bool) -> tuple[Places, int]:
        """Return where a phrase begins, ascending, and of how many words it is."""
        match node:
            case Phrase(exact, bare):
                words = bare if folded else exact
                at = {word: self._word(word, folded) for word in dict.fromkeys(words)}
                # From the rarest on, each time fewer are left.
                order = sorted(range(len(words)), key=lambda n: len(at[words[n]]))
                found = at[words[order[0]]] - order[0]
                for offset in order[1:]:
                    found = found[_among(found + offset, at[words[offset]])]
                return found, len(words)
            case Near(first, second, distance):
                (a, long_a), (b, long_b) = self._at(first, folded), self._at(second, folded)
                return a[_between(b, a - long_b - distance, a + long_a + distance)], long_a
        raise AssertionError("only phrases and NEAR stand anywhere")

    def _word(self, word: str, folded: bool) -> Places:
        import numpy as np

        rows = self._connection.exec_driver_sql(_READ, (word, folded)).all()
        heads = np.frombuffer(b"".join(row[1] for row in rows), dtype="<u2").astype(np.int64)
        places = np.frombuffer(b"".join(row[2] for row in rows), dtype="<u2").astype(np.int64)
        blocks = np.repeat(
            np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows)),
            np.fromiter((len(row[1]) // 2 for row in rows), dtype=np.int64, count=len(rows)),
        )
        texts = np.repeat((blocks << BLOCK_BITS) | (heads >> 8), (heads & 255) + 1)
        found: Places = (texts << TEXT_BITS) | places
        return found


def _bits(texts: Places) -> Bits:
    import numpy as np

    bits: Bits = np.zeros(int(texts.max()) + 1 if len(texts) else 1, dtype=np.bool_)
    bits[texts] = True
    return bits


def _alike(found: list[Bits]) -> list[Bits]:
    """Return bits of the same length."""
    import numpy as np

    longest = max(map(len, found))
    return [np.pad(bits, (0, longest - len(bits))) for bits in found]


def _among(wanted: Places, sorted_: Places) -> Bits:
    """Say of each number whether it is among others, both ascending."""
    import numpy as np

    if not len(sorted_):
        return np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(sorted_, wanted), len(sorted_) - 1)
    found: Bits = sorted_[at] == wanted
    return found


def _between(sorted_: Places, low: Places, high: Places) -> Bits:
    """Say of each pair of bounds whether any of some numbers, ascending, lies between them."""
    import numpy as np

    if not len(sorted_):
        return np.zeros(len(low), dtype=np.bool_)
    at = np.searchsorted(sorted_, low)
    found: Bits = (at < len(sorted_)) & (sorted_[np.minimum(at, len(sorted_) - 1)] <= high)
    return found
