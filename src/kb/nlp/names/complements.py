"""What the name of a body is made of: its head, units, fields, words, seat."""

from __future__ import annotations

from kb.nlp.names.line import Line
from kb.nlp.names.tails import acting, goes_on, named_by_head, pairs, tail

_ALONE = (
    "tỉnh ủy", "thành ủy", "huyện ủy", "quận ủy", "tỉnh uỷ", "thành uỷ", "tỉnh đoàn", "thành đoàn",
)  # fmt: skip
_LINKS = frozenset(("và", "&", "-", "–"))
_ROW = frozenset((",", "và", "&", "-"))
_ONWARD = frozenset(("và", "&", "về", "các", ","))
_LEAST_AFTER_HEAD = 3
"""Syllables in lower case that make a name with their head: `Ban Quản lý` dự án 6."""
_LONGEST_TRADE = 5
"""Syllables of what a company trades in, before its name."""
_DEEPEST = 2
"""Bodies inside one another, so that a line of nothing but heads costs no more than others."""


def body_at(line: Line, place: int, depth: int = 0) -> tuple[int, str] | None:
    """Return the place after a body that begins here, and the rule that found it."""
    if depth > _DEEPEST:
        return None
    words = line.words
    after = words.admin_heads.at(line.row, place)
    if after > place:
        end = admin_complement(line, place, after)
        if end == after and starts_body(line, after):  # "Phòng Cảnh sát hình sự | Công an tỉnh"
            above = body_at(line, after, depth + 1)
            end = above[0] if above else end
        if line.low(place) in words.squads and line.low(after) == "số":
            end = after + 1 + numbered(line, after + 1)  # "Đội Cảnh sát giao thông số 1"
        if end > after or is_whole(line, place, after):
            return end, "admin body"
    after = words.field_heads.at(line.row, place)
    if place < after < len(line.row):
        end = fields(line, after)
        whole = end > after and not (
            words.wordy_heads.at(line.row, place) > place and goes_on(line, end)
        )
        if whole and line.row[after].capital:
            return seat(line, end), "body of a field"
    after = words.wordy_heads.at(line.row, place)
    if after > place:
        end = wordy_complement(line, place, after, depth)
        if end > after:
            return level(line, end), "body of words"
        if line.low(place) in line.words.numbered and line.low(after).isdigit():
            return after + 1, "body of words"  # "Quân khu 7"
    return None


def fields(line: Line, place: int) -> int:
    """Take the fields of a ministry: one, or a row with `và`: `Thông tin, Văn hóa và Du lịch`."""
    alone = line.words.fields.at(line.row, place, joints=",-–")
    here = max(alone, line.words.parts_of_fields.at(line.row, place))
    before = line.words.several.intersection((line.low(place - 2),))
    while not before and here > place and line.low(here) in _ROW and line.row[here + 1].capital:
        last = line.low(here) not in (",", "-")
        after = max(
            line.words.fields.at(line.row, here + 1, joints=",-–"),
            line.words.parts_of_fields.at(line.row, here + 1),
        )
        if after == here + 1 or line.words.admin_heads.at(line.row, here + 1) > here + 1:
            break  # "Sở Xây dựng và | Công an thành phố"
        if last:
            return after
        here = after
    return alone


def level(line: Line, after: int) -> int:
    """Take the unit that a body of words belongs to: `Phòng Kinh tế thành phố A`, `Hội B tỉnh`."""
    if not line.adjacent(after):
        return after
    zone = line.words.zones.at(line.row, after)
    if zone > after and zone < len(line.row) and line.row[after].text.islower():
        # "Kiểm toán Nhà nước khu vực I", "Viện Khoa học xã hội vùng Trung Bộ"
        if numbered(line, zone):
            return zone + 1
        dotted = line.row[zone].text.endswith(".")  # "… khu vực I. Ông Lê Văn A"
        return line.capitals(zone, most=3) if line.row[zone].capital and not dotted else after
    for here in range(after, after + 3):  # "Hội Người mù tỉnh"
        unit = line.words.inner_units.at(line.row, here)
        if unit > here and line.words.admin_heads.at(line.row, here) == here:
            return max(unit, seat(line, here))
        if not line.adjacent(here + 1) or line.row[here].capital:
            break
        if line.pos_at(here)[:1] not in ("N", "A") or line.low(here) in line.words.units_of_time:
            break
    return after


def numbered(line: Line, place: int) -> bool:
    """Whether the number of a region or squad stands here: `3`, `IV`, not that of a document."""
    text = line.row[place].text
    return (text.isdigit() and len(text) < 3) or not set(text) - set("IVX")


def is_whole(line: Line, place: int, after: int) -> bool:
    """Whether a head alone names a body: `Tỉnh ủy`, not `Công an`."""
    return line.lows(place, after).endswith(_ALONE)


