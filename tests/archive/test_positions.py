"""Where frequent words stand: PostgreSQL's answers from it are those of the texts, and SQLite's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kb.archive import Archive, Query, index, match
from kb.archive.engine import reading
from kb.archive.grammar import Filter, Node, leaves, parse
from kb.archive.positions import Positions
from kb.archive.standing import gathered
from kb.text import token_strings
from tests.archive.stories import pair

FREQUENT = ("không", "có", "người", "của", "và", "thành", "gian", "cơ", "la", "là")
RARE = ("gốm", "sứ", "gơm")
Found = dict[str, tuple[int, ...]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def mixed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """Three hundred short texts of a few words: more than a block; no test writes to it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('positions') / 'kb.sqlite'}"
    else:
        url = str(request.getfixturevalue("scratch_database"))
    draw = random.Random(5)
    words = (*FREQUENT, *FREQUENT, *RARE)
    made = [
        pair(*(" ".join(draw.choices(words, k=k)) for k in (2, draw.randrange(4), 9)),
             url=f"https://x.example/{number}")
        for number in range(300)
    ]  # fmt: skip
    with Archive.open(url) as archive:
        archive.load(made[:100], None)
        archive.load(made[100:], None)
        yield archive


def questions() -> list[str]:
    """Queries of frequent words, and of some that are not, of every kind."""
    draw = random.Random(11)
    one = (*FREQUENT, *RARE)
    found = []
    for _ in range(60):
        a, b, c = (draw.choice(one) for _ in range(3))
        phrase = f'"{a} {b}"'
        found += [
            draw.choice((phrase, f'"{a} {b} {c}"')),
            f"{a} NEAR/{draw.randrange(4)} {b}",
            draw.choice((f'NEAR("{a} {b}" {c}, 2)', f'NEAR("{a} {b}" "{b} {c}", 1)')),
            f"NEAR({a} {a}, 1)",
            draw.choice((f"{phrase} OR {c}", f"{phrase} -{c}", f'{phrase} OR -"{b} {c}"')),
            draw.choice((f'-{phrase} "{c} {a}"', f"{c} -{phrase}", f"({phrase} OR {c}) {a}")),
        ]
    folded = [" ".join(token_strings(text)[1]) for text in ('"không có" người', '"la co"')]
    return [*dict.fromkeys(found), *folded, '"khong co"', '"la co"', "NEAR(cua nguoi, 3)"]


@pytest.fixture(scope="module")
def earlier() -> Found:
    """What the first engine found."""
    return {}


def test_both_engines_find_the_same(mixed: Archive, earlier: Found) -> None:
    found = {
        typed: tuple(hit.article_id for hit in mixed.search(Query(typed, limit=500)).hits)
        for typed in questions()
    }
    assert sum(map(bool, found.values())) > 150
    if not earlier:
        earlier |= found
    assert found == earlier


@pytest.mark.parametrize("mixed", ["postgresql"], indirect=True)
def test_positions_decide_as_the_texts_do(mixed: Archive) -> None:
    decided = 0
    with reading(mixed.engine) as connection:
        positions = Positions(connection)
        for typed in questions():
            node = parse(typed)
            assert node is not None
            for folded in (False, True):
                decided += known(node, folded, positions)
                with_them, without = (
                    set(connection.execute(match.matching(node, folded, "postgresql", None, one))
                        .scalars())
                    for one in (positions, None)
                )  # fmt: skip
                assert with_them == without, (typed, folded)
    assert decided > 200


def known(node: Node, folded: bool, positions: Positions) -> bool:
    return any(
        positions.knows(leaf, folded)
        for leaf in leaves(node)
        if not isinstance(leaf, Filter) and not (hasattr(leaf, "exact") and len(leaf.exact) == 1)
    )


def test_more_places_than_one_head_counts(archive: Archive) -> None:
    assert {"không", "có", "người"} <= index.common()
    body = " ".join(["không người"] * 300 + ["không có"])
    archive.load([pair("Tin", "", body), pair("Tin", "", "Không người có")], None)
    assert archive.search(Query('"không có"')).total == 1
    assert archive.search(Query('"người không có"')).total == 1
    assert archive.search(Query('"có người"')).total == 0
    assert archive.search(Query('"người có"')).total == 1


def test_nothing_is_near_across_fields(archive: Archive) -> None:
    archive.load([pair("Không", "Có", "Người của"), pair("Có không", "", "Người")], None)
    assert archive.search(Query("NEAR(không có, 30)")).total == 1
    assert archive.search(Query("NEAR(có người, 30)")).total == 0
    assert archive.search(Query("NEAR(của người, 0)")).total == 1
    assert archive.search(Query('"có người"')).total == 0


def test_an_earlier_text_is_found_no_more(archive: Archive) -> None:
    url = "https://x.example/tin"
    first, last = (datetime(2025, 1, day, tzinfo=UTC) for day in (1, 2))
    for seen, body in ((first, "Không có người"), (last, "Người của thành phố")):
        article, read = pair("Tin", "", body, url=url)
        archive.load([(replace(article, seen_at=seen), read)], None)
    assert archive.search(Query('"không có"')).total == 0
    assert archive.search(Query('"người của"')).total == 1
    assert archive.search(Query('-"không có"')).total == 1
    archive.reindex()
    assert archive.search(Query('"không có"')).total == 0
    assert archive.search(Query('"người của"')).total == 1


def test_rows_are_by_word_and_block() -> None:
    """Two texts on either side of a border; marks of titles, and rare words, have no row."""
    text = " | ^không | | không | | có không gốm | "
    words, folded, blocks, heads, places = gathered([(255, text, text), (256, text, text)])
    exact = [row for row in zip(words, folded, blocks, heads, places, strict=True) if not row[1]]
    assert [row[:3] for row in exact] == [
        ("có", False, 0), ("có", False, 1), ("không", False, 0), ("không", False, 1),
    ]  # fmt: skip
    assert exact[0][3] == bytes([0, 255])
    assert exact[2][3] == bytes([1, 255])
    assert exact[3][3] == bytes([1, 0])
    assert exact[0][4] == exact[1][4]
    first, second = (int.from_bytes(exact[2][4][n : n + 2], "little") for n in (0, 2))
    at = int.from_bytes(exact[0][4], "little")
    assert second == at + 1
    assert at - first > 30
