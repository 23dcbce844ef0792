"""The same queries for OpenSearch: index settings, and the query tree as its JSON.

The third renderer of `kb.archive.grammar`, beside FTS5 and tsquery, for the day on which text
outgrows one PostgreSQL (docs/scale.md). Nothing here opens a connection: what is returned is what
any client sends. Needs the plugin analysis-icu, whose `icu_folding` folds đ with the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kb.archive.filters import days_of, kind_of
from kb.archive.grammar import And, Filter, Near, Node, Not, Or, Phrase
from kb.archive.index import LONGEST_TOKEN
from kb.text import canonical, characters, name_form

Json = dict[str, Any]
FIELDS = {"title": 10.0, "lead": 3.0, "body": 1.0}
"""Fields that words without a field are looked for in, with what a match there counts."""
ZONE = "+07:00"
_TOKENS = "whitespace"  # queries are cut into tokens here, as for the other engines
_TONES = "\u0300\u0301\u0309\u0303\u0323"


def settings(shards: int = 6, replicas: int = 1) -> Json:
    """Return settings and mapping of the index, one document an article.

    The analyzers are `kb.text.tokens` in Lucene's parts: NFC and lower case, tone marks in the
    old style, runs of letters and digits; then `folded` without marks.
    """
    chars = ["lower", *(f"tone_{number}" for number in range(len(_tone_styles())))]
    exact: Json = {"type": "custom", "char_filter": chars, "tokenizer": "words"}
    filters: Json = {"lower": {"type": "icu_normalizer", "name": "nfkc_cf", "mode": "compose"}}
    for number, (new, old) in enumerate(_tone_styles()):
        filters[f"tone_{number}"] = {
            "type": "pattern_replace",
            "pattern": rf"(?U)(?<!q){new}(?!\w)",
            "replacement": old,
        }
    analysis = {
        "char_filter": filters,
        "tokenizer": {"words": {"type": "pattern", "pattern": r"(?U)\W+"}},
        "filter": {"longest": {"type": "truncate", "length": LONGEST_TOKEN}},
        "analyzer": {
            "exact": exact | {"filter": ["longest"]},
            "folded": exact | {"filter": ["longest", "icu_folding"]},
        },
    }
    text = {
        "type": "text",
        "analyzer": "exact",
        "fields": {"folded": {"type": "text", "analyzer": "folded"}},
    }
    keyword = {"type": "keyword"}
    properties: Json = dict.fromkeys(FIELDS, text)
    properties |= dict.fromkeys(("key", "outlet", "kinds", "entities"), keyword)
    properties |= {"article_id": {"type": "long"}, "ordered_at": {"type": "date"}}
    properties |= {"published_at": {"type": "date"}}
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "analysis": analysis,
        },
        "mappings": {"dynamic": "strict", "properties": properties},
    }


def _tone_styles() -> list[tuple[str, str]]:
    """Return the ends of syllables that are written in two ways, new and old (`oà`, `òa`)."""
    pairs = []
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            new = first + unicodedata.normalize("NFC", second + tone)
            pairs.append((new, canonical(new)))
    return pairs


def document(
    row: Mapping[str, Any], outlet: str | None, mentions: Iterable[tuple[str, str | None, str]]
) -> Json:
    """Return an article as it is indexed.

    Args:
        row: `article_id`, `key`, `title`, `lead`, `body`, and as datetimes `published_at` (or
            None) and `ordered_at`.
        outlet: the name of its outlet, whose id is `row["outlet"]`.
        mentions: kind, entity id and name of each mention.
    """
    found = list(mentions)
    names = {name_form(name) for _, _, name in found} | {id_ for _, id_, _ in found if id_}
    plain = {name: row[name] for name in ("article_id", "key", *FIELDS)}
    dates = {name: row[name] and row[name].isoformat() for name in ("published_at", "ordered_at")}
    outlets = [row["outlet"], canonical(outlet)] if row["outlet"] and outlet else []
    return {
        **plain,
        **dates,
        "outlet": outlets or ([row["outlet"]] if row["outlet"] else []),
        "kinds": sorted({kind for kind, _, _ in found}),
        "entities": sorted(names),
    }


def request(
    node: Node | None, *, folded: bool, limit: int = 20, after: Sequence[Any] | None = None
) -> Json:
    """Return the body of a search, newest first as on the other engines.

    Args:
        node: from `kb.archive.grammar.parse`; None: all articles.
        folded: without marks.
        limit: hits of a page.
        after: `sort` of the last hit of the page before.
    """
    body: Json = {
        "query": {"match_all": {}} if node is None else query(node, folded),
        "sort": [{"ordered_at": "desc"}, {"article_id": "desc"}],
        "size": limit,
        "track_total_hits": True,
        "_source": ["article_id"],
    }
    return body | ({"search_after": list(after)} if after else {})


def query(node: Node, folded: bool) -> Json:
    """Return a query tree in OpenSearch's query language."""
    match node:
        case Phrase():
            return _any([_phrase(node, name, folded) for name in _names(node)])
        case Near(first, _):
            return _any([_near(node, name, folded) for name in _names(first)])
        case Filter(name, value):
            return _filter(name, value)
        case Not(part):
            return {"bool": {"must_not": [query(part, folded)]}}
        case Or(parts):
            return _any([query(part, folded) for part in parts])
        case And(parts):
            clauses: dict[str, list[Json]] = {}
            for part in parts:
                match part:
                    case Not(inner):
                        clauses.setdefault("must_not", []).append(query(inner, folded))
                    case Filter():
                        clauses.setdefault("filter", []).append(query(part, folded))
                    case _:
                        clauses.setdefault("must", []).append(query(part, folded))
            return {"bool": clauses}


