"""Names known beforehand: those of `known.yaml`, units of Vietnam, countries, people's names."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kb.errors import ConfigError
from kb.nlp.names.tokens import Phrases
from kb.text import canonical, read_yaml

LOCALES = (
    "ar_AA", "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "en_GB", "en_IE", "en_IN", "en_NZ",
    "en_PK", "en_US", "es_AR", "es_CL", "es_CO", "es_ES", "es_MX", "et_EE", "fi_FI", "fr_BE",
    "fr_CA", "fr_CH", "fr_FR", "ga_IE", "hr_HR", "hu_HU", "id_ID", "is_IS", "it_IT", "lt_LT",
    "lv_LV", "nl_BE", "nl_NL", "no_NO", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "sk_SK", "sl_SI",
    "sv_SE", "sw", "tr_TR", "yo_NG", "zu_ZA",
)  # fmt: skip
"""Faker's lists of people's names that are written in Latin letters."""

_NAME = re.compile(r"[^\W\d_][^\W\d_]+(?:['’-][^\W\d_]+)*")
_UNIT = re.compile(r"(?:quận|huyện|thị xã|thành phố|phường|xã|thị trấn|đặc khu|tỉnh) ")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What is known without looking at the sentence; all in matching form (`canonical`)."""

    bodies: Phrases
    common: frozenset[str]
    """Bodies called like a common word: names only with every capital (`Lao Động`)."""
    clubs: Phrases
    nicknames: frozenset[str]
    cities: frozenset[str]
    """Clubs named like their city: outside of sport the city."""
    events: Phrases
    places: Phrases
    names: Phrases
    """Places, bodies and clubs."""
    goals: Phrases
    """Events and places."""
    provinces: frozenset[str]
    products: frozenset[str]
    districts: frozenset[str]
    """Units of Vietnam below the province, before and since July 2025; also names of people."""
    given: frozenset[str]
    """Given names of foreigners, without diacritics."""
    family: frozenset[str]
    """Family names of foreigners, without diacritics."""


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Load everything once a process."""
    raw: dict[str, Any] = read_yaml(files("kb.nlp.names").joinpath("known.yaml").read_text("utf-8"))
    provinces, districts = _units()
    given, family = _foreign_names()
    bodies = [*_flat(raw["companies"]), *raw["groups"], *raw["media"], *raw["institutions"]]
    clubs, places = _flat(raw["clubs"]), [*_flat(raw["places"]), *provinces, *_countries()]
    return Gazetteer(
        bodies=Phrases(bodies),
        common=frozenset(map(canonical, raw["common"])),
        clubs=Phrases(clubs),
        nicknames=frozenset(map(canonical, raw["clubs"]["nicknames"])),
        cities=frozenset(map(canonical, raw["cities"])),
        events=Phrases(raw["events"]),
        places=Phrases(places),
        names=Phrases([*bodies, *clubs, *places]),
        goals=Phrases([*raw["events"], *places]),
        provinces=frozenset(provinces),
        products=frozenset(map(canonical, raw["products"])),
        districts=frozenset(districts),
        given=given,
        family=family,
    )


def _flat(groups: dict[str, list[str]]) -> list[str]:
    return [name for names in groups.values() for name in names]


def _countries() -> list[str]:
    """Return the names of countries that CLDR has in Vietnamese."""
    from babel import Locale

    names = Locale("vi").territories.items()
    return [name for code, name in names if len(code) == 2 and "(" not in name]


def _units() -> tuple[set[str], set[str]]:
    """Return provinces and lower units of Vietnam, from the table in underthesea's wheel."""
    spec = importlib.util.find_spec("underthesea")  # without importing the whole package
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError("underthesea is not installed; run `make .venv/.ready`")
    folder = Path(spec.submodule_search_locations[0])
    table = json.loads((folder / "address" / "data" / "mapping.json").read_text("utf-8"))
    names = [*table["old_province_names"].values(), *table["province_names"].values()]
    provinces = {canonical(one["short"]) for one in names}
    columns = ("old_district", "old_ward", "new_ward")
    lower = {canonical(row[column]) for row in table["ward_mapping"] for column in columns}
    bare = {_UNIT.sub("", name, count=1) for name in lower}
    return provinces, {name for name in bare if " " in name} - provinces


def _plain(text: str) -> str:
    """Return a foreign name in lower case without diacritics, as newspapers often write it."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


plain = lru_cache(maxsize=2_000)(_plain)
"""The same for names in the press, most of which are said several times."""


def _foreign_names() -> tuple[frozenset[str], frozenset[str]]:
    """Return given and family names of Faker's locales in Latin letters."""
    found: dict[str, set[str]] = {"first_name": set(), "last_name": set()}
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            for prefix, names in found.items():
                if attribute.startswith(prefix):
                    names.update(map(_plain, _words(getattr(provider, attribute))))
    return frozenset(found["first_name"]), frozenset(found["last_name"])


def _words(names: object) -> Iterator[str]:
    if isinstance(names, Iterable) and not isinstance(names, (str, bytes)):
        for name in names:
            if isinstance(name, str):
                yield from _NAME.findall(name)
