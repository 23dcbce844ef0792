"""Who is named as a source: after `theo`, behind a noun of saying, by a paper."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from kb.nlp.passage import Name
from kb.nlp.people.cast import CAPITALS, Person
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.antecedents import Anchor, Speaker
from kb.nlp.quotes.speakers import Speakers
from kb.text import lower

_SINCE = re.compile(r" (?:ngày|hôm|sáng|chiều|tối|đêm) ")
_NO_NAME = re.compile(r"[:;?!“”\"\n]|\. ")
_REST = 60


class Sources(Speakers):
    """Finds the sources named in one passage."""

    def paper(self, at: int) -> Speaker | None:
        """Return the body whose `báo cáo`, `thông báo` speaks here."""
        paper = cues().papers.search(self._low, max(0, at - 14), at)
        if paper is None or self._low.endswith("có ", 0, paper.start()):
            return None  # `Cũng có thông tin cho rằng …`
        return self.body(Anchor(at, at, Hit(at, at, "", "bodies")))

    def source(self, at: int) -> Speaker | None:
        """Return who is named after a `theo` that ends here: `theo báo cáo của Sở Y`."""
        if told := self._told_behind(at):
            return told
        place = bisect_left(self._starts, at)
        crowd: Anchor | None = None
        for anchor in self._anchors[place : place + 3]:
            what = anchor.what
            if anchor.start - at > 60:
                break
            before = self._low[at : anchor.start]
            if several := cues().plurals.search(before):
                before = before[: several.start()]
            if not cues().source.fullmatch(before) or (
                isinstance(what, Name) and what.kind in ("place", "event")
            ):
                continue
            if isinstance(what, Hit) and what.label in ("nameless", "bodies"):
                comma = self._text.find(",", anchor.end, anchor.end + _REST)
                if (
                    self._text[anchor.end + 1 : anchor.end + 2].isupper()
                    and comma > 0
                    and (self._text[anchor.start].isupper() and what.word in cues().of_place)
                ):  # `Theo Bộ Lao động, …`
                    name = self._text[anchor.start : comma]
                    return Speaker(anchor.start, comma, name, None)
                crowd = crowd or anchor
                continue
            speaker = self._speaker(anchor, False)
            comma = self._text.find(",", anchor.end, anchor.end + _REST)
            comma = comma if comma > 0 else self._text.find(" thì ", anchor.end, anchor.end + _REST)
            if speaker is not None and comma > 0:
                speaker = replace(speaker, end=max(speaker.end, anchor.end))
            return speaker
        return self._unknown(at, crowd is None) or (self._speaker(crowd, False) if crowd else None)

    def _told_behind(self, at: int) -> Speaker | None:
        """Return the person of whom a calling or a post is told: `Theo cựu HLV Y, Trần X, …`."""
        comma = self._text.find(", ", at, at + _REST)
        place = bisect_left(self._starts, at)
        called = False
        for anchor in self._anchors[place : place + 4] if comma > 0 else ():
            if anchor.start > comma:
                person = isinstance(anchor.what, Person) and anchor.start == comma + 2
                behind = self._text.startswith(",", anchor.end)
                return self._speaker(anchor, True) if called and person and behind else None
            if isinstance(anchor.what, Person):
                return None
            called = called or isinstance(anchor.what, Hit)
        return None

    def voiced(self, since: int, until: int) -> Speaker | None:
        """Return whose words a noun of saying announces: `phát biểu của ông X, cụ thể là:`."""
        for match in reversed(list(cues().voiced.finditer(self._low, since, until))):
            speaker = self.starting(match.end() + 1)
            if speaker is not None and speaker.name is not None:
                return speaker
        return None

    def _unknown(self, at: int, nobody: bool) -> Speaker | None:
        """Return what stands up to the comma where no name is known: `theo trang abc.net, …`."""
        end = self._text.find(",", at, at + 70)
        dash = self._text.find(" - ", at, at + 40)
        end = dash if dash > 0 and (end < 0 or dash < end) else end
        if end > 0 and self._low.startswith(cues().crowds, at + 1):
            return Speaker(at + 1, end, None, None)
        lead = cues().reported_by.match(self._low, at, end) if end > 0 else None
        name = _SINCE.split(self._text[lead.end() : end])[0] if lead else ""
        one = end > 0 and self._text[at:end].islower() and self._low.startswith(" một ", at)
        if one and not cues().papers.search(self._low, at, end):
            return Speaker(at + 1, end, None, None)  # `Theo một người bạn thân, …`
        this = nobody and end > 0 and self._low.endswith((" này", " ấy"), at, end)
        if this and self._text[at:end].islower() and self._text.count(" ", at, end) <= 4:
            return self._again(Anchor(at + 1, end, Hit(at + 1, end, "", "-")), "-")
        if lead is not None and name.startswith("một "):
            return Speaker(lead.end(), end, None, None)
        if lead is not None and name.lower() in cues().nobody:
            body = self._headed(name.lower(), at)
            return Speaker(lead.end(), end, body.name if body else None, None)
        if lead is not None and (
            cues().crowd.match(self._low, lead.end())
            or lead.group().rstrip().endswith(cues().crowds)
        ):
            return Speaker(lead.end(), end, None, None)
        bare = lower(self._text[at + 1 : end]) if lead is None and end > 0 else ""
        if bare in cues().nobody and (body := self._headed(bare, at)) is not None:
            return Speaker(at + 1, end, body.name, body.entity_id)  # `Theo Sở, …`
        if lead is None and end > 0:
            short = CAPITALS.fullmatch(self._text, at + 1, end)
            first = lower(self._text[at + 1 : end]).split(" ")[0]
            if short is None or first in cues().nobody:
                return None
            return Speaker(at + 1, end, short.group(), None)
        if lead is None or (name == name.lower() and "." not in name) or _NO_NAME.search(name):
            return None
        return Speaker(lead.end(), end, name, None)
