"""`kb init` and what `kb doctor` says of a machine that is not in order."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.cli.setup import template
from kb.settings import Settings
from tests.cli.program import kb


def test_init_writes_every_setting_with_its_meaning_and_changes_nothing(tmp_path: Path) -> None:
    done = kb(tmp_path, "init")
    assert (done.code, done.out) == (0, "")
    text = (tmp_path / "kb.toml").read_text("utf-8")
    assert tomllib.loads(text) == {}
    for name, field in Settings.model_fields.items():
        assert f"\n#{name} = " in text
        assert field.description, f"{name} has no docstring"


def test_the_lines_of_init_are_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KB_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    plain = Settings()
    lines = [line[1:] if line[1:2] != " " else line for line in template().splitlines()]
    Path("kb.toml").write_text("\n".join(lines), "utf-8")
    assert set(tomllib.loads("\n".join(lines))) == set(Settings.model_fields)
    assert Settings() == plain


def test_init_never_replaces_a_file_unasked(tmp_path: Path) -> None:
    own = tmp_path / "kb.toml"
    own.write_text('language = "en"\n', "utf-8")
    done = kb(tmp_path, "init")
    assert done.code == 2
    assert "--force" in done.err
    assert own.read_text("utf-8") == 'language = "en"\n'
    for name in ("kb.toml.bak", "kb.toml.bak2"):
        before = own.read_text("utf-8")
        done = kb(tmp_path, "init", "--force")
        assert done.code == 0
        assert str(tmp_path / name) in done.err
        assert (tmp_path / name).read_text("utf-8") == before
        assert "#language = " in own.read_text("utf-8")
    assert (tmp_path / "kb.toml.bak").read_text("utf-8") == 'language = "en"\n'


def test_a_misspelt_setting_is_told_with_what_was_meant(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('languge = "en"\n', "utf-8")
    done = kb(tmp_path, "registry", "list")
    assert done.code == 2
    assert "languge is no setting, perhaps language" in done.err
    (tmp_path / "kb.toml").unlink()
    rows = _doctor(tmp_path, workrs="2")
    assert rows["settings"]["result"] == "warning"
    assert "KB_WORKRS is no setting, perhaps KB_WORKERS" in rows["settings"]["detail"]


def test_a_registry_that_is_wrong_is_no_fault_of_the_reader(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.yaml").write_text("initiatives: 3\n", "utf-8")
    rows = _doctor(tmp_path, registries=str(own))
    assert rows["registry"]["result"] == "FAILED"
    assert rows["reader"]["result"] == "ok"


@pytest.mark.parametrize(
    ("line", "said"),
    [("foo = 1", "foo is no setting: "), ("KB_WORKERS = 2", "no setting, perhaps workers: ")],
)
def test_advice_on_a_wrong_setting_loses_no_other(tmp_path: Path, line: str, said: str) -> None:
    own = tmp_path / "kb.toml"
    own.write_text(f'contact = "van-thu@kho.example"\n{line}\n', "utf-8")
    done = kb(tmp_path, "registry", "list")
    assert (done.code, said in done.err, "--force" in done.err) == (2, True, False)
    shown = kb(tmp_path, *done.err.split("`")[1].split()[1:])
    assert (shown.code, shown.out) == (0, template())
    assert "van-thu@kho.example" in own.read_text("utf-8")
    assert list(tmp_path.glob("kb.toml*")) == [own]


def test_a_clock_that_was_set_back_is_found_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kb.sqlite'}"
    with Archive.open(url) as archive:
        archive.start_run("nightly", {})
        assert _doctor(tmp_path, database_url=url)["clock"]["result"] == "ok"
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        with archive.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE run SET started_at = ?", (f"{tomorrow:%Y-%m-%d %H:%M:%S.%f}",)
            )
    clock = _doctor(tmp_path, database_url=url)["clock"]
    assert clock["result"] == "FAILED"
    assert f"{tomorrow:%Y}" in clock["detail"]
    assert "timedatectl" in clock["mend"]


def test_a_prefect_server_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_outside(), "PREFECT_API_URL", "http://127.0.0.1:9/api")
    found = _doctor(tmp_path)["prefect"]
    assert found["result"] == "FAILED"
    assert "http://127.0.0.1:9/api" in found["detail"]
    assert "--no-server" in found["mend"]


def _outside() -> dict[str, str]:
    from tests.cli import program

    return program.OUTSIDE


def _doctor(folder: Path, **settings: str) -> dict[str, dict[str, str]]:
    done = kb(folder, "doctor", "--format", "json", **settings)
    return {row["check"]: row for row in json.loads(done.out)}
