"""The script that most people would write: python -m benchmarks.plain_script WARC DATABASE [N]

trafilatura for the page, `sent_tokenize` and `ner` of underthesea for every sentence, SQLAlchemy's
ORM with `add_all`. Prints what it took as JSON, without the start of Python and of the models.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice

import trafilatura
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from underthesea import ner, sent_tokenize
from warcio.archiveiterator import ArchiveIterator


class Base(DeclarativeBase):
    """Tables."""


class Story(Base):
    """An article."""

    __tablename__ = "story"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    text: Mapped[str]
    names: Mapped[list[Name]] = relationship()


class Name(Base):
    """A named entity."""

    __tablename__ = "name"
    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    kind: Mapped[str]
    text: Mapped[str]


def main(warc: str, database: str, most: int) -> dict[str, float]:
    """Load the first articles of a WARC file."""
    ner("Ông Nguyễn Văn An thăm Hà Nội.")  # loads the models
    engine = create_engine(database)
    Base.metadata.create_all(engine)
    seconds = dict.fromkeys(("extract", "read", "load"), 0.0)
    began = mark = time.process_time()
    stories: list[Story] = []

    def spent(stage: str) -> None:
        nonlocal mark
        now = time.process_time()
        seconds[stage] += now - mark
        mark = now

    with open(warc, "rb") as file, Session(engine) as session:  # noqa: PTH123 (as people write it)
        records = (one for one in ArchiveIterator(file) if one.rec_type == "response")
        for record in islice(records, most):
            text = trafilatura.extract(record.content_stream().read()) or ""
            spent("extract")
            names = [
                Name(kind=tag[2:], text=word)
                for sentence in sent_tokenize(text)
                for word, _, _, tag in ner(sentence)
                if tag != "O"
            ]
            url = record.rec_headers.get_header("WARC-Target-URI")
            stories.append(Story(url=url, text=text, names=names))
            spent("read")
        session.add_all(stories)
        session.commit()
        spent("load")
    return {"articles": len(stories), "seconds": time.process_time() - began, **seconds}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
