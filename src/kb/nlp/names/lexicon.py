"""The words that the grammar of names knows, ready to be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb.nlp.names.tokens import Phrases
from kb.nlp.tag.models import segmenter_dictionary
from kb.text import canonical, read_yaml


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything in `lexicon.yaml`, ready to be looked up."""

    units: Phrases
    inner_units: Phrases
    """Units inside the name of a body: `Công an quận Tây Hồ`."""
    zones: Phrases
    """Parts of the country that a body is of: `khu vực`, `vùng`."""
    streets: Phrases
    titles: Phrases
    posts: Phrases
    kin: frozenset[str]
    """Courtesy that makes a person even of the name of a place."""
    posts_of_companies: tuple[str, ...]
    """Last words of posts that companies give, too."""
    fields: Phrases
    parts_of_fields: Phrases
    """Fields that make a ministry only in a row."""
    admin_heads: Phrases
    field_heads: Phrases
    wordy_heads: Phrases
    heads: Phrases
    """All three."""
    lower_heads: Phrases
    """Heads that belong to the name even in lower case."""
    houses: Phrases
    """Bodies that are places where something happens."""
    missions: Phrases
    """Bodies of a country that sit in another."""
    representing: Phrases
    """Bodies that may be those of another country or of an organisation."""
    squads: frozenset[str]
    """First words of bodies that are told apart by a number."""
    corporate: frozenset[str]
    """Last words of names of companies."""
    teams: Phrases
    unnamed: Phrases
    against: Phrases
    openers: frozenset[str]
    event_heads: Phrases
    lower_events: Phrases
    """Heads of competitions that belong to the name even in lower case."""
    laws: Phrases
    dictionary: frozenset[str]
    """Words of more than one syllable, from underthesea's own dictionary."""
    starters: Phrases
    """Lower-case phrases at which a rule may begin: titles, units, words of teams."""
    functions: Phrases
    """What bodies are for: lower-case words that end their names."""
    scopes: Phrases
    """Lower-case words of reach that end the name of a body even after a proper name."""
    wanting: frozenset[str]
    """Words of one or two syllables that want an object in the name of a body."""
    managing: frozenset[str]
    """Those of them whose object may be a place."""
    halves: frozenset[str]
    """Two verbs that share an object, with a comma between them."""
    acts: frozenset[str]
    """What bodies do; in a name only after a word that wants an object."""
    ends: frozenset[str]
    """Nouns that go on after a body without belonging to its name."""
    inner: frozenset[str]
    surnames: frozenset[str]
    nothing: frozenset[str]
    adverbs: frozenset[str]
    articles: frozenset[str]
    several: frozenset[str]
    regions: frozenset[str]
    no_team_after: frozenset[str]
    team_after: frozenset[str]
    particles: frozenset[str]
    venue_after: frozenset[str]
    numbered: frozenset[str]
    units_of_time: frozenset[str]
    teachings: Phrases
    """What follows these is a person, though a city has the name, too."""
    capital: frozenset[str]
    """Last words of the heads of companies whose trade comes in lower case."""
    directions: frozenset[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Load `lexicon.yaml`."""
    raw: dict[str, Any] = read_yaml(
        files("kb.nlp.names").joinpath("lexicon.yaml").read_text("utf-8")
    )
    units, heads = raw["units"], raw["heads"]
    every_unit = [word for group in units.values() for word in group]
    titles, teams = raw["courtesy"] + raw["posts"], raw["teams"]
    return Lexicon(
        units=Phrases(every_unit),
        inner_units=Phrases(units["admin"]),
        zones=Phrases(raw["zones"]),
        streets=Phrases(units["street"]),
        titles=Phrases(titles),
        posts=Phrases(raw["posts"]),
        kin=frozenset(raw["kin"]),
        posts_of_companies=tuple(raw["posts_of_companies"]),
        fields=Phrases(raw["fields"]),
        parts_of_fields=Phrases(raw["parts_of_fields"]),
        admin_heads=Phrases(heads["admin"]),
        field_heads=Phrases(heads["field"]),
        wordy_heads=Phrases(heads["wordy"] + heads["lower"]),
        heads=Phrases([*heads["admin"], *heads["field"], *heads["wordy"], *heads["lower"]]),
        lower_heads=Phrases(heads["lower"]),
        houses=Phrases(raw["houses"]),
        missions=Phrases(raw["missions"]),
        representing=Phrases(raw["representing"]),
        squads=frozenset(raw["squads"]),
        corporate=frozenset(raw["corporate"]),
        teams=Phrases(teams),
        starters=Phrases(
            ["châu", *titles, *teams, *every_unit, *heads["lower"], *raw["lower_events"]]
        ),
        unnamed=Phrases(raw["unnamed_after"]),
        against=Phrases(raw["against"]),
        openers=frozenset(map(canonical, raw["openers"])),
        event_heads=Phrases(raw["event_heads"]),
        lower_events=Phrases(raw["lower_events"]),
        laws=Phrases(raw["laws"]),
        dictionary=frozenset(map(canonical, segmenter_dictionary())),
        functions=Phrases(raw["functions"]),
        scopes=Phrases(raw["scopes"]),
        wanting=frozenset(map(canonical, raw["wanting"])),
        managing=frozenset(map(canonical, raw["managing"])),
        halves=frozenset(map(canonical, raw["halves"])),
        acts=frozenset(map(canonical, raw["acts"])),
        ends=frozenset(map(canonical, raw["ends"])),
        inner=frozenset(raw["inner"]),
        surnames=frozenset(raw["surnames"]),
        adverbs=frozenset(raw["adverbs"]),
        articles=frozenset(raw["articles"]),
        several=frozenset(raw["several"]),
        regions=frozenset(raw["regions"]),
        no_team_after=frozenset(raw["no_team_after"]),
        team_after=frozenset(raw["team_after"]),
        particles=frozenset(raw["particles"]),
        venue_after=frozenset(raw["venue_after"]),
        numbered=frozenset(raw["numbered"]),
        units_of_time=frozenset(raw["units_of_time"]),
        teachings=Phrases(raw["teachings"]),
        capital=frozenset(raw["capital"]),
        directions=frozenset(raw["directions"]),
        nothing=frozenset(map(canonical, raw["nothing"])),
    )
