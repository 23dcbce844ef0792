"""`kb status` as a monitor sees it, `/metrics` as Prometheus does, `kb operate --print`."""

from __future__ import annotations

import configparser
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from kb.archive import Archive
from kb.capture import Rejection
from kb.web import create_app
from tests.cli.program import kb
from tests.flows.heard import listening
from tests.flows.ledger import NOW, keep, night
from tests.web.conftest import serving


def recent(
    status: str = "done", errors: Mapping[str, str] | None = None, **counts: object
) -> dict[str, Any]:
    """Return a night that ended an hour ago."""
    row = night(1, 12, 11, status=status, errors=errors, **counts)
    shift = datetime.now(UTC) - NOW
    return row | {name: row[name] and row[name] + shift for name in ("started_at", "finished_at")}


def test_a_good_night_is_0_and_a_failed_one_is_1(tmp_path: Path) -> None:
    keep(tmp_path / "data", recent())
    good = kb(tmp_path, "status", "--format", "json", language="en")
    assert (good.code, good.err) == (0, "")
    rows = {row["check"]: row for row in json.loads(good.out)}
    assert {row["result"] for row in rows.values()} == {"ok"}
    assert (rows["night"]["kind"], rows["night"]["new"]) == ("done", 23)
    keep(tmp_path / "data", recent(status="failed"))
    bad = kb(tmp_path, "status", "--format", "json", language="en")
    assert (bad.code, bad.err) == (1, "wrong: night\n")
    assert {row["check"] for row in json.loads(bad.out) if row["result"] == "WRONG"} == {"night"}
    shown = kb(tmp_path, "status")
    assert (shown.code, shown.err) == (1, "Có lỗi: night\n")
    assert all(word in shown.out for word in ("hỏng", "LỖI", "chi tiết"))
    assert "WRONG" not in shown.out


def test_without_an_archive_something_is_wrong_and_usage_is_2(tmp_path: Path) -> None:
    done = kb(tmp_path, "status")
    assert done.code == 1
    assert "kb.sqlite" in done.out
    assert kb(tmp_path, "status", "--format", "xml").code == 2
    assert not (tmp_path / "data" / "kb.sqlite").exists()


def test_an_alert_can_be_sent_from_cron(tmp_path: Path) -> None:
    keep(tmp_path / "data", recent(status="failed"))
    with listening() as heard:
        given = {"alerts": f"json://127.0.0.1:{heard.port}/", "language": "en"}
        assert kb(tmp_path, "status", **given).code == 1
        assert heard.requests == []
        assert kb(tmp_path, "status", "--alert", **given).code == 1
        assert "failed" in json.loads(heard.requests[0][2])["message"]


# --- figures --------------------------------------------------------------------------------

Figures = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def figures(tmp_path: Path) -> Callable[[], Figures]:
    """Read `/metrics` of a fresh desk on this archive."""

    def read() -> Figures:
        with (
            Archive.open(f"sqlite:///{tmp_path / 'data' / 'kb.sqlite'}") as archive,
            serving(create_app(archive)) as home,
        ):
            accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
            answer = httpx.get(f"{home}/metrics", headers=accept)
            plain = httpx.get(f"{home}/metrics")
        assert answer.headers["content-type"].startswith("application/openmetrics-text")
        assert plain.headers["content-type"].startswith("text/plain")
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return read


def test_the_desk_gives_figures(tmp_path: Path, figures: Callable[[], Figures]) -> None:
    last = recent(alarms=[{"outlet": "o0", "kind": "few", "facts": {}}], errors={"o1": "timeout"})
    keep(tmp_path / "data", recent(status="failed"), last)
    with Archive.open(f"sqlite:///{tmp_path / 'data' / 'kb.sqlite'}") as archive:
        archive.reject([Rejection(f"x{n}", "crawl", "HTTP 500") for n in range(3)], None)
    found = figures()
    assert found["kb_articles", ()] == 0
    assert found["kb_quarantine", ("crawl",)] == 3
    assert found["kb_runs", ("nightly", "done")] == found["kb_runs", ("nightly", "failed")] == 1
    at = found["kb_last_success_timestamp_seconds", ("nightly",)]
    assert abs(datetime.fromtimestamp(at, UTC) - last["finished_at"]) < timedelta(seconds=1)
    assert found["kb_night_new", ("o0",)] == 12
    assert found["kb_night_alarms", ()] == 1
    assert found["kb_night_outlet_finished", ("o0",)] == 1
    assert found["kb_night_outlet_finished", ("o1",)] == 0


