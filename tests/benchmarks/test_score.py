"""The one table: what is measured on what, and what may be looked at."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import facts, names, press, score, seeds
from benchmarks.matching import Item
from kb.article import Article
from kb.reading import Holding, Kind, Mention, Quote, Reading

URL = "https://bao.example/pho-sach"
BODY = "Bà Trần Thị Mơ, Giám đốc Nhà sách Gió Nồm, nói: “Phố sách mở lại.”\nBà Mơ ở Vĩnh Lộc."
SECOND = BODY.index("Bà Mơ")


def mention(words: str, kind: Kind, after: int = 0) -> Mention:
    start = BODY.index(words, after)
    end = start + len(words)
    return Mention(kind, None, words, words, "body", start, end, 0, len(BODY), "ner", 1.0)


READING = Reading(
    (
        mention("Trần Thị Mơ", "person"),
        mention("Mơ", "person", SECOND),
        mention("Vĩnh Lộc", "org", SECOND),
        Mention("place", None, "Mơ", "Mơ", "title", SECOND, SECOND + 2, 0, 2, "ner", 1.0),
    ),
    "1", 2, 20,
    quotes=(
        Quote(None, "Trần Thị Nhài", None, True, "Phố sách mở lại.", "nói", "body",
              BODY.index("Phố"), BODY.index("”")),
        Quote(None, None, None, True, "…", None, "title", 0, 9),
    ),
    holdings=(
        Holding(None, "Trần Thị Mơ", "Giám đốc Nhà sách Gió Nồm", None, None, "body", 3, 41),
    ),
)  # fmt: skip


class Stub:
    """A reader that has read it already."""

    def read(self, articles: Sequence[Article]) -> list[Reading]:
        return [READING for _ in articles]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of one article, gold for its second sentence, and no other tagger."""
    (tmp_path / "corpus").mkdir()
    record = {"url": URL, "title": "Phố sách", "lead": None, "body": BODY.replace(" ", "  "),
              "published_at": "2024-06-05T23:30:00+00:00"}  # fmt: skip
    with gzip.open(tmp_path / press.CORPUS, "wt", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n" + json.dumps(record | {"body": "later"}) + "\n")
    row = {"url": URL, "start": SECOND, "end": len(BODY),
           "names": [[3, 5, "person"], [8, 16, "place"]]}  # fmt: skip
    (tmp_path / "names-held.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    press._corpus.cache_clear()
    monkeypatch.setattr(press, "GOLD", tmp_path)
    monkeypatch.setattr(press, "_reader", Stub)
    monkeypatch.setattr(names, "TAGGERS", {})
    return tmp_path


def fact_gold(folder: Path, **rest: list[dict[str, Any]]) -> None:
    row = {"url": URL, "holdings": [], "quotes": [], "dates": [], "commitments": [],
           "assignments": []}  # fmt: skip
    (folder / "facts-held.jsonl").write_text(json.dumps(row | rest), "utf-8")


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = score.main(argv)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_article_is_read_whole_and_offsets_count_from_the_sentence(folder: Path) -> None:
    chosen = names.sentences("held", folder)
    assert chosen is not None
    assert [one.text for one in chosen] == ["Bà Mơ ở Vĩnh Lộc."]
    assert names.whole(chosen, folder) == [[Item(3, 5, "person"), Item(8, 16, "org")]]
    (all_kinds,) = names.cases(chosen, names.whole(chosen, folder))
    assert (all_kinds.right, len(all_kinds.wrong), len(all_kinds.missed)) == (1, 1, 1)
    (places,) = names.cases(chosen, names.whole(chosen, folder), "place")
    assert (places.right, len(places.wrong), len(places.missed)) == (0, 0, 1)


def test_of_two_records_with_one_address_the_first_counts(folder: Path) -> None:
    article = press.articles([URL], folder)[URL]
    assert (article.body, article.lead) == (BODY, "")


def test_facts_of_the_body_alone_are_compared(folder: Path) -> None:
    start = BODY.index("Phố")
    said = {"start": start, "end": BODY.index("”"), "direct": True, "speaker": [3, 14]}
    post = BODY.index("Giám")
    fact_gold(folder, quotes=[said], holdings=[{"person": [3, 14], "post": [post, post + 25]}])
    cases = facts.facts("held", folder)
    assert cases is not None
    counts = {label: (one[0].right, len(one[0].wrong), len(one[0].missed))
              for label, one in cases.items()}  # fmt: skip
    assert counts["people with posts"] == (1, 0, 0)
    assert counts["direct quotes"] == (0, 1, 1)
    assert counts["direct quotes, any speaker"] == (1, 0, 0)
    assert counts["reported quotes"] == (0, 0, 0)


def test_dates_are_read_from_the_day_in_vietnam(folder: Path) -> None:
    article = Article("", "", "Sáng nay phố mở.", published_at=press.articles([URL], folder)[URL]
                      .published_at)  # fmt: skip
    (found,) = facts._dates(article, READING)
    assert found.when == ("2024-06-06", "2024-06-06", None, False)


def test_the_table_says_what_was_measured_and_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, str(folder), "--part", "held", "--quick")
    lines = out.splitlines()
    assert code == 0
    assert "names in 1 sentences of 1 articles" in out
    assert "(not annotated: facts-held, facts-policy-held)" in lines
    person = next(line.split() for line in lines if line.startswith("  person"))
    assert person == ["person", "1", "1.00", "1.00", "1.00", "–", "–"]
    assert max(map(len, lines)) <= 100
    assert not any(line.startswith("  event") for line in lines)  # none in the gold


def test_figures_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, str(folder), "--part", "held", "--json")
    rows = {row["family"]: row for row in json.loads(out)}
    assert rows["names"]["system"] == "kb.read"
    assert (rows["names"]["right"], rows["names"]["found"], rows["names"]["wanted"]) == (1, 2, 2)
    assert rows["names"]["f1"] == 0.5


