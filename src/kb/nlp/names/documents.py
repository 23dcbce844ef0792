"""Documents: numbered ones, and laws by their title."""

from __future__ import annotations

import re

from kb.nlp.names.line import Line
from kb.nlp.names.rows import DOCUMENT, LAW, NUMBER, QUOTED

_NUMBERED = re.compile(
    r"(?:Nghị định|Nghị quyết|Thông tư(?: liên tịch)?|Quyết định|Kế hoạch|Chỉ thị|Công văn"
    r"|Công điện|Kết luận|Hướng dẫn|Thông báo|Tờ trình|Văn bản|Quy định|Pháp lệnh|Sắc lệnh"
    r"|Báo cáo|Luật|Lệnh|Chương trình|Giấy phép|QĐ|NĐ|Đề án|TCVN|QCVN)"
    r"(?: số)?:? ?\d{1,5}(?:[-/]\d{4})?(?:[-/][A-ZĐ]+\d?(?:[-&.][A-ZĐ]+)*)*"
    r"(?:[-/][A-ZĐ][A-ZĐa-zđ]+(?:-[A-ZĐ]+)*)*(?! ?%|\w)"
)
_CODED = re.compile(
    r"(?<!\w)(?:nghị định|nghị quyết|thông tư|quyết định|kế hoạch|chỉ thị|công văn|công điện"
    r"|kết luận|hướng dẫn|thông báo|tờ trình|văn bản|chương trình|giấy phép)(?: số)?:? ?"
    r"\d{1,5}(?:/(?:19|20)\d\d)?[-/](?:[A-ZĐ]\w*)(?: ?[-&/.] ?[A-ZĐ]\w*)*"
)
"""With a small letter only what has a code is a document: `văn bản số 499/TB-ĐHTL`."""
_TITLED = re.compile(
    r"(?:Đề án|Kế hoạch|Nghị quyết|Chương trình hành động|Chiến lược|Quy hoạch|Chỉ thị)"
    r"(?: (?:chuyên đề|chiến lược))?(?: về)? (?:“[^“”\n]{10,200}”|\"[^\"\n]{10,200}\")"
)
_CODE = re.compile("[0-9][-/]")
_CONSTITUTION = re.compile(r"Hiến pháp(?: năm)? (?:19|20)\d\d")
_LAW_TAIL = re.compile(
    r"(?: \(sửa đổi(?:, bổ sung)?\)| sửa đổi)?(?: năm (?:19|20)\d\d| (?:19|20)\d\d)?"
)


def documents(line: Line) -> dict[int, int]:
    """Return where documents begin and end, in code points of the sentence."""
    hints = 0
    for place in line.hinted:
        hints |= line.row[place].hints
    if not hints & DOCUMENT:
        return {}
    patterns = []
    if hints & QUOTED:
        patterns.append(_TITLED)
    if hints & NUMBER:
        if _CODE.search(line.text):
            patterns.append(_CODED)
        patterns.append(_NUMBERED)
    spans = {m.start(): m.end() for pattern in patterns for m in pattern.finditer(line.text)}
    for place in line.hinted if hints & LAW else ():
        token, start = line.row[place], line.starts[place]
        if token.text == "Hiến" and _CONSTITUTION.match(line.text, start):
            after = place + 2
        elif token.text == "Luật" or (token.text == "Bộ" and line.low(place + 1) == "luật"):
            after = place + (1 if token.text == "Luật" else 2)
            named = line.words.laws.at(line.row, after, joints=",")
            if named == after or not line.row[after].capital:
                continue
            after = named
        else:
            continue
        end = line.end(after - 1)
        tail = _LAW_TAIL.match(line.text, end)
        spans[start] = tail.end() if tail else end
    return spans
