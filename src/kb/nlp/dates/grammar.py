"""How Vietnamese press writes times: patterns over lower-cased text, and what only looks so."""

from __future__ import annotations

import re
from collections.abc import Iterator

_Y = r"(?:19|20)\d\d"
_PART = r"(?:rạng sáng|sáng sớm|sáng|trưa|chiều|tối|đêm|khuya)"
_EDGE = r"(?:đầu |giữa |cuối |hết |nửa đầu |nửa cuối )"
_NO_MORE = r"(?![\w]|[/.-]\w|\s?%|,\d)"
_IN_YEAR = (
    rf"(?:(?:\s?[/.-]\s?|,? (?:của )?năm |\s)(?P<y>{_Y})|,? năm (?P<yw>nay|tới|sau|ngoái|trước))"
)
_HINT = r"(?: (?P<hint>tới đây|sắp tới|tới(?=\s?[,.;)]| sẽ\b| tại\b|$)|vừa qua|vừa rồi))?"
_U = r"(?P<u>năm|quý|tháng|tuần|ngày)"
_SAID = r"(?P<yw>nay|tới|sau|ngoái|trước)"
_COUNT = r"(?P<n>\d{1,2}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
_LEAD = (
    rf"(?:(?:hôm nay|hôm qua|ngày mai|{_PART} (?:nay|qua|mai))(?:,? \(?| ngày )(?:ngày )?"
    rf"|{_PART} (?:ngày |hôm )?(?:mùng |mồng )?"
    r"|(?:các ngày|ngày|mùng|mồng|hôm)(?: (?:mùng|mồng))? "
    r"|(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)(?:,? \(?| ngày )(?:ngày )?)"
)
_OTHER_YEAR = _IN_YEAR.replace("<y>", "<yx>")
_DAY_TAIL = (
    rf"(?:(?P<s>[/.-])(?P<m>\d{{1,2}})(?:(?P=s)(?P<y>{_Y}))?"
    rf"|,? tháng (?P<mw>\d{{1,2}})(?:{_OTHER_YEAR})?)"
)
_LUNAR = r"(?P<lunar>,? ?\(?(?:năm \w+ )?(?:âm lịch|nông lịch|al\b))?"
_GRAMMAR = {
    "rate": rf"{_COUNT} lần\s?(?:/|mỗi |trong |một |1 )\s?(?:một |1 )?{_U}\b",
    "every": rf"(?:định kỳ )?(?:cứ )?(?:mỗi )?{_COUNT} {_U}(?:\s?/\s?| )(?:(?:một|1) )?lần\b",
    "period": rf"định kỳ {_COUNT} {_U}\b",
    "each": rf"(?:(?:hằng|hàng|mỗi|từng) {_U}\b(?! (?:đầu|cuối))"
    rf"(?: {_COUNT} lần\b)?|(?P<annual>thường niên)\b)",
    "lunar": r"(?:(?:ngày |đêm )?(?:(?:mùng|mồng) (?:\d{1,2}|\w+)|rằm|\d{1,2})"
    r" (?:tháng (?:giêng|chạp)|tết)\b"
    r"|rằm tháng \w+|tháng (?:giêng|chạp))(?: âm lịch)?",
    "days": rf"(?:từ )?{_LEAD}?(?P<d>\d{{1,2}})(?:[/.-](?P<m1>\d{{1,2}})(?:[/.-](?P<y1>{_Y}))?)?"
    rf"(?:\s?[-–]\s?| (?:đến|tới)(?: hết)? )(?:ngày )?(?P<d2>\d{{1,2}})[/.-](?P<m>\d{{1,2}})"
    rf"(?:[/.-](?P<y>{_Y}))?{_LUNAR}{_NO_MORE}",
    "day": rf"(?P<lead>{_LEAD})?(?P<d>\d{{1,2}}){_DAY_TAIL}{_LUNAR}{_NO_MORE}{_HINT}",
    "now": rf"(?:(?:hôm|ngày|{_PART}) (?P<dw>nay|qua|mai|kia|kìa)|hôm nay)\b",
    "weekday": r"(?:thứ (?P<wd>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ (?P<sun>nhật)) "
    r"(?:tuần (?P<ww>này|tới|sau|trước|vừa qua|qua)|(?P<wn>này|tới))\b(?! đây)",
    "week": r"(?:đầu |giữa |cuối )?tuần (?P<ww>này|tới|sau|trước|vừa qua|qua)\b",
    "months": rf"{_EDGE}?tháng (?P<m1>\d{{1,2}})(?:/(?P<y1>{_Y}))?(?:\s?[-–]\s?| đến (?:hết )?)"
    rf"(?:{_EDGE}?tháng )?(?P<m>\d{{1,2}})(?:{_IN_YEAR})?{_NO_MORE}",
    "half": rf"(?:{_COUNT} tháng|nửa) (?P<side>đầu|cuối) năm(?: (?P<y>{_Y})| {_SAID})?\b",
    "month": rf"{_EDGE}?tháng (?:(?:(?P<m>\d{{1,2}})"
    r"|(?P<mn>mười hai|mười một|mười|hai|ba|tư|sáu|bảy|tám|chín))"
    rf"(?:{_IN_YEAR})?{_NO_MORE}{_HINT}|(?P<mr>này|tới|sau|trước)\b)",
    "quarter": rf"{_EDGE}?quý (?:(?P<q>iii|ii|iv|i|[1-4])(?:{_IN_YEAR})?(?!\w|\s?[-–/]\s?\d)"
    rf"{_HINT}|(?P<qr>này|tới|sau|trước)\b)",
    "ahead": rf"{_COUNT} (?P<u>ngày|tuần|tháng|năm) (?:tới|sắp tới)\b",
    "years": rf"(?:giai đoạn |nhiệm kỳ |năm |các năm |năm học )?(?P<y1>{_Y})\s?"
    rf"(?:[-–]|đến(?: năm)?)\s?(?P<y>{_Y}){_NO_MORE}",
    "year": rf"{_EDGE}?năm (?:(?P<y>{_Y}){_NO_MORE}|(?P<yw>nay|tới|sau|ngoái)\b)"
    rf"|(?:vào|đến|trước|trong) (?P<edge>đầu|giữa|cuối) năm"
    rf"(?! (?:\d|mới|học|dương|âm|thứ|trước|nay|này|tới|sau|ngoái))\b",
    "bare": rf"(?P<y>20[1-6]\d)(?=\s?[,.;:)]|$| (?:và|sẽ|với|của|để|tại|là|đến|cần)\b){_NO_MORE}",
    "my": rf"(?P<m>\d{{1,2}})[/-](?P<y>{_Y}){_NO_MORE}",
}
_EACH = {name: re.compile(rf"\b(?:{pattern})") for name, pattern in _GRAMMAR.items()}
_HEAD = (
    rf"(?=\d|{_PART} |ngày |các ngày|m[ùồ]ng |hôm |thứ |chủ nhật|(?:từ )?(?:ngày |\d|{_PART} )"
    r"|(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) (?:năm|quý|tháng|tuần|ngày|lần)"
    r"|định kỳ |cứ |mỗi |hằng |hàng |từng |thường niên|rằm |tháng |tuần |quý |năm |giai đoạn "
    r"|nhiệm kỳ |(?:trong |vào |đến |trước )?(?:đầu|giữa|cuối|hết|nửa) )"
)
"""How an expression can begin: most words are turned away here, before the alternatives."""
_ANY = re.compile(
    rf"\b{_HEAD}(?:"
    + "|".join(
        f"(?P<g_{name}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', pattern.replace('(?P=s)', '[/.-]'))})"
        for name, pattern in _GRAMMAR.items()
    )
    + ")"
)
_NUMBER_BEFORE = re.compile(
    r"(?:\bsố|thông tư|nghị định|nghị quyết|quyết định|chỉ thị|công văn|luật|văn bản|công điện"
    r"|tờ trình|kết luận|tỷ lệ|tỉ lệ|tỷ số|tỉ số|vòng|thắng|thua|hòa|hoà|quốc lộ|đường|điện thoại"
    r"|hotline|khoảng|gần|hơn|chiếm|bằng|ngõ|ngách|tổ|lô|nhà|\d[.,/-])\s?$"
)
_FRACTION_AFTER = re.compile(
    r"\s?(?:số|tổng|diện tích|dân số|ngân sách|quãng|lượng|chiều|giá|cổ phần|thời gian|xã\b|phường"
    r"|trận|thành viên|đại biểu|tỉnh|huyện|chỉ tiêu|tiêu chí|giờ|tháng\b|phiếu|ghế|m2|ha\b|cử tri)"
)
_WEAK_BEFORE = re.compile(r"\b(?:từ|trước|sau|hết|dịp|lễ|khánh|đến|tới|vào|hạn)\s$")
_BARE_BEFORE = re.compile(r"\b(?:từ|trước|sau|đến|tới|vào|trong|hết|tầm nhìn)\s$")
_COUNTED = re.compile(
    r"(?:\d|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|nhiều|những|vài|các|mấy|suốt|lâu|chục)\s$"
)
_RELATIVE = frozenset({"year", "month", "week", "quarter", "ahead"})


