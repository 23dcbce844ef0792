"""Accounts, their sessions and the audit log, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from kb.archive import Archive
from kb.archive import accounts as module
from kb.archive.accounts import LONGEST, SHORTEST, Accounts, Role
from kb.errors import ConfigError

PASSWORD = "phố cổ mùa thu"


@pytest.fixture
def accounts(archive: Archive) -> Accounts:
    found = Accounts(archive.engine)
    found.add("lan", Role.reviewer, PASSWORD)
    return found


def test_a_password_opens_its_own_account_only(accounts: Accounts) -> None:
    accounts.add("minh", Role.reader, PASSWORD + "!")
    assert accounts.verify("lan", PASSWORD)
    assert not accounts.verify("lan", PASSWORD + "!")
    assert not accounts.verify("lan", "")
    assert not accounts.verify("nobody", PASSWORD)
    # A password is 200 characters at most; what is typed beyond does not make another one right.
    assert not accounts.verify("lan", PASSWORD + " " * LONGEST)


def test_no_secret_stands_in_the_database(accounts: Accounts) -> None:
    secrets = [accounts.begin("lan", 1), accounts.begin("lan", None), PASSWORD]
    with accounts.engine.connect() as connection:
        rows = [*connection.execute(text("SELECT * FROM account"))]
        rows += [*connection.execute(text("SELECT * FROM session"))]
    assert len(rows) == 3
    assert not any(secret in str(row) for secret in secrets for row in rows)
    assert any("$argon2id$" in str(row) for row in rows)


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("lan", PASSWORD, "already"),
        ("  lan ", PASSWORD, "already"),
        ("", PASSWORD, "name"),
        ("x" * 81, PASSWORD, "name"),
        ("a\nb", PASSWORD, "name"),
        ("an", "x" * (SHORTEST - 1), "password"),
        ("an", "x" * (LONGEST + 1), "password"),
    ],
)
def test_accounts_that_cannot_be(accounts: Accounts, name: str, password: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        accounts.add(name, Role.reader, password)
    assert [one.name for one in accounts.all()] == ["lan"]


def test_a_session_is_of_its_account_until_it_ends(accounts: Accounts) -> None:
    first, second = accounts.begin("lan", 1), accounts.begin("lan", 1)
    found = accounts.of(first, token=False)
    assert found is not None
    assert (found.name, found.role) == ("lan", Role.reviewer)
    assert accounts.of(first + "x", token=False) is None
    assert accounts.of(first, token=True) is None
    accounts.end(first)
    assert accounts.of(first, token=False) is None
    assert accounts.of(second, token=False) is not None


def test_a_session_expires_and_a_token_does_not(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, long, token = (accounts.begin("lan", days) for days in (1, 3, None))
    assert [(one.sessions, one.tokens) for one in accounts.all()] == [(2, 1)]
    later = datetime.now(UTC) + timedelta(days=2)
    monkeypatch.setattr(module, "_now", lambda: later)
    assert accounts.of(short, token=False) is None
    assert accounts.of(long, token=False) is not None
    assert accounts.of(token, token=True) is not None
    assert accounts.of(token, token=False) is None
    assert [(one.sessions, one.tokens) for one in accounts.all()] == [(1, 1)]


def test_a_new_password_ends_sessions_and_tokens(accounts: Accounts) -> None:
    session, token = accounts.begin("lan", 1), accounts.begin("lan", None)
    accounts.set_password("lan", "một mật khẩu khác")
    assert accounts.of(session, token=False) is None
    assert accounts.of(token, token=True) is None
    assert accounts.verify("lan", "một mật khẩu khác")
    assert not accounts.verify("lan", PASSWORD)


def test_another_role_counts_at_once_and_a_removed_account_is_out(accounts: Accounts) -> None:
    session = accounts.begin("lan", 1)
    accounts.set_role("lan", Role.admin)
    found = accounts.of(session, token=False)
    assert found is not None
    assert found.role is Role.admin
    accounts.note("lan", "login", "192.0.2.1")
    accounts.remove("lan")
    assert accounts.of(session, token=False) is None
    assert not accounts.exist()
    assert [(one.who, one.what, one.detail) for one in accounts.noted()] == [
        ("lan", "login", "192.0.2.1")
    ]


@pytest.mark.parametrize("call", ["role", "password", "remove", "begin"])
def test_accounts_that_are_not_there(accounts: Accounts, call: str) -> None:
    calls = {
        "role": lambda: accounts.set_role("an", Role.admin),
        "password": lambda: accounts.set_password("an", PASSWORD),
        "remove": lambda: accounts.remove("an"),
        "begin": lambda: accounts.begin("an", 1),
    }
    with pytest.raises(ConfigError, match="no account an"):
        calls[call]()


def test_the_audit_log_is_newest_first_and_by_who(accounts: Accounts) -> None:
    for who, what in (("lan", "login"), ("minh", "export"), ("lan", "export")):
        accounts.note(who, what)
    assert [one.what for one in accounts.noted()] == ["export", "export", "login"]
    assert [one.what for one in accounts.noted(who="lan")] == ["export", "login"]
    assert len(accounts.noted(limit=1)) == 1


def test_roles_include_those_before() -> None:
    allowed = {(one, other) for one in Role for other in Role if one.may(other)}
    assert allowed == {
        (Role.reader, Role.reader),
        (Role.reviewer, Role.reader),
        (Role.reviewer, Role.reviewer),
        (Role.admin, Role.reader),
        (Role.admin, Role.reviewer),
        (Role.admin, Role.admin),
    }
