"""The batch tagger gives what underthesea's own `ner()` gives, and spans of the sentence."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from underthesea import ner

from kb.nlp.tag import Word, split, tagger
from kb.nlp.tag.crf import load_model, viterbi
from kb.text import clean

OWN = [
    "Ông Nguyễn Văn Bình thăm Bảo tàng Hà Nội chiều 2/10/2025.",
    "SỞ VĂN HÓA VÀ THỂ THAO HÀ NỘI CÔNG BỐ KẾ HOẠCH SỐ 12/KH-UBND",
    "“Chúng tôi mong các không gian sáng tạo cùng góp sức”, bà Hoà nói.",
    "Giá 1.500.000 đồng/vé; xem tại vnexpress.net hoặc gọi 024-3825-1234 (8h00 - 17h30)…",
    # In lists of names many paths are equally good but for the rounding.
    "Đội hình: Văn Toản, Đình Trọng, Văn Đại, Hoàng Nam, Bá Sang, Kuku, Mạnh Tú, Long Vũ.",
    "Slovenia: Kovar, Janžek, Bijol, Mlakar, Gnezda, Elsnik, Stojan, Šeško, Šporar, Horvat.",
    "A",
    "...",
    "12a3 × 4K -> H'Mông, v.v.",
    "TP.HCM, Đà Lạt và Hội An cũng là thành viên của UCCN – mạng lưới do UNESCO lập năm 2004.",
]


def same(sentence: str, words: list[Word]) -> bool:
    expected = [(word, pos, tag) for word, pos, _, tag in ner(sentence)]
    return [(word.text, word.pos, word.entity) for word in words] == expected


@pytest.mark.parametrize("sentence", OWN)
def test_tags_are_those_of_underthesea(sentence: str) -> None:
    assert same(sentence, tagger().tag([sentence])[0])


def test_a_batch_gives_what_single_sentences_give() -> None:
    batch = [OWN[0], "", *OWN[1:]]
    assert tagger().tag(batch) == [tagger().tag([one])[0] for one in batch]
    assert tagger().tag([""]) == [[]]
    assert tagger().tag([]) == []


def test_words_cover_the_sentence_in_order() -> None:
    for sentence in OWN:
        words = tagger().tag([sentence])[0]
        joined = "".join(sentence[word.start : word.end] for word in words)
        assert joined.replace(" ", "") == sentence.replace(" ", "")
        assert all(a.end <= b.start for a, b in itertools.pairwise(words))


def test_tags_agree_on_real_press(shared: Path) -> None:
    sentences: list[str] = []
    for path in sorted((shared / "seeds").glob("*.txt")):
        text = clean(path.read_text("utf-8"))
        sentences += [text[start:end] for start, end in split(text)]
    with gzip.open(shared / "corpus" / "press-2024.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 400 == 0:
                text = clean(json.loads(line)["body"])
                sentences += [text[start:end] for start, end in split(text)]
    # ner() is quadratic in the length of a sentence; longer ones would only cost minutes.
    sentences = [one for one in sentences if one.count(" ") < 120]
    assert len(sentences) > 250
    tagged = tagger().tag(sentences)
    different = [s for s, words in zip(sentences, tagged, strict=True) if not same(s, words)]
    assert different == []


def test_viterbi_finds_the_best_path() -> None:
    rng = np.random.default_rng(7)
    scores, transitions = rng.normal(size=(9, 3)), rng.normal(size=(3, 3))
    lengths = np.array([4, 1, 4])

    def total(path: tuple[int, ...], part: np.ndarray) -> float:
        state = sum(part[place, label] for place, label in enumerate(path))
        return float(state + sum(transitions[a, b] for a, b in itertools.pairwise(path)))

    expected: list[int] = []
    start = 0
    for length in lengths:
        part = scores[start : start + length]
        paths = list(np.ndindex(*(3,) * int(length)))
        expected += max(paths, key=lambda path: total(path, part))
        start += length
    assert viterbi(scores, lengths, transitions).tolist() == expected


def test_another_file_is_refused(tmp_path: Path) -> None:
    from kb.errors import ConfigError

    other = tmp_path / "model.bin"
    other.write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(ConfigError, match=r"model\.bin is not a crfsuite model"):
        load_model(other)
