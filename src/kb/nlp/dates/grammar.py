"""How Vietnamese press writes times: patterns over lower-cased text, and what only looks so.

The words that decide stand in `words.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise

from ahocorasick_rs import AhoCorasick

from kb.text import read_yaml


@cache
def _lists() -> dict[str, list[str]]:
    text = (files("kb.nlp.dates") / "words.yaml").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = read_yaml(text)
    return lists


def words(*names: str) -> list[str]:
    """Return the words of some lists, the longest first."""
    return sorted({word for name in names for word in _lists()[name]}, key=len, reverse=True)


def any_of(*names: str) -> str:
    """Return an alternation of the words of some lists."""
    return f"(?:{'|'.join(map(re.escape, words(*names)))})"


_Y = r"(?:19|20)\d\d"
_PART = r"(?:rạng sáng|sáng sớm|sáng|trưa|chiều tối|chiều|tối|đêm|khuya)"
_EDGE = r"(?:đầu |giữa |cuối |hết |nửa đầu |nửa cuối )"
_NO_MORE = r"(?![\w]|[/.-]\w|\s?%|,\d)"
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_IN_YEAR = (
    rf"(?:(?:\s?[/.-]\s?|,? (?:của )?năm |\s)(?P<y>{_Y})|,? năm (?P<yw>nay|tới|sau|ngoái|trước))"
)
_OTHER_YEAR = _IN_YEAR.replace("<y>", "<yx>")
_HINT = r"(?: (?P<hint>tới đây|sắp tới|tới(?=\s?[,.;)]| sẽ\b| tại\b|$)|vừa qua|vừa rồi))?"
_U = r"(?P<u>năm|quý|tháng|tuần|ngày)"
_SAID = r"(?P<yw>nay|tới|sau|ngoái|trước)"
_COUNT = r"(?P<n>\d{1,2}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
_Q = r"(?:iii|ii|iv|i|[1-4])"
_ROW = rf"(?P<row>(?:, ?{_Q}){{0,3}}(?:, ?|,? và ))"
_ROW_OF_MONTHS = r"(?P<row>(?:, ?\d{1,2}){0,11}(?:, ?|,? và ))(?=\d{1,2}(?:\s?/\s?| năm )\d{4})"
_WEEKDAY = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật)"
_STEM_BRANCH = (
    r"(?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý)"
    r" (?:tý|tí|sửu|dần|mão|mẹo|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi)"
)
_LEAD = (
    rf"(?:(?:hôm nay|hôm qua|ngày mai|{_PART} (?:nay|qua|mai)),? (?:ngày )?"
    rf"|(?:ngày |{_PART} )?(?P<of>{_WEEKDAY}),? (?:ngày )?"
    rf"|{_PART} (?:ngày |hôm )?(?:mùng |mồng )?"
    r"|(?:ngày|mùng|mồng|hôm)(?: (?:mùng|mồng))? )"
)
_DAY_TAIL = (
    rf"(?:(?P<s>/ |[/.-])(?P<m>\d{{1,2}})(?:(?P=s)(?P<y>{_Y}))?"
    rf"|,? tháng (?P<mw>\d{{1,2}})(?:{_OTHER_YEAR})?)"
)
_LUNAR = rf"(?P<lunar>,? ?\(?(?:năm (?:{_STEM_BRANCH}|\w+) )?(?:âm lịch|nông lịch|al\b))?"
_SOLAR = r"(?: \(?dương lịch\)?)?"
_MOON_DAY = r"(?:(?:mùng|mồng) (?:\d{1,2}|\w+)|rằm|\d{1,2})"
_MOON_YEAR = rf"(?:,? năm {_STEM_BRANCH}(?:,? ?[-–]? ?{_Y})?)"
_MONTHS = (
    "january|february|march|april|may(?= \\d{1,2}, \\d{4})|june|july|august|september|october"
    "|november|december"
)
_GRAMMAR = {
    "rate": rf"{_COUNT} lần\s?(?:/|mỗi |trong |một |1 )\s?(?:một |1 )?{_U}\b(?! (?:\d|nay|qua))",
    "times": rf"(?:một|1) {_U} {_COUNT} lần\b(?!\s?/)",
    "every": rf"(?:định kỳ )?(?:cứ )?(?:mỗi )?{_COUNT} {_U}"
    rf"(?:\s?/\s?| |,? {any_of('held')} )(?:(?:một|1) )?lần\b",
    "turn": rf"cứ (?:mỗi )?(?!năm ){_COUNT} {_U},? (?:\w+ ){{0,3}}(?:(?:một|1) lần\b|(?=lại\b))",
    "period": rf"(?:định kỳ (?:mỗi )?|(?<!sau )(?:cứ )?mỗi (?!năm )){_COUNT} {_U}\b",
    "each": rf"(?:(?:ngày (?:mùng |mồng )?\d{{1,2}} )?(?:hằng|hàng|mỗi|từng) {_U}\b"
    rf"(?! (?:đầu|cuối))(?: {_COUNT} lần\b)?|(?P<annual>thường niên|mọi năm)\b)",
    "lunar": rf"(?:(?:ngày |đêm )?(?:{_MOON_DAY}(?: (?:đến|tới) |\s?[-–]\s?)(?:hết )?(?:ngày )?)?"
    rf"{_MOON_DAY} (?:tháng (?:giêng|chạp)|tết)\b|rằm tháng \w+|tháng (?:giêng|chạp)"
    rf"|(?:năm|tết(?: nguyên đán)?) {_STEM_BRANCH}(?:,? ?[-–]? ?{_Y})?"
    rf"|tết(?: nguyên đán)? {_Y}\b){_MOON_YEAR}?(?: âm lịch)?",
    "days": rf"{_LEAD}?(?P<d>\d{{1,2}})(?:[/.-](?P<m1>\d{{1,2}})(?:[/.-](?P<y1>{_Y}))?)?"
    rf"(?:\s?[-–]\s?| (?:đến|tới)(?: hết)? )(?:ngày )?(?P<d2>\d{{1,2}})"
    rf"(?:[/.-](?P<m>\d{{1,2}})(?:[/.-](?P<y>{_Y}))?|,? tháng (?P<mw>\d{{1,2}})(?:{_OTHER_YEAR})?)"
    rf"{_LUNAR}{_NO_MORE}",
    "day": rf"(?P<lead>{_LEAD})?(?P<d>\d{{1,2}}){_DAY_TAIL}{_LUNAR}{_SOLAR}{_NO_MORE}{_HINT}",
    "shared": rf"(?:ngày (?:mùng |mồng )?|(?<=\d, ))(?P<d>\d{{1,2}})"
    rf"(?=(?:, \d{{1,2}}){{0,30}},? (?:và|hoặc) (?:ngày )?\d{{1,2}}"
    rf"(?:[/-](?P<m>\d{{1,2}})(?:[/-](?P<y>{_Y}))?|,? tháng (?P<mw>\d{{1,2}})(?:{_OTHER_YEAR})?)"
    rf"{_NO_MORE})",
    "now": rf"(?:hôm nay|ngày (?P<tomorrow>mai|kia)|(?:hôm|{_PART}) (?P<dw>nay|qua|mai|kia|kìa))\b",
    "weekday": rf"(?P<part>{_PART} )?"
    r"(?:thứ (?P<wd>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ (?P<sun>nhật))\b"
    r"(?: (?:tuần (?P<ww>này|tới|sau|trước)|(?P<wn>này|tới))\b(?! đây))?",
    "week": r"(?:(?:đầu |giữa |(?P<end>cuối ))?tuần (?P<ww>này|tới|sau|trước)|hết cuối tuần)\b",
    "months": rf"{_EDGE}?tháng (?P<m1>\d{{1,2}})(?:/(?P<y1>{_Y}))?"
    rf"(?:(?:\s?[-–]\s?| đến (?:hết )?)(?:{_EDGE}?tháng )?|{_ROW_OF_MONTHS})"
    rf"(?P<m>\d{{1,2}})(?:{_IN_YEAR})?{_NO_MORE}",
    "half": rf"(?:(?:{_COUNT} tháng|nửa) (?P<side>đầu|cuối) năm(?: (?P<y>{_Y})| {_SAID})?"
    rf"|(?P<months>\d{{1,2}}) tháng (?:của )?năm (?P<yx>{_Y}))\b",
    "month": rf"{_EDGE}?tháng (?:(?:(?P<m>\d{{1,2}})"
    r"|(?P<mn>mười hai|mười một|mười|hai|ba|tư|sáu|bảy|tám|chín))"
    rf"(?:{_IN_YEAR})?{_NO_MORE}(?: này\b)?{_HINT}|(?P<mr>này|tới|sau|trước)\b)",
    "quarters": rf"{_EDGE}?quý (?P<q1>{_Q})(?:(?:/| năm )(?P<y1>{_Y}))?"
    rf"(?:(?:\s?[-–]\s?| (?:đến|tới) (?:hết )?)(?:quý )?|{_ROW})"
    rf"(?P<q>{_Q})(?:{_IN_YEAR})?(?!\w|\s?[-–/]\s?\d)",
    "quarter": rf"{_EDGE}?quý (?:(?P<q>{_Q})(?:{_IN_YEAR})?(?!\w|\s?[-–/]\s?\d)"
    rf"{_HINT}|(?P<qr>này|tới|sau|trước)\b)",
    "ahead": rf"{_COUNT} (?P<u>ngày|tuần|tháng|năm) (?:tới|sắp tới)\b",
    "season": rf"mùa (?P<season>xuân|hè|hạ|thu|đông),? (?:(?:năm )?(?P<y>{_Y}){_NO_MORE}"
    r"|(?:năm )?(?P<yw>nay|này|tới|sau|ngoái|trước)\b)",
    "years": rf"(?:giai đoạn |thời kỳ |nhiệm kỳ |năm |năm học )?(?P<y1>{_Y})\s?"
    rf"(?:[-–]|đến(?: năm)?)\s?(?P<y>{_Y}){_NO_MORE}",
    "year": rf"{_EDGE}?năm (?:(?P<y>1\d{{3}}|20\d\d){_NO_MORE}|(?P<yw>nay|tới|sau|ngoái)\b)"
    r"|(?P<edge>đầu|giữa|cuối) năm"
    r"(?! (?:\d|mới|học|dương|âm|thứ|trước|nay|này|tới|sau|ngoái))\b",
    "bare": rf"(?P<y>20[1-6]\d)(?=\s?[,.;:)]|$| (?:và|sẽ|với|của|để|tại|là|đến|cần)\b){_NO_MORE}",
    "my": rf"(?P<m>\d{{1,2}})[/-](?P<y>{_Y}){_NO_MORE}",
    "english": rf"(?P<em>{_MONTHS}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:, (?P<y>{_Y})\b)?",
}
_EACH = {name: re.compile(rf"\b(?:{pattern})") for name, pattern in _GRAMMAR.items()}
_HEADS = AhoCorasick(
    [f"{word} " for word in words("begins")]
    + [f"{count} {unit}" for count in words("counts") for unit in words("units")]
)
"""How an expression can begin, if not with a figure: most words are not even looked at."""
_GOES_ON = r"\s?[/.–-]|,? (?:\d|và|hoặc|đến|tới|tết|năm|quý|tháng|tuần|ngày|lần)"
_FIGURE = re.compile(rf"\d(?<!\d\d)(?=\d?(?:{_GOES_ON})|\d{{3}})")
"""How an expression can begin that begins with a figure: with what goes on after it."""
_UNNAMED = {name: one.replace("(?P=s)", "(?:/ |[/.-])") for name, one in _GRAMMAR.items()}
_ANY = re.compile(
    r"\b(?:"
    + "|".join(
        f"(?P<g_{name}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', pattern)})"
        for name, pattern in _UNNAMED.items()
    )
    + ")"
)
_NUMBER_BEFORE = re.compile(rf"(?:\b{any_of('number_before')}\s?|\d[.,/-])$")
_FRACTION_AFTER = re.compile(rf"\s?{any_of('fraction_after')}\b")
_DAY_BEFORE = re.compile(rf"\b{any_of('day_before')}\s$")
_DAY_BEFORE_BRACKET = re.compile(r"\b(?:nay|qua|mai|hai|ba|tư|năm|sáu|bảy|nhật|[2-7]) \($")
WEEKDAY = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)"
_WEEKDAY_AFTER = re.compile(rf" ?\({WEEKDAY}\)")
_YEAR_BEFORE = re.compile(rf"\b{any_of('year_before')}\s$")
_YEARS_BEFORE = re.compile(r"\b20\d\d(?:,|,? và|,? hoặc) $")
_END_BEFORE = re.compile(rf"\b{any_of('end_before')}\s$")
_COUNTED = re.compile(rf"(?:\d|\b{any_of('counted_before')})\s$")
_WEEKDAY_BEFORE = re.compile(rf"\b{any_of('weekday_before')}\s$")
_SEASON_BEFORE = re.compile(rf"\b{any_of('season_before')}\s$")
_DAYS_BEFORE = re.compile(
    r"\b(?:ngày \d{1,2}(?:[/-]\d{1,2})?|(?:1[3-9]|2\d|3[01])/\d{1,2})"
    r"(?:, \d{1,2}(?:[/-]\d{1,2})?)*,? (?:và|hoặc) $"
)
_SHARED_BEFORE = re.compile(r"\bngày (?:\d{1,2}, )+$")
_LINE_UP = re.compile(r"\d-\d-\d-\d$")
_AFTER_A_VERB = re.compile(r"(?:tổ chức|diễn ra|mở|định kỳ)\s$")
_ENDS_DAY = re.compile(r"\s?[,.;:)]|\s(?:tới|năm|sẽ|đến|và)\b|\s?$")
_ALONE = {"months": "month", "quarters": "quarter"}
"""What the first of a row is if the row is none."""
_RELATIVE = frozenset({"year", "month", "week", "quarter", "ahead"})


def scan(text: str, lowered: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the expressions of time in a text: the kind, and a match in `lowered` with its parts.

    Kinds are the keys of the grammar above; no two matches overlap.
    """
    at = 0
    for place in _places(lowered):
        found = _ANY.match(lowered, place) if place >= at else None
        if found is None:
            continue
        name = str(found.lastgroup)[2:]
        match = _EACH[name].match(lowered, found.start())
        at = found.end()
        if name in _ALONE and match is not None and not _runs_on(match):
            name = _ALONE[name]
            match = _EACH[name].match(lowered, found.start())
            at = match.end() if match else found.start() + 1
        if match is not None and _plausible(name, match, text, lowered):
            yield name, match
        elif name == "weekday" or (name == "day" and match is None):
            at = found.start() + 1


