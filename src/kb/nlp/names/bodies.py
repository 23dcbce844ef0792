"""Bodies: heads of administration, of a field, of words, with their complements."""

from __future__ import annotations

from kb.nlp.names.line import Line

_ALONE = frozenset(
    ("tỉnh ủy", "thành ủy", "huyện ủy", "quận ủy", "tỉnh uỷ", "thành uỷ", "tỉnh đoàn", "thành đoàn")
)
_LINKS = frozenset(("và", "&", "-", "–"))
_BETWEEN = frozenset((",", ":", "và", ";"))


def coordinated(line: Line, place: int) -> int:
    """One head, several bodies: `UBND các quận, huyện: A, B và thị xã C` names A, B and C."""
    if not line.row[place].capital:
        return place
    after = line.words.admin_heads.at(line.row, place)
    if after == place or line.low(after) not in ("các", "hai", "ba", "2", "3"):
        return place
    head = line.text[line.row[place].start : line.row[after - 1].end]
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
    words = line.words
    if not token.capital or line.shouting or is_post(line, place):
        return place
    after = words.admin_heads.at(line.row, place)
    if after > place:
        end = admin_complement(line, after)
        if end > after or is_whole(line, place, after):
            return line.add(place, end, "org", "admin body")
    after = words.field_heads.at(line.row, place)
    if after > place and after < len(line.row):
        end = words.fields.at(line.row, after, joints=",-–")
        if end > after and line.row[after].capital:
            return line.add(place, seat(line, end), "org", "body of a field")
    after = words.wordy_heads.at(line.row, place)
    if after > place:
        end = wordy_complement(line, after)
        if end > after:
            return line.add(place, end, "org", "body of words")
    return place


def is_post(line: Line, place: int) -> bool:
    """Whether a post begins here that begins like a body: `Cục trưởng`, `Bộ trưởng`."""
    return line.words.posts.at(line.row, place) > line.head(place)


def is_whole(line: Line, place: int, after: int) -> bool:
    """Whether a head alone names a body: `Tỉnh ủy`, not `Công an`."""
    return " ".join(token.low for token in line.row[place:after]) in _ALONE


def admin_complement(line: Line, after: int) -> int:
    """Take the unit and its name: `quận Tây Hồ`, `tỉnh`, `TP.HCM`, `Hà Nội`."""
    unit = line.words.inner_units.at(line.row, after)
    if unit == after and line.low(after) in ("nhân", "tối", "cấp"):
        return wordy_complement(line, after)
    named = line.capitals(unit, most=4)
    known = line.words.places.at(line.row, unit)
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
        return line.words.places.at(line.row, after)
    return after


def wordy_complement(line: Line, after: int) -> int:
    """Take words up to the last capital: inner words in lower case must lead to another."""
    last = place = after
    capitals = 0
    while place < len(line.row):
        token = line.row[place]
        if token.capital or (token.text.isdigit() and capitals and len(token.text) <= 3):
            place += 1
            capitals += token.capital
            last = place
        elif token.low in _LINKS and capitals and links(line, place):
            place += 1
        elif same_word(line, place):
            place += 1
            last = place
        elif token.low in line.words.inner or line.words.inner_units.at(line.row, place) > place:
            place += 1
        else:
            break
    if capitals:
        last = with_words(line, last, place)
    return without_person(line, after, last) if capitals else after


def with_words(line: Line, last: int, after: int) -> int:
    """Return the place after lower-case words that belong to a name: `Cảnh sát giao thông`.

    They do when they are words of the dictionary, no place has ended the name before `last`, and
    nothing follows within `after` but what bodies do.
    """
    places = line.words.places
    if last in (places.at(line.row, max(last - 2, 0)), places.at(line.row, last - 1)):
        return last
    end = last
    while end + 2 <= after:
        word = f"{line.row[end].low} {line.row[end + 1].low}"
        if word in line.words.acts:
            return end
        if word not in line.words.dictionary:
            return last
        end += 2
    return end if end == after else last


def same_word(line: Line, place: int) -> bool:
    """Whether a lower-case syllable ends a word that a capital began: `Văn hóa`."""
    before = line.row[place - 1]
    return before.capital and f"{before.low} {line.row[place].low}" in line.words.dictionary


def links(line: Line, place: int) -> bool:
    after = place + 1
    if after >= len(line.row) or line.head(after) > after:
        return False
    return line.row[after].capital or line.row[after].low in line.words.inner


def without_person(line: Line, first: int, after: int) -> int:
    """Leave out a person whose full name follows the body: `Sở Y tế Nguyễn Văn A`."""
    if not after_post(line, first):
        return after
    for place in range(first + 1, after - 1):
        if line.row[place].low in line.words.surnames and line.row[place].capital:
            names = line.row[place:after]
            if 2 <= len(names) <= 4 and all(token.capital for token in names):
                return place
    return after


def after_post(line: Line, place: int) -> bool:
    return any(
        line.words.posts.at(line.row, before) > before for before in range(max(0, place - 7), place)
    )


def known_body(line: Line, place: int) -> int:
    if not line.row[place].capital or line.shouting:
        return place
    after = line.words.bodies.at(line.row, place)
    if after == place or not line.all_named(place, after):
        return place
    return line.add(place, after, "org", "known body")


def team(line: Line, place: int) -> int:
    """A country or city with the word for its team: `tuyển Argentina`, `U23 Việt Nam`."""
    after = line.words.teams.at(line.row, place)
    if after == place or line.shouting:
        return place
    age = line.words.teams.at(line.row, after)
    named = line.words.places.at(line.row, age) if age < len(line.row) else age
    if named == age or not line.row[age].capital:
        return place
    return line.add(place, named, "org", "team")
