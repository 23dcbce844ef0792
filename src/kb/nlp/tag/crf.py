"""underthesea's CRF models as arrays: the file format of crfsuite, and Viterbi over a batch.

The models are plain crfsuite files (lCRF/FOMC, little-endian; format as written by
crfsuite 0.12's `crf1d_model.c` and `cqdb.c`). Weights in one array let a batch of sentences be
scored by gathering rows instead of looking up some 500 strings a sentence.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.errors import ConfigError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

ROUNDING = 1e-9
"""Paths whose scores (some hundreds at most) differ by less are equal but for rounding."""
_FEATURE = np.dtype([("type", "<u4"), ("src", "<u4"), ("dst", "<u4"), ("weight", "<f8")])


@dataclass(frozen=True, slots=True)
class Model:
    """One linear-chain CRF.

    `values[template][value]` is the row of the attribute `template=value` (`T[0].lower=hà`)
    in `state`, float64 of shape (attributes + 1, labels), the last of which has no weights;
    `transitions[i, j]` is the weight of label j after label i.
    """

    labels: list[str]
    values: dict[str, dict[str, int]]
    state: Floats
    transitions: Floats


def _strings(data: bytes, start: int) -> list[str]:
    """Read the strings of one CQDB chunk in the order of their numbers."""
    magic, _, _, _, size, table = struct.unpack_from("<4s5I", data, start)
    if magic != b"CQDB":
        raise ConfigError("not a crfsuite model: its string table is missing")
    found = []
    for offset in np.frombuffer(data, "<u4", size, start + table):
        (length,) = struct.unpack_from("<I", data, start + int(offset) + 4)
        first = start + int(offset) + 8
        found.append(data[first : first + length - 1].decode("utf-8"))
    return found


def load_model(path: Path) -> Model:
    """Read one crfsuite model file.

    Raises:
        ConfigError: the file is not a crfsuite model (another release of underthesea?).
    """
    data = path.read_bytes()
    if data[:4] != b"lCRF" or data[8:12] != b"FOMC":
        raise ConfigError(f"{path.name} is not a crfsuite model; reinstall underthesea 9.5.0")
    n_labels, n_attributes, features, labels, attributes = struct.unpack_from("<5I", data, 20)
    (count,) = struct.unpack_from("<I", data, features + 8)
    table = np.frombuffer(data, _FEATURE, count, features + 12)
    state = np.zeros((n_attributes + 1, n_labels))
    transitions = np.zeros((n_labels, n_labels))
    for kind, weights in ((0, state), (1, transitions)):
        part = table[table["type"] == kind]
        weights[part["src"], part["dst"]] = part["weight"]
    values: dict[str, dict[str, int]] = {}
    for row, name in enumerate(_strings(data, attributes)):
        template, _, value = name.partition("=")
        values.setdefault(template, {})[value] = row
    return Model(
        labels=_strings(data, labels),
        values=values,
        state=state,
        transitions=transitions,
    )


def viterbi(scores: Floats, lengths: Ints, transitions: Floats) -> tuple[Ints, Flags]:
    """Return the best label of every token of a batch of sentences.

    Args:
        scores: state scores, shape (tokens of all sentences, labels), sentence after sentence.
        lengths: tokens of each sentence, each at least 1; they sum to `len(scores)`.
        transitions: shape (labels, labels).

    Returns:
        Label numbers, shape (tokens,); ties go to the lower label, as in crfsuite. And, for each
        sentence, whether another path is as good but for rounding: any such path joins the best
        one somewhere for the last time, and is seen there as a predecessor that is as good.
    """
    starts = np.cumsum(lengths) - lengths
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    longest = int(lengths[0]) if len(lengths) else 0
    # Sentences lie in falling length, so those still running at step t are a prefix.
    running = [int(np.searchsorted(-lengths, -t, side="left")) for t in range(longest)]
    # Labels lie in rows here: numpy is fast along the sentences, of which there are many.
    from_to = transitions[:, :, None]
    alphas = [np.ascontiguousarray(scores[starts].T)]
    for t in range(1, longest):
        n = running[t]
        into = (alphas[-1][:, None, :n] + from_to).max(axis=0)
        alphas.append(into + scores[starts[:n] + t].T)
    best = np.empty(len(scores), dtype=np.intp)
    close = np.zeros(len(lengths), dtype=bool)
    label = np.empty(len(lengths), dtype=np.intp)
    to_from = np.ascontiguousarray(transitions.T)
    for t in range(longest - 1, -1, -1):
        n, further = running[t], running[t + 1] if t + 1 < longest else 0
        paths = alphas[t].T.copy()
        paths[:further] += to_from[label[:further]]
        label[:n] = paths.argmax(axis=1)
        best[starts[:n] + t] = label[:n]
        rows = np.arange(n)
        top = paths[rows, label[:n]]
        paths[rows, label[:n]] = -np.inf
        close[:n] |= paths.max(axis=1) > top - ROUNDING
    back = np.empty(len(lengths), dtype=bool)
    back[order] = close
    return best, back
