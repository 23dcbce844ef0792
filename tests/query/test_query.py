"""The query itself: one table of parameters, there and back again, and told when it is wrong."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.archive.params import by_param, parameters
from kb.archive.query import Filters, Query, make_query
from kb.errors import QueryError
from kb.reading import KINDS

_NAMES = st.lists(st.text("aăâbcdđeê0129&=?+", min_size=1), max_size=3)


def _values(name: str) -> st.SearchStrategy[Any]:
    one = parameters()[name]
    match one.value:
        case "day":
            return st.none() | st.dates()
        case "moment":
            return st.none() | st.dates() | st.datetimes(timezones=st.just(UTC))
        case "numbers":
            return st.lists(st.integers(0, 2**31 - 1), unique=True, max_size=3).map(tuple)
    if one.choices:
        single = st.sampled_from(one.choices)
        return st.lists(single, unique=True).map(tuple) if one.many else single
    return _NAMES.map(lambda many: tuple(dict.fromkeys(many))) if one.many else st.text(max_size=9)


@given(st.fixed_dictionaries({name: _values(name) for name in parameters()}))
def test_a_query_comes_back_from_its_address_and_its_json(values: dict[str, Any]) -> None:
    query = Query(**values)
    assert Query.from_params(query.to_params()) == query
    assert Query.from_json(query.to_json()) == query
    assert make_query(query) == query


def test_every_attribute_of_a_query_is_a_parameter() -> None:
    assert {one.name for one in fields(Query)} == {*parameters(), "limit", "after"}
    own = {one.python for one in parameters().values()} - {"query"}
    # Those that some results do not have are arguments of the frames that do.
    assert own - set(get_type_hints(Filters)) == {"kind", "due_after", "due_before", "order"}
    assert len(by_param()) == len(parameters())


def test_python_has_the_same_filters_as_addresses() -> None:
    query = make_query(
        "lễ hội", since="2025-01-01", outlet=["a", "a", "b"], level="hanoi", place="Ngòi Mục",
        kind=["org"], fact="quotes", article=[3, "4"], reuse="folded", as_of=datetime(2025, 1, 1),
    )  # fmt: skip
    assert query == Query(
        "lễ hội", since=date(2025, 1, 1), outlets=("a", "b"), levels=("hanoi",),
        places=("Ngòi Mục",), kinds=("org",), facts=("quotes",), articles=(3, 4), reuse="folded",
        as_of=datetime(2025, 1, 1),
    )  # fmt: skip
    assert make_query(query, outlet="c").outlets == ("c",)
    assert make_query(query, outlet="c").text == "lễ hội"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"form": "2025-01-01"}, "did you mean from"),
        ({"from": "1/2/2025"}, "from: '1/2/2025' is not a day; write YYYY-MM-DD"),
        ({"from": "20250101"}, "is not a day"),
        ({"kind": ["orgs"]}, f"kind: 'orgs' is none of {', '.join(KINDS)}"),
        ({"fact": ["x"]}, "fact: 'x' is none of quotes"),
        ({"reuse": "no"}, "reuse: 'no' is none of each, folded"),
        ({"article": ["-1"]}, "article: '-1' is not the number of an article"),
        ({"as_of": "2025-01-01T25:00"}, "is no day and no moment"),
        ({"as_of": "0001-01-01T00:00"}, "at an end of the calendar"),
        ({"as_of": "9999-12-31T23:59:59Z"}, "at an end of the calendar"),
        ({"whatever": "1"}, "there are q, from, to"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(QueryError, match="(?s)" + said.replace("?", r"\?")):
        Query.from_json(asked)


@pytest.mark.parametrize("values", [{"limit": 0}, {"order": "best"}, {"reuse": "some"}])
def test_a_query_cannot_be_made_wrong(values: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match=next(iter(values))):
        Query(**values)
