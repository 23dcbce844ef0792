"""Where settings come from, and what a wrong one is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import make_url

from kb.errors import ConfigError
from kb.settings import Settings, settings
from tests.cli.program import kb


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder without any setting."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KB_{name.upper()}", raising=False)
    monkeypatch.setattr("kb.settings.settings", settings)
    settings.cache_clear()


def test_everything_has_a_default_that_works() -> None:
    chosen = Settings()
    assert chosen.url == "sqlite:///data/kb.sqlite"
    assert chosen.language == "vi"
    assert chosen.full_text is False


def test_the_archive_follows_the_data_folder_unless_it_is_named() -> None:
    for folder in ("đâu/đó", "100%41 kho?", "a b"):
        url = make_url(Settings(data_dir=Path(folder)).url)
        assert url.database == f"{folder}/kb.sqlite"
    assert Settings(database_url="sqlite:///x.sqlite").url == "sqlite:///x.sqlite"


def test_a_variable_outweighs_the_env_file_which_outweighs_the_toml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kb.toml").write_text('contact = "toml"\nlanguage = "en"\nworkers = 3\n', "utf-8")
    assert (Settings().contact, Settings().language, Settings().workers) == ("toml", "en", 3)
    (tmp_path / ".env").write_text("KB_CONTACT=env\nKB_WORKERS=4\nOTHER=1\n", "utf-8")
    assert (Settings().contact, Settings().language, Settings().workers) == ("env", "en", 4)
    monkeypatch.setenv("KB_CONTACT", "variable")
    assert (Settings().contact, Settings().language, Settings().workers) == ("variable", "en", 4)


@pytest.mark.parametrize(
    ("name", "value"),
    [("KB_WORKERS", "many"), ("KB_WORKERS", "-1"), ("KB_LANGUAGE", "fr"), ("KB_FULL_TEXT", "2x"),
     ("KB_MAX_PAGE_BYTES", "0"), ("KB_API_RATE", "often"), ("KB_API_RATE", "5/hour;"),
     ("KB_TIMEZONE", ""), ("KB_TIMEZONE", "Asia/Hanoi"), ("KB_TIMEZONE", "../UTC")],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"setting {name}: .*{value}"):
        settings()


@pytest.mark.parametrize("name", ["alerts", "database_url", "smtp_url", "heartbeat_url"])
def test_a_secret_of_the_wrong_kind_is_not_shown(tmp_path: Path, name: str) -> None:
    (tmp_path / "kb.toml").write_text(f'{name} = ["mailto://user:geheim@bao.example"]\n', "utf-8")
    with pytest.raises(ConfigError, match=f"setting KB_{name.upper()}: .*valid string") as caught:
        settings()
    assert "geheim" not in str(caught.value)


def test_captures_that_name_a_password_are_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('captures = "ftp://van:geheim@kho.example/bao"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"setting KB_CAPTURES: .*FSSPEC_FTP_PASSWORD") as caught:
        settings()
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("name", ["data_dir", "outlets", "registries", "captures"])
def test_a_tilde_is_the_home_also_where_no_shell_reads_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "kb.toml").write_text(f'{name} = "~/kho"\n', "utf-8")
    assert str(getattr(Settings(), name)) == str(Path.home() / "kho")


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("workers = = 2", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"kb\.toml is not TOML"):
        settings()


@pytest.mark.parametrize(
    ("name", "text"), [("kb.toml", 'contact = "Phạm Vân"\n'), (".env", "KB_CONTACT=Phạm Vân\n")]
)
def test_a_file_that_is_not_utf8_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-16")
    with pytest.raises(ConfigError, match=rf"^{re.escape(name)} is not UTF-8 .*; save it as UTF-8"):
        settings()
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert settings().contact == "Phạm Vân"


@pytest.mark.parametrize("name", ["kb.toml", ".env"])
def test_a_file_that_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def closed() -> Settings:  # whoever runs this may be allowed to read anything
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr("kb.settings.Settings", closed)
    told = f"^{re.escape(name)} cannot be read: Permission denied; let this user read it"
    with pytest.raises(ConfigError, match=told):
        settings()


@pytest.mark.parametrize("rate", ["", " ", "600/minute; 10000/day", "5 per hour"])
def test_rates_that_are_such(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("KB_API_RATE", rate)
    assert settings().api_rate == rate


def test_settings_are_read_once() -> None:
    assert settings() is settings()


def test_commands_obey_the_toml_and_the_variables(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('data_dir = "kho"\n', encoding="utf-8")
    for url, place in (("", "kho/kb.sqlite"), ("sqlite:///khác.sqlite", "khác.sqlite")):
        done = kb(tmp_path, "search", data_dir="", database_url=url)
        assert (done.code, done.out) == (2, "")
        assert re.fullmatch(f"kb: there is no archive at {place}: run `kb nightly` .*\n", done.err)
