"""The tables for Citus: nothing is constrained across machines. No Citus is needed to see that."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, inspect

from kb.archive.engine import parse_url
from kb.archive.shards import GROUP, KEY, distributed, distribution, statements, violations
from kb.archive.tables import metadata
from tests.archive.conftest import scratch

FORM = distributed(metadata)


def test_nothing_is_constrained_across_machines() -> None:
    assert list(violations(FORM)) == []


def test_the_form_for_one_machine_would_not_do() -> None:
    found = set(violations(metadata))
    assert "revision (id) lacks article_id" in found
    assert "mention refers to revision elsewhere" in found


def test_every_table_has_its_place_and_all_its_columns() -> None:
    assert FORM.tables.keys() == metadata.tables.keys()
    for name, table in metadata.tables.items():
        assert set(table.c.keys()) <= set(FORM.tables[name].c.keys())
    groups = {name: table.info.get(GROUP) for name, table in FORM.tables.items()}
    assert groups["outlet"] is None
    facts = {"revision", "reading", "mention", "quote", "commitment", "assignment", "holding"}
    assert {groups[name] for name in facts} == {"article"}
    assert {FORM.tables[name].info[KEY] for name in facts} == {"article_id"}
    with pytest.raises(LookupError, match=r"shards\.yaml"):
        distribution(Table("new", MetaData(), Column("id", Integer, primary_key=True)))


def test_facts_still_refer_to_their_text() -> None:
    for name in ("mention", "quote", "reading"):
        (key,) = [
            constraint
            for constraint in FORM.tables[name].foreign_key_constraints
            if constraint.referred_table.name == "revision"
        ]
        assert key.column_keys == ["article_id", "revision_id"]
    (run,) = [
        constraint
        for constraint in FORM.tables["revision"].foreign_key_constraints
        if constraint.referred_table.name == "run"
    ]
    assert run.column_keys == ["run_id"]


def test_postgresql_takes_the_form() -> None:
    with scratch() as url:
        engine = create_engine(parse_url(url))
        try:
            FORM.create_all(engine)
            found = inspect(engine)
            assert set(found.get_table_names()) == set(metadata.tables)
            keys = found.get_pk_constraint("revision")["constrained_columns"]
            assert set(keys) == {"article_id", "id"}
        finally:
            engine.dispose()


def test_citus_is_told_in_the_order_of_references() -> None:
    told = list(statements(metadata))
    assert len(told) == len(metadata.tables)
    own = "SELECT create_distributed_table('article', 'id', colocate_with => 'none')"
    other = "SELECT create_distributed_table('mention', 'article_id', colocate_with => 'article')"
    assert told.index(own) < told.index(other)
    assert "SELECT create_reference_table('outlet')" in told
