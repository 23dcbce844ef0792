"""A systemd unit and a compose file that do what `kb operate` does here, from the same settings.

No secret is printed: what may hold a password is only named, for the environment file.
"""

from __future__ import annotations

import getpass
import json
import sys
from importlib.resources import files
from pathlib import Path
from string import Template

from kb.settings import SECRET, Settings

_OWN = ("outlets", "registries")
"""Folders of one's own that are read alone."""
_FILE = {"systemd": "systemd.service", "compose": "compose.yaml"}
KINDS = tuple(_FILE)


def unit(kind: str, chosen: Settings) -> str:
    """Return the text of a unit (`systemd`) or compose file (`compose`)."""
    here = Path.cwd()
    text = (files("flows") / "units" / _FILE[kind]).read_text(encoding="utf-8")
    secrets = [_name(name) for name in SECRET if getattr(chosen, name)]
    values = {name: _text(chosen, name) for name in _plain(chosen)}
    if kind == "compose":
        # In the container: its own folder, and open to the port that is published.
        values |= {"data_dir": "/data", "desk_host": "0.0.0.0"}
        if chosen.registries == chosen.data_dir / "registries":  # made there by what was accepted
            values.pop("registries", None)
        values |= {name: f"/{name}" for name in _OWN if name in values}
        lines = [f"      {_name(name)}: {json.dumps(v, ensure_ascii=False)}".replace("$", "$$")
                 for name, v in values.items()]  # fmt: skip
    else:
        values["data_dir"] = str(chosen.data_dir.absolute())
        lines = [f"Environment={_quoted(f'{_name(name)}={v}')}" for name, v in values.items()]
    return Template(text).substitute(
        user=getpass.getuser(),
        folder=here,
        data=chosen.data_dir.absolute(),
        environment=here / ".env",
        secrets=", ".join(secrets) or "none is set now (KB_ALERTS, KB_DATABASE_URL …)",
        variables="\n".join(lines),
        folders="".join(f"\n      - {_mounted(chosen, name)}" for name in _OWN if name in values),
        kb=Path(sys.executable).with_name("kb"),
        checkout=_checkout(),
        desk_host=chosen.desk_host,
        desk_port=chosen.desk_port,
    )


def _plain(chosen: Settings) -> list[str]:
    """Return the settings that differ from their defaults and are no secrets, without folders of
    this machine that a container has not."""
    return [
        name
        for name, field in Settings.model_fields.items()
        if name not in SECRET and getattr(chosen, name) not in (field.default, None)
    ]


def _text(chosen: Settings, name: str) -> str:
    value = getattr(chosen, name)
    if isinstance(value, Path):
        return str(value.absolute())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mounted(chosen: Settings, name: str) -> str:
    return json.dumps(f"{_text(chosen, name)}:/{name}:ro", ensure_ascii=False).replace("$", "$$")


def _name(name: str) -> str:
    return f"KB_{name.upper()}"


def _quoted(text: str) -> str:
    """Return a systemd assignment; `%` begins a specifier, a backslash an escape."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{plain}"'


def _checkout() -> Path:
    return Path(__file__).resolve().parents[1]
