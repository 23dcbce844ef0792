"""The report of an evidence pack as blocks, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.research.pack.blocks import Block, Chart, Heading, Paragraph, Run, Runs, Table
from kb.research.pack.content import Pack, Section
from kb.research.pack.copies import NAME as COPIES
from kb.research.pack.phrases import Phrases, cites, data, press
from kb.research.pack.promises import Promised
from kb.research.pack.sources import Source

_SPACE = Run(" ")


def report(
    pack: Pack, language: str, copies: Mapping[int, tuple[int, int]] | None = None
) -> list[Block]:
    """Return the whole report; see `blocks.sourced` for which blocks state something.

    `copies`: where the archived copies of sources lie in the pack, by number.
    """
    say = Phrases(language)
    blocks = [*_front(pack, say), *_summary(pack, say)]
    for section in pack.sections:
        blocks += _section(section, say)
    return [*blocks, *_sources(pack, say, copies or {}), *_method(pack, say)]


def title(pack: Pack, language: str) -> str:
    """Return the report's title with the programme's name."""
    names = ", ".join(_name(one.name, one.name_en, language) for one in pack.names)
    return f"{Phrases(language)('heading')}: {names}"


def _name(name: str, name_en: str | None, language: str) -> str:
    return name_en if language == "en" and name_en else name


def _front(pack: Pack, say: Phrases) -> Iterator[Block]:
    yield Heading(1, title(pack, say.language))
    since, until = (one and say.day(one) for one in (pack.since, pack.until))
    if since and until:
        period = say("period", since=since, until=until)
    elif since or until:
        period = say("period_since", since=since) if since else say("period_until", until=until)
    else:
        period = say("period_all")
    made = say("made", at=say.moment(pack.made_at))
    yield Paragraph((Run(f"{period}. {made}."),), "note")
    yield Paragraph((Run(say("reading")),), "note")


def _summary(pack: Pack, say: Phrases) -> Iterator[Block]:
    yield Heading(2, say("summary"))
    heads = ("initiative", "articles", "outlets", "activities", "commitments", "decided", "silent",
             "last", "table_of")  # fmt: skip
    rows = []
    for one in pack.sections:
        numbers = (one.articles, one.outlets, one.all_activities, one.all_promises,
                   one.decided, one.silent)  # fmt: skip
        name = Run(_title(one, say), href=f"#{one.entry.id}")
        cells: list[Runs] = [(name,), *((Run(str(number)),) for number in numbers)]
        cells += [(Run(say.day(one.last) if one.last else "–"),), (data("summary.csv"),)]
        rows.append(tuple(cells))
    yield Table(tuple(map(say, heads)), tuple(rows), (24, 6, 6, 9, 9, 9, 8, 13, 16),
                tuple(range(1, 7)))  # fmt: skip


def _title(section: Section, say: Phrases) -> str:
    return _name(section.entry.name, section.entry.name_en, say.language)


def _section(one: Section, say: Phrases) -> Iterator[Block]:
    yield Heading(2, _title(one, say), one.entry.id)
    level = say(f"level_{one.entry.level}") if one.entry.level else None
    kind = say("programme") if one.entry.kind == "programme" else say("initiative")
    what = ", ".join(filter(None, (kind, level)))
    if not one.articles:
        yield _stated(f"{what.capitalize()}. {say('nothing')}", data("summary.csv"))
        return
    counts = {"articles": one.articles, "outlets": one.outlets, "mentions": one.mentions}
    said = (
        say("coverage", **counts, first=say.day(one.first), last=say.day(one.last))
        if one.first and one.last
        else say("undated_coverage", **counts)
    )
    yield _stated(f"{what.capitalize()}. {said}", data("articles.csv"), data("mentions.csv"))
    yield from _attention(one, say)
    yield from _activities(one, say)
    yield from _agencies(one, say)
    yield from _promises(one, say)
    yield from _quotes(one, say)


def _stated(text: str, *sources: Run) -> Paragraph:
    runs = [Run(f"{text.rstrip('.')}.")]
    for source in sources:
        runs += [_SPACE, source]
    return Paragraph(tuple(runs))


def _attention(one: Section, say: Phrases) -> Iterator[Block]:
    if not one.attention:
        return
    yield Heading(3, say("attention"))
    bars = tuple((say.bucket(b.start, one.by), b.articles, b.total) for b in one.attention)
    told = [bar for bar in bars if bar[1]]
    rows: tuple[tuple[Runs, ...], ...] = tuple(
        (
            (Run(label),),
            (Run(str(count)),),
            (Run(say.share(count, total)),),
            (data("attention.csv"),),
        )
        for label, count, total in told
    )
    heads = (say("period_column"), say("articles"), say("share"), say("table_of"))
    yield Chart(
        f"{say(f'attention_{one.by}')}: {_title(one, say)}",
        "; ".join(f"{label}: {count}" for label, count, _ in told),
        bars,
        Table(heads, rows, (40, 20, 20, 20), (1, 2)),
    )
    yield Paragraph((Run(f"{say('share_note')}."),), "note")


def _activities(one: Section, say: Phrases) -> Iterator[Block]:
    yield Heading(3, say("reported_activities"))
    if not one.activities:
        yield _stated(say("no_activities"), data("mentions.csv"))
    for each in one.activities:
        when = f"{say.day(each.at)}: " if each.at else ""
        yield Paragraph(
            (Run(when, bold=True), press(each.text), _SPACE, *cites(each.numbers)), depth=1
        )
    if len(one.activities) < one.all_activities:
        said = say("more_activities", shown=len(one.activities), all=one.all_activities)
        yield _stated(said, data("activities.csv"))


def _agencies(one: Section, say: Phrases) -> Iterator[Block]:
    yield Heading(3, say("agencies"))
    if not one.agencies:
        yield _stated(say("no_agencies"), data("assignments.csv"))
        return
    rows = []
    for agency in one.agencies:
        for place, task in enumerate(agency.tasks):
            name = _name(agency.name, agency.name_en, say.language) if not place else ""
            unsure = () if task.sure else (Run(f" {say('unsure')}"),)
            what = (press(task.task), *unsure, _SPACE, *cites(task.numbers))
            rows.append(((Run(name, bold=True),), (Run(say(task.role)),), what))
    heads = (say("agency"), say("role"), say("task"))
    yield Table(heads, tuple(rows), (30, 14, 56))


def _promises(one: Section, say: Phrases) -> Iterator[Block]:
    yield Heading(3, say("commitments_title"))
    if not one.promises:
        yield _stated(say("no_commitments"), data("ledger.csv"))
    for each in one.promises:
        yield from _promise(each, say)
    if len(one.promises) < one.all_promises:
        said = say("more_commitments", shown=len(one.promises), all=one.all_promises)
        yield _stated(said, data("ledger.csv"))


def _promise(one: Promised, say: Phrases) -> Iterator[Block]:
    mine = cites(one.numbers)
    yield Paragraph((press(one.text), _SPACE, *mine), depth=1)
    due = say.due(one.due_from, one.due_to)
    facts = (
        one.owner and say("owner", owner=one.owner),
        one.at and say("promised_on", day=say.day(one.at)),
        due and say("due", due=due),
        one.recurs and say("recurs", recurs=one.recurs),
    )
    if told := [fact for fact in facts if fact]:
        yield Paragraph((Run(f"{_joined(told)}. "), *mine), "meta", 2)
    yield Paragraph(_status(one, say), "meta", 2)
    for report in one.reports:
        lead = say("later", day=say.day(report.at), status=say.outcome(report.kind))
        again = say.due(report.due_from, report.due_to)
        new = (Run(f" ({say('new_due', due=again)})"),) if again else ()
        runs = (Run(lead), press(report.text), *new, _SPACE, *cites(report.numbers))
        yield Paragraph(runs, "meta", 3)


def _status(one: Promised, say: Phrases) -> Runs:
    """Return what a person decided with what that rests on, or what the program proposes."""
    facts = [say("status", status=say.outcome(one.status))]
    more: list[Run] = []
    if one.status_by:
        day = say.day(one.status_at) if one.status_at else "–"
        facts.append(say("status_decided", who=one.status_by, day=day))
        if one.status_note:
            facts.append(say("status_note", note=one.status_note))
        if one.status_source:
            link = one.status_source if one.status_source.startswith("http") else None
            more = [Run("; "), Run(say("status_on", source=one.status_source), href=link)]
    else:
        facts.append(say("status_open"))
        if one.proposed == "silent":
            more = [Run(f". {say('proposal_silent')}")]
        elif one.proposed:
            more = [Run(f". {say('proposal', status=say.outcome(one.proposed))}")]
    later = cites(dict.fromkeys(number for each in one.reports for number in each.numbers))
    said = Run(_joined(facts), bold=bool(one.status_by))
    return (said, *more, Run(". "), *(later or (data("ledger.csv"),)))


def _joined(facts: Iterable[str]) -> str:
    text = "; ".join(facts)
    return text[:1].upper() + text[1:]


def _quotes(one: Section, say: Phrases) -> Iterator[Block]:
    yield Heading(3, say("quotes"))
    if not one.quotes:
        yield _stated(say("no_quotes"), data("quotes.csv"))
    for each in one.quotes:
        who = ", ".join(filter(None, (each.speaker, each.role)))
        how = "" if each.direct else f" ({say('reported_speech')})"
        when = f", {say.day(each.at)}" if each.at else ""
        runs = (Run(who, bold=True, press=True), Run(f"{when}{how}: "), press(each.text), _SPACE)
        yield Paragraph((*runs, *cites(each.numbers)), "quote")


def _sources(pack: Pack, say: Phrases, copies: Mapping[int, tuple[int, int]]) -> Iterator[Block]:
    yield Heading(2, say("sources"), "sources")
    for one in pack.sources:
        yield Paragraph(_source(one, say, copies.get(one.number)), "plain", 0, f"s{one.number}")


def _source(one: Source, say: Phrases, copy: tuple[int, int] | None) -> Runs:
    runs = [Run(f"[{one.number}] ", bold=True, cite=True), Run(one.citation, press=True)]
    if one.url:
        runs += [_SPACE, Run(one.url, href=one.url)]
    origin = one.origin
    facts = [say("article_number", id=one.article["article_id"])]
    if origin.place:
        facts.append(origin.place)
    if origin.digest:
        facts.append(origin.digest)
    if origin.fetched_at:
        facts.append(say("fetched", day=say.moment(origin.fetched_at)))
    told = f"{say('copy')}: {', '.join(facts)}." if origin.place else f"{say('no_copy')}."
    runs += [_SPACE, Run(told)]
    if copy is not None:
        runs += [_SPACE, Run(f"[{COPIES}:{copy[0]}]", href=f"copies/{COPIES}", cite=True)]
    return tuple(runs)


def _method(pack: Pack, say: Phrases) -> Iterator[Block]:
    yield Heading(2, say("method"))
    yield Paragraph((Run(say("method_text")),), "note")
    told = "; ".join(f"{name}: {value or '–'}" for name, value in pack.about.items())
    yield Paragraph((Run(f"{say('versions')}: {told}."),), "note")
