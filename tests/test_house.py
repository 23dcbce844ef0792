"""The house as it was drawn: who may import whom, how large a module is, what no file holds."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from kb.cli.main import app

ROOT = Path(__file__).resolve().parents[1]
CODE = ("src/kb", "crawlers", "flows")
LONGEST = 400

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"article", "capture", "reading", "text", "strict_yaml", "errors", "memory"}),
    frozenset({"settings", "registry", "outlets", "archive"}),
    frozenset({"crawlers", "extract", "nlp", "research", "sample"}),
    frozenset({"flows", "web"}),
    frozenset({"cli"}),
)
SHARED = FLOORS[0] | {"settings"}
"""What neighbours on one floor may take from one another."""
STAGES = {"crawlers", "extract", "nlp"}
"""Rooms that `flows` alone joins; pages and commands see what came of them."""
KEPT_IN = {
    "scrapy": {"crawlers"},
    "twisted": {"crawlers"},
    "prefect": {"flows"},
    "underthesea": {"nlp"},
    "trafilatura": {"extract"},
    "sqlalchemy": {"archive"},
    "alembic": {"archive"},
    "fastapi": {"web"},
    "pandas": {"research"},
    "prometheus_client": {"web"},
    "apprise": {"flows"},
    "standardwebhooks": {"flows"},
    "typer": {"cli"},
    "dask": {"flows"},
    "distributed": {"flows"},
    "prefect_dask": {"flows"},
}
"""Third-party packages that belong to one room: what a room hands out is plain records."""
CALLING_OUT = {
    "requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "socket", "smtplib",
}  # fmt: skip


MAY_CALL = {"flows/ping.py", "flows/sending.py"}
"""Ask servers of our own, the operator's monitor, and whoever has subscribed; never an outlet."""


def modules() -> list[Path]:
    return sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))


def room(name: str) -> str:
    """Return the room of a dotted module name; the package `kb` itself is the hall."""
    parts = name.split(".")
    if parts[0] != "kb":
        return parts[0]
    return parts[1] if len(parts) > 1 else "kb"


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] if parts[0] != "src" else room(".".join(parts[1:]).removesuffix(".__init__"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path, *, top_level_only: bool = False) -> frozenset[str]:
    """Return what a module imports, dotted, wherever the import stands."""
    return frozenset(_imports(path, top_level_only))


def _imports(path: Path, top_level_only: bool) -> Iterator[str]:
    tree = parsed(path)
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            module = str(node.module)
            if module in {"kb", "urllib", "http"}:
                yield from (f"{module}.{alias.name}" for alias in node.names)
            else:
                yield module


def ours(path: Path, **which: bool) -> Iterator[str]:
    for name in imports(path, **which):
        if name.split(".")[0] in {"kb", "crawlers", "flows"}:
            yield room(name)


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def may_import(who: str, what: str) -> bool:
    if who == what or who == "kb":  # the hall opens doors only when someone asks, see below
        return True
    if who == "sample":
        return what == "errors"
    if what == "kb":
        return who == "cli"
    if what in STAGES:  # the page of an archived copy reads and decodes it as extraction does
        return who == "flows" or (who, what) == ("web", "extract")
    return floor(what) < floor(who) or (floor(what) == floor(who) <= 1 and what in SHARED)


def test_every_room_stands_on_one_floor() -> None:
    found = {room_of(path) for path in modules()} - {"kb"}
    assert found == {name for rooms in FLOORS for name in rooms}


def test_imports_go_down_and_no_stage_knows_another() -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {what}"
        for path in modules()
        for what in ours(path)
        if not may_import(room_of(path), what)
    }
    assert not wrong


def test_the_stages_are_joined_in_one_file_only() -> None:
    joining = [
        str(path.relative_to(ROOT)) for path in modules() if {"extract", "nlp"} <= set(ours(path))
    ]
    assert joining == ["flows/stages.py"]


def test_import_kb_loads_nothing_until_someone_asks() -> None:
    hall = ROOT / "src" / "kb" / "__init__.py"
    assert imports(hall, top_level_only=True) == {"__future__", "functools", "typing"}
    assert "cli" not in set(ours(hall))


@pytest.mark.parametrize(("package", "rooms"), KEPT_IN.items())
def test_a_library_stays_in_its_room(package: str, rooms: set[str]) -> None:
    users = {
        room_of(path)
        for path in modules()
        if package in {name.split(".")[0] for name in imports(path)}
    }
    assert users == rooms


