"""The bundled registry is whole, and a broken file says what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.errors import ConfigError
from kb.registry import Matcher, load_registry
from kb.text import expand

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


LINES = "id: bad\nname: B\nentries:\n  - id: x\n    kind: org\n    sources: ['https://a.vn']\n"
BROKEN = {
    "": "the file is empty; begin with id, name and entries",
    "id: bad\nentries:\n\t- id: a": r"line 3: a tab; indent with spaces",
    LINES + "    name: Dự án: Gốm đỏ": "line 7: a second colon; put it in quotation marks",
    LINES + "    name: Xx\n    aliases:\n      - [hội|đội] Gốm": r"line 9: a text that holds \[ is",
    LINES + "    name: NO": "entry x: name: YAML takes this for False; put it in quotation marks",
    LINES + "    name:": "entry x: name: has nothing behind it; write what it is",
    registry(", aliases: Gốm}"): r"entry x: aliases: must be a list: .* \['Gốm'\]",
    registry(", aliases: [[hội|đội]]}"): r"aliases: no\. 1: must be one text; put it in quotation",
    registry("}").replace(
        "id: x", "id: lò_gốm"
    ): "entry lò_gốm: id: 'lò_gốm' is no id; write small",
    registry("}").replace("'https://a.vn'", ""): "entry x: sources: is empty; give at least one",
    registry("}").replace("https://a.vn", "a.vn"): r"sources: no\. 1: 'a.vn' is no address; write",
    registry(", parent: x}"): "x: parent: names itself; leave it out",
    registry(
        ", government: hue}"
    ): "x: government: hue is of kind place; name an entry of kind org",
    registry("}")[:-1] + ", posts: [{id: p, name: P, org: x, holders: [{person: x, since: 2024-03,"
    " until: 2023, source: 'https://a.vn'}]}]}": "post p: x: until 2023 is before since 2024-03",
    "id: [": r"bad\.yaml: not YAML \(line \d",
    "{id: bad, name: B}": r"bad\.yaml: entries: Field required; add it",
    registry(", colour: red}"): r"entry x: colour: Extra .*; remove it or correct its name",
    registry("}", "}"): r"bad\.yaml: entry x stands already in bad\.yaml; rename one",
    registry(", parent: y}"): r"bad\.yaml: x: parent: y is no entry; add",
    registry(", date: May}"): r"entry x: date: 'May' is no date; write 2024",
    registry("}").replace("kind: org", "kind: initiative"): "initiative x needs a level",
    registry("}").replace("Xx", "''"): r"entry x: name: String should have at least 2",
    registry("}").replace("Xx", "'  '"): r"entry x: name: stands for a name without a letter",
    registry(", aliases: ['[Huế]']}"): r"aliases: no\. 1: text: stands for a name without a letter",
    registry(
        ", aliases: ['Đêm hội [Hương|Cố đô']}"
    ): r"aliases: no\. 1: text: a \[, \] or \| that sta.*'Đêm",
    registry(", needs: ['[hồ|sông', chợ]}"): r"needs: no\. 1: words: no\. 1: a \[, \] or \|",
    registry(", date: 2026-02-31}"): r"entry x: date: no such day or month; .*2026-02-31",
    registry(", date: '2026-13'}"): r"entry x: date: no such day or month",
    registry(
        ", level: local,\n level: international}"
    ): r"bad\.yaml: line 2: level stands twice; keep",
    registry(
        ", programme: hue}"
    ): r"x: programme: hue is of kind place; name an entry of kind prog",
    registry("}", "}").replace(
        "id: x", "id: y", 1
    ): r"bad\.yaml: x: name: Xx is already that of y,",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_says_where(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=BROKEN[text]):
        load_registry(tmp_path)


FINE = (
    # Clues decide, or the kind does; a bundled entry's name may be one's own entry's, too.
    registry(", needs: [gốm]}", ", needs: [lụa]}").replace("id: x", "id: y", 1),
    registry("}", "}").replace("id: x, kind: org", "id: y, kind: event", 1),
    registry("}").replace("Xx", "Sở Du lịch Hà Nội"),
    registry(", date: 2025-02-28, programme: uccn, aliases: ['Hội [các [nghề|làng]] Huế']}"),
    # What several mappings share is no key that stands twice.
    registry(", needs: [&a {words: [hồ], near: 9}]}", ", needs: [{<<: *a, near: 5}]}").replace(
        "id: x", "id: y", 1
    ),
)


@pytest.mark.parametrize("text", FINE)
def test_what_can_be_told_apart_is_no_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "fine.yaml").write_text(text, "utf-8")
    assert {"x", "y"} & load_registry(tmp_path).entries.keys()


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(registry(", colour: red}", ", date: May, parent: y}"), "utf-8")
    entry = "{id: z, kind: initiative, name: Zz, parent: %s, sources: ['https://a.vn']}"
    entries = ", ".join(entry % parent for parent in ("x", "nobody", "hanoi-nowhere"))
    (tmp_path / "b.yml").write_text("{id: b, name: B, entries: [" + entries + "]}", "utf-8")
    lines = told(tmp_path)
    assert [re.sub(r"[:;(].*", "", line.partition(": ")[2]) for line in lines] == [
        "entry x",
        "entry x",
        "initiative z needs a level",
        "entry z stands already in b.yml",
        "initiative z needs a level",
        "entry z stands already in b.yml",
        "initiative z needs a level",
        # x stands in a.yaml, of which something else is wrong
        "z",
        "z",
    ]
    assert [Path(line.partition(": ")[0]).name for line in lines] == ["a.yaml"] * 2 + ["b.yml"] * 7
    (tmp_path / "a.yaml").write_text("entries: [", "utf-8")  # it may hold what seems to be missing
    assert not [line for line in told(tmp_path) if "is no entry" in line]


def test_files_that_are_not_utf8_are_named_with_the_rest(tmp_path: Path) -> None:
    text = "{id: a, name: Chương trình Làng nghề, entries: []}"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-16")
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    first, second = told(tmp_path)
    assert re.search(r"a\.yaml: cannot be read as UTF-8 YAML: .*; save it as UTF-8", first)
    assert "b.yaml: entries" in second


def told(folder: Path) -> list[str]:
    """Return the lines on what is wrong in a folder."""
    with pytest.raises(ConfigError) as caught:
        load_registry(folder)
    return str(caught.value).split("\n")


def test_both_ends_of_yaml_files_are_read(tmp_path: Path) -> None:
    entry = "{id: lang-gom, kind: org, name: Hội Làng gốm, sources: ['https://a.vn']}"
    (tmp_path / "gom.yml").write_text(f"{{id: gom, name: Gốm, entries: [{entry}]}}", "utf-8")
    assert "lang-gom" in load_registry(tmp_path).entries
    assert load_registry(tmp_path).version != load_registry().version


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere does not exist"):
        load_registry(tmp_path / "nowhere")
    (tmp_path / "one.yaml").write_text(registry("}"), "utf-8")
    with pytest.raises(ConfigError, match=r"one\.yaml is a file; name the folder"):
        load_registry(tmp_path / "one.yaml")
