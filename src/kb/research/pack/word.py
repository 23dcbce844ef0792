"""A report as a Word document: headings, tables and lists that Word knows as such, links inside."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from kb.research.pack.blocks import Block, Chart, Heading, Paragraph, Run, Runs, Table
from kb.research.pack.phrases import words

_FONT: Final = "Times New Roman"
"""That of Vietnamese offices' letters (Decree 30/2020); every office suite has it or its like."""
_LOCALES: Final = {"vi": "vi-VN", "en": "en-GB"}
_SOFT, _LINK = RGBColor(0x57, 0x5C, 0x63), RGBColor(0x1A, 0x4F, 0x86)
_SEAL = RGBColor(0x8A, 0x1F, 0x17)
_WIDTH: Final = 17.0
"""Centimetres between the margins of A4."""
_PADDING: Final = Cm(0.38)
"""What Word leaves free on both sides within a cell, together."""


def render(blocks: Sequence[Block], language: str, title: str) -> bytes:
    """Return the .docx file."""
    document = Document()
    _Writer(document, language).write(blocks, title)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    def __init__(self, document: Any, language: str) -> None:  # noqa: ANN401
        self._document = document
        self._language = language
        self._marks = 0

    def write(self, blocks: Sequence[Block], title: str) -> None:
        self._prepare(title)
        for block in blocks:
            match block:
                case Heading():
                    self._heading(block)
                case Paragraph():
                    self._paragraph(block)
                case Table():
                    self._table(block)
                case Chart():
                    self._chart(block)

    def _prepare(self, title: str) -> None:
        properties = self._document.core_properties
        properties.title, properties.language = title, _LOCALES[self._language]
        properties.author = "vietnamese-press-kb"
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
        for name, size in (
            ("Normal", 12), ("Title", 20), ("Heading 1", 16), ("Heading 2", 13),
        ):  # fmt: skip
            style = self._document.styles[name]
            style.font.name, style.font.size = _FONT, Pt(size)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
                fonts.set(qn(kind), _FONT)
            for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
                fonts.attrib.pop(qn(theme), None)
            if name != "Normal":
                style.font.color.rgb = _SEAL if name == "Heading 1" else RGBColor(0, 0, 0)
        self._document.styles["Normal"].paragraph_format.space_after = Pt(4)
        self._page_number(section.footer.paragraphs[0])

    def _page_number(self, paragraph: Any) -> None:  # noqa: ANN401
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(f"{words(self._language)['page']} ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)

    def _heading(self, block: Heading) -> None:
        paragraph = self._document.add_heading(level=block.level - 1)
        self._marked(paragraph, block.mark)
        self._run(paragraph, Run(block.text))

    def _paragraph(self, block: Paragraph) -> None:
        style = "List Bullet" if block.depth == 1 else "Normal"
        paragraph = self._document.add_paragraph(style=style)
        layout = paragraph.paragraph_format
        if block.depth > 1:
            layout.left_indent = Cm(0.65 * block.depth)
        if block.style == "quote":
            layout.left_indent = Cm(0.65)
        if block.mark:
            layout.left_indent, layout.first_line_indent = Cm(1), Cm(-1)
        self._marked(paragraph, block.mark)
        small = bool(block.mark) or block.style in ("meta", "note")
        for run in block.runs:
            self._run(paragraph, run, small=small, soft=block.style in ("meta", "note"))

    def _marked(self, paragraph: Any, mark: str) -> None:  # noqa: ANN401
        """Put a bookmark, to which numbers of sources lead."""
        if not mark:
            return
        self._marks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for one in (start, end):
            one.set(qn("w:id"), str(self._marks))
            paragraph._p.append(one)
        start.set(qn("w:name"), _bookmark(mark))

    def _run(
        self,
        paragraph: Any,  # noqa: ANN401
        run: Run,
        *,
        small: bool = False,
        soft: bool = False,
    ) -> None:
        made = paragraph.add_run(run.text)
        made.bold = run.bold or None
        if small:
            made.font.size = Pt(10)
        if soft:
            made.font.color.rgb = _SOFT
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), _LOCALES["vi" if run.press else self._language])
        made._r.get_or_add_rPr().append(language)
        if run.href:
            made.font.color.rgb = _LINK
            self._linked(paragraph, made._r, run.href)

    def _linked(self, paragraph: Any, run: Any, href: str) -> None:  # noqa: ANN401
        link = OxmlElement("w:hyperlink")
        if href.startswith("#"):
            link.set(qn("w:anchor"), _bookmark(href[1:]))
        elif href.startswith(("data/", "copies/", "http://", "https://")):
            part = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), part)
        else:
            return
        paragraph._p.append(link)
        link.append(run)

    def _table(self, block: Table) -> Any:  # noqa: ANN401
        table = self._document.add_table(rows=1, cols=len(block.head), style="Table Grid")
        table.autofit = False
        for column, share in zip(table.columns, block.widths, strict=True):
            column.width = Cm(_WIDTH * share / 100)  # LibreOffice goes by it, Word by the cells
        self._row(table.rows[0], tuple((Run(name, bold=True),) for name in block.head), block)
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for row in block.rows:
            self._row(table.add_row(), row, block)
        self._document.add_paragraph().paragraph_format.space_after = Pt(2)
        return table

    def _row(self, row: Any, cells: tuple[Runs, ...], block: Table) -> None:  # noqa: ANN401
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for place, (cell, runs) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Cm(_WIDTH * block.widths[place] / 100)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            if place in block.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in runs:
                self._run(paragraph, run, small=True)

    def _chart(self, block: Chart) -> None:
        """Write a chart as its table, with bars in a column: Word's own charts need Excel."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        self._run(paragraph, Run(block.title, bold=True), small=True)
        highest = max((count for _, count, _ in block.bars), default=1) or 1
        told = [bar for bar in block.bars if bar[1]]
        rows = tuple((label, (), *others) for label, *others in block.table.rows)
        first, *others = block.table.head
        made = self._table(Table((first, "", *others), rows, (16, 42, 10, 12, 20), (2, 3)))
        for row, (_, count, _) in zip(made.rows[1:], told, strict=True):
            _bar(row.cells[1], count / highest)


def _bar(cell: Any, share: float) -> None:  # noqa: ANN401
    """Fill a share of a cell's line: ground behind a paragraph that ends before the edge."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.right_indent = int((cell.width - _PADDING) * (1 - share))
    ground = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", str(_LINK))):
        ground.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().append(ground)


def _bookmark(mark: str) -> str:
    """Return a name that Word takes: letters, digits and underscores, 40 at most."""
    return mark.replace("-", "_")[:40]
