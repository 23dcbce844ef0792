"""Evidence packs: what the report says, the source of every sentence, and what lies beside."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
import rispy
from docx.oxml.ns import qn
from lxml import html
from warcio.archiveiterator import ArchiveIterator

from kb.archive import Archive
from kb.errors import ArchiveError, ConfigError
from kb.research.pack import Pack, content, gather, write
from kb.research.pack.blocks import Chart, Heading, Paragraph, Run, Table, sourced
from kb.research.pack.drawing import drawing
from kb.research.pack.phrases import LANGUAGES, words
from kb.research.pack.report import report
from tests.research.packed import (
    CENTRE,
    FAIR,
    FORGOTTEN,
    KEPT,
    NOW,
    OLD,
    OPENED,
    PROMISE,
    SAID,
    fill,
    stories,
)

YEAR = {"since": date(2024, 1, 1), "until": date(2025, 12, 31)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{folder / 'kb.sqlite'}") as opened:
        fill(opened, folder)
        yield opened


@pytest.fixture(scope="module")
def pack(archive: Archive) -> Pack:
    return gather(archive, now=NOW, **YEAR)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def written(archive: Archive, pack: Pack, folder: Path) -> Path:
    """The pack as a folder, with the copies of its sources."""
    target = folder / "gói"
    write(pack, archive, target, locate=str)
    return target


def section(pack: Pack, id_: str) -> content.Section:
    return next(one for one in pack.sections if one.entry.id == id_)


def cited(pack: Pack, numbers: tuple[int, ...]) -> set[str]:
    """Return the addresses that numbers stand for."""
    return {str(one.url) for one in pack.sources if one.number in numbers}


# --- what it says -----------------------------------------------------------------------------


def test_activities_are_told_once_with_all_that_printed_them(pack: Pack) -> None:
    fair = section(pack, "fair")
    told = {one.text: cited(pack, one.numbers) for one in fair.activities}
    assert told[OPENED] == {"https://bao-a.example/3", "https://bao-b.example/4"}
    assert told[KEPT] == {"https://bao-a.example/5"}
    assert f"{FAIR} vào mùa" in told
    assert not any(OLD in text for text in told)
    assert [one.at for one in fair.activities] == sorted(
        one.at for one in fair.activities if one.at
    )
    assert (fair.articles, fair.outlets) == (4, 2)


def test_commitments_come_with_what_was_reported_of_them(pack: Pack) -> None:
    promises = {one.text: one for one in section(pack, "fair").promises}
    kept, forgotten = promises[PROMISE], promises[FORGOTTEN]
    assert (kept.proposed, kept.owner, kept.due_to) == ("done", "phường", date(2025, 6, 30))
    assert [one.text for one in kept.reports] == [KEPT]
    assert cited(pack, kept.reports[0].numbers) == {"https://bao-a.example/5"}
    assert (forgotten.proposed, forgotten.reports) == ("silent", ())
    # Made before the period, due in it.
    assert promises[OLD].at is not None and promises[OLD].at.year == 2023
    assert section(pack, "fair").silent == 2


def test_what_was_made_and_due_before_a_period_is_no_part_of_it(archive: Archive) -> None:
    later = gather(archive, since=date(2025, 8, 1), now=NOW)
    assert section(later, "fair").promises == ()


def test_agencies_and_quotes_name_their_articles(pack: Pack) -> None:
    (agency,) = section(pack, "fair").agencies
    assert (agency.name, agency.name_en) == ("UBND phường Hàng Mã", "Hang Ma ward")
    assert [(one.role, one.sure) for one in agency.tasks] == [("lead", True)]
    (said,) = section(pack, "fair").quotes
    assert (said.speaker, said.role, said.text, said.direct) == ("Bùi Mộc", "nghệ nhân", SAID, True)
    assert cited(pack, said.numbers) == {"https://bao-a.example/2"}


def test_a_decision_is_told_with_who_and_on_what(archive: Archive, tmp_path: Path) -> None:
    key = next(row["key"] for row in archive.ledger_rows(content.Query()) if row["text"] == PROMISE)
    made = archive.judge(key, "status", {"status": "done"}, who="lan", source="https://a.example/x")
    try:
        found = gather(archive, now=NOW, **YEAR)  # type: ignore[arg-type]
        (one,) = (one for one in section(found, "fair").promises if one.text == PROMISE)
        assert (one.status, one.status_by, section(found, "fair").decided) == ("done", "lan", 1)
        text = "".join(run.text for runs in statements(found, "en") for run in runs)
        assert "Status as reported: done; decided by lan on" in text
        assert "source: https://a.example/x" in text
    finally:
        archive.undo(made.id)


def test_what_a_person_decided_is_silent_no_more(archive: Archive) -> None:
    rows = archive.ledger_rows(content.Query())
    key = next(row["key"] for row in rows if row["text"] == FORGOTTEN)
    made = archive.judge(key, "status", {"status": "done"}, who="lan")
    try:
        fair = section(gather(archive, now=NOW, **YEAR), "fair")  # type: ignore[arg-type]
        assert (fair.decided, fair.silent) == (1, 1)
    finally:
        archive.undo(made.id)


def test_only_what_was_asked_for(archive: Archive) -> None:
    found = gather(archive, initiatives=["centre"], now=NOW)
    assert [one.entry.id for one in found.sections] == ["centre"]
    assert [one.kind for one in section(found, "centre").activities] == ["in_progress"]
    whole = gather(archive, initiatives=["lights"], now=NOW)
    assert {one.entry.id for one in whole.sections} == {"lights", "fair", "centre"}
    assert ([one.id for one in whole.names], len(whole.sources) > 1) == (["lights"], True)
    with pytest.raises(ConfigError, match="no initiative bay-len"):
        gather(archive, initiatives=["bay-len"])
    with pytest.raises(ConfigError, match=r"ends \(2024-01-01\) before it begins"):
        gather(archive, since=date(2025, 1, 1), until=date(2024, 1, 1))


def test_nothing_in_a_period_is_said_too(archive: Archive) -> None:
    found = gather(archive, since=date(2001, 1, 1), until=date(2001, 12, 31), now=NOW)
    assert found.sources == ()
    texts = [run.text for runs in statements(found, "vi") for run in runs]
    assert sum(words("vi")["nothing"] in text for text in texts) == 3


def test_a_report_keeps_to_its_limits(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = content.limits()
    few = usual | {"activities": 1, "promises": 1, "quotes": 0, "quarters": 1, "months": 1}
    few |= {"reported": ["cancelled"]}
    monkeypatch.setattr(content, "limits", lambda: usual | {**few, "reported": usual["reported"]})
    fair = section(gather(archive, now=NOW, **YEAR), "fair")  # type: ignore[arg-type]
    assert ([one.text for one in fair.activities], fair.all_activities) == ([OPENED], 3)
    assert (len(fair.promises), fair.all_promises, fair.quotes, fair.by) == (1, 3, (), "year")
    monkeypatch.setattr(content, "limits", lambda: usual | few)
    found = gather(archive, now=NOW, **YEAR)  # type: ignore[arg-type]
    assert [one.text for one in section(found, "fair").activities] == [f"{FAIR} vào mùa"]
    assert set(usual) == {*few, "assignments"}


# --- every sentence has its source ------------------------------------------------------------


def statements(pack: Pack, language: str) -> list[tuple[Run, ...]]:
    return [runs for block in report(pack, language) for runs in sourced(block)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_says_where_it_is_from(pack: Pack, written: Path, language: str) -> None:
    marks = {block.mark for block in report(pack, language) if isinstance(block, Paragraph)}
    found = statements(pack, language)
    assert len(found) > 20
    for runs in found:
        sources = [run for run in runs if run.cite]
        assert sources, "".join(run.text for run in runs)
        for run in sources:
            if run.href is None:
                assert run.text.strip("[] ").isdigit()
            elif run.href.startswith("#"):
                assert run.href[1:] in marks
            else:
                assert (written / run.href).is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_web_page_leads_where_it_says(pack: Pack, written: Path, language: str) -> None:
    page = html.fromstring((written / f"report.{language}.html").read_text("utf-8"))
    assert page.get("lang") == language
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for link in page.xpath("//a/@href"):
        if link.startswith("#"):
            assert link[1:] in ids
        elif not link.startswith("http"):
            assert (written / link).is_file(), link
    for stated in page.xpath("//*[contains(concat(' ', @class, ' '), ' stated ')]"):
        assert stated.xpath(".//*[@class='cite' or @class='number']"), stated.text_content()
    assert not page.xpath("//script | //link | //img")
    (quoted,) = page.xpath(f"//span[@lang='vi'][contains(., '{SAID}')]")
    assert quoted.text_content() == f"“{SAID}”"


def test_charts_have_a_bar_for_each_period_and_a_table(pack: Pack, written: Path) -> None:
    page = html.fromstring((written / "report.en.html").read_text("utf-8"))
    charts = [block for block in report(pack, "en") if isinstance(block, Chart)]
    drawn = page.xpath("//*[local-name()='svg']")
    assert len(drawn) == len(charts) == 2
    for chart, svg in zip(charts, drawn, strict=True):
        told = [f"{label}: {count}" for label, count, _ in chart.bars if count]
        assert svg.xpath(".//*[local-name()='rect']/*[local-name()='title']/text()") == told
        assert len(chart.table.rows) == len(told)
        titles = [
            svg.xpath(f"//*[@id='{id_}']")[0].text for id_ in svg.get("aria-labelledby").split()
        ]
        assert titles == [chart.title, chart.description]
    bars = drawing(charts[0]).bars
    assert all(a.x + a.width < b.x for a, b in pairwise(bars))
    counts = [count for _, count, _ in charts[0].bars]
    assert [bar.height for bar in bars] == [
        pytest.approx(bars[counts.index(max(counts))].height * n / max(counts), abs=0.2)
        for n in counts
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_reads_the_same_report(pack: Pack, written: Path, language: str) -> None:
    document = docx.Document(str(written / f"report.{language}.docx"))
    blocks = report(pack, language, copies={one.number: (0, 0) for one in pack.sources})
    headings = [
        paragraph.text
        for paragraph in document.paragraphs
        if paragraph.style and paragraph.style.name.startswith(("Title", "Heading"))
    ]
    assert headings == [block.text for block in blocks if isinstance(block, Heading)]
    whole = "\n".join(_texts(document.element.body))
    for runs in statements(pack, language):
        for run in runs:
            assert run.text.strip() in whole or run.text.startswith("[sources")
    tables = [block for block in blocks if isinstance(block, Table | Chart)]
    assert len(document.tables) == len(tables)
    marks = {one.get(qn("w:name")) for one in document.element.body.iter(qn("w:bookmarkStart"))}
    anchors = [
        one.get(qn("w:anchor"))
        for one in document.element.body.iter(qn("w:hyperlink"))
        if one.get(qn("w:anchor"))
    ]
    assert anchors and set(anchors) <= marks
    outside = {one.target_ref for one in document.part.rels.values() if one.is_external}
    assert {f"https://bao-a.example/{n}" for n in (2, 3)} <= outside


def test_tables_of_the_word_report_are_as_wide_as_they_should_be(pack: Pack, written: Path) -> None:
    """LibreOffice goes by the grid, Word by the cells: both must say the same."""
    document = docx.Document(str(written / "report.vi.docx"))
    for table in document.tables:
        widths = [column.width for column in table.columns]
        assert [cell.width for cell in table.rows[-1].cells] == widths
        assert sum(widths) <= docx.shared.Cm(17.05)
    assert len({column.width for column in document.tables[0].columns}) > 2
    charts = [one for one in report(pack, "vi") if isinstance(one, Chart)]
    drawn = [table for table in document.tables if len(table._tbl.findall(f".//{qn('w:shd')}"))]
    assert len(drawn) == len(charts) > 0
    for table, chart in zip(drawn, charts, strict=True):
        counts = [count for _, count, _ in chart.bars if count]
        ends = [row.cells[1].paragraphs[0].paragraph_format.right_indent for row in table.rows[1:]]
        free = table.columns[1].width - docx.shared.Cm(0.38)
        shares = [1 - end / free for end in ends]
        assert shares == pytest.approx([count / max(counts) for count in counts], abs=0.01)
        assert all("," in row.cells[3].text for row in table.rows[1:]), "33,3 % in Vietnamese"


def _texts(element: Any) -> Iterator[str]:  # noqa: ANN401
    for paragraph in element.iter(qn("w:p")):
        yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def test_both_languages_have_the_same_words() -> None:
    assert set(words("vi")) == set(words("en"))
    for key, text in words("vi").items():
        holes = [part.partition("}")[0] for part in text.split("{")[1:]]
        other = [part.partition("}")[0] for part in words("en")[key].split("{")[1:]]
        assert sorted(holes) == sorted(other), key


# --- what lies beside -------------------------------------------------------------------------


def rows(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_data_are_complete_and_whole(pack: Pack, written: Path) -> None:
    for line in (written / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((written / name).read_bytes()).hexdigest() == digest
    names = {str(path.relative_to(written)) for path in written.rglob("*") if path.is_file()}
    assert len(names) == len((written / "SHA256SUMS").read_text("utf-8").splitlines()) + 1
    articles = rows(written / "data/articles.csv")
    assert len(articles) == 5  # not the one of 2023
    assert "'=1+1 đèn" in {row["title"] for row in articles}
    ledger = {row["text"]: row for row in rows(written / "data/ledger.csv")}
    assert ledger[FORGOTTEN]["proposed"] == "silent" and OLD in ledger
    (fair,) = (row for row in rows(written / "data/summary.csv") if row["initiative_id"] == "fair")
    assert (fair["articles"], fair["activities"], fair["silent"]) == ("4", "3", "2")
    # On Vietnam's clock like all the others: before 7 in the morning UTC has another day.
    printed = {row["published_at"] for row in articles}
    moments = {fair["first"], fair["last"]}
    moments |= {row["at"] for row in rows(written / "data/activities.csv")}
    assert "2025-01-10T08:00:00+07:00" in moments and moments <= printed
    fetched = {row["fetched_at"] for row in rows(written / "data/sources.csv")} - {""}
    assert fetched and all(moment.endswith("+07:00") for moment in fetched)
    sentences = [row["sentence"] for row in rows(written / "data/activities.csv")]
    assert OPENED in sentences
    bars = [row for row in rows(written / "data/attention.csv") if row["initiative_id"] == "fair"]
    assert sum(int(row["articles"]) for row in bars) == 4


def test_sources_are_cited_and_their_copies_can_be_opened(pack: Pack, written: Path) -> None:
    listed = rows(written / "data/sources.csv")
    assert [row["number"] for row in listed] == [str(n + 1) for n in range(len(pack.sources))]
    with (written / "data/sources.ris").open(encoding="utf-8") as file:
        references = rispy.load(file)
    assert {one["urls"][0] for one in references} == {row["url"] for row in listed}
    texts = {article.url: article.body for article, _ in stories()}
    with (written / "copies/sources.warc.gz").open("rb") as file:
        found = {
            record.rec_headers["WARC-Target-URI"]: record.content_stream().read().decode()
            for record in ArchiveIterator(file)
        }
    assert found == {row["url"]: texts[row["url"]] for row in listed}
    with (written / "copies/sources.warc.gz").open("rb") as file:
        file.seek(int(listed[-1]["copy_offset"]))
        record = next(iter(ArchiveIterator(file)))
        assert record.rec_headers["WARC-Target-URI"] == listed[-1]["url"]


def test_a_zip_holds_the_same_files(archive: Archive, pack: Pack, tmp_path: Path) -> None:
    names = write(pack, archive, tmp_path / "gói.zip", languages=["vi"])
    with zipfile.ZipFile(tmp_path / "gói.zip") as found:
        assert found.testzip() is None
        assert sorted(found.namelist()) == sorted(f"gói/{name}" for name in names)
    assert "report.vi.docx" in names and "report.en.html" not in names
    assert not any(name.startswith("copies") for name in names)
    assert list(tmp_path.iterdir()) == [tmp_path / "gói.zip"]


def test_nothing_is_overwritten_and_nothing_half_is_left(
    archive: Archive, pack: Pack, tmp_path: Path
) -> None:
    (tmp_path / "cũ").mkdir()
    (tmp_path / "cũ" / "thư.txt").write_text("giữ", "utf-8")
    with pytest.raises(ConfigError, match="is there already"):
        write(pack, archive, tmp_path / "cũ")
    with pytest.raises(ArchiveError, match="cannot read the archived copy"):
        write(pack, archive, tmp_path / "mới", locate=lambda _: str(tmp_path / "none.warc.gz"))
    assert [path.name for path in tmp_path.rglob("*")] == ["cũ", "thư.txt"]


def test_a_copy_that_was_cut_off_is_told(
    archive: Archive, pack: Pack, folder: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes((folder / "pages.warc.gz").read_bytes()[:-10])
    with pytest.raises(ArchiveError, match="ends before the copy"):
        write(pack, archive, tmp_path / "gói", locate=lambda _: str(cut))


def test_the_local_initiative_has_its_own_part(pack: Pack) -> None:
    titles = [block.text for block in report(pack, "en") if isinstance(block, Heading)]
    assert titles[0] == "Press evidence report: Lantern Streets"
    assert titles.index("Lantern Fair") < titles.index(CENTRE)
