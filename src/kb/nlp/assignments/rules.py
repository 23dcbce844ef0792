"""The words of `verbs.yaml` as patterns over sentences whose names are one character each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ahocorasick_rs import AhoCorasick

from kb.reading import Role
from kb.text import read_yaml

BODY, ONE_OF, PERSON, PLACE, OTHER = "\ue000\ue001\ue002\ue003\ue004"
"""What stands for a name: a body, a body after a post (its head acts), a person, a place, else."""

_DO = " do "
_CAPITAL = "[A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper()) + "]"


def _any(words: Iterable[str], *, as_written: bool = False, unless: str = "") -> str:
    """Return an alternation of whole words, the longest first, whose first letter may be large.

    `unless`: what may not stand before them.
    Words are grouped by their first letter, and it stands first: a search then leaps from one
    such letter to the next.
    """
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        letters = word[0] if as_written else dict.fromkeys((word[0].lower(), word[0].upper()))
        for letter in letters:
            groups.setdefault(letter, []).append(re.escape(word[1:]))
    alone = rf"(?<!\w.)(?<!{unless}.)" if unless else r"(?<!\w.)"
    first = (f"{letter}{alone}(?:{'|'.join(rest)})" for letter, rest in groups.items())
    return rf"(?:{'|'.join(first)})(?!\w)"


def _field(name: str, *, small: bool = False) -> str:
    """Return a field of a ministry in all its spellings ("Văn hóa và Thể thao", "… - Thể thao");
    `small`: the first letter may be, as those of the other words."""
    words = [
        f"[{word[0]}{word[0].lower()}]{re.escape(word[1:])}" if at or small else re.escape(word)
        for at, word in enumerate(name.split(" "))
    ]
    spelt = " ".join(words).replace("óa", "(?:óa|oá)")
    return spelt.replace(" [vv]à ", "(?: và | [-–] |[-–] ?| & | )")


class Rules:
    """The words of `verbs.yaml` as compiled patterns."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        def compiled(pattern: str) -> re.Pattern[str]:
            return re.compile(pattern)

        posts, tasks = _any(raw["posts"]), [*raw["tasks"], *raw["told"]]
        kinds, tails = _any(raw["generic"]), _any(raw["generic_tails"])
        generic = (
            rf"(?:(?:(?:{_any(raw['shared_heads'])}|{OTHER}) )?(?:[Cc]ác|[Nn]hững|[Mm]ột số) )?"
            rf"{kinds}"
            rf"(?:(?:,? và |, )(?:các )?{kinds}){{0,6}}(?: {tails}){{0,3}}"
        )
        aside = r"(?: ?\([^()]{1,60}\))?"
        units = _any(raw["units"])
        acting = rf"(?= {_any(raw['beside'])})"
        beside = rf", (?:{units} )?{PLACE}{acting}| {units}{acting}"
        seat = rf"(?: (?:của |tại |ở )?(?:{units} )?{PLACE}|{beside})?"
        term = r"(?: (?:khóa|khoá|nhiệm kỳ) [IVXLC\d][\w-]*)?"
        where = rf"(?:{aside}{seat}|{seat}{aside}){term}"
        above = rf"(?: (?:trực )?thuộc {BODY}{aside})?(?:(?<={ONE_OF}) {PERSON})?"
        actor = rf"[{BODY}{ONE_OF}{PERSON}]{where}{above}"
        between = r"(?:[,;]? (?:và|cùng|cùng với) |[,;] | [-–] )"
        names = rf"(?:{between}[{BODY}{PLACE}]){{0,40}}"
        self.generic = compiled(generic)
        self.of_many = compiled(rf" (?:các|những|một số) {units}")
        self.many = compiled(rf"(?:Các|các|Những|những) (?:{_any(raw['generic'])} )?$")
        group = (
            rf"(?P<head>{_any(raw['shared_heads'])}) (?P<units>(?:các )?{units}"
            rf"(?:(?:, | và |, và |/){units}){{0,4}}):? (?P<group>[{BODY}{PLACE}]{names})"
        )
        listed = rf"(?P<list>{actor}(?:{between}(?:(?:{posts} )?{actor}|{generic})){{0,40}})"
        self.grouped = compiled(group)
        self.listed = compiled(listed)  # begins with a mark, to which a search leaps
        self.actors = compiled(f"{group}|{listed}")
        self._signs = AhoCorasick([_DO, *raw["signs"], "Giao", "Phân công"])
        self._by_whom = compiled(
            rf"{_DO}(?:{'|'.join(map(re.escape, raw['before_by']))}|{_CAPITAL})"
        )
        give = f"(?:{_any(raw['give'])})(?: {_any(raw['give_objects'])})?(?: cho)?"
        seated = "|".join(map(re.escape, raw["seated"]))
        within = rf"(?: (?!{_any(raw['not_within'])})[^\W\d]+){{0,6}}"
        self.governs = compiled(
            rf"(?:{_any(raw['governs'])}|(?<!\w)(?:{seated}){within})(?: {units})? $"
        )
        one, more = ("|".join(map(re.escape, raw[kind])) for kind in ("bodies", "bodies_alone"))
        word = rf"(?!{_any(raw['body_stops'])})(?!(?:{one}|{more}) {_CAPITAL})[^\W\d_]\w*"
        part = rf"{_CAPITAL}[^,.;:]{{2,30}}"
        listed = rf", (?={part}(?:, {part}){{0,6}} và {_CAPITAL})"
        self.bodies = compiled(
            rf"(?<!\w)(?:(?:{one}) (?={_CAPITAL})|(?:{more}) ){word}"
            rf"(?:(?: |{listed}|,? và (?={_CAPITAL})| - (?={_CAPITAL})){word}){{0,12}}"
        )
        field = "|".join(map(_field, sorted(raw["fields"], key=len, reverse=True)))
        self.field = compiled(rf"(?:{field})(?!\w)")
        one_field = "|".join(
            _field(name, small=True) for name in sorted(raw["fields"], key=len, reverse=True)
        )
        self.of_field = compiled(rf"(?<!\w)(?:Sở|Bộ) (?:{one_field})(?!\w)")
        rowed = "|".join(map(re.escape, raw["rowed"]))
        self.row = compiled(
            rf"(?<!\w)(?:[Cc]ác|[Hh]ai|[Bb]a|\d+) (?P<head>{rowed})(?:,? ngành)?:? "
            rf"(?P<row>(?:{field})(?:(?:[,;] | và )(?:{field})(?! (?:{_CAPITAL}|{units})))+)(?!\w)"
        )
        stands, last = ("|".join(map(re.escape, raw[kind])) for kind in ("bare_heads", "bare"))
        self.stands = compiled(
            rf"(?<!\w)(?:(?P<head>{stands})|{last})(?= {_any(raw['bare_acts'])})"
        )
        self.institutions = compiled(rf"{_any(raw['institutions'], as_written=True)}(?! [A-ZĐ])")
        lists = ("bodies", "bodies_alone", "institutions", "rowed", "bare_heads", "bare")
        nameless = [word for name in lists for word in raw[name]]
        self.nameless = compiled(_any(nameless, as_written=True))
        called = rf"(?:{_any(raw['callings'])} ){{1,2}}$"
        self.given_whom = compiled(rf"{_any(raw['give'])} (?:cho(?: [^\W\d]+){{0,3}} $|{called})")
        self.given_what = compiled(rf" {_any(raw['give_objects'])}")
        own = _any(raw["posts"], unless="án bộ, ")
        self.post = compiled(rf"{own}(?: {_any(raw['post_tails'])})? $")
        named = rf"(?:(?: cụ thể)?(?: cho)? (?:[Cc]ác |[Nn]hững ){generic}:)?"
        self.given = compiled(rf"(?P<word>{give}){named}:?(?: {posts}){{0,2}} $")
        self.not_given = compiled(rf"{_any(raw['not_before_give'])}[ :]?$")
        self.passive = compiled(rf"được (?:[{BODY}{ONE_OF}{PERSON}] )?$")
        courtesy = _any(raw["courtesy"])
        others = rf"(?: (?:{generic}|(?:[Cc]ác )?{OTHER})(?:[,:]| và)){{0,3}}"
        whom = rf"(?:(?<=yêu cầu),|:)?{others}(?: (?:{courtesy}|{posts})){{0,3}} $"
        opening = rf"^\W*(?:{_any(raw['openings'])}[^.;:]*, )?"
        self.told = compiled(
            rf"(?:(?P<word>{_any(raw['tell'])})|{opening}{_any(raw['asks'])}){whom}"
        )
        self.asked = compiled(
            rf"(?:[{BODY}{ONE_OF}{PERSON}]|{posts} )[^.;]*(?P<word>{_any(raw['ask'])}){whom}"
        )
        self.hands_out = compiled(_any(raw["give"]))
        self.given_for = compiled(rf"(?<!\w)giao [^,.;:{BODY}]{{1,40}} cho{whom}")
        self.submitted = compiled(rf"{_any(raw['submit'])}(?: {posts})? $")
        decide = _any(raw["decide"])
        self.agrees = compiled(_any([*raw["decide"], *raw["agree"]]))
        self.decides = compiled(rf"(?:xem xét(?:,| và)? )?{decide}(?:(?:, | và ){decide})*")
        by = r"(?<!lý )(?<!tự )(?<!Tự )(?<!mặc )(?<!\w)do "
        self.by = compiled(rf"(?:{by}|(?<!\w)được )(?:{_any(raw['before_by'])} )?$")
        self.done_by = compiled(rf"(?:{by}|(?<!\w)được )(?=[{BODY}{ONE_OF}{PERSON}])")
        self.of = compiled(rf"{_any(raw['of'])}(?: {posts})? $")
        lists = ("give", "tell", "ask", "submit", "coordinate", "cooperate")
        told_by = [word for name in lists for word in raw[name]]
        # … or one of these before it
        self.led_by = compiled(_any([*told_by, "do", "được", "gửi", "chủ đầu tư", *raw["doers"]]))
        adverbs = _any(raw["adverbs"])
        when = r"(?:(?:sáng|chiều|tối|trưa|ngày|hôm) ){1,2}\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{4})?"
        acts = _any([*raw["lead"], *raw["coordinate"], *raw["tasks"], *raw["told"], *raw["verbs"]])
        then = rf"(?:(?:{adverbs}) )?(?:{acts})"
        aside = rf"{_any(raw['asides'])}(?: [^.;:,]{{0,80}}|, ){{0,3}}?, (?={then})"
        agreed = r"(?!thống nhất (?:cho|để|với|chủ trương|phương án|kế hoạch) )"
        self.adverbs = compiled(
            rf"(?:[, :]{{0,2}}(?:{agreed}{adverbs}|{when}|{aside})){{0,4}}[, :]{{0,2}}"
        )
        self.charged = compiled(
            rf"[^.;:]{{0,120}}?, (?:có|chịu) {_any(raw['give_objects'])} (?:{adverbs} )*"
        )
        self.granted = compiled(
            rf"(?:(?:chủ trương|việc|đề nghị) )*(?:(?:(?P<give>{_any(raw['give'])})"
            rf"|cho(?: phép)?|để) )?(?:{posts} )?(?=[{BODY}{ONE_OF}])"
        )
        self.furthermore = compiled(rf"\s*{_any(raw['furthermore'])},? ")
        asked = _any([*raw["tell"], *raw["ask"]])
        was = r"(?:(?:là )?(?:cơ quan|đơn vị) )?(?:đã |vừa |cũng )?được "
        picked = rf"(?:{give}|{_any(raw['chosen'])})"
        won = r"(?:đã |vừa )?trúng thầu "
        self.was_given = compiled(rf"{was}(?:[{BODY}{ONE_OF}{PERSON}] )?{picked},? |{won}")
        self.was_told = compiled(rf"{was}(?:[{BODY}{ONE_OF}{PERSON}] )?{asked} ")
        let = _any([*raw["give"], "do", "cho", "cho phép", "để"])
        self.told_place = compiled(
            rf"(?:(?:{asked}|{let}|{_any(raw['coordinate'])} (?:với|cùng(?: với)?)) "
            rf"(?P<unit>{units}) |{let} )$"
        )
        self.place_does = compiled(
            rf" (?:{_any(raw['adverbs'])} )*(?:{_any([*raw['lead'], *raw['coordinate'], *tasks])})"
        )
        aims = r"(?:căn cứ|trên cơ sở) [^.;]{3,160}?, "
        self.refrain = compiled(
            rf"(?:không|tránh|tuyệt đối không) [^,.;]{{3,60}}, |{aims}(?={_any(tasks)})"
        )
        self.orders = compiled(_any(raw["tell"]))
        self.onward = compiled(rf"\s*{_any(raw['onward'])},? ")
        self.post_head = compiled(rf"\s*(?:{_any(raw['onward'])},? )?(?:{posts}(?:,| và)? ){{0,2}}")
        self.told_of = compiled(r"(?:đã|vừa|đang|mới|sẽ|cũng) ")
        self.must = compiled(_any(raw["must"]))
        self.heads = compiled(_any(raw["heads"]))
        directs = rf"{_any(raw['direct'])}(?=(?:,| và) {_any(raw['coordinate'])})"
        authority = rf"(?:là|làm) (?:{BODY}|cơ quan [Nn]hà nước) có thẩm quyền(?: để)?"
        guilt = rf"(?! (?:(?:những|các|mọi|toàn bộ) )?{_any(raw['guilt'])})"
        towards = r"(?: chính| toàn diện)?(?: trước [^.;:]{1,80}?)?"
        answers = rf"chịu trách nhiệm{towards} về(?: việc)?{guilt}"
        self.lead = compiled(
            rf"(?:{answers}|{authority}|{directs}|{_any(raw['lead'])})(?:,? và)?(?=[ ,:])"
        )
        self.answers = compiled(answers)
        self.lead_what = compiled(rf"{_any(raw['leads_what'])}|{authority}")
        self.alongside = compiled(rf"(?P<with>(?:cùng(?: với)?|với)(?= [{BODY}]))")
        self.lead_on = compiled(rf"{_any(raw['general'])},? (?:và )?(?={_any(raw['coordinate'])})")
        self.meeting = compiled(_any(raw["meetings"]))
        some = rf"{_any(raw['cooperate'])}(?=(?: {adverbs})? (?:với|cùng|{_any(raw['tasks'])}))"
        together = (
            rf"(?:{_any(raw['coordinate'])}|{some})(?: {adverbs})?"
            r"(?P<with> (?:với|cùng)(?: với)?)?"
        )
        self.together = compiled(rf"(?:và )?{together}(?=[ :])")
        self.further = compiled(rf"(?:,|,? và) {together}(?=[ :])")
        self.joined = compiled(
            rf",? (?:với |có )?(?:sự )?(?:[^\W\d]+(?: [^\W\d]+)?, )?(?:và )?{_any(raw['joined'])}"
            rf"(?: {_any(tasks)})?(?: {adverbs})? (?:với|cùng với|cùng|của) "
        )
        helps = _any([*raw["joined"], *raw["helps"]])
        help_of = rf"(?:với|cùng|có) sự (?:[^\W\d]+(?: [^\W\d]+)?, )?(?:và )?{helps}"
        self.helped = compiled(rf",? {help_of}(?: {adverbs})? (?:của|từ|giữa) $")
        self.heads_it = compiled(_any(raw["heads_it"]))
        self.partner = compiled(rf"{together} $")
        self.denied = compiled(_any(raw["denied"]))
        self.besides = compiled(_any(raw["besides"]) + r" $")
        nouns = r"(?<!\w)(?=\w)" + "".join(f"(?<!{word} )" for word in raw["nouns_before"])
        self.task = compiled(nouns + _any(raw["tasks"]))
        self.any_task = compiled(nouns + _any(tasks))
        self.bare_task = compiled(_any(raw["tasks"]))
        self.name = compiled(rf"[{BODY}{ONE_OF}{PERSON}]")
        self.guide = compiled(r"hướng dẫn ")
        purpose, built = _any(raw["purpose"]), _any(raw["built"])
        self.invests = compiled(
            rf"(?:đầu tư|rót(?: vốn)?) (?:[^\W\d]+ )?\d[^.;]{{1,60}}? (?:{purpose} |(?={built}))"
        )
        self.organs = tuple(f"{one} " for one in raw["organs"])
        self.rulers = compiled(rf"{_any(raw['rulers'])} $")
        self.signed = compiled(
            rf"(?:ký(?: ban hành)?|ban hành|có) (?:{OTHER}|{_any(raw['papers'])})"
            r"(?: (?:ngày )?\d{1,2}/\d{1,2}(?:/\d{4})?)?,?"
            rf"(?: về(?: việc)?)? (?={_any(raw['alone'])})"
        )
        self.appoints = compiled(
            rf"(?:(?:[Vv]iệc|kết quả|đề nghị|đối với|về|phê chuẩn) )*(?:(?:để|cho) )?"
            rf"(?:(?:các|\d+) )?(?:{_any(raw['appoints'])}|{PERSON})"
        )
        verbs = _any(raw["verbs"])
        chain = rf"{verbs}(?:(?:,? và |, | - ){verbs}(?! là )){{0,5}}"
        together_do = rf"{_any(raw['coordinate'])} {verbs}"
        hosted = _any(raw["place_acts"])
        self.hosts = compiled(rf" (?:(?:đã|sẽ|đang|tiếp tục|cũng|vừa) )*{hosted}")
        self.holder = compiled(
            rf"(?:{_any(raw['doers'])} (?P<verbs>{together_do}|{chain})|[Cc]hủ đầu tư)"
            rf" (?:của )?(?P<what>(?:{_any(raw['works'])})[^,.;:]*)(?: là|:) $"
        )
        self.sent = compiled(r"(?<!\w)gửi (?:tới |đến )?$")
        self.asked_of = compiled(rf"(?:,? (?:đề nghị|{_any(raw['tell'])}) )")
        self.moreover = compiled(r"[;,]? đồng thời (?=\w)")
        self.more = compiled(r"; |,? đồng thời (?=\w)")
        self.later = compiled(rf"[^;.:{BODY}{ONE_OF}{PERSON}]{{1,200}}; ")
        self.direct = compiled(rf"{_any(raw['direct'])}(?:, {_any(raw['direct'])})*,? ")
        self.offices = compiled(rf"{_any(raw['offices'])}|\d|[{PLACE}{OTHER}{BODY}]")
        self.verbs: dict[str, Role] = raw["verbs"]
        self.verb = compiled(verbs)
        self.chain = compiled(chain)
        lists = ("lead", "coordinate", "cooperate", "alone", "direct", "verbs")
        done = [word for name in lists for word in raw[name]]
        besides = [
            "và",
            "là",
            "được",
            "thống nhất",
            "đầu tư",
            "rót",
            "ký",
            "trúng thầu",
            "ban hành",
            "hướng dẫn",
        ]
        self.acts = compiled(
            _any([*done, *tasks, *besides])
        )  # behind a list that is worth reading …
        self.after_by = compiled(rf" ?(?:[,.;:)”\"…]|$)| {_any(raw['after_by'])}")
        self.verbs_only = compiled(rf"{_any(tasks)}(?:(?:,? và |, ){_any(tasks)})*")
        what = r"cho(?! rằng| hay)|để|với (?:đề|kiến|tờ|chủ)|chủ trương|phương án|kế hoạch"
        self.alone = compiled(rf"{_any(raw['alone'])}|thống nhất(?= (?:{what}))")
        self.belongs = compiled(rf"{_any(raw['belongs'])} $")
        self.approved = compiled(
            rf"(?:(?:các|những|một số|\d+) )?(?:{_any(raw['approved'])}|[{OTHER}]|{BODY} \w)"
        )
        self.with_what = compiled(r" (?:với|về)(?: (?:nguyên tắc|chủ trương))?(?!\w)")
        self.approves = compiled(_any(raw["approves"]))
        self.works = compiled(rf"{_any(raw['works'])}|[{OTHER}]")
        self.some_works = compiled(rf"(?:\d+|các|nhiều|một số) {_any(raw['works'])}")
        self.ends = compiled(
            rf"[;.!?…](?!\w)|”,| (?:Ảnh|ẢNH)[: ]|,? {_any(raw['ends'])}"
            rf"|(?:,| và| hoặc) giao (?={BODY})|, (?:còn|riêng) (?={BODY})"
            rf"|, (?=[{BODY}{PERSON}{ONE_OF}] )"
        )
        self.heading = compiled(rf"(?:{_any(raw['give'])}|{_any(raw['tell'])})[^:.;]{{0,60}}:$")
        counted = r"Thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười),"
        self.bullet = compiled(rf"\s*(?:[-+•*–]|\(?\d{{1,2}}[.)]|[a-hđ]\)|{counted}) *")
        self.pointed = compiled(
            rf"(?:\s*(?:[-+•*–]|\(?\d{{1,2}}[.)]|[a-hđ]\)) *)?{_CAPITAL}[^:.;]{{2,90}}: "
        )
        self.over = compiled(rf"(?:{_any(raw['over'])}|{verbs})[,;] $")
        self.by_group = compiled(
            rf"(?:{by}|(?<!\w)được )(?=[{BODY}{ONE_OF}{PERSON}]|{_any(raw['groups'])})"
        )
        self.organiser = compiled(
            rf" là (?:các |những )?(?:đơn vị|cơ quan) (?:trực tiếp )?(?={verbs})"
        )
        self.charge = compiled(_any(raw["charges"]))
        self.last_aside = compiled(r" \([^()]*\)[ ,]*(?:(?:đã|vừa|sẽ|đang|mới) )*(?:được )?$")
        self.left_over = compiled(r"(?: (?:sẽ|đã|đang|vừa|cũng|được|là))+$")
        self.stated = compiled(_any(raw["stated"]))
        self.units = compiled(units)
        self.unit_before = compiled(rf"{units} $")
        self.parts = compiled(_any(raw["parts"]))
        self.bare = frozenset(raw["parts"])
        self.lower_parts = compiled(_any(raw["lower_parts"]))
        self.parts_of = compiled(_any(raw["parts_of"]))
        self.cut_off = compiled(rf"{_any(raw['cut_off'])}$")
        goes = _any([*raw["body_stops"], *raw["not_within"], *raw["adverbs"]])
        self.rest = compiled(
            rf"(?: (?!{goes}|{_CAPITAL})[^\W\d_]\w*){{1,4}}"
            rf"(?= {_any(raw['roles_after'])}|: {_CAPITAL})"
        )
        self.up_to_place = compiled(rf" (?:(?!{goes}|{_any(tasks)}|{_CAPITAL})[^\W\d_]\w* ){{1,2}}")
        self.swallowed = compiled(rf"(?: (?:{'|'.join(raw['swallowed'])}))+$")
        self.plural = compiled(r"(?:[Cc]ác|[Nn]hững|[Nn]hiều|\d+) ")
        self.apart = compiled(_any(raw["of"]))

    def signs(self, text: str) -> list[int]:
        """Return the places of the words without which a text assigns nothing, in order."""
        found = self._signs.find_matches_as_indexes(text, overlapping=True)
        return sorted(
            start for number, start, _ in found if number or self._by_whom.match(text, start)
        )


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the patterns, compiled once a process."""
    text = files("kb.nlp.assignments").joinpath("verbs.yaml").read_text("utf-8")
    return Rules(read_yaml(text))