def _places(lowered: str) -> list[int]:
    """Return where an expression may begin, in order."""
    heads = _HEADS.find_matches_as_indexes(lowered, overlapping=True)
    figures = _FIGURE.finditer(lowered)
    return sorted({start for _, start, _ in heads} | {figure.start() for figure in figures})


def _runs_on(match: re.Match[str]) -> bool:
    """Tell whether the months or quarters of a row follow each other: "quý I, II và III/2025"."""
    if match["row"] is None:
        return True
    kind = "q" if "q" in match.groupdict() else "m"
    if kind == "q" and match["q"].isdigit() and not (match["y"] or match["yw"]):
        return False  # "trong quý I, 3 người …"
    row = [match[f"{kind}1"], *re.findall(r"\w+", match["row"].replace("và", "")), match[kind]]
    numbers = [QUARTERS.get(one) or int(one) for one in row]
    size = 4 if kind == "q" else 12  # "tháng 12, 1/2026"
    return all((b - a) % size == 1 for a, b in pairwise(numbers))


def _plausible(name: str, match: re.Match[str], text: str, lowered: str) -> bool:
    """Tell a date from a score, a fraction, a decree's or a telephone number, a duration."""
    before = lowered[max(0, match.start() - 14) : match.start()]
    if name in _CHECKS:
        return _CHECKS[name](match, text, before)
    if name in _RELATIVE:
        if name == "year" and match["edge"]:
            return bool(_END_BEFORE.search(before))
        named = match[0][-1].isdigit() or (name == "quarter" and match["q"])
        return bool(named) or not _COUNTED.search(before)
    if name not in ("day", "days", "my") or not match[0][0].isdigit():
        return True
    if _NUMBER_BEFORE.search(before) or before.endswith(("/", "-", ".", "+")):
        return False
    if name == "my" or match["y"] or match["lunar"] or match["mw"]:
        return True
    return _is_day(name, match, lowered, before)


