"""Where the task of an assignment begins and ends in the skeleton of a sentence."""

from __future__ import annotations

import re
from functools import cached_property

from kb.nlp.assignments.actors import Skeleton
from kb.nlp.assignments.rules import BODY, rules
from kb.nlp.passage import Sentence

_LONGEST_TASK = 300
_LOOSE = 30
"""Characters between the last one named after "phối hợp với" and the verb of the task."""
_PARTNERS = 250
"""Characters within which those after "phối hợp với" are named."""
_NEAR = 160
"""Characters looked at before "do A thực hiện" for what is carried out."""


class Bounds:
    """Places in the skeleton of one sentence."""

    def __init__(self, skeleton: Skeleton, sentence: Sentence) -> None:
        self.rules = rules()
        self.skeleton, self._sentence = skeleton, sentence
        self.text = skeleton.text

    @cached_property
    def words(self) -> dict[int, str]:
        """The parts of speech by the start of each word in the passage."""
        first = self._sentence.start
        return {one.start + first: one.pos for one in self._sentence.words}

    def skip(self, at: int) -> int:
        """Return the place after adverbs, commas and spaces."""
        match = self.rules.adverbs.match(self.text, at)
        return match.end() if match else at

    def is_task(self, at: int) -> bool:
        """Whether what is given begins here: a verb, and not a post or a thing."""
        if at >= len(self.text):
            return False
        office, task = (
            self.rules.offices.match(self.text, at),
            self.rules.any_task.match(self.text, at),
        )
        if office and not (task and task.end() > office.end()):  # "làm rõ" is no "làm"
            return False
        if task or self.rules.verb.match(self.text, at):
            return True
        return self.words.get(self.skeleton.source(at), "").startswith("V")

    def verb_after(self, at: int, told: bool) -> int | None:
        """Find the verb of the task after "phối hợp với …"."""
        verb = self._verb(self.rules.any_task if told else self.rules.task, at)
        if verb is not None and not self.rules.verbs_only.fullmatch(
            self.text, verb, self.end(verb)
        ):
            return verb
        # "phối hợp với các đơn vị tổ chức lớp tập huấn": a verb there, elsewhere part of a noun
        bare = self._verb(self.rules.bare_task, at)
        return verb if bare is None or (verb is not None and verb < bare) else bare

    def _verb(self, pattern: re.Pattern[str], at: int) -> int | None:
        generic = [one.span() for one in self.rules.generic.finditer(self.text, at, at + _PARTNERS)]
        for match in pattern.finditer(self.text, at, at + _PARTNERS):
            here = match.start()
            if any(start < here < end for start, end in generic):
                continue  # "các cơ quan, tổ chức": a noun
            if self.skeleton.source(here) not in self.words:
                continue  # the second half of a word
            between = self.text[at:here]
            ends = [at, at + between.rfind(BODY) + 1, *(end for _, end in generic if end <= here)]
            if here - max(ends) > _LOOSE or re.search(rf"[.;](?!\w| {BODY})", between):
                return None
            return here
        return None

    def end(self, at: int) -> int:
        """Return where the task that begins at a place ends."""
        match = self.rules.ends.search(self.text, at + 1, at + _LONGEST_TASK)
        alone = match and self.rules.verbs_only.fullmatch(self.text, at, match.start())
        if match and alone and match.group().endswith("báo cáo"):
            # "nghiên cứu, báo cáo A phương án C"
            match = self.rules.ends.search(self.text, match.end(), at + _LONGEST_TASK)
        return match.start() if match else min(len(self.text), at + _LONGEST_TASK)

    def shared(self, at: int, end: int) -> tuple[int, int] | None:
        """Return where the words that a list of tasks shares end in its first, and the list's end.

        "hình thành phố đi bộ A; phố đi bộ B; …": whose is which only the order could tell.
        """
        parts = self.text[end : at + 5 * _LONGEST_TASK].split(";")
        items = [self.text[at:end], *(part.strip() for part in parts[1:] if part.strip())]
        if parts[0] or len(items) < 2:
            return None
        words = items[1].split()
        for count in range(min(len(words), 8), 1, -1):
            head = " ".join(words[:count]).lower()
            if all(head in item.lower() for item in items):
                last = end + sum(map(len, parts)) + len(parts) - 1
                return at + items[0].lower().index(head) + len(head), last
        return None

    def before(self, end: int) -> tuple[int, int] | None:
        """Return the span of what is carried out, named before "do A" or "được giao cho A"."""
        if aside := self.rules.last_aside.search(self.text, max(0, end - _NEAR), end):
            end = aside.start()  # "dự án C (thuộc chương trình D) do A thực hiện"
        first = max(0, end - _NEAR)
        found = re.finditer(r"[;:.] |, | là ", self.text[first:end])
        joints = [first, *(first + one.end() for one in found)]
        bounds = [*joints, end]
        for begin, stop in zip(bounds[-2::-1], bounds[:0:-1], strict=True):
            heads = [one.span() for one in self.rules.works.finditer(self.text, begin, stop)]
            if not heads and self.text.startswith(BODY, begin):
                return begin, begin + 1
            if not heads and self.rules.plural.match(self.text, begin):
                return None  # "các đảng viên do A quản lý": no work
            subject = max([joint for joint in joints if joint < begin], default=begin)
            if self.text[begin - 4 : begin] == " là " and self.rules.works.match(
                self.text, subject
            ):
                continue  # "Chương trình C là một dự án do A thực hiện"
            while len(heads) > 1 and self.rules.belongs.search(self.text, begin, heads[-1][0]):
                heads.pop()  # "Đề án C thuộc chương trình D": D only says where C belongs
            if heads:
                start = heads[-1][0]
                for head, last in heads[-2::-1]:
                    gap = self.text[last:start]
                    if len(gap.split()) > 4 or self.rules.apart.search(gap):
                        break
                    start = head
                if heads[0][0] == 0 and not self.rules.stated.search(self.text, 0, stop):
                    start = 0  # "Hồ sơ đề cử … vào mạng lưới do A lập": the sentence's subject
                span = self.text[start:stop].rstrip(" ,;:")
                return start, start + len(self.rules.left_over.sub("", span))
        return None