def _any(parts: list[Json]) -> Json:
    if len(parts) == 1:
        return parts[0]
    return {"bool": {"should": parts, "minimum_should_match": 1}}


def _names(node: Phrase) -> list[str]:
    return [node.field] if node.field else list(FIELDS)


def _phrase(node: Phrase, name: str, folded: bool) -> Json:
    words = node.folded if folded else node.exact
    field, boost = _field(name, folded), FIELDS[name]
    if not node.prefix:
        text = {"query": " ".join(words), "analyzer": _TOKENS, "boost": boost}
        return {"match_phrase": {field: text}}
    if len(words) == 1:
        return {"prefix": {field: {"value": words[0], "boost": boost}}}
    return {"intervals": {field: {**_interval(words, prefix=True), "boost": boost}}}


def _near(node: Near, name: str, folded: bool) -> Json:
    pair = [
        _interval(one.folded if folded else one.exact, prefix=one.prefix)
        for one in (node.first, node.second)
    ]
    rule = {"all_of": {"intervals": pair, "ordered": False, "max_gaps": node.distance}}
    return {"intervals": {_field(name, folded): {**rule, "boost": FIELDS[name]}}}


def _interval(words: Sequence[str], *, prefix: bool) -> Json:
    """Return words that follow each other; with `prefix` the last may go on (in 128 ways)."""
    whole = words[:-1] if prefix else words
    rules: list[Json] = []
    if whole:
        text = {"query": " ".join(whole), "analyzer": _TOKENS, "max_gaps": 0, "ordered": True}
        rules.append({"match": text})
    if prefix:
        rules.append({"prefix": {"prefix": words[-1], "analyzer": "keyword"}})
    if len(rules) == 1:
        return rules[0]
    return {"all_of": {"intervals": rules, "ordered": True, "max_gaps": 0}}


def _field(name: str, folded: bool) -> str:
    return f"{name}.folded" if folded else name


def _filter(name: str, value: str) -> Json:
    """Return what an article must have; documents name entities by id and by the form of
    their name."""
    key = canonical(characters(value))
    match name:
        case "outlet":
            return {"terms": {"outlet": sorted({value, key})}}
        case "initiative" | "actor" | "place" | "document":
            return {"terms": {"entities": sorted({value, name_form(value)})}}
        case "kind":
            return {"term": {"kinds": kind_of(value)}}
        case "level" | "post" | "fact":  # not in its documents
            return {"match_none": {}}
    days = days_of(value)
    if days is None:
        return {"match_none": {}}
    since = days[0] if name in ("date", "since") else None
    until = days[1] if name in ("date", "until") else None
    return {"range": {"published_at": _period(since, until)}}


def _period(since: date | None, until: date | None) -> Json:
    # `||/d` of an upper bound is the end of that day.
    period: Json = {"time_zone": ZONE}
    if since:
        period["gte"] = since.isoformat()
    if until:
        period["lte"] = f"{until.isoformat()}||/d"
    return period