def scan(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the expressions of time in lower-cased text: the kind, and a match with its parts.

    Kinds are the keys of the grammar above; no two matches overlap.
    """
    for found in _ANY.finditer(text):
        name = str(found.lastgroup)[2:]
        match = _EACH[name].match(text, found.start())
        if match is not None and _plausible(name, match, text):
            yield name, match


def _plausible(name: str, match: re.Match[str], text: str) -> bool:
    """Tell a date from a score, a fraction, a decree's or a telephone number, a duration."""
    before = text[max(0, match.start() - 14) : match.start()]
    if name == "bare":
        return bool(_BARE_BEFORE.search(before))
    if name in _RELATIVE:
        return not (_COUNTED.search(before) and not match[0][-1].isdigit())
    if name not in ("day", "days", "my") or not match[0][0].isdigit():
        return True
    if _NUMBER_BEFORE.search(before) or before.endswith(("/", "-", ".", "+")):
        return False
    if name == "my" or match["y"] or match["lunar"] or (name == "day" and match["mw"]):
        return True
    if _FRACTION_AFTER.match(text, match.end()) or (name == "day" and match["s"] != "/"):
        return False
    if name == "days":
        return bool(match["m1"]) or int(match["d2"]) > 12 or bool(_WEAK_BEFORE.search(before))
    if (match["d"], match["m"]) == ("24", "7"):
        return False
    bracketed = before.endswith("(") and text[match.end() : match.end() + 1] in (")", ",")
    return int(match["d"]) > 12 or bracketed or bool(_WEAK_BEFORE.search(before))
