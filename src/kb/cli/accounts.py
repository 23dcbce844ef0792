"""`kb accounts`: who may use the desk from elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.output import MOST, Format, FormatOption, errors, listing, words

if TYPE_CHECKING:
    from kb.archive.accounts import Accounts, Role

COLUMNS = ("name", "role", "created_at", "sessions", "tokens")
LOG = ("at", "who", "what", "detail")
Name = Annotated[str, typer.Argument(help="The account.")]
RoleOption = Annotated[
    str, typer.Option(help="reader (reads), reviewer (also decides) or admin (also accounts).")
]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin, not the terminal.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        help="Who may use the desk from elsewhere. / Tài khoản.", no_args_is_help=True
    )
    for command in (add, list_, role, password, token, remove, log):
        group.command(command.__name__.rstrip("_"))(command)
    app.add_typer(group, name="accounts")


@contextmanager
def _accounts(*, create: bool = False) -> Iterator[Accounts]:
    from kb.archive import Archive
    from kb.archive.accounts import Accounts

    with Archive.open(create=create) as archive:
        yield Accounts(archive.engine)


def add(name: Name, role: RoleOption = "reader", password_stdin: FromStdin = False) -> None:
    """Add an account; asks for its password. / Thêm tài khoản."""
    wanted = _role(role)
    with _accounts(create=True) as accounts:
        accounts.add(name, wanted, _password(password_stdin))
        _done(accounts, "account added", f"{name} {role}")


def list_(format: FormatOption = Format.table) -> None:
    """List the accounts. / Liệt kê tài khoản."""
    with _accounts() as accounts:
        found = accounts.all()
    listing([asdict(one) for one in found], COLUMNS, format)


def role(name: Name, role: Annotated[str, typer.Argument(help="reader, reviewer, admin")]) -> None:
    """Give an account another role. / Đổi vai trò."""
    wanted = _role(role)
    with _accounts() as accounts:
        accounts.set_role(name, wanted)
        _done(accounts, "role changed", f"{name} {role}")


def password(name: Name, password_stdin: FromStdin = False) -> None:
    """Give an account another password; its sessions and tokens end. / Đổi mật khẩu."""
    with _accounts() as accounts:
        accounts.set_password(name, _password(password_stdin))
        _done(accounts, "password changed", name)


def token(name: Name, label: Annotated[str, typer.Option(help="What it is for.")] = "") -> None:
    """Make a token for programs (`Authorization: Bearer …`), shown once. / Tạo mã truy cập."""
    with _accounts() as accounts:
        secret = accounts.begin(name, None, label=label or None)
        _done(accounts, "token made", f"{name} {label}".strip())
    print(secret)


def remove(name: Name) -> None:
    """Remove an account; what it did stays in the logs. / Xóa tài khoản."""
    with _accounts() as accounts:
        accounts.remove(name)
        _done(accounts, "account removed", name)


def log(
    who: Annotated[str, typer.Option(help="Only of this account.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="At most so many lines.")] = 50,
    format: FormatOption = Format.table,
) -> None:
    """Show who signed in, exported and changed accounts, newest first. / Nhật ký."""
    with _accounts() as accounts:
        found = accounts.noted(who=who or None, limit=limit)
    listing([asdict(one) for one in found], LOG, format)


def _role(name: str) -> Role:
    from kb.archive.accounts import Role
    from kb.errors import ConfigError

    try:
        return Role(name)
    except ValueError as error:
        raise ConfigError(f"no role {name!r}: {', '.join(Role)}") from error


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = typer.prompt(
        words()["password"], hide_input=True, confirmation_prompt=True, err=True
    )
    return asked


def _done(accounts: Accounts, what: str, detail: str) -> None:
    from kb.archive.judgements.log import local_name

    accounts.note(local_name(), what, detail)
    errors.print(f"{what}: {detail}", markup=False)
