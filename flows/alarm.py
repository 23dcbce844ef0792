"""The layout alarm: an outlet that degrades or falls silent is named, with what changed.

Every new page is looked at by a few yes-or-no measures (has it a lead, is it as long as usual, do
parser and second opinion agree …), and each measure is compared with the outlet's own past. The
thresholds, with reasons, are in `alarm.yaml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha1
from statistics import median
from typing import Any

from flows.measures import (
    NONE,
    Rules,
    dated,
    fell,
    measures,
    moments,
    most_usual,
    other,
    rules,
    shape_of,
)
from kb.archive.usual import OutletRun, Shape
from kb.article import Article
from kb.capture import Rejection
from kb.errors import KbError
from kb.extract import read_capture
from kb.extract.opinion import Opinion, second_opinion


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that changed at an outlet. `facts` fill the sentence that tells it; `url` is a
    page that shows it, with what the parser and the second opinion read there, if both did."""

    outlet: str
    kind: str
    facts: dict[str, Any]
    url: str | None = None
    opinion: Opinion | None = None

    def as_row(self) -> dict[str, Any]:
        """Return it as the ledger keeps it."""
        return asdict(self)


class Watch:
    """One outlet's new pages of a run, measured as they come.

    `past` are its articles from before this run, `runs` its earlier nights, oldest first.
    """

    def __init__(
        self,
        outlet: str,
        past: Sequence[Shape],
        runs: Sequence[OutletRun],
        given: Rules | None = None,
    ) -> None:
        self._outlet, self._rules = outlet, given or rules()
        self._past, self._runs = past, runs
        self._measures = measures(past, self._rules)
        self._have: Counter[str] = Counter()
        self._instead: dict[str, Counter[str]] = {"date": Counter(), "parser": Counter()}
        self._minutes: Counter[datetime | None] = Counter()
        self._lacking: dict[str, Article] = {}
        """For each measure the first new page that fails it."""
        self._sample: dict[str, Article] = {}
        self._opinions: dict[str, Opinion | None] = {}
        self._unread: list[Rejection] = []
        self.pages = 0
        """New pages that were read."""
        self.asked = self.agreed = 0
        """Pages that got a second opinion, and those on which it agreed with the parser."""

    @property
    def tried(self) -> int:
        """New pages, read or not."""
        return self.pages + len(self._unread)

    def see(self, articles: Iterable[Article]) -> None:
        """Measure new pages."""
        for article in articles:
            self.pages += 1
            shape = shape_of(article)
            self._minutes[shape.published_at] += 1
            self._instead["date"][dated(shape)] += 1
            self._instead["parser"][shape.parser] += 1
            for name, measure in self._measures.items():
                if measure(shape):
                    self._have[name] += 1
                else:
                    self._lacking.setdefault(name, article)
            # The same pages whatever their order, chosen by nothing that a layout could change.
            self._sample[sha1(article.key.encode(), usedforsecurity=False).hexdigest()] = article
            if len(self._sample) > self._rules.sample:
                del self._sample[max(self._sample)]

    def refuse(self, rejected: Iterable[Rejection]) -> None:
        """Note new pages that no story was found on."""
        self._unread += [one for one in rejected if one.stage == "extract"]

    def alarms(self, max_bytes: int) -> list[Alarm]:
        """Return what changed, and ask for the second opinions."""
        return [*self._fallen(max_bytes), *self._unreadable(max_bytes), *self._apart(max_bytes)]

    def _fallen(self, max_bytes: int) -> Iterable[Alarm]:
        known, fallen = len(self._past), set()
        if known < self._rules.known_least:
            return
        for name, measure in self._measures.items():
            good = sum(map(measure, self._past))
            if not fell(self._have[name], self.pages, good + 1, known + 2, self._rules):
                continue
            fallen.add(name)
            facts: dict[str, Any] = {"now": self._have[name], "usual": good}
            if name in self._instead:
                facts["before"] = before = most_usual(self._past, name)
                facts["instead"] = other(self._instead[name], before)
            if name == "length":
                facts["words"] = round(median(one.words for one in self._past))
            yield self._alarm(name, facts, self._lacking[name], max_bytes)
        usual = moments(Counter(one.published_at for one in self._past))
        now = moments(self._minutes)
        # A date that has fallen has told it already.
        if "date" not in fallen and fell(now, self.pages, usual + 1, known + 2, self._rules):
            when, many = self._minutes.most_common(1)[0]
            moment = when.isoformat(timespec="minutes") if when else NONE
            facts = {"now": now, "usual": usual, "many": many, "when": moment}
            like = [one for one in self._sample.values() if one.published_at == when]
            yield self._alarm("moments", facts, (like or [*self._sample.values()])[0], max_bytes)

    def _alarm(self, kind: str, facts: dict[str, Any], shown: Article, max_bytes: int) -> Alarm:
        facts |= {"of": self.pages, "known": len(self._past)}
        return Alarm(self._outlet, kind, facts, shown.url, self._opinion_on(shown, max_bytes))

    def _unreadable(self, max_bytes: int) -> Iterable[Alarm]:
        if fell(self.pages, self.tried, *self._before("read", "tried"), self._rules):
            first = self._unread[0]
            facts = {"now": self.pages, "of": self.tried, "reason": first.reason}
            url, opinion = _opinion_at(first.source, None, max_bytes)
            yield Alarm(self._outlet, "unread", facts, url or first.source, opinion)

    def _apart(self, max_bytes: int) -> Iterable[Alarm]:
        worst: tuple[Article, Opinion] | None = None
        for article in self._sample.values():
            opinion = self._opinion_on(article, max_bytes)
            if opinion is None:
                continue
            self.asked += 1
            self.agreed += opinion.agreement >= self._rules.agree
            if worst is None or opinion.agreement < worst[1].agreement:
                worst = article, opinion
        usual = self._before("agreed", "asked")
        if worst is not None and fell(self.agreed, self.asked, *usual, self._rules):
            facts = {"now": self.agreed, "of": self.asked}
            yield Alarm(self._outlet, "opinion", facts, worst[0].url, worst[1])

    def _opinion_on(self, article: Article, max_bytes: int) -> Opinion | None:
        source = article.source_file or ""
        if source not in self._opinions:
            self._opinions[source] = _opinion_at(source, article, max_bytes)[1]
        return self._opinions[source]

    def _before(self, good: str, of: str) -> tuple[int, int]:
        """Return how often something was so in earlier nights, trust in advance included."""
        trust = self._rules.trust
        counts = [run.counts for run in self._runs]
        return (
            sum(one.get(good, 0) for one in counts) + trust["good"],
            sum(one.get(of, 0) for one in counts) + trust["of"],
        )


def _opinion_at(
    source: str, article: Article | None, max_bytes: int
) -> tuple[str | None, Opinion | None]:
    """Return address and second opinion of the capture that `source` (`file.warc.gz@7`) names."""
    place, _, offset = source.rpartition("@")
    if not place or not offset.isdigit():
        return None, None
    try:
        capture = read_capture(place, int(offset), max_bytes=max_bytes)
        opinion = second_opinion(capture.payload, article, encoding=capture.encoding)
    except (KbError, OSError):  # an alarm without a second reading is better than none
        return None, None
    return capture.url, opinion
