"""The bundled registry is whole, and a broken file says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import ConfigError
from kb.registry import Matcher, load_registry
from kb.registry.loader import expand

SIX = {
    "design-festival": "international",
    "sea-forum": "international",
    "young-designers": "international",
    "design-centre": "local",
    "creative-spaces": "local",
    "talent-tv": "local",
}


def test_the_hanoi_programme_is_bundled() -> None:
    registry = load_registry()
    assert {e.id: e.level for e in registry.of_kind("initiative")} == SIX
    assert [entry.id for entry in registry.of_kind("programme")] == ["uccn"]
    assert len(registry.of_kind("person", "org")) >= 60
    assert len(registry.of_kind("document")) >= 5
    assert registry.posts
    assert all(h.since or h.until or h.seen for post in registry.posts for h in post.holders)


def test_every_name_finds_its_own_entry() -> None:
    """No name is swallowed by another entry's: each is found where its clues stand beside it."""
    registry = load_registry()
    matcher = Matcher(registry)
    lost = []
    for entry in registry.entries.values():
        for alias in entry.names:
            for name in alias.forms:
                near = sorted(alias.needs, key=lambda clue: clue.before is not None)
                words = [expand(clue.words[0])[0] for clue in near]
                text = " ".join([*(f"{one}." for one in words if one not in name), name])
                if near and near[-1].before:
                    text = text.replace(f"{words[-1]}. ", f"{words[-1]} ")
                at = text.rindex(name)
                found = [m for m in matcher.find([text])[0] if m.start == at]
                if [match.entry.id for match in found] != [entry.id]:
                    lost.append((name, entry.id, [match.entry.id for match in found]))
    assert lost == []


def test_brackets_stand_for_several_names() -> None:
    assert expand("Diễn đàn [ở|tại] Huế") == ["Diễn đàn ở Huế", "Diễn đàn tại Huế"]
    assert expand("Hội [các] nghề [Huế]") == [
        "Hội các nghề Huế",
        "Hội các nghề",
        "Hội nghề Huế",
        "Hội nghề",
    ]


def test_the_version_follows_the_files(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        "{id: more, name: M, entries: [{id: x, kind: org, name: Xx, sources: ['https://a.vn']}]}"
    )
    assert load_registry(tmp_path).version != load_registry().version
    assert "x" in load_registry(tmp_path).entries


def registry(*more: str) -> str:
    """Return a file of as many entries `x`, each with some further keys."""
    entry = "{id: x, kind: org, name: Xx, sources: ['https://a.vn']"
    return "{id: bad, name: B, entries: [" + ", ".join(entry + end for end in more) + "]}"


BROKEN = {
    "id: [": r"bad\.yaml: not YAML \(line \d",
    "{id: bad, name: B}": r"bad\.yaml: entries: Field required",
    registry(", colour: red}"): r"entries\.0\.colour: Extra",
    registry("}", "}"): "x stands already in bad",
    registry(", parent: y}"): "x refers to y",
    registry(", date: May}"): r"entries\.0\.date",
    registry("}").replace("kind: org", "kind: initiative"): "initiative x needs a level",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_says_where(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=BROKEN[text]):
        load_registry(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere does not exist"):
        load_registry(tmp_path / "nowhere")
