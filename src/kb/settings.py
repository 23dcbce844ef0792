"""Settings from `KB_…` environment variables, `.env` and `kb.toml`, in that order of weight."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kb.errors import ConfigError

PROJECT_URL = "https://example.org/vietnamese-press-kb"
SECRET = ("database_url", "alerts", "heartbeat_url", "captures", "smtp_url")
"""Settings whose value may hold a password."""


class Settings(BaseSettings):
    """Everything that an operator may set; every field has a default that works at once."""

    model_config = SettingsConfigDict(
        env_prefix="KB_",
        env_file=".env",
        toml_file="kb.toml",
        extra="ignore",
        use_attribute_docstrings=True,
    )

    data_dir: Path = Path("data")
    """Folder of the embedded archive, the WARC files, crawl logs and the schedule's state."""
    database_url: str = ""
    """SQLAlchemy URL of the archive; empty means `sqlite:///<data_dir>/kb.sqlite`."""
    outlets: Path | None = None
    """Folder of outlet YAML files used instead of the bundled ones."""
    registries: Path | None = None
    """Folder of registry YAML files used beside the bundled ones; if it is not set, the folder
    `registries` in `data_dir` where `kb registry accept` has made it."""
    bundled_registry: bool = True
    """Whether the bundled registry (Hanoi) counts beside one's own; `false` for another programme,
    in an archive of its own."""
    captures: str = ""
    """Where WARC files are kept: a folder, or the fsspec URL of one (`s3://bucket/press`, each kind
    by its own plugin); empty means `<data_dir>/captures`."""
    backups: Annotated[int, Field(ge=0)] = 7
    """Backups that `kb backup` keeps in `<data_dir>/backups`, the newest; 0 keeps all."""
    log_days: Annotated[int, Field(ge=0)] = 90
    """Days after which `kb maintenance` removes crawl logs (never captures); 0 keeps all."""
    contact: str = PROJECT_URL
    """Mail address or page where a newspaper can reach the operator; sent in the user agent."""
    language: Literal["vi", "en"] = "vi"
    """Language of pages and of the summary: `vi` or `en`."""
    workers: Annotated[int, Field(ge=0)] = 0
    """Reading processes; 0 means one for each core."""
    dask: str = ""
    """Address of a Dask scheduler whose workers read for `kb backfill` (`tcp://10.0.0.5:8786`,
    `tls://…`); empty: processes of this machine."""
    full_text: bool = False
    """Whether pages may show whole bodies; off, they show the lead and matched sentences."""
    max_page_bytes: Annotated[int, Field(gt=0)] = 20_000_000
    """A page larger than this is put into the quarantine unread."""
    nightly_cron: str = "0 2 * * *"
    """When `kb operate` runs the nightly job, as cron writes it; empty: never."""
    maintenance_cron: str = "0 5 * * 0"
    """When `kb operate` backs the archive up and checks it; empty: never."""
    timezone: str = "Asia/Ho_Chi_Minh"
    """Time zone of all schedules."""
    desk_host: str = "127.0.0.1"
    """Address on which `kb operate` serves the desk; 0.0.0.0 opens it to the network."""
    desk_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    """Port of the desk of `kb operate`."""
    desk_prefix: str = ""
    """Path under which a proxy shows the desk, e.g. `/bao-chi`."""
    access: Literal["local", "login", "open"] = "local"
    """Who may use the desk: `local`, whoever sits at this computer, and from elsewhere who has an
    account (`kb accounts`); `login`, only who has one; `open`, everybody may read."""
    api_rate: str = "600/minute"
    """How often one address may ask `/api/`, feeds and references (`600/minute; 10000/day`);
    whoever sits at this computer is not limited. Empty: nobody is."""
    session_days: Annotated[float, Field(gt=0)] = 14
    """Days after which a sign-in ends."""
    prefect_port: Annotated[int, Field(ge=1, le=65535)] = 4200
    """Port, on 127.0.0.1, of the Prefect server of `kb operate`."""
    alerts: Annotated[str, Field(repr=False)] = ""
    """Apprise URLs, separated by spaces, that are told when a night failed, is late or found far
    less than usual (`mailto://user:password@example.org`, `slack://…`, `json://…`). A secret."""
    heartbeat_url: Annotated[str, Field(repr=False)] = ""
    """Address asked for at the end of each good night, for a monitor that misses it. A secret."""
    digest_cron: str = "0 7 * * *"
    """When `kb operate` sends what people follow (`kb follow`); those with an hour of their own get
    it then. Empty: nothing is sent by itself."""
    smtp_url: Annotated[str, Field(repr=False)] = ""
    """Mail server for digests: `smtp://user:password@mail.example.org:587` (STARTTLS, which only a
    server on this machine may lack) or `smtps://…:465`; `?tls=none` does without. A secret."""
    mail_from: str = ""
    """Address that digests come from; empty: the user of KB_SMTP_URL, else KB_CONTACT."""
    late_hours: Annotated[float, Field(gt=0)] = 26.0
    """Hours since the end of the last night after which the next one is late."""
    usual_nights: Annotated[int, Field(ge=1)] = 14
    """Nights before the last that say what is usual."""
    less_share: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Share of the usual number of new articles under which a night found far less than usual."""

    @field_validator("dask")
    @classmethod
    def _scheduler(cls, value: str) -> str:
        if value and not re.fullmatch(r"(tcp|tls|ws|wss)://\S+:\d+", value):
            raise ValueError("a scheduler's address, as in tcp://127.0.0.1:8786")
        return value

    @field_validator("api_rate")
    @classmethod
    def _rates(cls, value: str) -> str:
        from limits import parse_many  # where it is set alone: every command reads the settings

        try:
            if value.strip():
                parse_many(value)
        except ValueError as error:
            raise ValueError("write it as 600/minute or 600/minute; 10000/day") from error
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError("no time zone such as Asia/Ho_Chi_Minh") from error
        return value

    @field_validator("outlets", "registries", mode="before")
    @classmethod
    def _unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("data_dir", "outlets", "registries")
    @classmethod
    def _home(cls, value: Path | None) -> Path | None:
        return value and value.expanduser()  # no shell has seen what kb.toml says

    @field_validator("captures")
    @classmethod
    def _open_place(cls, value: str) -> str:
        if urlsplit(value).password:
            raise ValueError(
                "the archive keeps this address with each capture, so it must hold no password; "
                "give it to fsspec as in FSSPEC_FTP_PASSWORD"
            )
        return value

    @field_validator("desk_prefix")
    @classmethod
    def _path(cls, value: str) -> str:
        path = value.strip("/")
        if not re.fullmatch(r"[\w.~/-]*", path, re.ASCII):
            raise ValueError("a path of letters, digits and - . _ ~, e.g. /bao-chi")
        return f"/{path}" if path else ""

    @model_validator(mode="after")
    def _own_registries(self) -> Self:
        own = self.data_dir / "registries"
        if self.registries is None and own.is_dir():
            self.registries = own
        return self

    @model_validator(mode="after")
    def _whole_captures(self) -> Self:
        if self.captures and "://" not in self.captures:
            # The archive keeps the place: it must hold from every working folder.
            self.captures = str(Path(self.captures).expanduser().absolute())
        return self

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the archive."""
        # A URL takes `%41` for A and cuts at `?`; a folder may be named so.
        return self.database_url or f"sqlite:///{quote(str(self.data_dir / 'kb.sqlite'))}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        try:
            toml = TomlConfigSettingsSource(settings_cls)
        except UnicodeDecodeError as error:
            raise ConfigError(f"kb.toml is not UTF-8 ({error}); save it as UTF-8") from error
        if wrong := _advice(toml.toml_data):
            raise ConfigError(
                f"kb.toml: {'; '.join(wrong)}: mend or remove that; `kb init --print` shows all "
                "that there are"
            )
        return (init_settings, env_settings, dotenv_settings, toml)