def _is_day(name: str, match: re.Match[str], text: str, before: str) -> bool:
    """Tell whether bare figures without a year are a day and a month."""
    if _FRACTION_AFTER.match(text, match.end()):
        return False
    weak = bool(_DAY_BEFORE.search(before)) or _follows_days(text, match.start())
    if name == "days":
        if _LINE_UP.match(match[0]):
            return False
        return bool(match["m1"]) or int(match["d2"]) > 12 or weak
    if match["s"] in ".-":
        if _DAY_BEFORE_BRACKET.search(before):
            return True
        return weak and bool(_ENDS_DAY.match(text, match.end()))
    if (match["d"], match["m"]) == ("24", "7"):
        return False
    bracketed = before.endswith("(") and text[match.end() : match.end() + 1] in (")", ",")
    padded = "0" in (match["d"][0], match["m"][0]) and len(match["d"]) == len(match["m"]) == 2
    named = _WEEKDAY_AFTER.match(text, match.end()) is not None
    return int(match["d"]) > 12 or bracketed or padded or weak or named


def _follows_days(text: str, start: int) -> bool:
    """Whether days stand before: `ngày 3, 5 và` 7/5, `30/4 và` 1/5."""
    return _DAYS_BEFORE.search(text[max(0, start - 40) : start]) is not None


