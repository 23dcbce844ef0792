"""Model files are read as crfsuite's own reader reads them; paths are the best ones."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pycrfsuite
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ConfigError
from kb.nlp.tag.crf import load_model, viterbi
from kb.nlp.tag.keys import Keys
from kb.nlp.tag.models import folders


@pytest.mark.parametrize("folder", folders(), ids=["words", "parts of speech"])
def test_weights_are_those_of_crfsuite(folder: Path) -> None:
    model = load_model(folder / "models.bin")
    tagger = pycrfsuite.Tagger()
    tagger.open(str(folder / "models.bin"))
    info = tagger.info()
    number = {label: place for place, label in enumerate(model.labels)}
    assert set(number) == set(info.labels)
    for (attribute, label), weight in info.state_features.items():
        template, _, value = attribute.partition("=")
        found = model.state[model.values[template][value], number[label]]
        assert found == pytest.approx(weight, abs=1e-6)  # its dump prints six decimals
    assert (model.state != 0).sum() <= len(info.state_features)
    for (before, after), weight in info.transitions.items():
        found = model.transitions[number[before], number[after]]
        assert found == pytest.approx(weight, abs=1e-6)


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "model.bin"
    other.write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(ConfigError, match=r"model\.bin is not a crfsuite model"):
        load_model(other)


LENGTHS = np.array([4, 1, 4, 3, 2])


@pytest.mark.parametrize("copies", [1, 40], ids=["few sentences", "many sentences"])
def test_viterbi_finds_the_best_path(copies: int) -> None:
    rng = np.random.default_rng(7)
    scores, transitions = rng.normal(size=(14, 3)), rng.normal(size=(3, 3))

    def total(path: tuple[int, ...], part: np.ndarray) -> float:
        state = sum(part[place, label] for place, label in enumerate(path))
        return float(state + sum(transitions[a, b] for a, b in itertools.pairwise(path)))

    expected: list[int] = []
    start = 0
    for length in LENGTHS:
        part = scores[start : start + length]
        paths = list(np.ndindex(*(3,) * int(length)))
        expected += max(paths, key=lambda path: total(path, part))
        start += length
    best, close = viterbi(np.tile(scores, (copies, 1)), np.tile(LENGTHS, copies), transitions)
    assert best.tolist() == expected * copies
    assert not close.any()


def test_paths_equal_but_for_rounding_are_told() -> None:
    rng = np.random.default_rng(7)
    scores, transitions = rng.normal(size=(14, 3)), np.zeros((3, 3))
    scores[6, 1] = scores[6].max() - 1e-12  # within the third sentence
    scores[6, 2] = scores[6].max()
    scores[13] = 0.5  # at the end of the last one
    _, close = viterbi(scores, LENGTHS, transitions)
    assert close.tolist() == [False, False, True, False, True]


def test_ties_go_to_the_lower_label() -> None:
    best, close = viterbi(np.zeros((3, 4)), np.array([3]), np.zeros((4, 4)))
    assert best.tolist() == [0, 0, 0]
    assert close.tolist() == [True]


@given(
    st.dictionaries(st.integers(0, 2**50), st.integers(1, 10**6), max_size=300),
    st.lists(st.integers(0, 2**50)),
)
def test_keys_are_found_as_in_a_dictionary(known: dict[int, int], asked: list[int]) -> None:
    wanted = [*known, *asked]
    found = Keys(known).find(np.array(wanted, dtype=np.intp))
    assert found.tolist() == [known.get(key, 0) for key in wanted]
