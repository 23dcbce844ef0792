"""Links to a registry of one's own: teams, companies, a city and a province with a government."""

from __future__ import annotations

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.reading import Reading
from kb.registry import load_registry

OWN = """
id: own
name: Của mình
entries:
  - {id: huong-son, kind: place, name: Hương Sơn, government: ubnd-huong-son,
     sources: ["https://example.org/a"]}
  - {id: ubnd-huong-son, kind: org, name: UBND thành phố Hương Sơn, aliases: [UBND TP Hương Sơn],
     sources: ["https://example.org/a"]}
  - {id: lam-ha, kind: place, name: Lâm Hạ, government: ubnd-lam-ha,
     sources: ["https://example.org/a"]}
  - {id: ubnd-lam-ha, kind: org, name: UBND tỉnh Lâm Hạ, sources: ["https://example.org/a"]}
  - {id: team, kind: org, name: Đội tuyển Việt Nam, aliases: [tuyển Việt Nam, ĐT Việt Nam],
     sources: ["https://example.org/a"]}
  - {id: sao-khue, kind: org, name: Sao Khuê, sources: ["https://example.org/a"]}
  - {id: mac-tu, kind: person, name: Mạc Thị Tú, aliases: [Mạc Tú], sources: ["https://example.org/a"]}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.yaml").write_text(OWN, "utf-8")
    return Reader(load_registry(folder, bundled=False))


def read(reader: Reader, body: str) -> Reading:
    return reader.read([Article(title="", lead="", body=body)])[0]


def linked(reader: Reader, body: str) -> list[tuple[str, str | None]]:
    return [(one.surface, one.entity_id) for one in read(reader, body).mentions]


def test_a_team_that_is_an_entry_is_that_one(own: Reader) -> None:
    found = linked(own, "Tối qua, tuyển Việt Nam gặp tuyển Lào; ĐT Việt Nam thắng.")
    assert found == [("tuyển Việt Nam", "team"), ("tuyển Lào", None), ("ĐT Việt Nam", "team")]


def test_what_a_body_is_before_its_name_makes_no_other_of_it(own: Reader) -> None:
    found = linked(own, "CLB Sao Khuê gặp Công ty Sao Khuê ở Trung tâm Sao Khuê.")
    assert found == [
        ("CLB Sao Khuê", "sao-khue"), ("Công ty Sao Khuê", "sao-khue"),
        ("Trung tâm Sao Khuê", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "committee"),
    [
        ("Hương Sơn họp với Đà Nẵng. Cả Hương Sơn vui.", "ubnd-huong-son"),
        ("Đà Nẵng họp với Hương Sơn. Cả Đà Nẵng vui.", None),
        ("UBND thành phố Đà Nẵng họp. TP.HCM dự, TP.HCM khen Hương Sơn. TP.HCM vui.", None),
        ("Lâm Hạ họp. Cả Lâm Hạ vui.", None),
    ],
)
def test_the_city_is_the_one_that_the_story_is_on(
    own: Reader, told: str, committee: str | None
) -> None:
    found = dict(linked(own, f"{told} UBND thành phố giao Sở Xây dựng lo việc này."))
    assert found["UBND thành phố"] == committee


def test_a_province_is_called_so(own: Reader) -> None:
    body = "Lâm Hạ họp. UBND tỉnh giao Sở Xây dựng lo. Tỉnh sẽ khởi công cầu trước 30/9/2026."
    reading = read(own, body)
    assert ("UBND tỉnh", "ubnd-lam-ha") in [(m.surface, m.entity_id) for m in reading.mentions]
    assert [one.owner_id for one in reading.commitments] == ["ubnd-lam-ha"]


def test_a_person_has_one_name_whatever_the_text_uses(own: Reader) -> None:
    body = "Bà Mạc Tú, giám đốc Sở Du lịch, nói phố sẽ mở. Bà Tú cho biết vé sẽ không bán."
    reading = read(own, body)
    assert {(one.speaker, one.speaker_id) for one in reading.quotes} == {("Mạc Thị Tú", "mac-tu")}
    assert {one.person for one in reading.holdings} == {"Mạc Thị Tú"}
