"""Fingerprints, the index in memory and the alignment, each by itself."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from itertools import accumulate, chain, pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.archive.reuse import index as index_module
from kb.archive.reuse import prints as prints_module
from kb.archive.reuse import runs as runs_module
from kb.archive.reuse.align import chains, resemblance
from kb.archive.reuse.index import MOST, Index
from kb.archive.reuse.prints import (
    BITS,
    RUN,
    WINDOW,
    Wording,
    Words,
    fingerprints,
    pack,
    unpack,
)
from kb.archive.reuse.rules import RULES
from kb.archive.reuse.runs import Held, Kept
from kb.text import token_strings
from tests.archive.reuse import BRIDGE, KILNS, MARKET, PLAN, RETOLD, SCHOOL, own

COUNT = 1000
SYLLABLES = [a + b for a in "bcdghklmnst" for b in ("a", "ành", "ương", "ô", "uyền", "ít", "ẽo")]


def babble(draw: random.Random, length: int) -> list[str]:
    return [draw.choice(SYLLABLES) + str(draw.randrange(20)) for _ in range(length)]


@given(st.lists(st.integers(0, 2**BITS - 1)))
def test_fingerprints_are_stored_as_they_are(prints: list[int]) -> None:
    given_ = np.array(prints, np.uint64)
    assert unpack(pack(given_)).tolist() == prints


def test_the_same_words_have_the_same_fingerprints_in_every_process() -> None:
    (first, *_), places = fingerprints(Wording.of("", PLAN))
    assert int(first) == 826_244_934
    assert len(places) == 10


_TEXTS = st.text() | st.text("aàÀ0đ .\n中😀“" + chr(0x301))


@given(_TEXTS, _TEXTS, st.integers(64, 200))
def test_a_word_has_one_number_wherever_it_stands(lead: str, body: str, part: int) -> None:
    with patch.object(prints_module, "_PART", part):
        wording = Wording.of(lead, body)
    words = [token_strings(text)[0] for text in (lead, *body.split("\n"))]
    ends = [0, *accumulate(map(len, words))]
    assert (wording.body, wording.paragraphs) == (ends[1], tuple(ends))
    numbers = {}
    for word, number in zip(chain(*words), wording.words.tolist(), strict=True):
        assert numbers.setdefault(word[:64], number) == number
    assert len(set(numbers.values())) == len(numbers)


@given(st.integers(0, 2**32))
def test_any_run_of_fifteen_words_in_common_is_seen(seed: int) -> None:
    draw = random.Random(seed)
    common = babble(draw, RUN + WINDOW - 1)
    texts = [
        " ".join([*babble(draw, draw.randrange(12, 90)), *common, *babble(draw, 30)]) for _ in "ab"
    ]
    one, other = (fingerprints(Wording.of("", text))[0] for text in texts)
    assert len(np.intersect1d(one, other))


@pytest.mark.parametrize(("rate", "least"), [(0.0, 1.0), (0.1, 0.95), (0.15, 0.85)])
def test_paragraphs_with_changed_words_are_found(rate: float, least: float) -> None:
    draw = random.Random(7)
    index, hits, texts = Index(), 0, []
    for number in range(1, COUNT + 1):
        words = babble(draw, 60)
        copied = [draw.choice(SYLLABLES) if draw.random() < rate else word for word in words]
        texts.append(" ".join([*babble(draw, 40), *copied, *babble(draw, 40)]))
        prints, _ = fingerprints(Wording.of("", " ".join([*words, *babble(draw, 80)])))
        index.add([number], [number], [prints])
    asked = [fingerprints(Wording.of("", text)) for text in texts]
    found = index.candidates([0] * COUNT, asked, [COUNT] * COUNT)
    hits = sum(number in ids for number, ids in enumerate(found, 1))
    assert hits >= least * COUNT


def test_an_index_finds_what_was_added_in_many_parts_and_no_text_of_the_same_article() -> None:
    index = Index()
    prints, places = fingerprints(Wording.of("", PLAN))
    others = [fingerprints(Wording.of("", text))[0] for text in own(*"abcdefghijklmnop")]
    for number, other in enumerate(others, 1):
        index.add([number], [number], [other])
    index.add([20, 3000], [17, 18], [prints, prints])
    assert index.candidates([1], [(prints, places)], [3000]) == [[20, 3000]]
    assert index.candidates([1], [(prints, places)], [2999]) == [[20]]
    assert index.candidates([18], [(prints, places)], [3000]) == [[20]]
    lengths = [len(run) for run in index.runs]
    assert all(one >= 2 * other for one, other in pairwise(lengths))
    assert sum(lengths) == sum(map(len, others)) + 2 * len(prints)


@given(st.integers(0, 2**32), st.integers(1, 1500))
@settings(max_examples=8)
def test_what_lies_in_files_is_found_as_in_memory(seed: int, held: int) -> None:
    draw = np.random.default_rng(seed)
    common = draw.integers(0, 2**BITS, 2000, np.uint64)
    memory, files, last = Index(), Index(), 0
    for number in range(16):
        prints = [_prints(draw, common) for _ in range(draw.integers(1, 20))]
        revisions = list(range(last + 1, last + 1 + len(prints)))
        last = revisions[-1]
        articles = draw.integers(1, last + 2, len(prints)).tolist()
        asked = [(one, draw.permutation(len(one)) * 12) for one in prints]
        until = draw.integers(1, last + 1, len(prints)).tolist()
        for index in (memory, files):
            index.add(revisions, articles, prints)
        with small_runs(held):
            if number % 3:
                files.settle()
                assert sum(len(run) for run in files.runs if isinstance(run, Held)) <= held
            found = files.candidates(articles, asked, until)
        assert found == memory.candidates(articles, asked, until)
    for kind in (Kept, Held):
        lengths = [len(run) for run in files.runs if isinstance(run, kind)]
        assert lengths or kind is Held
        assert all(one >= 2 * other for one, other in pairwise(lengths))
    assert sum(map(len, files.runs)) == sum(map(len, memory.runs))


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_ranges_of_a_file_are_those_of_its_numbers(seed: int) -> None:
    draw = np.random.default_rng(seed)
    numbers = np.unique(draw.integers(0, 900, draw.integers(1, 700), np.uint64))
    low = np.sort(draw.integers(0, 950, 50, np.uint64))
    high = low + draw.choice(np.array([0, 1, 30, 200], np.uint64), 50)
    starts = np.searchsorted(numbers, low)
    expected = [
        numbers[at:][numbers[at:] <= end][:20] for at, end in zip(starts, high, strict=True)
    ]
    with small_runs(1):
        parts = np.array_split(numbers, draw.integers(1, 9))
        for run in (Held(numbers), Kept.of(parts, None)):
            counts, found = run.within(low, high, 20)
            assert counts.tolist() == [len(one) for one in expected]
            assert found.tolist() == np.concatenate(expected).tolist()
            assert np.concatenate(list(run.parts())).tolist() == numbers.tolist()


def _prints(draw: np.random.Generator, common: Words) -> Words:
    """Return fingerprints of which some are of other texts, too, and one is a formula's."""
    own = draw.integers(0, 2**BITS, 30, np.uint64)
    return np.unique(np.concatenate((draw.choice(common, 20), common[:1], own)))


