"""The page of ten questions: its commands hold on any archive; its answers are kept by a program.

The answers are those of an archive of 2,030 articles, most of which are no part of the project:
`python -m benchmarks.questions ../shared` builds it and compares them.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

import pytest

from benchmarks import questions
from benchmarks.questions import PAGE, Asked, answers, asked
from kb.registry import load_registry
from tests.docs.conftest import Night

TEXT = PAGE.read_text("utf-8")
BLOCKS = asked(TEXT)
LONGEST_RUN = 6
"""Syllables in a row that the page may have in common with a newspaper, beside names."""


def test_there_are_ten_questions_each_with_a_command_and_an_answer() -> None:
    sections = TEXT.split("\n## ")[1:]
    assert [one.split(".")[0] for one in sections] == [str(number) for number in range(1, 11)]
    for section in sections:
        found = asked(section)
        assert len(found) == 1
        assert len(found[0].shown.splitlines()) > 1
    assert len(BLOCKS) * 2 - 2 == TEXT.count("```") // 2, "no block is overlooked"


@pytest.fixture(scope="module")
def printed(night: Night) -> dict[str, str]:
    """What each block of the page prints on the sample press, by its text."""
    found = list(answers(BLOCKS, night.place.folder / "data"))
    return {one.text: answer for one, answer in zip(BLOCKS, found, strict=True)}


@pytest.mark.parametrize(
    "block", [one for one in BLOCKS if one.shown], ids=lambda one: one.text.split("\n")[0][:40]
)
def test_every_command_works_on_the_sample_press_and_has_the_columns_shown(
    printed: dict[str, str], block: Asked
) -> None:
    columns = re.findall(r"[a-z_]+", block.shown.splitlines()[0])
    said = printed[block.text]
    assert said.strip()
    assert set(columns) <= set(re.findall(r"[a-z_]+", said))


def test_counts_of_the_sample_press_are_smaller(printed: dict[str, str]) -> None:
    """The page's answers are another archive's: of what both hold it has at least as much."""
    (voice,) = [one for one in BLOCKS if "share-of-voice" in one.text]
    ours = dict(line.split(",")[:2] for line in printed[voice.text].splitlines()[1:])
    theirs = dict(line.split(",")[:2] for line in voice.shown.splitlines()[1:])
    assert list(ours) == list(theirs)
    assert all(0 < int(ours[name]) <= int(theirs[name]) for name in ours)


@pytest.mark.parametrize("changed", [False, True])
def test_the_program_tells_an_answer_that_is_no_longer_true(
    night: Night,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changed: bool,
) -> None:
    page = tmp_path / "page.md"
    page.write_text("Count:\n\n```sh\nkb search 'lễ hội' --format csv | wc -l\n```\n", "utf-8")
    monkeypatch.setattr(questions, "PAGE", page)
    words = ["questions", str(tmp_path), "--data", str(night.place.folder / "data")]
    monkeypatch.setattr(sys, "argv", [*words, "--write"])
    questions.main()
    text = page.read_text("utf-8")
    assert re.search(r"```text\n\d+\n```\n", text)
    if changed:
        page.write_text(re.sub(r"\n(\d+)\n", r"\n1\1\n", text), "utf-8")
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        questions.main()
    assert bool(ended.value.code) is changed
    assert ("0 of 1 blocks" if changed else "1 of 1 blocks") in capsys.readouterr().out


def test_no_sentence_of_the_real_press_stands_on_the_page(shared: Path) -> None:
    page = TEXT
    names = [one.name for one in load_registry(None).entries.values()]
    for name in sorted(names, key=len, reverse=True):
        page = page.replace(name, "\n")
    runs = {
        " ".join(words[start : start + LONGEST_RUN + 1])
        for line in page.splitlines()
        for words in [re.findall(r"\w+", line.lower())]
        for start in range(len(words) - LONGEST_RUN)
    }
    assert len(runs) > 100
    press = " ".join(re.findall(r"\w+", _press(shared).lower()))
    assert {run for run in runs if run in press} == set()


def _press(shared: Path) -> str:
    texts = [path.read_text("utf-8") for path in (shared / "seeds").glob("*.txt")]
    with gzip.open(shared / "corpus/press-2024.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts += ["\n".join(map(str, json.loads(line).values())) for line in lines]
    return "\n".join(texts)
