"""Labels beyond doubt are decided without looking far, and as the whole search would decide."""

from __future__ import annotations

import numpy as np
import pytest

from kb.nlp.tag import crf, paths
from kb.nlp.tag.crf import viterbi
from kb.nlp.tag.paths import Paths


def batch(seed: int, labels: int, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of sentences of 1 to 40 words, their lengths, and transitions."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 40, size=60)
    scores = rng.normal(scale=spread, size=(int(lengths.sum()), labels))
    return scores, lengths, rng.normal(size=(labels, labels))


@pytest.mark.parametrize("labels", [2, 5, 20])
@pytest.mark.parametrize("spread", [0.1, 1.0, 3.0, 30.0])
@pytest.mark.parametrize("seed", range(5))
def test_the_best_paths_are_those_of_the_whole_search(
    seed: int, labels: int, spread: float
) -> None:
    scores, lengths, transitions = batch(seed, labels, spread)
    expected, _ = viterbi(scores, lengths, transitions)
    best, close = Paths(transitions).best(scores, lengths)
    assert best.tolist() == expected.tolist()
    assert not close.any()


def test_where_paths_are_equal_it_is_told() -> None:
    scores, lengths, transitions = batch(7, 20, 3.0)
    ends = np.cumsum(lengths)
    twin = transitions.copy()
    twin[:, 1], twin[1, :] = twin[:, 0], twin[0, :]  # two labels that transitions never tell apart
    for sentence in (3, 30, 59):
        word = int(ends[sentence] - 1)
        scores[word, :2] = scores[word].max() + 40
    _, expected = viterbi(scores, lengths, twin)
    _, close = Paths(twin).best(scores, lengths)
    assert np.flatnonzero(close).tolist() == np.flatnonzero(expected).tolist() == [3, 30, 59]


def test_most_words_are_decided_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(scores: np.ndarray, *rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        asked.append(len(scores))
        return viterbi(scores, *rest)

    scores, lengths, transitions = batch(7, 20, 30.0)
    monkeypatch.setattr(crf, "viterbi", counted)
    Paths(transitions).best(scores, lengths)
    assert 0 < sum(asked) < len(scores) / 4


@pytest.mark.parametrize("few", [1, 3, 20])
def test_few_or_many_labels_give_the_same(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scores, lengths, transitions = batch(7, 20, 3.0)
    expected, _ = viterbi(scores, lengths, transitions)
    monkeypatch.setattr(paths, "_FEW", few)
    best, _ = Paths(transitions).best(scores, lengths)
    assert best.tolist() == expected.tolist()


def test_a_batch_beyond_doubt_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(crf, "viterbi")
    best, close = Paths(np.zeros((3, 3))).best(np.eye(3), np.array([2, 1]))
    assert best.tolist() == [0, 1, 2]
    assert close.tolist() == [False, False]