def strange_variables() -> list[str]:
    """Return a line for each `KB_…` variable of the environment that is no setting."""
    found = (name[3:].lower() for name in os.environ if name.startswith("KB_"))
    return _advice(found, lambda name: f"KB_{name.upper()}")


def _advice(names: Iterable[str], write: Callable[[str], str] = str) -> list[str]:
    """Return a line for each name that is no setting, with what was perhaps meant."""
    known = list(Settings.model_fields)
    lines = []
    for name in sorted(set(names) - set(known)):
        # Of a file as of the environment: there the same setting is written in capitals.
        plain = name.lower().removeprefix("kb_").replace("-", "_")
        near = get_close_matches(plain, known, n=1)
        meant = f", perhaps {write(near[0])}" if near else ""
        lines.append(f"{write(name)} is no setting{meant}")
    return lines


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process.

    Raises:
        ConfigError: a variable or `kb.toml` holds a value of the wrong kind, `kb.toml` names what
            is no setting, or is not TOML; it or `.env` is not UTF-8 or may not be read.
    """
    try:
        return Settings()
    except UnicodeDecodeError as error:  # kb.toml is read apart
        raise ConfigError(f".env is not UTF-8 ({error}); save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(
            f"{error.filename} cannot be read: {error.strerror}; let this user read it"
        ) from error
    except TOMLDecodeError as error:
        raise ConfigError(f"kb.toml is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        setting = str(first["loc"][0]) if first["loc"] else ""
        reason = first["msg"].removeprefix("Value error, ")
        got = "" if setting in SECRET else f" (got {first['input']!r})"
        raise ConfigError(f"setting KB_{setting.upper()}: {reason}{got}") from error
