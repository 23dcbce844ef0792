"""Direct and reported speech, and who speaks."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.passage import Passage
from kb.nlp.people import Cast, find_holdings
from kb.nlp.people.wordlists import SAYING, cues
from kb.nlp.quotes import find_quotes
from kb.nlp.quotes.marks import quoted
from kb.reading import Quote
from kb.registry import load_registry


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_registry())


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


@pytest.mark.parametrize(
    "pattern",
    [
        "Bà Lê Thu Hằng nói: “{}”.",
        "Bà Lê Thu Hằng nói: “{}.”",
        'Bà Lê Thu Hằng cho biết: "{}".',
        'Bà Lê Thu Hằng chia sẻ thêm trong buổi họp báo sáng nay: "{}".',
        "Bà Lê Thu Hằng cho biết “{}”.",
        '"{}", bà Lê Thu Hằng nói.',
        "“{},” bà Lê Thu Hằng khẳng định.",
        '"{}" - bà Lê Thu Hằng bày tỏ.',
        "“{}”, theo bà Lê Thu Hằng.",
        "«{}», bà Lê Thu Hằng nhấn mạnh.",
        "'{}', bà Lê Thu Hằng tâm sự.",
        '"{}", trao đổi với báo chí, bà Lê Thu Hằng cho hay.',
    ],
)
def test_direct_speech_in_every_setting(reader: Reader, pattern: str) -> None:
    (one,) = quotes(reader, pattern.format(WORDS))
    assert one.direct
    assert one.text.rstrip(".,") == WORDS
    assert one.speaker == "Lê Thu Hằng"


def test_a_quotation_split_by_its_cue_is_one_record_a_part(reader: Reader) -> None:
    text = (
        "“Khu phố này cần thêm cây xanh”, bà Lê Thu Hằng nói, “và cần thêm chỗ ngồi cho người già”."
    )
    assert said(reader, text) == [
        ("Lê Thu Hằng", True, "Khu phố này cần thêm cây xanh"),
        ("Lê Thu Hằng", True, "và cần thêm chỗ ngồi cho người già"),
    ]


def test_a_speech_goes_on_after_its_cue(reader: Reader) -> None:
    text = f"“Khu phố này cần thêm cây xanh”, bà Lê Thu Hằng nói. “{WORDS}.”"
    assert [one[0] for one in said(reader, text)] == ["Lê Thu Hằng", "Lê Thu Hằng"]


def test_each_paragraph_may_open_the_marks_again(reader: Reader) -> None:
    text = (
        f"Bà Lê Thu Hằng chia sẻ:\n“{WORDS}.\n“Sau đó chúng tôi sẽ hỏi ý kiến người dân quanh hồ.”"
    )
    assert [(one[0], one[1]) for one in said(reader, text)] == [("Lê Thu Hằng", True)] * 2


def test_marks_that_are_not_opened_again_are_followed(reader: Reader) -> None:
    text = f'Bà Lê Thu Hằng chia sẻ: "{WORDS}.\nSau đó chúng tôi sẽ hỏi ý kiến người dân quanh hồ".'
    (one,) = quotes(reader, text)
    assert one.text.endswith("quanh hồ")
    assert one.speaker == "Lê Thu Hằng"


def test_inner_marks_do_not_end_a_quotation(reader: Reader) -> None:
    text = 'Bà Lê Thu Hằng phát biểu: "Mỗi xưởng nghề là một "lớp học mở", và chúng tôi cần nó".'
    (one,) = quotes(reader, text)
    assert one.text == 'Mỗi xưởng nghề là một "lớp học mở", và chúng tôi cần nó'


def test_words_of_a_reported_clause_in_marks_are_direct(reader: Reader) -> None:
    text = (
        'Bà Lê Thu Hằng nhận định rằng khu phố mới là "một lời mời gọi mọi người cùng '
        'ra đường và trò chuyện với nhau".'
    )
    (one,) = quotes(reader, text)
    assert one.direct
    assert one.text.startswith("một lời mời gọi")


@pytest.mark.parametrize(
    "text",
    [
        'Triển lãm "Những con đường của gió" mở cửa đến hết tháng sau.',
        'Thành phố được trao danh hiệu "Thành phố vì hòa bình" từ lâu.',
        'Nhiều người gọi đó là "cơn sốt" của mùa hè.',
        'Ban tổ chức mở cuộc thi viết "Hà Nội trong tôi".',
        'Các ca khúc gồm: "Phố mưa", "Đêm hồ", "Ngõ vắng".',
        'Ông Trần Quốc Bảo bị tuyên án về tội "Lừa đảo chiếm đoạt tài sản".',
        "Rock 'n' roll và O'Neil không có lời nào.",
    ],
)
def test_titles_slogans_and_scare_quotes_are_no_speech(reader: Reader, text: str) -> None:
    assert quotes(reader, text) == []


@pytest.mark.parametrize(
    ("text", "speaker", "clause"),
    [
        ("Bà Lê Thu Hằng cho biết, khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng khẳng định khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng cũng nhấn mạnh rằng khu phố cần thêm cây xanh.",
         "Lê Thu Hằng", "khu phố cần thêm cây xanh"),
        ("Theo bà Lê Thu Hằng, khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Theo Sở Du lịch Hà Nội, lượng khách quốc tế đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "lượng khách quốc tế đã tăng gấp đôi"),
        ("Sở Du lịch Hà Nội thông tin: Lượng khách quốc tế đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "Lượng khách quốc tế đã tăng gấp đôi"),
        ("Đại diện Sở Du lịch Hà Nội cho hay lượng khách quốc tế đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "lượng khách quốc tế đã tăng gấp đôi"),
        ("Khu phố sẽ mở cửa vào mùa thu, bà Lê Thu Hằng cho biết.",
         "Lê Thu Hằng", "Khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng (nhà báo, từng ở Huế) cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Bà Lê Thu Hằng đề nghị các phường cần lấy ý kiến người dân.",
         "Lê Thu Hằng", "các phường cần lấy ý kiến người dân"),
        ("Nhiều chuyên gia cho rằng khu phố cần thêm cây xanh.",
         None, "khu phố cần thêm cây xanh"),
    ],
)  # fmt: skip
def test_reported_speech(reader: Reader, text: str, speaker: str | None, clause: str) -> None:
    assert said(reader, text) == [(speaker, False, clause)]


@pytest.mark.parametrize(
    "text",
    [
        "Hà Nội khẳng định vị thế của một trung tâm sáng tạo.",
        "Các đội trao đổi, chia sẻ kinh nghiệm với nhau.",
        "Đội khách được đánh giá cao hơn nhờ hàng công mạnh.",
        "Theo kế hoạch, tuyến phố sẽ mở cửa vào mùa thu.",
        "Theo đó, tuyến phố sẽ mở cửa vào mùa thu.",
        "Tuyến phố nói trên sẽ mở cửa, đón khách vào mùa thu.",
        "UBND thành phố yêu cầu các quận rà soát quỹ đất.",
    ],
)
def test_what_only_looks_like_speech(reader: Reader, text: str) -> None:
    assert quotes(reader, text) == []


def test_pronouns_mean_the_last_speaker_of_that_sex(reader: Reader) -> None:
    text = (
        "Bà Lê Thu Hằng cho biết khu phố sẽ mở cửa vào mùa thu.\n"
        "Ông Trần Quốc Bảo cho rằng khu phố cần thêm cây xanh.\n"
        "Bà cho hay hạt giống đã được gieo từ mùa xuân.\n"
        "Ông cũng cho rằng vỉa hè nên rộng hơn."
    )
    assert [one[0] for one in said(reader, text)] == [
        "Lê Thu Hằng", "Trần Quốc Bảo", "Lê Thu Hằng", "Trần Quốc Bảo",
    ]  # fmt: skip


def test_short_names_and_posts_mean_the_person(reader: Reader) -> None:
    text = (
        f"{HANG}\nBà Hằng cho biết khu phố sẽ mở cửa vào mùa thu.\n"
        "Giám đốc Sở Du lịch Hà Nội nhấn mạnh rằng vỉa hè nên rộng hơn."
    )
    found = quotes(reader, text)
    assert [one.speaker for one in found] == ["Lê Thu Hằng"] * 2
    assert {one.role for one in found} == {"Giám đốc Sở Du lịch Hà Nội"}


def test_a_body_of_the_registry_speaks_with_its_id(reader: Reader) -> None:
    (one,) = quotes(reader, "UNESCO cho biết mạng lưới sẽ mở rộng vào năm tới.")
    assert (one.speaker_id, one.role, one.cue) == ("unesco", None, "cho biết")


def test_the_word_of_saying_is_kept(reader: Reader) -> None:
    (one,) = quotes(reader, f"“{WORDS}”, bà Lê Thu Hằng quả quyết.")
    assert one.cue == "quả quyết"


def test_the_speaker_of_the_body_is_known_in_the_title(reader: Reader) -> None:
    (one, *_) = quotes(reader, HANG, title="Bà Lê Thu Hằng: 'Phố đi bộ sẽ không thu vé vào cửa'")
    assert (one.field, one.speaker) == ("title", "Lê Thu Hằng")


def test_marks_are_paired_line_by_line() -> None:
    text = '“a “b” c” d \'e f\' «g» it\'s\n"h "i", k" l'
    assert [text[one.start : one.end] for one in quoted(text)] == [
        "a “b” c", "e f", "g", 'h "i", k',
    ]  # fmt: skip


def test_every_list_of_cues_counts() -> None:
    known = cues()
    for label, word in zip(
        (*SAYING, "according", "nameless", "callings", "m", "f", "-", "nothing"),
        ("cho hay", "nhận định", "chia sẻ", "bức xúc", "theo lãnh đạo", "người dân", "luật sư",
         "ông", "bà ấy", "người này", "nói trên"),
        strict=True,
    ):  # fmt: skip
        assert [(hit.word, hit.label) for hit in known.phrases.find(f"x {word}, y")] == [
            (word, label)
        ]
    assert known.plurals.search("theo các ")
    assert known.adjuncts.match(" trong buổi họp")
    assert known.predicates.search("phố sẽ mở")
    assert not known.predicates.search("cho bị cáo này")
    assert known.verbs.search("ông ấy và bà ấy")
    assert known.nominal.search("đội được ")
    assert known.marker.match(" với báo chí rằng phố mở")
    assert known.rather.match(" rằng phố mở")
    assert " nhưng" in known.conjunctions
    assert known.papers.search("báo cáo của ")
    assert known.adverbs.fullmatch(" cũng đã ")
    assert known.titles.search("trong cuốn sách ")
    assert {"của", "với"} <= known.prepositions
    assert "nhà nước" in known.nobody
    assert "đạo diễn" in known.stars


@given(st.text(alphabet="“”\"'«»:,.-\n ônóibàTheo" + string.ascii_letters, max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for one in find_quotes(Cast([Passage("body", text, (), ())]), []):
        assert text[one.start : one.end] == one.text != ""


def test_gold_quotes(reader: Reader, shared: Path) -> None:
    right, wanted, found = {True: 0, False: 0}, {True: 0, False: 0}, {True: 0, False: 0}
    for story in json.loads((shared / "gold" / "seeds.json").read_text("utf-8")):
        raw = (shared / "seeds" / story["file"]).read_text("utf-8")
        story_body = raw[slice(*story["body_span"])]
        cast = Cast(reader.passages(Article(story["title"], "", story_body)))
        got = find_quotes(cast, find_holdings(cast))
        for one in got:
            found[one.direct] += 1
        for gold in story["quotes"]:
            wanted[gold["direct"]] += 1
            right[gold["direct"]] += any(
                gold["has"] in one.text
                and (one.speaker, one.direct) == (gold["speaker"], gold["direct"])
                for one in got
            )
    for direct, least in ((True, 0.9), (False, 0.75)):
        precision, recall = right[direct] / found[direct], right[direct] / wanted[direct]
        print(f"direct={direct}: precision {precision:.2f}, recall {recall:.2f}")
        assert min(precision, recall) >= least