def _is_weekday(match: re.Match[str], text: str, before: str) -> bool:
    """Tell the day of a week from "the second", "the third"."""
    if match["sun"] or match["part"] or match["ww"] or match["wn"]:
        return True
    capital = text[match.start("wd")].isupper()
    return capital or bool(_WEEKDAY_BEFORE.search(before))


def _is_years(match: re.Match[str], text: str, before: str) -> bool:
    """Leave out seasons: "mùa giải 2023-2024", "Bundesliga 2024-2025"."""
    if int(match["y"]) - int(match["y1"]) != 1 or not match[0][0].isdigit():
        return True
    word = text[max(0, match.start() - 14) : match.start()].split(" ")
    return not _SEASON_BEFORE.search(before) and not (len(word) > 1 and word[-2][:1].isupper())


def _is_season(match: re.Match[str], text: str, before: str) -> bool:
    """Leave out names: "Thế vận hội Mùa hè 2024"."""
    return text[match.start()].islower() or not before[-1:].isspace() or before[-2:-1] in ".!?:"


_CHECKS: dict[str, Callable[[re.Match[str], str, str], bool]] = {
    "shared": lambda match, text, before: (
        not match[0][0].isdigit() or bool(_SHARED_BEFORE.search(before))
    ),
    "bare": lambda match, text, before: bool(
        _YEAR_BEFORE.search(before) or _YEARS_BEFORE.search(before)
    ),
    "weekday": _is_weekday,
    "years": _is_years,
    "season": _is_season,
    "each": lambda match, text, before: (
        match["annual"] != "thường niên" or bool(_AFTER_A_VERB.search(before))
    ),
}