def test_errors_of_the_held_back_half_are_not_shown_unless_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, str(folder), "--part", "held", "--errors", "names")
    assert (code, out) == (2, "") and "--held" in err
    code, out, _ = run(capsys, str(folder), "--errors", "names", "--held")
    assert code == 0
    assert "missed  «Vĩnh Lộc» | place" in out and "wrong   «Vĩnh Lộc» | org" in out
    assert "    Bà Mơ ở Vĩnh Lộc." in out and "Mơ» | person" not in out


def test_errors_are_of_the_building_half_by_default(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, str(folder), "--errors", "names")
    assert (code, out) == (2, "") and "no family" in err  # nobody annotated a building half here


def test_a_missing_corpus_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(folder / "nowhere"), "--part", "held")
    assert code == 1 and "press-2024.jsonl.gz" in err


# --- other taggers ---------------------------------------------------------------------------


def test_tokens_find_their_place_by_the_characters_that_are_no_spaces() -> None:
    text = "Ông  Hoà\u00a0Bình (a_b)."
    assert names.aligned(text, ["Ông", "Hòa_Bình", "(", "a_b", ")", "."]) == [
        (0, 3), (5, 13), (14, 15), (15, 18), (18, 19), (19, 20),
    ]  # fmt: skip


def test_tags_are_joined_and_trimmed_and_need_a_capital() -> None:
    text = "Bà “Mơ Mộng”, Huế - Huế, nhà sách."
    tagged = [("Bà", "O"), ("“Mơ", "B-PER"), ("Mộng”", "I-PER"), (",", "O"), ("Huế", "B-LOC"),
              ("-", "O"), ("Huế", "I-LOC"), (",", "O"), ("nhà_sách", "B-ORG"),
              (".", "B-MISC")]  # fmt: skip
    assert names.entities(text, tagged) == [
        Item(4, 11, "person"), Item(14, 17, "place"), Item(20, 23, "place"),
    ]  # fmt: skip


# --- the seeds -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-05-30", "2025-05-30", "2025-05-30"),
        ("2022/2023", "2022-01-01", "2023-12-31"),
        (None, None, None),
    ],
)
def test_days_of_a_due(due: str | None, first: str | None, last: str | None) -> None:
    assert seeds.days(due) == (first, last)


def test_the_seeds_gold_has_every_family(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_reader", Stub)
    wanted = {label: sum(one.right + len(one.missed) for one in cases)
              for label, cases in seeds.seeds(shared).items()}  # fmt: skip
    assert wanted["initiatives linked"] == 11 and wanted["assignments"] == 11
    assert all(wanted.values())


def test_the_gold_fits_the_texts(shared: Path) -> None:
    """No span ends outside its text, or begins or ends with a space."""
    for part in ("build", "build2", "build3", "held", "seeds", "second"):
        for one in names.sentences(part, shared) or ():
            for name in one.names:
                surface = one.text[name.start : name.end]
                assert surface and surface == surface.strip(), (one.key, one.start, name)
    for part in ("build", "policy-build", "held", "policy-held"):
        gold = press.rows(f"facts-{part}") or []
        texts = press.articles(map(press.key, gold), shared)
        for row in gold:
            body = texts[row["url"]].body
            for family in facts.FAMILIES:
                for item in family.gold(row, body):
                    surface = body[item.start : item.end]
                    assert surface and surface == surface.strip(), (row["url"], family.name, item)
