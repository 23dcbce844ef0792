"""Every address of the API with its parameters, from the description that it gives of itself."""

from __future__ import annotations

from typing import Any

from kb.web import create_app
from scripts.reference.table import code, plain, table

_HEAD = """# Addresses of the API

Made from `/openapi.json` when this site was built. Pages, forms, caching and errors are explained
in [asking the archive](../querying.md#api), access from other computers in
[serving the desk](../serving.md).
"""


def api_page() -> str:
    """Return the page of all addresses."""
    paths: dict[str, Any] = create_app().openapi()["paths"]
    return "\n".join([_HEAD, *(_section(path, said["get"]) for path, said in paths.items())])


def _section(path: str, said: dict[str, Any]) -> str:
    about = said.get("description") or said.get("summary") or ""
    rows = (
        [code(one["name"]), one["in"], _schema(one["schema"]), plain(one.get("description", ""))]
        for one in said.get("parameters", ())
    )
    asked = table(("parameter", "in", "value", ""), rows) if said.get("parameters") else ""
    codes = ", ".join(map(code, said["responses"]))
    return f"\n## {path}\n\n{plain(about)}\n\n{asked}\nAnswers: {codes}\n"


def _schema(schema: dict[str, Any]) -> str:
    parts = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    one = parts[0] if parts else {}
    if "enum" in one:
        return ", ".join(code(str(value)) for value in one["enum"])
    if one.get("type") == "array":
        return f"{_schema(one['items'])}; several"
    return str(one.get("format") or one.get("type") or "text")
