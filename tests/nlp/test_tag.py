"""The batch tagger gives what underthesea's own models give, and spans of the sentence."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from underthesea import sent_tokenize, word_tokenize
from underthesea.models.fast_crf_sequence_tagger import FastCRFSequenceTagger
from underthesea.pipeline.word_tokenize.regex_tokenize import patterns
from underthesea_core import CRFFeaturizer

from kb.nlp.tag import Tagger, Word, crf, models, sentences, split, tagger, tokens
from kb.nlp.tag.features import Scorer
from kb.nlp.tag.templates import number, titled
from kb.text import clean

OWN = [
    "Ông Nguyễn Văn Bình thăm Bảo tàng Hà Nội chiều 2/10/2025.",
    "SỞ VĂN HÓA VÀ THỂ THAO HÀ NỘI CÔNG BỐ KẾ HOẠCH SỐ 12/KH-UBND",
    "“Chúng tôi mong các không gian sáng tạo cùng góp sức”, bà Hoà nói.",
    "Giá 1.500.000 đồng/vé; xem tại vnexpress.net hoặc gọi 024-3825-1234 (8h00 - 17h30)…",
    # In lists of names many paths are equally good but for the rounding.
    "Đội hình: Văn Toản, Đình Trọng, Văn Đại, Hoàng Nam, Bá Sang, Kuku, Mạnh Tú, Long Vũ.",
    "Slovenia: Kovar, Janžek, Bijol, Mlakar, Gnezda, Elsnik, Stojan, Šeško, Šporar, Horvat.",
    # Two words with weights as a pair, one of them of several syllables.
    "Lần đầu tiên cả gia đình được bố trí ở Hà Nội, có vẻ rất phù hợp với tất cả các cháu.",
    # Ten digits are no number to the library: they do not fit 32 bits.
    "Số tài khoản Ngân hàng Vietcombank 0011001932418, mã số thuế 0303579474 và 3600994616.",
    # A dot ends a word of capitals unless the sentence ends there.
    "Ban tổ chức SEA. GAMES chọn TP. HCM, không chọn TP.",
    "Đất ở Hoà Lạc,  giá :D 5 triệu (theo Mr. Bảo) - e-mail: ban.doc@bao.vn hoặc T.Ư.",
    "A",
    "...",
    "12a3 × 4K -> H'Mông, v.v.",
    "TP.HCM, Đà Lạt và Hội An cũng là thành viên của UCCN – mạng lưới do UNESCO lập năm 2004.",
]


@pytest.fixture(scope="module")
def theirs() -> FastCRFSequenceTagger:
    model = FastCRFSequenceTagger()
    model.load(str(models.folders()[1]))
    return model


def same(theirs: FastCRFSequenceTagger, sentence: str, words: list[Word]) -> bool:
    expected = word_tokenize(sentence)
    tags = theirs.predict([[word] for word in expected])
    return [(one.text, f"B-{one.pos}") for one in words] == list(zip(expected, tags, strict=True))


@pytest.mark.parametrize("sentence", OWN)
def test_words_and_tags_are_those_of_underthesea(
    theirs: FastCRFSequenceTagger, sentence: str
) -> None:
    assert same(theirs, sentence, tagger().tag([sentence])[0])


def test_a_batch_gives_what_single_sentences_give() -> None:
    batch = [OWN[0], "", *OWN[1:], " "]
    assert tagger().tag(batch) == [tagger().tag([one])[0] for one in batch]
    assert tagger().tag([""]) == [[]]
    assert tagger().tag([]) == []


def test_small_batches_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tagger().tag(OWN)
    monkeypatch.setattr(models, "_BATCH", 100)
    assert tagger().tag(OWN) == whole


def test_forgotten_words_are_learnt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = tagger().tag(OWN)
    monkeypatch.setattr(tokens, "MOST", 10)
    monkeypatch.setattr(models, "MOST", 10)
    forgetful = Tagger()
    assert forgetful.tag([""]) == [[]]
    assert [forgetful.tag([one])[0] for one in OWN] == expected
    assert len(forgetful._words.forms) < 60
    assert forgetful.tag(OWN) == expected


def test_words_cover_the_sentence_in_order() -> None:
    for sentence in OWN:
        words = tagger().tag([sentence])[0]
        joined = "".join(sentence[word.start : word.end] for word in words)
        assert joined.replace(" ", "") == sentence.replace(" ", "")
        assert all(a.end <= b.start for a, b in itertools.pairwise(words))


def test_any_white_space_parts_words() -> None:
    found = tagger().tag(["Hà\u00a0Nội\tvà   Huế "])[0]
    assert [(word.start, word.end, word.text) for word in found] == [
        (0, 6, "Hà Nội"), (7, 9, "và"), (12, 15, "Huế"),
    ]  # fmt: skip


@example("Thesis")
@example("Hà")
@given(st.one_of(st.text("ThSs.,Aéđ8-' ", max_size=7), st.text(max_size=5)))
def test_chunks_are_cut_as_by_the_patterns(chunk: str) -> None:
    for text in (chunk, chunk + ",", chunk + " ", chunk + ", "):
        assert tokens._spans(text) == [match.span() for match in patterns.finditer(text)], text


def characters() -> Iterator[str]:
    yield from map(chr, range(33, 0x180))
    yield from "ΑΣςẞǅⅷªº²½٣٤ạỹÐðɐʰ中"
    yield from ("2147483647", "2147483648", "000000000012", "-7", "+", "1e5", "9" * 5000)


def test_titles_and_numbers_are_those_of_the_featurizer() -> None:
    featurizer = CRFFeaturizer(["T[0].istitle", "T[0].isdigit"], set())
    for text in characters():
        for word in (text, text + "a", "Ba " + text):
            title, digits = featurizer.process([[[word]]])[0][0]
            assert title == f"T[0].istitle={titled(word)}", word
            assert digits == f"T[0].isdigit={number(word)}", word


def test_gathered_scores_are_the_exact_ones_but_for_rounding() -> None:
    one = tagger()
    for scorer in (one._words, one._pos):
        for sentence in OWN:
            words = word_tokenize(sentence) if scorer is one._pos else sentence.split()
            numbers = np.array([scorer.forms[word] for word in words])
            gathered = scorer.score(numbers, np.array([len(words)]))
            np.testing.assert_allclose(gathered, scorer.templates.exact(words), atol=1e-10)


def test_the_exact_scores_decide_where_paths_are_close(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = tagger().tag(OWN)

    def nothing(self: Scorer, words: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return np.zeros((len(words), len(self.templates.model.labels)))

    monkeypatch.setattr(Scorer, "score", nothing)
    assert tagger().tag(OWN) != expected
    monkeypatch.setattr(crf, "ROUNDING", 1e9)
    assert tagger().tag(OWN) == expected


line = st.lists(
    st.sampled_from([*'aB1.?! \t…\u00a0("“T', "TS.", "TP.", "...", "v.v", "PGS.", " ", "Mr."]),
    max_size=14,
).map("".join)


@given(line)
def test_sentences_are_those_of_underthesea(text: str) -> None:
    assert [text[start:end] for start, end in sentences.sentences(text)] == sent_tokenize(text)


def test_tags_agree_on_real_press(theirs: FastCRFSequenceTagger, shared: Path) -> None:
    found: list[str] = []
    for path in sorted((shared / "seeds").glob("*.txt")):
        text = clean(path.read_text("utf-8"))
        found += [text[start:end] for start, end in split(text)]
    with gzip.open(shared / "corpus" / "press-2024.jsonl.gz", "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if place % 100 == 0:
                text = clean(json.loads(line)["body"])
                found += [text[start:end] for start, end in split(text)]
    assert len(found) > 600
    tagged = tagger().tag(found)
    different = [
        one for one, words in zip(found, tagged, strict=True) if not same(theirs, one, words)
    ]
    assert different == []
