"""Documents: numbered ones, and laws by their title."""

from __future__ import annotations

import re

from kb.nlp.names.line import Line

_NUMBERED = re.compile(
    r"(?:Nghị định|Nghị quyết|Thông tư(?: liên tịch)?|Quyết định|Kế hoạch|Chỉ thị|Công văn"
    r"|Công điện|Kết luận|Hướng dẫn|Thông báo|Tờ trình|Văn bản|Quy định|Pháp lệnh|Sắc lệnh"
    r"|Báo cáo|Luật|Lệnh|Chương trình|Giấy phép|QĐ|NĐ|Đề án|TCVN|QCVN)"
    r"(?: số)?:? ?\d{1,5}(?:[-/]\d{4})?(?:[-/][A-ZĐ]+\d?(?:[-&.][A-ZĐ]+)*)*"
    r"(?:[-/][A-ZĐ][A-ZĐa-zđ]+(?:-[A-ZĐ]+)*)*(?! ?%|\w)"
)
_CONSTITUTION = re.compile(r"Hiến pháp(?: năm)? (?:19|20)\d\d")
_LAW_TAIL = re.compile(
    r"(?: \(sửa đổi(?:, bổ sung)?\)| sửa đổi)?(?: năm (?:19|20)\d\d| (?:19|20)\d\d)?"
)


def documents(line: Line) -> dict[int, int]:
    spans = {match.start(): match.end() for match in _NUMBERED.finditer(line.text)}
    for place, token in enumerate(line.row):
        start = token.start
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
        end = line.row[after - 1].end
        tail = _LAW_TAIL.match(line.text, end)
        spans[start] = tail.end() if tail else end
    return spans
