"""underthesea's feature templates: what they see, and state scores to the last bit.

A template (`T[-1,0].lower`) looks at an n-gram of words beside a word, through a function, and
gives an attribute (`T[-1,0].lower=hà nội`) that the model may have weights for. The functions
are those of underthesea_core 3.3.2's featurizer, which differ from Python's of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from kb.nlp.tag.crf import Floats, Model

REACH = 2
"""No template looks further than two words to either side."""
EDGES = ("BOS", "EOS")
"""What every function gives where the n-gram would leave the sentence."""

_NUMBER = re.compile(r"([+-]?)0*([0-9]{1,10})")
_TEMPLATE = re.compile(r"T\[(-?\d)(?:,(-?\d))?\](?:\.(\w+))?$")


@dataclass(frozen=True, slots=True)
class Template:
    """One template: its n-gram has `span` words, the first at `first` beside the word."""

    name: str
    first: int
    span: int
    function: str


class Templates:
    """The templates of one model, in the library's order."""

    def __init__(
        self, model: Model, names: Sequence[str], dictionary: frozenset[str] = frozenset()
    ) -> None:
        """Parse the templates; `dictionary` holds lower-case words for `is_in_dict`."""
        self.model = model
        self.dictionary = dictionary
        self.all = [_parse(name) for name in names]
        self.functions: dict[str, Callable[[str], str]] = {
            "": str,
            "lower": str.lower,
            "istitle": lambda text: str(titled(text)),
            "isdigit": lambda text: str(number(text)),
            "is_in_dict": lambda text: str(text.lower() in dictionary),
        }

    def known(self, template: Template) -> dict[str, int]:
        """Return the values of a template that the model knows, with their rows of weights."""
        return self.model.values.get(template.name, {})

    def exact(self, words: Sequence[str]) -> Floats:
        """Return the state scores of one sentence, shape (words, labels), to the last bit.

        Weights are added template by template, as crfsuite does: in lists of names many paths
        are equally good but for the rounding, and the labels are to be the same.
        """
        size = len(words)
        scores = np.zeros((size, len(self.model.labels)))
        seen: dict[tuple[int, str], list[str]] = {}
        for one in self.all:
            view = one.span, one.function
            if view not in seen:
                grams = (" ".join(words[a : a + one.span]) for a in range(size - one.span + 1))
                seen[view] = list(map(self.functions[one.function], grams))
            begins = ["BOS"] * -one.first + seen[view][max(0, one.first) :]
            values = (begins + ["EOS"] * size)[:size]
            rows = np.fromiter(map(self.known(one).get, values, repeat(-1)), np.intp, size)
            scores[rows >= 0] += self.model.state[rows[rows >= 0]]
        return scores


def titled(text: str) -> bool:
    """Whether no word begins with a letter that has a capital: `2022` and `“` are titles."""
    if " " in text:
        return all(map(titled, text.split(" ")))
    return text[:1].upper() == text[:1]


def number(text: str) -> bool:
    """Whether a text is a whole number of 32 bits, as Rust reads it: ten digits are too many."""
    match = _NUMBER.fullmatch(text)
    return match is not None and -(2**31) <= int(match[1] + match[2]) < 2**31


def _parse(name: str) -> Template:
    match = _TEMPLATE.match(name)
    if match is None:
        raise ValueError(f"not a feature template: {name}")
    first, last = int(match[1]), int(match[2] or match[1])
    return Template(name, first, last - first + 1, match[3] or "")