def test_only_the_crawlers_open_connections() -> None:
    callers = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        if room_of(path) != "crawlers" and str(path.relative_to(ROOT)) not in MAY_CALL
        for name in imports(path)
        if any(name == way or name.startswith(f"{way}.") for way in CALLING_OUT)
    }
    assert not callers


def test_prefect_is_loaded_by_the_nightly_job_alone() -> None:
    """Loading it takes seconds; `scheduled.py` is loaded by Prefect's own processes."""
    users = {path.name: path for path in modules() if "prefect" in _packages(path)}
    assert set(users) == {
        "prefect_cluster.py", "prefect_runner.py", "prefect_server.py", "schedule.py",
        "scheduled.py", "work_pool.py",
    }  # fmt: skip
    eager = {
        name for name, path in users.items() if "prefect" in _packages(path, top_level_only=True)
    }
    assert eager == {"scheduled.py"}
    loading = {path.name for path in modules() if "flows.scheduled" in _names(path)}
    assert loading == {"schedule.py", "work_pool.py"}


def _packages(path: Path, **which: bool) -> set[str]:
    return {name.split(".")[0] for name in imports(path, **which)}


def _names(path: Path) -> set[str]:
    """Return imported names with what is taken from `flows` itself."""
    found = set(imports(path))
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "flows":
            found |= {f"flows.{alias.name}" for alias in node.names}
    return found


def test_no_module_is_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules()
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_every_exception_of_ours_belongs_to_the_one_tree() -> None:
    strays = []
    for path in modules():
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.ClassDef) or path.name == "errors.py":
                continue
            bases = {ast.unparse(base) for base in node.bases}
            if bases & {"Exception", "ValueError", "RuntimeError", "KbError"}:
                strays.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert strays == []


# --- what no file holds ----------------------------------------------------------------------

# In two halves, so that this file does not name what it forbids.
HOSTS = "|".join(a + b for a, b in (("py", "pi"), ("python", "hosted"), ("npm", "js")))
REGISTRY = re.compile(rf"\b(?:{HOSTS})\.(?:org|com)\b|--(?:extra-)?index-url")
HOME = re.compile(r"(?<![\w./:}-])/(?:root|home/\w+|Users/\w+)/")


def kept_files() -> Iterator[tuple[str, str]]:
    """Yield name and text of every text file that belongs to the project."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout: which files belong to the project is unknown")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data[:8000]:
            yield name, data.decode("utf-8", errors="replace")


def test_no_file_names_a_package_registry() -> None:
    assert [name for name, text in kept_files() if REGISTRY.search(text)] == []


def test_no_file_names_a_place_on_this_machine() -> None:
    here = (str(ROOT), str(ROOT.parent / "shared"))
    wrong = [
        name
        for name, text in kept_files()
        if HOME.search(text) or any(place in text for place in here)
    ]
    assert wrong == []


# --- what is written agrees with what is ------------------------------------------------------


def test_every_dependency_is_explained_in_the_choices() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[^\w.-]", line)[0].lower() for line in project["dependencies"]}
    words = set(re.findall(r"[\w.-]+", (ROOT / "docs/choices.md").read_text("utf-8").lower()))
    assert {name for name in needed if name not in {word.strip(".-") for word in words}} == set()


def commands() -> set[str]:
    """Return every command of the program: `nightly`, `registry list` …"""
    found = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        found.add(name)
        found |= {f"{name} {sub}" for sub in getattr(command, "commands", {})}
    return found


def test_the_readme_names_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.S))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))
    assert "run" in (named := set(re.findall(r"\bmake ([a-z]+)", code)))
    assert named <= targets
    known = commands()
    groups = {name.split()[0] for name in known if " " in name}
    for name, sub in re.findall(r"(?:^|[\s`/])kb ([a-z][a-z-]*)(?: ([a-z][a-z-]*)\b)?", code):
        assert name in known, f"README: kb {name}"
        assert name not in groups or not sub or f"{name} {sub}" in known, f"README: kb {name} {sub}"


def test_the_commands_of_the_program_are_those_of_typer() -> None:
    assert isinstance(app, typer.Typer)
    assert {"nightly", "ingest", "search", "export", "quarantine", "doctor"} <= commands()
