"""Cutting a text: pieces join to it, marks never cross, what is left out is noted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.reading import Kind, Mention
from kb.web.marks import Paragraph, excerpt, grouped, highlighted, pieces, whole

TEXT = "Một hai. Ba bốn! Năm sáu?\nBảy tám. Chín mười.\n\nMười một."


def mention(
    start: int,
    end: int,
    sentence: tuple[int, int] = (0, 8),
    *,
    kind: Kind = "org",
    method: str = "registry",
    entity_id: str | None = "a",
    name: str = "A",
) -> Mention:
    surface = TEXT[start:end]
    return Mention(kind, entity_id, name, surface, "body", start, end, *sentence, method, 1.0)


def shown(paragraphs: list[Paragraph]) -> list[str]:
    return [
        ("… " if one.gap_before else "")
        + " … ".join("".join(piece.text for piece in run) for run in one.runs)
        + (" …" if one.gap_after else "")
        for one in paragraphs
    ]


def sentence(text: str) -> tuple[int, int]:
    return TEXT.index(text), TEXT.index(text) + len(text)


def naming(text: str, kind: Kind = "org", method: str = "registry") -> Mention:
    start, end = sentence(text)
    return mention(start, start + 2, (start, end), kind=kind, method=method)


@given(
    st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))), max_size=6),
    st.integers(0, len(TEXT)),
    st.integers(0, len(TEXT)),
)
def test_pieces_join_to_the_text_and_know_all_their_mentions(
    spans: list[tuple[int, int]], first: int, second: int
) -> None:
    start, end = min(first, second), max(first, second)
    mentions = [mention(min(span), max(span)) for span in spans if span[0] != span[1]]
    found = pieces(TEXT, mentions, start, end)
    assert "".join(piece.text for piece in found) == TEXT[start:end]
    at = start
    for piece in found:
        for place in range(at, at + len(piece.text)):
            covering = [one for one in mentions if one.start <= place < one.end]
            assert sorted(map(id, piece.mentions)) == sorted(map(id, covering))
        lengths = [one.end - one.start for one in piece.mentions]
        assert lengths == sorted(lengths)
        at += len(piece.text)


def test_whole_text_is_every_paragraph_without_gaps() -> None:
    assert shown(whole(TEXT, [mention(0, 3)])) == [line for line in TEXT.split("\n") if line]


def test_excerpt_keeps_sentences_with_registry_names() -> None:
    assert shown(excerpt(TEXT, [naming("Ba bốn!")])) == ["… Ba bốn! …"]
    assert shown(excerpt(TEXT, [naming("Một hai."), naming("Năm sáu?")])) == [
        "Một hai. … Năm sáu? …"
    ]
    assert shown(excerpt(TEXT, [naming("Một hai."), naming("Ba bốn!")])) == ["Một hai. Ba bốn! …"]
    assert shown(excerpt(TEXT, [naming("Năm sáu?"), naming("Bảy tám.")])) == [
        "… Năm sáu?",
        "Bảy tám. …",
    ]
    assert shown(excerpt(TEXT, [naming("Một hai."), naming("Mười một.")])) == [
        "Một hai.",
        "… Mười một.",
    ]


def test_places_and_unknown_names_open_no_sentence() -> None:
    assert excerpt(TEXT, [naming("Ba bốn!", kind="place")]) == []
    assert excerpt(TEXT, [naming("Ba bốn!", method="ner")]) == []


def test_unknown_names_are_marked_in_a_sentence_that_is_shown() -> None:
    candidate = mention(12, 15, method="ner")
    paragraph = excerpt(TEXT, [naming("Ba bốn!"), candidate])[0]
    assert [piece.text for piece in paragraph.runs[0] if candidate in piece.mentions] == ["bốn"]


def test_groups_go_by_kind_and_then_by_frequency() -> None:
    listed = [
        mention(0, 3, entity_id=None, name="X", kind="place"),
        mention(0, 3, entity_id="a"),
        mention(4, 7, entity_id="b"),
        mention(9, 11, entity_id="b"),
        mention(9, 11, entity_id="c", kind="initiative"),
    ]
    assert [(len(group), group[0].entity_id) for group in grouped(listed)] == [
        (1, "c"),
        (2, "b"),
        (1, "a"),
        (1, None),
    ]


def test_highlights_cut_a_snippet_without_losing_any_of_it() -> None:
    assert highlighted("abcdef", [(0, 2), (2, 3), (5, 6)]) == [
        ("ab", True),
        ("c", True),
        ("de", False),
        ("f", True),
    ]
    assert highlighted("abc", []) == [("abc", False)]