@contextmanager
def small_runs(held: int, part: int = 64) -> Iterator[None]:
    with (
        patch.object(index_module, "HELD", held),
        patch.multiple(runs_module, BLOCK=32, _PART=part, _ASKED=7),
    ):
        yield


def test_memory_does_not_grow_with_what_lies_in_files() -> None:
    index, draw, peaks = Index(), np.random.default_rng(1), []
    tracemalloc.start()
    with small_runs(2_000, 1_000):
        for number in range(1, 201):
            index.add([number], [number], [draw.integers(0, 2**BITS, 1_000, np.uint64)])
            index.settle()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
    tracemalloc.stop()
    assert sum(map(len, index.runs)) == 200_000
    assert max(peaks) < 500_000  # bytes: all of it would be 1.6 million


def test_without_room_for_files_all_stays_in_memory(tmp_path: Path) -> None:
    index = Index(tmp_path / "none")
    prints, places = fingerprints(Wording.of("", PLAN))
    with small_runs(1):
        for number in range(1, 4):
            index.add([number], [number], [prints])
            index.settle()
        assert index.candidates([9], [(prints, places)], [3]) == [[1, 2, 3]]
    assert {type(run) for run in index.runs} == {Held}


def test_a_formula_alone_leads_nowhere_but_a_wire_story_does() -> None:
    formula = fingerprints(Wording.of("", MARKET))
    story = fingerprints(Wording.of("", "\n".join((MARKET, PLAN, KILNS, SCHOOL, BRIDGE))))
    assert len(formula[0]) < RULES.runs <= len(story[0])
    for asked, count in ((formula, 0), (story, 8)):
        index = Index()
        for number in range(1, RULES.formula + 2):
            index.add([number], [number], [asked[0]])
        assert len(index.candidates([0], [asked], [99])[0]) == count
    index = Index()
    for number in range(1, RULES.formula + 1):
        index.add([number], [number], [formula[0]])
    assert len(index.candidates([0], [formula], [99])[0]) == MOST
    index.add([99], [99], [formula[0]])
    assert index.candidates([0, 0], [formula, formula], [99, 98])[0] == []
    assert len(index.candidates([0], [formula], [98])[0]) == MOST  # as before it came


def test_a_passage_is_aligned_over_changed_words() -> None:
    later = Wording.of("", "\n".join((*own("x"), RETOLD, *own("y"))))
    earlier = Wording.of("", "\n".join((MARKET, PLAN)))
    (chain,) = chains(later, earlier)
    passage = chain.passage(later, earlier, 0, len(later))
    assert passage is not None
    market, plan, retold = (len(Wording.of("", text)) for text in (MARKET, PLAN, RETOLD))
    assert (passage.start, passage.end) == (30, 30 + retold)
    assert (passage.earlier_start, passage.earlier_end) == (market, market + plan)
    words = [token_strings(text)[0] for text in (RETOLD, PLAN)]
    ratio = SequenceMatcher(None, *words, autojunk=False).ratio()
    assert passage.similarity == pytest.approx(ratio, abs=0.02)
    assert list(chains(Wording.of("", KILNS), earlier)) == []


def test_a_long_passage_is_compared_piece_by_piece() -> None:
    words = [f"chữ{number}" for number in range(1_500)]
    changed = [f"{word}x" if number % 10 == 9 else word for number, word in enumerate(words)]
    later, earlier = Wording.of("", " ".join(changed)), Wording.of("", " ".join(words))
    (chain,) = chains(later, earlier)
    passage = chain.passage(later, earlier, 0, len(later))
    assert passage is not None
    assert (passage.start, passage.end, passage.earlier_end) == (0, 1_500, 1_500)
    assert passage.similarity == 0.9


def test_resemblance_is_of_whole_texts() -> None:
    one, same, none = (Wording.of("", text) for text in (PLAN, PLAN, MARKET))
    assert resemblance(one, same) == 1.0
    assert resemblance(one, none) == resemblance(one, Wording.of("", "")) == 0.0
    both = Wording.of("", f"{PLAN}\n{MARKET}")
    assert 0.5 < resemblance(one, both) < 0.8