def admin_complement(line: Line, head: int, after: int) -> int:
    """Take the unit and its name: `quận Tây Hồ`, `tỉnh`, `TP.HCM`, `Hà Nội`."""
    unit = line.words.inner_units.at(line.row, after)
    if unit == after and line.low(after) in ("nhân", "tối", "cấp"):
        return wordy_complement(line, head, after)
    named = line.capitals(unit, most=4)
    known = line.known.places.at(line.row, unit, joints="-–")
    whole = unit > after or is_whole(line, head, after)
    if whole and known == unit and held(line, unit):
        return unit  # "Chủ tịch UBND tỉnh Lưu Văn B", "Bí thư Thành ủy Lưu Văn B"
    if known > named > unit:
        return known  # "UBND tỉnh Thừa Thiên - Huế"
    if named > unit:
        end = unit_name(line, unit)
        below = (
            line.lows(unit, end) == "việt nam" and line.words.inner_units.at(line.row, end) > end
        )
        return seat(line, end) if below else end  # "Ủy ban MTTQ Việt Nam thành phố Hà Nội"
    if unit < len(line.row) and line.row[unit].text.isdigit() and unit > after:
        return unit + 1  # quận 1
    return unit


def held(line: Line, place: int) -> bool:
    """Whether a person who holds a post in the body is named here, not the unit it is of."""
    named = line.full_name_at(place) - place >= 3 and line.post_before(place)
    unit = line.lows(place, place + 3) in line.known.districts
    return named and not unit and line.known.places.at(line.row, place) == place


def unit_name(line: Line, place: int) -> int:
    """Take the name of a unit, not that of a person who follows."""
    known = line.known.places.at(line.row, place)
    for after in sorted({place + 2, place + 3, known} - {place}):
        unit = after == known or line.lows(place, after) in line.known.districts
        if unit and line.full_name_at(after) > after:
            return after  # "UBND quận Tây Hồ Trần Văn Bình": "Hồ" is a family, too
    return without_person(line, place, line.capitals(place, most=4))


def seat(line: Line, after: int) -> int:
    """Take where a body of a field sits: `Hà Nội`, `tỉnh Bắc Giang`, `TP.HCM`."""
    unit = line.words.inner_units.at(line.row, after)
    if unit > after and unit < len(line.row) and line.row[unit].capital:
        if held(line, unit):
            return unit
        return unit_name(line, unit)
    if after < len(line.row) and line.row[after].capital:
        return line.known.places.at(line.row, after)
    return after


def wordy_complement(line: Line, head: int, after: int, depth: int = 0) -> int:
    """Take words up to the last capital, and on over the words that `tail` knows.

    Other inner words in lower case must lead to another capital.
    """
    below = body_at(line, after, depth + 1) if starts_body(line, after) else None
    if below is not None:
        return below[0]  # "Văn phòng Cơ quan Cảnh sát điều tra Bộ Công an"
    last, place = after, _trade(line, after)
    capitals = by_head = int(named_by_head(line, head, after))
    row = fields(line, after)
    if "," in {line.low(here) for here in range(after, row)}:
        last = place = row  # "Trung tâm Văn hóa, Thông tin và Thể thao"
        capitals += 1
    while place < len(line.row):
        token = line.row[place]
        if place > after and starts_body(line, place) and body_at(line, place, depth + 1):
            break  # "Cơ quan Cảnh sát điều tra Bộ Công an": another body, read for itself
        if token.capital or (capitals and place == last and numbers(line, place)):
            place = max(place + 1, line.known_at(place)) if place > after else place + 1
            capitals += token.capital
            last = place
        elif token.low in _LINKS and capitals and links(line, place, after):
            place += 1
        elif on(line, last, place) and (named := managed(line, after, place)) > place:
            capitals += 1
            place = last = named
        elif same_word(line, place):
            place += 1
            last = place
        elif capitals and (end := tail(line, place, head)) > place and on(line, last, place):
            place = last = end
        elif capitals and acting(line, place):
            break  # "Trung tâm Dự báo khí tượng dự báo Bắc Bộ"
        elif (
            (capitals and pairs(line, place))
            or token.low in line.words.inner
            or line.words.inner_units.at(line.row, place) > place
        ):
            place = max(place + 1, line.words.inner_units.at(line.row, place))
        else:
            break
    if line.words.houses.at(line.row, head) == after and line.full_name_at(after) == last:
        return last  # "Trường THPT Chu Văn An"
    if held(line, after) and line.full_name_at(after) == last:
        return after  # "Phó Chánh Văn phòng Nguyễn Văn An"
    if not capitals or (capitals == by_head and last < after + _LEAST_AFTER_HEAD):
        return after  # "Ban Quản lý dự án" alone
    return without_person(line, after, last)


