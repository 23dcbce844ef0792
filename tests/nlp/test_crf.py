"""Model files are read as crfsuite's own reader reads them."""

from __future__ import annotations

from pathlib import Path

import pycrfsuite
import pytest
import underthesea

from kb.nlp.tag.crf import load_model

PIPELINE = Path(underthesea.__file__).parent / "pipeline"


@pytest.mark.parametrize(
    "name", ["ner/ner_crf_2017_10_12.bin", "chunking/chunk_crf_2017_10_12.bin"]
)
def test_weights_are_those_of_crfsuite(name: str) -> None:
    model = load_model(PIPELINE / name)
    tagger = pycrfsuite.Tagger()
    tagger.open(str(PIPELINE / name))
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
