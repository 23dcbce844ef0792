"""Bodies: heads of administration, of a field, of words, with their complements."""

from __future__ import annotations

from kb.nlp.names.line import Line
from kb.nlp.names.persons import holder
from kb.nlp.names.tails import acting, goes_on, named_by_head, pairs, tail
from kb.reading import Kind

_ALONE = frozenset(
    ("tỉnh ủy", "thành ủy", "huyện ủy", "quận ủy", "tỉnh uỷ", "thành uỷ", "tỉnh đoàn", "thành đoàn")
)
_LINKS = frozenset(("và", "&", "-", "–"))
_ROW = frozenset((",", "và", "&", "-"))
_ONWARD = frozenset(("và", "&", "về", "các", ","))
_BETWEEN = frozenset((",", ":", "và", ";"))


def coordinated(line: Line, place: int) -> int:
    """One head, several bodies: `UBND các quận, huyện: A, B và thị xã C` names A, B and C."""
    if not line.row[place].capital:
        return place
    after = line.words.admin_heads.at(line.row, place)
    if after == place or line.low(after) not in ("các", "hai", "ba", "2", "3"):
        return place
    head = line.text[line.starts[place] : line.end(after - 1)]
    here = after + 1
    while here < len(line.row) and (
        line.words.inner_units.at(line.row, here) > here or line.row[here].low in _BETWEEN
    ):
        here = max(line.words.inner_units.at(line.row, here), here + 1)
    found = []
    while here < len(line.row):
        unit = line.words.inner_units.at(line.row, here)
        end = line.capitals(unit, most=4)
        if end == unit:
            break
        found.append((here, end))
        here = end
        if line.low(here) not in _BETWEEN:
            break
        here += 1
    if not found:
        return here
    for first, end in found:
        line.add(first, end, "org", "coordinated", head)
    return found[-1][1]


def body(line: Line, place: int) -> int:
    token = line.row[place]
    if line.shouting or not (token.capital or lower_head(line, place)) or is_post(line, place):
        return place
    if line.known.places.at(line.row, place) > place + 1:
        return place  # "Đài Loan"
    named = line.full_name_at(place) if token.capital else place
    if named > place + 2 and line.lows(place + 1, place + 3) not in line.words.dictionary:
        return place  # "Đoàn Thị Khánh Vân": a surname, not "Đoàn Thanh Niên"
    found = body_at(line, place)
    if found is None:
        return place
    end, rule = found
    end = max(end, line.known.bodies.at(line.row, place, joints=","))
    while end < len(line.row) and line.adjacent(end) and line.head(end) > end:
        below = body_at(line, end)  # "Văn phòng Ban Chỉ huy …": one body inside another
        if below is None or is_post(line, end):
            break
        end = below[0]
    kind: Kind = "place" if venue(line, place) else "org"
    line.add(place, end, kind, rule)
    return holder(line, place, end)


def body_at(line: Line, place: int, depth: int = 0) -> tuple[int, str] | None:
    """Return the place after a body that begins here, and the rule that found it."""
    if depth > _DEEPEST:
        return None
    words = line.words
    after = words.admin_heads.at(line.row, place)
    if after > place:
        end = admin_complement(line, place, after)
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
        if after == here + 1:
            break
        if last:
            return after
        here = after
    return alone


def lower_head(line: Line, place: int) -> bool:
    """Whether a head in lower case belongs to the name: `trường Đại học A`, `câu lạc bộ B`."""
    after = line.words.lower_heads.at(line.row, place)
    return after > place and line.adjacent(after) and line.row[after].capital


def level(line: Line, after: int) -> int:
    """Take the unit that a body of words belongs to: `Phòng Kinh tế thành phố A`, `Hội B tỉnh`."""
    if not line.adjacent(after):
        return after
    for here in range(after, after + 3):  # "Hội Người mù tỉnh"
        unit = line.words.inner_units.at(line.row, here)
        if unit > here and line.words.admin_heads.at(line.row, here) == here:
            return max(unit, seat(line, here))
        if not line.adjacent(here + 1) or line.row[here].capital:
            break
        if line.pos_at(here)[:1] not in ("N", "A") or line.low(here) in line.words.units_of_time:
            break
    return after


