"""The interface does what /openapi.json says: schemathesis asks it whatever the description allows,
and what it forbids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, assume, given
from hypothesis import settings as bounds
from schemathesis import GenerationMode

from kb.archive import Archive
from kb.research.figures import FIGURES
from kb.settings import settings
from kb.web import create_app
from kb.web.api import ROWS

BOUNDED = bounds(
    max_examples=12,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LISTS = [f"/api/v1/{kind}" for kind in ROWS]
OTHERS = [
    *(f"/api/v1/{kind}/{{id}}" for kind, row in ROWS.items() if "id" in row.model_fields),
    *(f"/api/v1/{kind}/{{entity_id}}" for kind in ("actors", "initiatives", "documents")),
    "/api/v1/articles/{article_id}", "/api/v1/query", "/feed.atom", "/unapi",
    *(f"/api/v1/{figure}" for figure in FIGURES),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(archive: Archive) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_ACCESS", "open")
        settings.cache_clear()
        yield create_app(archive)
    settings.cache_clear()


@pytest.fixture(scope="module")
def description(app: FastAPI) -> Any:  # noqa: ANN401 - a schema of schemathesis
    config = schemathesis.Config.from_dict({"generation": {"mode": "all"}})
    found = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    assert found.statistic.operations.total >= 20
    return found


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", [*LISTS, *OTHERS])
def test_the_interface_keeps_to_its_description(
    description: Any,  # noqa: ANN401
    operation: str,
    mode: GenerationMode,
) -> None:
    chosen = description.find_operation_by_label(f"GET {operation}")
    seen = []

    @BOUNDED
    @given(chosen.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:  # noqa: ANN401
        if mode is GenerationMode.POSITIVE:  # where a page ends is the interface's to say
            case.query.pop("after", None)
        else:  # what is empty is no part of an address
            assume(all(value not in ({}, [], None) for value in case.query.values()))
        seen.append(case.call_and_validate().status_code)

    ask()
    assert len(seen) > 1


def test_every_operation_is_asked(description: Any) -> None:  # noqa: ANN401
    described = {one.ok().label.removeprefix("GET ") for one in description.get_all_operations()}
    assert described == {*LISTS, *OTHERS}