def _trade(line: Line, after: int) -> int:
    """Pass the trade of a company up to its name: `Công ty cổ phần | sữa | Đồi Xanh`."""
    place = after
    while line.low(after - 1) in line.words.capital and line.adjacent(place):
        token = line.row[place]
        if token.capital:
            return place
        if place - after == _LONGEST_TRADE or line.pos_at(place)[:1] not in ("N", "V", "A"):
            break
        place += 1
    return after


def managed(line: Line, after: int, place: int) -> int:
    """Take a place that a body looks after: `Ban Quản lý | hồ Hoàn Kiếm và phố cổ Hà Nội`."""
    named = line.words.units.at(line.row, place)
    if named == place or line.lows(after - 2, after) not in line.words.managing:
        return place
    return line.capitals(named, most=6) if line.row[named].capital else place


def starts_body(line: Line, place: int) -> bool:
    """Whether a head here is a word of its own: no `Hội` of `Hội nghị`, `Ban` of `Tây Ban Nha`."""
    after = line.head(place) if place < len(line.row) else place
    return (
        after > place
        and line.adjacent(place)
        and not line.inside(after)
        and line.known.places.at(line.row, place - 1) <= place
    )


def numbers(line: Line, place: int) -> bool:
    """Whether a number belongs to a name: `Ban Quản lý dự án 6`, not the score after a club."""
    text = line.row[place].text
    score = line.low(place + 1) in ("-", "–") and line.low(place + 2).isdigit()
    return text.isdigit() and len(text) <= 3 and not score


def on(line: Line, last: int, place: int) -> bool:
    """Whether nothing but a link or the comma of a pair stands between two places."""
    return place == last or (place == last + 1 and line.row[last].low in _ONWARD)


def same_word(line: Line, place: int) -> bool:
    """Whether a lower-case syllable ends a word that a capital began: `Văn hóa`."""
    before = line.row[place - 1]
    if not (before.capital and line.row[place].word):
        return False
    whole = line.word_at(place - 1) == line.word_at(place)
    if line.begins_word(place) and not line.row[place + 1].capital:
        # "Lê Hồng Phong | thành phố", "TP.HCM | nhiệm kỳ"
        return whole and line.begins_word(place - 1)
    return line.begins_word(place - 1) or (whole and compound(line, place))


def compound(line: Line, place: int) -> bool:
    """Whether the segmenter joined a syllable to a common word and not to a proper name before.

    `Công ty Đóng | tàu`, but no verb: `Nhà xuất bản Kim Đồng mở`, `Công ty SJC giảm`.
    """
    if line.word_text(place) in line.words.dictionary:
        return True
    before = line.row[place - 1]
    proper = before.text.isupper() or not before.vietnamese
    named = line.known.places.at(line.row, place - 1) == place
    if proper or named or line.row[place].low in line.words.adverbs:
        return False
    return line.word_at(place) == line.starts[place - 1]


def links(line: Line, place: int, first: int) -> bool:
    """Whether a name whose words begin at `first` goes on after `và` or a dash."""
    after = place + 1
    if managed(line, first, after) > after:
        return True
    functions = line.words.functions.at(line.row, after)
    if after >= len(line.row) or line.row[after].low == "ảnh":
        return False  # "Trường THPT A - Ảnh: …"
    if functions <= line.head(after) > after:
        return False  # "và Sở Y tế", but "Kiểm soát và Phòng ngừa dịch bệnh"
    if not line.row[place - 1].capital and not line.vietnamese(after):
        return False  # "Cục Kinh tế số và Amazon"
    if (
        max(phrases.at(line.row, after) for phrases in (line.words.admin_heads, line.words.posts))
        > after
    ):
        return False  # "và công an các phường", "và Tổng giám đốc B"
    return line.row[after].capital or functions > after


def without_person(line: Line, first: int, after: int) -> int:
    """Leave out a person whose full name follows the body: `Sở Y tế Nguyễn Văn A`."""
    if not line.post_before(first):
        return after
    for place in range(first, after - 1):
        known = line.known.places.at(line.row, place)
        if place < known <= after - 2 and line.row[known].capital and line.head(known) == known:
            return known  # "Không quân Ukraine Mykola Oleshchuk"
    for place in range(first + 1, after - 1):
        if line.gives_name(place):
            return place  # "đảng Dân chủ Chris Murphy"
        if line.row[place].low in line.words.surnames and line.row[place].capital:
            if line.known.places.at(line.row, place) >= after:
                return after  # "Trường Đại học Mở Hà Nội"
            names = line.row[place:after]
            if 2 <= len(names) <= 4 and all(token.capital for token in names):
                return place
    return after