def venue(line: Line, place: int) -> bool:
    """Whether a house is named as where something happens: `tại Bệnh viện A`."""
    return (
        line.words.houses.at(line.row, place) > place
        and place > 0
        and line.row[place - 1].low in line.words.venue_after
    )


def is_post(line: Line, place: int) -> bool:
    """Whether a post begins here that begins like a body: `Cục trưởng`, `Bộ trưởng`."""
    return line.words.posts.at(line.row, place) > line.head(place)


def is_whole(line: Line, place: int, after: int) -> bool:
    """Whether a head alone names a body: `Tỉnh ủy`, not `Công an`."""
    return " ".join(token.low for token in line.row[place:after]) in _ALONE


def admin_complement(line: Line, head: int, after: int) -> int:
    """Take the unit and its name: `quận Tây Hồ`, `tỉnh`, `TP.HCM`, `Hà Nội`."""
    unit = line.words.inner_units.at(line.row, after)
    if unit == after and line.low(after) in ("nhân", "tối", "cấp"):
        return wordy_complement(line, head, after)
    named = line.capitals(unit, most=4)
    known = line.known.places.at(line.row, unit, joints="-–")
    whole = unit > after or is_whole(line, head, after)
    held = whole and line.post_before(after) and line.full_name_at(unit) - unit >= 3
    if held and known == unit and line.lows(unit, unit + 3) not in line.known.districts:
        return unit  # "Chủ tịch UBND tỉnh Lưu Văn B", "Bí thư Thành ủy Lưu Văn B"
    if known > named > unit:
        return known  # "UBND tỉnh Thừa Thiên - Huế"
    if unit < known < named and line.full_name_at(known) > known:
        return known
    if named > unit:
        return without_person(line, unit, named)
    if unit < len(line.row) and line.row[unit].text.isdigit() and unit > after:
        return unit + 1  # quận 1
    return unit


def seat(line: Line, after: int) -> int:
    """Take where a body of a field sits: `Hà Nội`, `tỉnh Bắc Giang`, `TP.HCM`."""
    unit = line.words.inner_units.at(line.row, after)
    if unit > after and unit < len(line.row) and line.row[unit].capital:
        return without_person(line, unit, line.capitals(unit, most=4))
    if after < len(line.row) and line.row[after].capital:
        return line.known.places.at(line.row, after)
    return after


_LEAST_AFTER_HEAD = 3
"""Syllables in lower case that make a name with their head: `Ban Quản lý` dự án 6."""
_DEEPEST = 2
"""Bodies inside one another, so that a line of nothing but heads costs no more than others."""


def wordy_complement(line: Line, head: int, after: int, depth: int = 0) -> int:
    """Take words up to the last capital, and on over the words that `tail` knows.

    Other inner words in lower case must lead to another capital.
    """
    below = body_at(line, after, depth + 1) if starts_body(line, after) else None
    if below is not None:
        return below[0]  # "Văn phòng Cơ quan Cảnh sát điều tra Bộ Công an"
    last = place = after
    capitals = by_head = int(named_by_head(line, head, after))
    while place < len(line.row):
        token = line.row[place]
        if place > after and starts_body(line, place) and body_at(line, place, depth + 1):
            break  # "Cơ quan Cảnh sát điều tra Bộ Công an": another body, read for itself
        if token.capital or (capitals and place == last and numbers(line, place)):
            place += 1
            capitals += token.capital
            last = place
        elif token.low in _LINKS and capitals and links(line, place):
            place += 1
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
            place += 1
        else:
            break
    if not capitals or (capitals == by_head and last < after + _LEAST_AFTER_HEAD):
        return after  # "Ban Quản lý dự án" alone
    return without_person(line, after, last)


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
    together = line.word_at(place - 1) == line.word_at(place)
    begins = line.begins_word(place) and not line.row[place + 1].capital
    if begins and not (together and line.begins_word(place - 1)):
        return False  # "Lê Hồng Phong | thành phố", "TP.HCM | nhiệm kỳ"
    return together or line.begins_word(place - 1)


