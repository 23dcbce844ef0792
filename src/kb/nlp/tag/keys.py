"""Many integer keys looked up at once: a hash table in two arrays.

From Python, a dictionary takes some 0.1 µs a key, and the taggers ask for eight a word.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]

_FREE = -1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio: Fibonacci hashing (Knuth, TAOCP 3, 6.4)."""


class Keys:
    """A fixed mapping of keys, each 0 or more, to values; unknown keys have the value 0.

    Open addressing with linear steps; at most a quarter of the slots is taken, so that most
    keys are found, or seen to be absent, in the first slot.
    """

    def __init__(self, values: Mapping[int, int]) -> None:
        keys = np.fromiter(values.keys(), dtype=np.intp, count=len(values))
        numbers = np.fromiter(values.values(), dtype=np.intp, count=len(values))
        bits = max(4, (4 * len(values)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._keys = np.full(1 << bits, _FREE, dtype=np.intp)
        self._values = np.zeros(1 << bits, dtype=np.intp)
        slots, left = self._slots(keys), np.arange(len(keys))
        while left.size:
            free = left[self._keys[slots[left]] == _FREE]
            self._keys[slots[free]] = keys[free]  # of several for one slot the last one stays
            settled = self._keys[slots[left]] == keys[left]
            self._values[slots[left[settled]]] = numbers[left[settled]]
            left = left[~settled]
            slots[left] = self._next(slots[left])

    def find(self, keys: Ints) -> Ints:
        """Return the value of each key."""
        slots = self._slots(keys)
        there = self._keys[slots]
        found: Ints = self._values[slots]
        other = there != keys
        found[other] = 0
        left = np.flatnonzero(other & (there != _FREE))
        while left.size:
            slots[left] = self._next(slots[left])
            there = self._keys[slots[left]]
            same = there == keys[left]
            found[left[same]] = self._values[slots[left[same]]]
            left = left[~same & (there != _FREE)]
        return found

    def _slots(self, keys: Ints) -> Ints:
        return ((keys.astype(np.uint64) * _SPREAD) >> self._shift).astype(np.intp)

    def _next(self, slots: Ints) -> Ints:
        return (slots + 1) & (len(self._keys) - 1)
