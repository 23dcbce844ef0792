"""Every setting with its type, its default and its meaning, from `kb.settings`."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from kb.settings import Settings
from scripts.reference.table import code, plain, table

_HEAD = """# Settings

Made from `kb.settings` when this site was built. A variable of the environment outweighs `.env`,
which outweighs `kb.toml`; there a setting is written without `KB_` and in lower case. `kb init`
writes a `kb.toml` with all of them, `kb doctor` says which are wrong. A setting that is a secret
belongs into `.env`. How they belong together: [operating](../operating.md).

"""


def variable(name: str) -> str:
    """Return a setting's name in the environment."""
    return f"KB_{name.upper()}"


def settings_page() -> str:
    """Return the page of all settings."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return _HEAD + table(("setting", "value", "default", ""), rows)


def _row(name: str, field: FieldInfo) -> list[str]:
    return [
        f'<a id="{variable(name)}"></a>{code(variable(name))}',
        _type(field.annotation),
        _default(field.default),
        plain(field.description or ""),
    ]


def _type(annotation: Any) -> str:  # noqa: ANN401
    args = [one for one in get_args(annotation) if one is not type(None)]
    if get_origin(annotation) is None:
        names = {"Path": "path", "str": "text", "bool": "true or false", "int": "whole number"}
        return names.get(annotation.__name__, "number")
    if all(isinstance(one, type) for one in args):
        return _type(args[0])
    return " or ".join(code(str(one)) for one in args)


def _default(value: object) -> str:
    if value is None or value == "":
        return ""
    return code(str(value).lower() if isinstance(value, bool) else str(value))