def links(line: Line, place: int) -> bool:
    after = place + 1
    functions = line.words.functions.at(line.row, after)
    if after >= len(line.row) or functions <= line.head(after) > after:
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
    if (
        line.lows(first, first + 2) in line.known.districts
        and line.full_name_at(first + 2) > first + 3
    ):
        return first + 2  # "UBND quận Tây Hồ Trần Văn Bình": "Hồ" is a family, too
    for place in range(first + 1, after - 1):
        if line.gives_name(place):
            return place  # "đảng Dân chủ Chris Murphy"
        if line.row[place].low in line.words.surnames and line.row[place].capital:
            names = line.row[place:after]
            if 2 <= len(names) <= 4 and all(token.capital for token in names):
                return place
    return after


def known_body(line: Line, place: int) -> int:
    """A body that is known, with the seat or the word of a company after it."""
    if not line.row[place].capital or line.shouting:
        return place
    after = line.known.bodies.at(line.row, place)
    if after == place or not line.all_named(place, after):
        return place
    common = line.lows(place, after) in line.known.common
    if common and not all(token.capital for token in line.row[place:after]):
        return place
    end = branded(line, place, after)
    if end is None:
        return line.capitals(place, most=6)
    return line.add(place, end, "org", "known body")


def branded(line: Line, place: int, after: int) -> int | None:
    """Return the end of a known name with what belongs to it; None if it is a product's.

    `Vietcombank Hà Nội`, `Samsung Electronics` are bodies; `Volvo XC90`, `Apple Intelligence`
    products; in `Tesla Elon Musk` a person follows.
    """
    run = line.capitals(after, most=4)
    if run == after or not line.adjacent(after):
        return after
    seat = line.known.places.at(line.row, after)
    if seat > after:
        return seat
    if line.lows(place, run) in line.known.products:
        return None
    first = line.row[after]
    if line.likely_person(after, run) or line.head(after) > after or line.known_at(after) > after:
        return after
    if line.row[run - 1].low in line.words.corporate:
        return run
    return after if first.text.isupper() and first.text.isalpha() else None


def known_club(line: Line, place: int) -> int:
    """A club: outside of sport, one that is called like its city is the city."""
    if not line.row[place].capital or line.shouting:
        return place
    after = line.known.clubs.at(line.row, place)
    if after == place:
        return place
    name = line.lows(place, after)
    if not line.all_named(place, after) and not (line.sport and name in line.known.nicknames):
        return place
    if not line.sport and name in line.known.cities:
        return line.add(place, after, "place", "known place")
    run = line.capitals(after, most=4)
    if run > after and line.adjacent(after) and not line.sport:
        return place  # only the beginning of a longer name: "Chelsea Clinton"
    return line.add(place, after, "org", "club")


def team(line: Line, place: int) -> int:
    """A country or city with the word for its team: `tuyển Argentina`, `U23 Việt Nam`."""
    after = line.words.teams.at(line.row, place)
    if after == place or line.shouting or line.inside(after):
        return place
    age = line.words.teams.at(line.row, after)
    for here in range(age, min(age + 4, len(line.row) - 1)):  # "đội tuyển taekwondo Việt Nam"
        named = max(line.known_at(here), here + (line.row[here].text.isupper() and here > age))
        if named > here and line.row[here].capital:
            return line.add(place, named, "org", "team")
        if not line.adjacent(here) or line.row[here].capital:
            break
    return place
