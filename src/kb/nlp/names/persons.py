"""People: after courtesy, degree or post, and Vietnamese full names."""

from __future__ import annotations

import re
from bisect import bisect_left

from kb.nlp.names.complements import body_at
from kb.nlp.names.line import Line
from kb.nlp.names.tokens import degrees

_NO_VOWEL = re.compile(r"[BCDĐGHKLMNPQRSTVX]{2,6}$|[A-ZĐ]{1,6}(?:[&-][A-ZĐ][A-ZĐa-z]{0,5})+$")


def titled(line: Line, place: int) -> int:
    """Courtesy, degree or post, then capitals: a person; titles may follow one another."""
    after = after_title(line, place)
    if after == place:
        return place
    if (
        line.row[place].capital
        and not line.initial(place)
        and line.known.places.at(line.row, place) == after
    ):
        return place  # "Anh" in the middle of a sentence
    while (more := after_title(line, after)) > after:
        after = more
    for first in range(place + 1, after):
        if not line.row[first].capital or line.row[first].text.isupper():
            continue  # "Chủ tịch HĐQT" is one
        whole = body_at(line, first)
        if whole is not None and whole[0] > after:
            return first  # "Trưởng | Ban Tổ chức Trung ương", "Phó Chánh | Thanh tra tỉnh A"
    bare = after if line.row[place].capital else place
    seat = line.known.places.at(line.row, after) if line.row[after].capital else after
    followed = seat > after and line.capitals(seat, most=5) > seat
    abroad = seat - after > 1 and line.lows(after, seat) not in line.known.provinces
    if followed and (abroad or line.full_name_at(after) <= seat) and line.head(seat) == seat:
        line.add(after, seat, "place", "known place")  # "Tổng thống Mỹ Joe Biden"
        after = seat
    after = _behind_field(line, after)
    if after >= len(line.row):
        return bare
    if _called(line, place, after):
        return line.add(after, after + 1, "person", "titled", line.surface(place, after))
    if not person_like(line, after):
        field = line.words.fields.at(line.row, after, joints=",-–")
        if field > after and line.full_name_at(field) > field:
            after = field
        else:
            return bare
    end = line.full_name_at(after)
    if line.head(after) > after + 1 and end < after + 3:
        return after  # "Giám đốc Nhà xuất bản Thế giới"
    if end == after:
        end = line.capitals(after, most=5)
    if end == after or line.lows(place, end) in line.known.products:
        return max(bare, end)
    if _of_company(line, place, after, end):
        return line.add(after, end, "org", "body of a post")
    title = line.text[line.starts[place] : line.end(after - 1)]
    return line.add(after, end, "person", "titled", title)


def _called(line: Line, place: int, after: int) -> bool:
    """Whether a courtesy makes the name of a place a person's: `ông Đức`, `chị Huế`."""
    last, name = line.row[place], line.row[after]
    return (
        after - 1 == place
        and last.low in line.words.kin
        and line.low(place - 1) not in line.words.kin  # "anh em"
        and not (last.capital and last.low == "anh")  # "Anh", which may be England
        and name.capital
        and name.vietnamese
        and not (line.adjacent(after + 1) and line.row[after + 1].capital)
    )


def _behind_field(line: Line, place: int) -> int:
    """Pass a field and the country of it, before a person: `Bộ trưởng Quốc phòng | Mỹ John A`."""
    field = line.words.fields.at(line.row, place, joints=",-–") if place < len(line.row) else place
    if not (place < field < len(line.row) and line.row[field].capital):
        return place
    seat = line.known.places.at(line.row, field)
    end = line.capitals(seat, most=5) if field < seat < len(line.row) else seat
    heads = line.head(place) > place or line.head(field) > field
    if end == seat or heads or (end == seat + 1 and line.vietnamese(seat)):
        return place
    return line.add(field, seat, "place", "known place")


_APPOSED = re.compile(r" ?[,–—-] ?| \(")
_SHUT = re.compile(r" ?[,;.)]| [-–—] |$")


def _of_company(line: Line, place: int, after: int, end: int) -> bool:
    """Whether capitals behind a post are the body of a holder named before it.

    `Ông Lê Văn A, tổng giám đốc Sunmoon,`: not where he has a post already (`Thủ tướng A, Phó
    Thủ tướng B,`), nor where the capitals are those of people.
    """
    last = line.found[-1] if line.found else None
    if last is None or last.kind != "person" or line.sport:
        return False
    named = bisect_left(line.starts, last.start)
    posts = line.words.posts
    return (
        _APPOSED.fullmatch(line.text, last.end, line.starts[place]) is not None
        and not any(posts.at(line.row, n) == named for n in range(max(0, named - 6), named))
        and _SHUT.match(line.text, line.end(end - 1)) is not None
        and line.lows(place, after).endswith(line.words.posts_of_companies)
        and line.full_name_at(after) == after
        and not line.named_like(after)
    )


def holder(line: Line, place: int, after: int) -> int:
    """Take the person who holds the post of a body that ends here: `Cục trưởng Cục A Lê Văn B`."""
    if not (after < len(line.row) and line.row[after].capital and line.adjacent(after)):
        return after
    if not line.post_before(place) or not person_like(line, after) or line.head(after) > after:
        return after
    end = max(line.full_name_at(after), line.capitals(after, most=5))
    return line.add(after, end, "person", "titled") if end - after >= 2 else after


def after_title(line: Line, place: int) -> int:
    after = line.words.titles.at(line.row, place)
    return after if after > place else place + degrees(line.low(place))


def person_like(line: Line, place: int) -> bool:
    token = line.row[place]
    if not token.capital or token.low in line.words.nothing or _NO_VOWEL.match(token.text):
        return False
    if line.full_name_at(place) - place >= 3:
        return True  # "Chủ tịch Hồ Chí Minh"
    row, known = line.row, line.known
    if (
        max(
            line.words.admin_heads.at(row, place),
            known.bodies.at(row, place),
            known.clubs.at(row, place),
            known.events.at(row, place),
        )
        > place
    ):
        return False
    seat = known.places.at(row, place)
    return seat == place or line.full_name_at(place) > seat


def full_name(line: Line, place: int) -> int:
    end = line.full_name_at(place)
    if end - place < 2 or line.shouting or line.unnamed_before(place):
        return place
    if line.lows(place, end) in line.words.nothing:
        return place  # "Thẩm Định"
    if line.adjacent(end) and line.row[end].capital and line.low(end) in line.words.corporate:
        return place  # "Hà Quang Land"
    return line.add(place, end, "person", "full name")
