"""Who may use the desk: accounts with a role, their sessions and tokens, and the audit log.

Passwords are kept as Argon2id hashes (argon2-cffi's defaults, which are RFC 9106's second choice),
sessions and tokens as SHA-256 of 256 random bits.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from kb.archive.account_tables import account, audit, session
from kb.archive.engine import reading, writing
from kb.errors import ConfigError

SHORTEST = 10
"""Characters of the shortest password (NIST SP 800-63B asks for 8 at least)."""
LONGEST = 200
_NAME = 80


class Role(StrEnum):
    """What an account may do; each may what those before it may."""

    reader = "reader"
    reviewer = "reviewer"
    admin = "admin"

    def may(self, role: Role) -> bool:
        """Tell whether this role includes another."""
        order = list(Role)
        return order.index(self) >= order.index(role)


@dataclass(frozen=True)
class Account:
    """One person who may use the desk."""

    name: str
    role: Role
    created_at: datetime
    sessions: int = 0
    tokens: int = 0


@dataclass(frozen=True)
class Deed:
    """One line of the audit log."""

    at: datetime
    who: str
    what: str
    detail: str | None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Return a hash that no password has: unknown names take as long as known ones."""
    return _hasher().hash(secrets.token_hex())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Accounts:
    """The accounts of an archive; each method is one transaction, as there."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, name: str, role: Role, password: str) -> None:
        """Add an account.

        Raises:
            ConfigError: the name is taken, empty or too long, or the password too short.
        """
        name = name.strip()
        if not 0 < len(name) <= _NAME or not name.isprintable():
            raise ConfigError(f"an account's name has 1 to {_NAME} printable characters")
        row = {
            "name": name, "role": role, "password": _hashed(password), "created_at": _now()
        }  # fmt: skip
        with writing(self.engine) as connection:
            if connection.execute(select(account.c.name).where(account.c.name == name)).first():
                raise ConfigError(f"there is an account {name} already")
            connection.execute(insert(account), row)

    def all(self) -> list[Account]:
        """Return all accounts by name, with how many sessions and tokens they have open."""

        def counted(token: bool) -> object:
            open_ = (session.c.expires_at.is_(None)) | (session.c.expires_at > _now())
            return (
                select(func.count()).where(
                    session.c.account == account.c.name, session.c.token.is_(token), open_
                ).scalar_subquery()
            )  # fmt: skip

        columns = (account.c.name, account.c.role, account.c.created_at)
        statement = select(*columns, counted(False), counted(True)).order_by(account.c.name)  # type: ignore[call-overload]
        with reading(self.engine) as connection:
            rows = connection.execute(statement).all()
        return [Account(row[0], Role(row[1]), row[2], row[3], row[4]) for row in rows]

    def exist(self) -> bool:
        """Tell whether there is any account."""
        with reading(self.engine) as connection:
            return connection.execute(select(account.c.name).limit(1)).first() is not None

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role; its sessions go on with it.

        Raises:
            ConfigError: there is no such account.
        """
        with writing(self.engine) as connection:
            _one(connection, name)
            connection.execute(update(account).where(account.c.name == name).values(role=role))

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password and end all its sessions and tokens.

        Raises:
            ConfigError: there is no such account, or the password is too short.
        """
        hashed = _hashed(password)
        with writing(self.engine) as connection:
            _one(connection, name)
            connection.execute(
                update(account).where(account.c.name == name).values(password=hashed)
            )
            connection.execute(delete(session).where(session.c.account == name))

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and tokens; what it did stays in the logs.

        Raises:
            ConfigError: there is no such account.
        """
        with writing(self.engine) as connection:
            _one(connection, name)
            connection.execute(delete(account).where(account.c.name == name))

    def verify(self, name: str, password: str) -> bool:
        """Tell whether this is the account's password; it takes as long for unknown names."""
        with reading(self.engine) as connection:
            found = connection.execute(
                select(account.c.password).where(account.c.name == name)
            ).scalar()
        try:
            right = _hasher().verify(found or _nobody(), password[:LONGEST])
        except VerifyMismatchError:
            return False
        return right and found is not None

    def begin(self, name: str, days: float | None, *, label: str | None = None) -> str:
        """Open a session of so many days, or (None) a token without end; return its secret.

        Raises:
            ConfigError: there is no such account.
        """
        secret, now = secrets.token_urlsafe(32), _now()
        row = {
            "digest": _digest(secret),
            "account": name,
            "label": label,
            "created_at": now,
            "expires_at": None if days is None else now + timedelta(days=days),
            "token": days is None,
        }
        with writing(self.engine) as connection:
            _one(connection, name)
            connection.execute(delete(session).where(session.c.expires_at <= now))
            connection.execute(insert(session), row)
        return secret

    def of(self, secret: str, *, token: bool) -> Account | None:
        """Return whose session (or token) this is; None once it has expired or was ended."""
        c = account.c
        statement = (
            select(c.name, c.role, c.created_at)
            .join(session, session.c.account == c.name)
            .where(
                session.c.digest == _digest(secret),
                session.c.token.is_(token),
                session.c.expires_at.is_(None) | (session.c.expires_at > _now()),
            )
        )
        with reading(self.engine) as connection:
            row = connection.execute(statement).first()
        return None if row is None else Account(row[0], Role(row[1]), row[2])

    def end(self, secret: str) -> None:
        """End a session or token; one that is not there changes nothing."""
        with writing(self.engine) as connection:
            connection.execute(delete(session).where(session.c.digest == _digest(secret)))

    def note(self, who: str, what: str, detail: str | None = None) -> None:
        """Add a line to the audit log."""
        row = {"id": uuid.uuid4().hex, "at": _now(), "who": who, "what": what, "detail": detail}
        with writing(self.engine) as connection:
            connection.execute(insert(audit), row)

    def noted(self, *, who: str | None = None, limit: int = 100) -> list[Deed]:
        """Return the newest lines of the audit log, newest first."""
        statement = select(audit.c.at, audit.c.who, audit.c.what, audit.c.detail)
        if who is not None:
            statement = statement.where(audit.c.who == who)
        statement = statement.order_by(audit.c.at.desc(), audit.c.id).limit(limit)
        with reading(self.engine) as connection:
            return [Deed(*row) for row in connection.execute(statement)]


def _one(connection: Connection, name: str) -> None:
    if not connection.execute(select(account.c.name).where(account.c.name == name)).first():
        raise ConfigError(f"there is no account {name}; `kb accounts list` shows them all")


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError(f"a password has {SHORTEST} to {LONGEST} characters")
    return _hasher().hash(password)


def _now() -> datetime:
    return datetime.now(UTC)
