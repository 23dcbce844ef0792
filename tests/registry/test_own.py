"""A registry of one's own: before the bundled one, or in its place."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from flows.ingest import ingest
from kb.archive import Archive, Query
from kb.archive.origins import entries
from kb.cli import jobs
from kb.errors import ConfigError
from kb.nlp import Reader
from kb.registry import Matcher, accept_name, load_registry, registry_of
from kb.settings import Settings, settings
from kb.web import create_app
from tests.cli.program import kb

HUE = """
id: festival-hue
name: Festival Huế
entries:
  - {id: festival-hue, kind: programme, name: Festival Huế, sources: [https://a.vn/1]}
  - {id: ao-dai, kind: initiative, level: local, programme: festival-hue,
     name: Tuần lễ Áo dài Cố đô, sources: [https://a.vn/2]}
  - {id: co-do, kind: place, name: Huế, sources: [https://a.vn/3]}
  - {id: phong-du-lich, kind: org, name: Sở Du lịch Hà Nội, sources: [https://a.vn/4]}
"""
STORY = {
    "url": "https://bao-co-do.example/ao-dai",
    "outlet": "bao-co-do",
    "title": "Tuần lễ Áo dài Cố đô mở ở Huế",
    "body": "Huế mời khách Hà Nội tới Tuần lễ Áo dài Cố đô. Hồ Hoàn Kiếm cũng treo áo dài, theo "
    "Trung tâm Thiết kế Sáng tạo Hà Nội.",
    "published_at": "2026-03-02T08:00:00+07:00",
}
PAGES = ("/", "/today", "/search", "/search?q=ao+dai", "/compare", "/commitments", "/assignments",
         "/quotes", "/review", "/articles/1", "/initiatives/ao-dai")  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "reg"
    folder.mkdir()
    (folder / "hue.yaml").write_text(HUE, "utf-8")
    return folder


def test_own_entries_win_however_their_folder_is_written(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own.parent)
    found = set()
    for folder in (own, Path("reg"), Path("../") / own.parent.name / "reg"):
        one = load_registry(folder)
        (place,) = Matcher(one).find(["Hội xuân ở Huế"])[0]
        found.add((place.entry.id, one.version, next(iter(one.entries))))
    assert found == {("co-do", load_registry(own).version, "festival-hue")}
    monkeypatch.chdir(own)  # a file may bear the very name of a bundled one
    (own / "hue.yaml").rename("hanoi-uccn.yaml")
    assert {"co-do", "hue", "design-centre"} <= load_registry(Path()).entries.keys()


def test_own_bodies_win_in_lists(own: Path) -> None:
    """A list has no name of its own to be looked for: head and member make it."""
    from kb.nlp.link import Linker

    assert Linker(load_registry(own))._bodies["sở du lịch hà nội"].id == "phong-du-lich"
    assert Reader.version_with(load_registry(own)) != Reader.version_with(load_registry())


def test_a_clash_of_ids_is_laid_to_the_own_file(own: Path) -> None:
    (own / "hue.yaml").write_text(HUE.replace("id: co-do", "id: hue"), "utf-8")
    with pytest.raises(ConfigError, match=r"reg/hue\.yaml: entry hue stands already in hanoi-uccn"):
        load_registry(own)


def test_the_bundled_registry_can_be_left_out(own: Path, tmp_path: Path) -> None:
    alone = registry_of(Settings(registries=own, bundled_registry=False))
    assert set(alone.entries) == {"festival-hue", "ao-dai", "co-do", "phong-du-lich"}
    assert "design-centre" in registry_of(Settings(registries=own)).entries
    (tmp_path / "none").mkdir()
    for nothing in (None, tmp_path / "none"):
        with pytest.raises(
            ConfigError, match="KB_BUNDLED_REGISTRY leaves the bundled one out; put"
        ):
            load_registry(nothing, bundled=False)


def test_a_name_is_accepted_beside_the_registry_in_use(own: Path) -> None:
    """An id that only the left out registry has is free."""
    page = "https://a.vn/5"
    made, _ = accept_name(
        "place", ["Hồ Tây"], page, folder=own, id="west-lake", programme="P", bundled=False
    )
    assert made in load_registry(own, bundled=False).entries
    with pytest.raises(ConfigError, match="entry hue stands already"):
        accept_name("place", ["Sông Hương"], page, folder=own, id="hue", programme="P")


def test_an_archive_of_another_programme_has_no_entry_of_hanoi(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATA_DIR", "data"), ("REGISTRIES", "reg"), ("WORKERS", "1"),
                        ("BUNDLED_REGISTRY", "false")):  # fmt: skip
        monkeypatch.setenv(f"KB_{name}", value)
    settings.cache_clear()
    try:
        (tmp_path / "press.jsonl").write_text(json.dumps(STORY, ensure_ascii=False), "utf-8")
        hanoi = load_registry().of_kind("initiative", "programme")
        with Archive.open() as archive:
            assert ingest(archive, settings(), ["press.jsonl"]).count.new == 1
            assert set(entries(archive.engine)) == set(registry_of(settings()).entries)
            linked = {one["entity_id"] for one in archive.mentions_rows(Query())}
            assert linked == {"ao-dai", "co-do", None}
        with TestClient(create_app(), "http://127.0.0.1", client=("127.0.0.1", 50000)) as desk:
            for page in PAGES:
                shown = desk.get(page, follow_redirects=False)
                assert shown.status_code == 200, page
                assert not [one.id for one in hanoi if f"/initiatives/{one.id}" in shown.text]
                assert not [one.id for one in hanoi if f'value="{one.id}"' in shown.text]
                assert not [one.name for one in hanoi if f">{one.name}<" in shown.text]
            assert desk.get("/initiatives/design-centre").status_code == 404
    finally:
        settings.cache_clear()


def test_the_sample_press_is_read_by_the_bundled_registry(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stories are about that programme."""
    used = []

    def night(chosen: Settings, *_: object, **__: object) -> SimpleNamespace:
        used.append((chosen.registries, "design-centre" in registry_of(chosen).entries))
        return SimpleNamespace(failures=[])

    chosen = Settings(registries=own, bundled_registry=False)
    monkeypatch.setattr("kb.cli.jobs.settings", lambda: chosen)
    monkeypatch.setattr("kb.cli.jobs._sample_press", lambda _: nullcontext(own))
    monkeypatch.setattr("kb.cli.night.run_night", night)
    for more in ({"sample": True}, {}):
        with pytest.raises(SystemExit):
            jobs.nightly(server=False, outlets=None, since="", urls="", wait=0, **more)
    assert used == [(own, True), (own, False)]


def test_check_says_which_files_count(own: Path, tmp_path: Path) -> None:
    done = kb(tmp_path, "registry", "check", "reg", bundled_registry="false", language="en")
    assert (done.code, done.out) == (0, "")
    assert "1 initiative, 1 org, 1 place, 1 programme, 0 posts" in done.err
    assert "1 files of reg, without the bundled ones" in done.err
    done = kb(tmp_path, "registry", "list", bundled_registry="false")
    assert done.code == 2
    assert "there is no registry: KB_BUNDLED_REGISTRY" in done.err
