"""Quotes of a text of our own, for the tests on speech and speakers."""

from __future__ import annotations

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.people import Cast, find_holdings
from kb.nlp.quotes import find_quotes
from kb.reading import Quote


def quotes(reader: Reader, text: str, title: str = "") -> list[Quote]:
    passages = reader.passages(Article(title=title, lead="", body=text))
    cast = Cast(passages)
    found = find_quotes(cast, find_holdings(cast))
    texts = {passage.field: passage.text for passage in passages}
    for one in found:
        assert texts[one.field][one.start : one.end] == one.text
    return found


def said(reader: Reader, text: str) -> list[tuple[str | None, bool, str]]:
    return [(one.speaker, one.direct, one.text) for one in quotes(reader, text)]


HANG = "Bà Lê Thu Hằng, Giám đốc Sở Du lịch Hà Nội, có mặt từ sớm."


WORDS = "Chúng tôi sẽ mở cửa khu phố đi bộ vào mọi buổi tối cuối tuần"


LONG_WORDS = f"{WORDS} và mời các nghệ nhân của làng nghề đến bán hàng miễn phí"