def test_an_empty_archive_gives_figures_too(tmp_path: Path, figures: Callable[[], Figures]) -> None:
    (tmp_path / "data").mkdir()
    assert figures()["kb_articles", ()] == 0


# --- units ----------------------------------------------------------------------------------

SECRETS = {
    "database_url": "postgresql://kb:geheim@127.0.0.1/kb",
    "alerts": "mailto://kb:geheim@example.org",
    "heartbeat_url": "https://example.org/geheim",
}


def test_the_systemd_unit_carries_the_settings_and_no_secret(tmp_path: Path) -> None:
    done = kb(tmp_path, "operate", "--print", "systemd", desk_port="8123", contact="50%", **SECRETS)
    assert done.code == 0, done.err
    assert "geheim" not in done.out
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(done.out)
    service = parser["Service"]
    assert service["ExecStart"].endswith("/kb operate")
    assert service["WorkingDirectory"] == str(tmp_path)
    assert service["EnvironmentFile"] == f"-{tmp_path / '.env'}"
    for line in ('"KB_DESK_PORT=8123"', '"KB_CONTACT=50%%"', f'"KB_DATA_DIR={tmp_path / "data"}"'):
        assert f"Environment={line}" in done.out
    assert "KB_DATABASE_URL, KB_ALERTS, KB_HEARTBEAT_URL" in done.out


def test_the_compose_file_carries_the_settings_and_no_secret(tmp_path: Path) -> None:
    own = {"outlets": "các báo", "registries": "$mục"}
    given = {"desk_port": "8123", "contact": "5$", **own, **SECRETS}
    done = kb(tmp_path, "operate", "--print", "compose", **given)
    assert done.code == 0, done.err
    assert "geheim" not in done.out
    service = yaml.safe_load(done.out)["services"]["kb"]
    assert service["command"] == ["kb", "operate"]
    assert service["ports"] == ["127.0.0.1:8123:8123"]
    assert service["env_file"] == [{"path": str(tmp_path / ".env"), "required": False}]
    given = service["environment"]
    assert (given["KB_DATA_DIR"], given["KB_DESK_HOST"]) == ("/data", "0.0.0.0")
    assert (given["KB_DESK_PORT"], given["KB_CONTACT"]) == ("8123", "5$$")
    # Folders of this machine are where the container looks for them.
    assert [given[f"KB_{name.upper()}"] for name in own] == [f"/{name}" for name in own]
    mounted = [f"{tmp_path / 'các báo'}:/outlets:ro", f"{tmp_path / '$$mục'}:/registries:ro"]
    assert service["volumes"] == ["data:/data", *mounted]
    assert (Path(service["build"]["context"]) / "requirements.lock").is_file()


@pytest.mark.parametrize("value", ["0 25 * * *", "nightly", "0 2 * *", "0 0 2 * * *"])
def test_a_schedule_that_is_none_is_wrong_usage(tmp_path: Path, value: str) -> None:
    done = kb(tmp_path, "operate", "--print", "systemd", nightly_cron=value)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kb: KB_NIGHTLY_CRON")


def test_a_zone_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    done = kb(tmp_path, "operate", "--print", "systemd", timezone="Asia/Hanoi")
    assert (done.code, done.out) == (2, "")
    assert "KB_TIMEZONE" in done.err


# --- the doctor -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "check", "result"),
    [
        ("alerts", "json://127.0.0.1/ geheim://x", "alerts", "FAILED"),
        ("alerts", "json://127.0.0.1/", "alerts", "ok"),
        ("heartbeat_url", "geheim", "alerts", "FAILED"),
        ("nightly_cron", "at two", "schedule", "FAILED"),
        ("captures", "nowhere://geheim", "captures", "FAILED"),
        ("captures", "not-there-yet", "captures", "warning"),
    ],
)
def test_the_doctor_looks_at_settings_of_the_nights(
    tmp_path: Path, name: str, value: str, check: str, result: str
) -> None:
    done = kb(tmp_path, "doctor", "--format", "json", **{name: value})
    (row,) = [row for row in json.loads(done.out) if row["check"] == check]
    assert row["result"] == result
    assert bool(row["mend"]) == (result != "ok")
    assert "geheim" not in done.out + done.err or check == "captures"
    assert not (tmp_path / ".prefect").exists()


def test_the_doctor_warns_of_a_night_that_failed(tmp_path: Path) -> None:
    keep(tmp_path / "data", recent(status="failed"))
    done = kb(tmp_path, "doctor", "--format", "json")
    (row,) = [row for row in json.loads(done.out) if row["check"] == "nights"]
    assert (row["result"], done.code) == ("warning", 0)
    assert "failed" in row["detail"]
