"""Settings from `KB_…` environment variables, `.env` and `kb.toml`, in that order of weight."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Literal, Self
from urllib.parse import quote

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kb.errors import ConfigError

PROJECT_URL = "https://example.org/vietnamese-press-kb"


class Settings(BaseSettings):
    """Everything that an operator may set; every field has a default that works at once."""

    model_config = SettingsConfigDict(
        env_prefix="KB_", env_file=".env", toml_file="kb.toml", extra="ignore"
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
    contact: str = PROJECT_URL
    """Mail address or page where a newspaper can reach the operator; sent in the user agent."""
    language: Literal["vi", "en"] = "vi"
    """Language of pages and of the summary: `vi` or `en`."""
    workers: Annotated[int, Field(ge=0)] = 0
    """Reading processes; 0 means one for each core."""
    full_text: bool = False
    """Whether pages may show whole bodies; off, they show the lead and matched sentences."""
    max_page_bytes: Annotated[int, Field(gt=0)] = 20_000_000
    """A page larger than this is put into the quarantine unread."""

    @model_validator(mode="after")
    def _own_registries(self) -> Self:
        own = self.data_dir / "registries"
        if self.registries is None and own.is_dir():
            self.registries = own
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
        toml = TomlConfigSettingsSource(settings_cls)
        return (init_settings, env_settings, dotenv_settings, toml)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process.

    Raises:
        ConfigError: a variable or `kb.toml` holds a value of the wrong kind, or is not TOML.
    """
    try:
        return Settings()
    except TOMLDecodeError as error:
        raise ConfigError(f"kb.toml is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = "KB_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(f"setting {name}: {first['msg']} (got {first['input']!r})") from error
