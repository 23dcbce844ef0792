"""Bodies: whole names of administration, of fields, of words; clubs, teams and known ones."""

from __future__ import annotations

from kb.nlp.names.complements import body_at, seat
from kb.nlp.names.line import Line
from kb.nlp.names.persons import holder
from kb.reading import Kind

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
    if line.words.heads.at(line.row, place) == place:
        return place
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
    known = line.known.bodies.at(line.row, place, joints=",")
    end = represents(line, place, max(end, seat(line, known) if known > place else place))
    while end < len(line.row) and line.adjacent(end) and line.head(end) > end:
        below = body_at(line, end)  # "Văn phòng Ban Chỉ huy …": one body inside another
        if below is None or is_post(line, end):
            break
        end = below[0]
    kind: Kind = "place" if venue(line, place) else "org"
    line.add(place, end, kind, rule)
    return holder(line, place, end)


def represents(line: Line, place: int, end: int) -> int:
    """Take the country where another's body sits: `Đại sứ quán Italia tại Việt Nam`."""
    where = seat(line, end + 1) if line.low(end) == "tại" else end
    mission = line.words.missions.at(line.row, place) > place
    if where <= end + 1 or not (mission or line.words.representing.at(line.row, place) > place):
        return end
    whose = {
        line.lows(here, end)
        for here in range(max(place, end - 4), end)
        if line.known_at(here) == end
    }
    ours = whose & ({"việt nam"} | line.known.provinces | line.known.districts)
    return where if whose and (mission or not ours) else end


def lower_head(line: Line, place: int) -> bool:
    """Whether a head in lower case belongs to the name: `trường Đại học A`, `câu lạc bộ B`."""
    after = line.words.lower_heads.at(line.row, place)
    return after > place and line.adjacent(after) and line.row[after].capital


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
    end = represents(line, place, end)
    return line.add(place, end, "org", "known body")


def branded(line: Line, place: int, after: int) -> int | None:
    """Return the end of a known name with what belongs to it; None if it is a product's.

    `Vietcombank Hà Nội`, `Samsung Electronics` are bodies; `Volvo XC90`, `Apple Intelligence`
    products; in `Tesla Elon Musk` a person follows.
    """
    if not line.adjacent(after):
        return after
    first = line.row[after]
    by_name = first.capital and not first.text.isupper()  # "HYBE Bang Si Hyuk"
    sits = line.known.places.at(line.row, after) if by_name else seat(line, after)
    if sits > after:
        return sits
    run = line.capitals(after, most=4)
    if run == after:
        return after
    if line.lows(place, run) in line.known.products:
        return None
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
