"""Taking typed values out of a YAML mapping; every fault names the file and the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar, get_type_hints

from kb.errors import ConfigError

T = TypeVar("T")
VIETNAM = timezone(timedelta(hours=7))


class Fields:
    """The values of one mapping, each taken once; `done` complains about what is left."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self._values = values
        self._where = where
        self._taken: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def error(self, key: str, fault: str) -> ConfigError:
        """Return the error that a key's value deserves."""
        return ConfigError(f"{self._where}: {key} {fault}")

    def take(self, key: str, kind: type[T]) -> T:
        """Return the value of a key.

        Raises:
            ConfigError: the key is missing or its value is no `kind`.
        """
        self._taken.add(key)
        if key not in self._values:
            raise self.error(key, "is missing")
        value = self._values[key]
        if not isinstance(value, kind):
            raise self.error(key, f"must be a {kind.__name__}, not {value!r}")
        return value

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        text = self.take(key, str).rstrip("\n")
        if not text:
            raise self.error(key, "is empty")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.take(key, list)
        if not all(isinstance(value, str) for value in values):
            raise self.error(key, f"must hold texts only, not {values!r}")
        return tuple(values)

    def moment(self, key: str) -> datetime:
        """Return a time written as `2026-11-14T08:05`, Vietnam's clock, with its zone."""
        text = self.text(key)
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=VIETNAM)
        except ValueError as error:
            raise self.error(key, f"must look like 2026-11-14T08:05, not {text!r}") from error

    def record(self, key: str, kind: type[T]) -> T:
        """Return a nested mapping as the dataclass `kind`."""
        return self._build(self.take(key, dict), kind, key)

    def records(self, key: str, kind: type[T]) -> tuple[T, ...]:
        """Return a list of mappings, each as the dataclass `kind`."""
        return tuple(
            self._build(value, kind, f"{key}[{index}]")
            for index, value in enumerate(self.take(key, list))
        )

    def done(self) -> None:
        """Raise ConfigError if the mapping holds a key that nobody asked for."""
        for key in self._values.keys() - self._taken:
            raise self.error(key, "is not a known key")

    def _build(self, values: object, kind: type[T], key: str) -> T:
        if not isinstance(values, dict):
            raise self.error(key, "must hold keys and values")
        said = Fields(values, f"{self._where}: {key}")
        hints = get_type_hints(kind)
        wanted = {
            field.name: said.take(field.name, hints[field.name])
            for field in fields(kind)  # type: ignore[arg-type]
            if field.default is MISSING or field.name in said
        }
        said.done()
        return kind(**wanted)
