"""Direct and reported speech, and who speaks."""

from __future__ import annotations

import string
from collections import Counter
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp import Reader
from kb.nlp.passage import Passage
from kb.nlp.people import Cast
from kb.nlp.people.wordlists import SAYING, cues
from kb.nlp.quotes import find_quotes
from kb.nlp.quotes.marks import quoted
from tests.nlp.speech import LONG_WORDS, WORDS, quotes, said


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
        '"{}", theo chia sẻ của bà Lê Thu Hằng.',
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


def test_a_quotation_is_followed_over_many_lines(reader: Reader) -> None:
    lines = "\n".join(f"{WORDS} thứ {number}." for number in range(1, 9))
    (one,) = quotes(reader, f"Bà Lê Thu Hằng chia sẻ:\n“{lines}”")
    assert one.text == lines
    assert one.speaker == "Lê Thu Hằng"


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ('Bà Lê Thu Hằng nhận định rằng phố mới là "một lời mời gọi mọi người cùng ra đường".',
         'phố mới là "một lời mời gọi mọi người cùng ra đường"'),
        ('Việc này có thể dẫn đến "những hệ lụy khó lường cho phố cổ", bà Lê Thu Hằng cho biết.',
         'Việc này có thể dẫn đến "những hệ lụy khó lường cho phố cổ"'),
        ('Bà Lê Thu Hằng cho rằng cách làm này "chưa thật khéo" dù nhiều người ủng hộ.',
         'cách làm này "chưa thật khéo"'),
        ('Theo bà Lê Thu Hằng, đây là khu phố "đáng sống nhất trong lòng thành phố cổ này".',
         'đây là khu phố "đáng sống nhất trong lòng thành phố cổ này"'),
    ],
)  # fmt: skip
def test_some_words_in_marks_leave_a_clause_reported(
    reader: Reader, text: str, clause: str
) -> None:
    assert said(reader, text) == [("Lê Thu Hằng", False, clause)]


def test_speech_within_what_a_source_tells_has_its_own_speaker(reader: Reader) -> None:
    text = f'Theo Reuters, khi được hỏi về khu phố, bà Lê Thu Hằng cho biết: "{WORDS}".'
    assert said(reader, text) == [("Lê Thu Hằng", True, WORDS)]


def test_a_clause_that_is_mostly_in_marks_is_direct(reader: Reader) -> None:
    words = f"{WORDS} và sẽ hỏi ý kiến từng gia đình sống quanh hồ trước khi làm"
    text = f'Bà Lê Thu Hằng khẳng định rằng lời hứa của phường là "{words}".'
    assert said(reader, text) == [("Lê Thu Hằng", True, words)]


def test_a_clause_and_the_speech_behind_its_colon_are_two(reader: Reader) -> None:
    text = f'Bà Lê Thu Hằng cho biết khu phố đã mở cửa trở lại: "{WORDS}".'
    assert said(reader, text) == [
        ("Lê Thu Hằng", False, "khu phố đã mở cửa trở lại"),
        ("Lê Thu Hằng", True, WORDS),
    ]


def test_a_clause_goes_on_behind_a_speech(reader: Reader) -> None:
    text = f'Bà Lê Thu Hằng nói: "{WORDS}", đồng thời tuyên bố sẽ mở thêm hai tuyến phố.'
    assert said(reader, text) == [
        ("Lê Thu Hằng", True, WORDS),
        ("Lê Thu Hằng", False, "sẽ mở thêm hai tuyến phố"),
    ]


def test_whole_sentences_in_marks_are_speech_in_any_sentence(reader: Reader) -> None:
    text = f'Hôm qua bà Lê Thu Hằng trấn an bà con bằng lời nhắn "{WORDS}, xin mọi người yên tâm".'
    assert [(one[0], one[1]) for one in said(reader, text)] == [("Lê Thu Hằng", True)]


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
        'Bà Lê Thu Hằng lên án những cam kết "xanh hóa toàn bộ khu phố cổ ven hồ" trên giấy.',
        'Tuyến phố này thường được gọi là "con đường của những giấc mơ xanh".',
    ],
)
def test_titles_slogans_and_scare_quotes_are_no_speech(reader: Reader, text: str) -> None:
    assert quotes(reader, text) == []


def test_marks_are_paired_line_by_line() -> None:
    text = '“a “b” c” d \'e f\' «g» it\'s\n"h "i", k" l'
    assert [text[one.start : one.end] for one in quoted(text)] == [
        "a “b” c", "e f", "g", 'h "i", k',
    ]  # fmt: skip


def test_every_list_of_cues_counts() -> None:
    known = cues()
    labels = (*SAYING, "according", "nameless", "bodies", "callings", "m", "f", "-", "nothing")
    for label, word in zip(
        labels,
        ("cho hay", "nhận định", "chia sẻ", "bức xúc", "theo", "người dân", "ngân hàng",
         "luật sư", "ông", "bà ấy", "người này", "kể trên"),
        strict=True,
    ):  # fmt: skip
        assert [(hit.word, hit.label) for hit in known.phrases.find(f"x {word}, y")] == [
            (word, label)
        ]
    assert known.saying.match("cho hay thêm")
    assert known.source.fullmatch(" nguồn tin của trang ")
    assert known.reported_by.match(" tờ ")
    assert "chính quyền" in known.of_place
    assert "thuyền trưởng" in known.alike["hlv"]
    assert "fan" in known.outsiders
    assert known.selves.match("họ mở")
    assert "báo giới" in known.crowds
    assert known.media.search("theo tờ ")
    assert known.at_once.match("sẽ mở")
    assert known.told.match("về phố")
    assert known.things.match("sự việc")
    assert known.passive.search("phố được ")
    assert "đưa tin" in known.relays
    assert " tại buổi" in known.addressed
    assert known.concessions.match(" dù vậy")
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


def test_no_word_of_speech_has_two_labels() -> None:
    raw = yaml.safe_load(files("kb.nlp.people").joinpath("cues.yaml").read_text("utf-8"))
    names = (*SAYING, "according", "nameless", "bodies", "callings", "nothing")
    words = [word for name in names for word in raw[name]]
    words += [word for row in raw["pronouns"].values() for word in row]
    assert [word for word, count in Counter(words).items() if count > 1] == []


@given(st.text(alphabet="“”\"'«»:,.-\n ônóibàTheo" + string.ascii_letters, max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for one in find_quotes(Cast([Passage("body", text, (), ())]), []):
        assert text[one.start : one.end] == one.text != ""


def test_nested_marks_do_not_end_a_long_speech(reader: Reader) -> None:
    text = (
        f'Bà Lê Thu Hằng chia sẻ: "{WORDS}.\nPhố "xanh" là việc của mọi người.\n'
        'Chúng tôi sẽ hỏi ý kiến người dân quanh hồ".\nTrời đã tối.'
    )
    (one,) = quotes(reader, text)
    assert one.text.startswith(WORDS) and one.text.endswith("quanh hồ")


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # Lines of their own, one each: many have spoken.
        ('Bà Lê Thu Hằng nói phố sẽ rất đông.\n"Đẹp quá đi thôi".\n- "Tự hào quá".\n"Phố vui lắm".',
         ["Lê Thu Hằng", None, None, None]),
        ('"Đẹp quá đi thôi", "Phố vui lắm nhé"... là những bình luận của dân mạng.', [None, None]),
        # What follows in a row is of the same speaker.
        (f'Bà Lê Thu Hằng nói: "{WORDS}" và "Tôi rất vui".', ["Lê Thu Hằng"] * 2),
        ('Bà Lê Thu Hằng nói nhiều câu khó nghe như "Phố này buồn quá", "Ai mà đến".',
         ["Lê Thu Hằng"] * 2),
        # Titles are no speech.
        ('Có thể kể đến: "Đồ chơi bằng đất nung", "Để anh một mình thôi".', []),
        # A caption may stand between the announcement and the words.
        (f'Ông Vũ Tùng nói về phố:\nPhố đêm.\n"{LONG_WORDS}".', ["Vũ Tùng"]),
        # Who is announced in the line before.
        (f'Ông Vũ Tùng nói phố sẽ rất đông.\nBà Lê Thu Hằng có quan điểm khác.\n"{LONG_WORDS}".',
         ["Vũ Tùng", "Lê Thu Hằng"]),
        # The next sentence's source is its own.
        (f'Bà Lê Thu Hằng nói: "{WORDS}". Theo ông Vũ Tùng, phố sẽ đông vào cuối tuần này.',
         ["Lê Thu Hằng", "Vũ Tùng"]),
    ],
)  # fmt: skip
def test_quotations_in_rows_and_lines(
    reader: Reader, text: str, speakers: list[str | None]
) -> None:
    assert [one.speaker for one in quotes(reader, text)] == speakers


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Bà Lê Thu Hằng bày tỏ phố đi bộ là niềm vui của người già.",
         ["phố đi bộ là niềm vui của người già"]),
        ("Bà Lê Thu Hằng chia sẻ hình ảnh phố đi bộ đã đông từ sớm.", []),
        ("Bà Lê Thu Hằng khẳng định vị thế khi có thêm hai giải thưởng.", []),
        ("Bà Lê Thu Hằng nói với các phóng viên rằng phố sẽ mở cửa sớm.",
         ["phố sẽ mở cửa sớm"]),
        ("Bà Lê Thu Hằng xác nhận với bạn bè bà từng sống ở phố này.", ["bà từng sống ở phố này"]),
        ("Bà Lê Thu Hằng tiết lộ ngay ngày đầu, vì xe hỏng, nên bà đã đi bộ đến phố.",
         ["ngay ngày đầu, vì xe hỏng, nên bà đã đi bộ đến phố"]),
        ("Trước nghi vấn về phố đi bộ, bà Lê Thu Hằng phủ nhận.", []),
        ("Theo báo chí Hà Nội thì phố sẽ mở cửa sớm hơn mọi năm.",
         ["phố sẽ mở cửa sớm hơn mọi năm"]),
    ],
)  # fmt: skip
def test_what_is_a_clause(reader: Reader, text: str, clauses: list[str]) -> None:
    assert [one.text for one in quotes(reader, text)] == clauses


def test_lists_of_words_that_choose_from_others_name_only_such() -> None:
    raw = yaml.safe_load(files("kb.nlp.people").joinpath("cues.yaml").read_text("utf-8"))
    said_words = {word for name in SAYING for word in raw[name]}
    callings = set(raw["callings"])
    assert set(raw["shares"]) <= set(raw["marked"])
    assert set(raw["replies"]) <= said_words
    for name in ("stars", "players", "coaches", "wide"):
        assert set(raw[name]) <= callings, name


def test_marks_written_twice_hold_one_speech(reader: Reader) -> None:
    for begin, end in (("''", "''"), ("‘‘", "’’")):
        text = f"{begin}{WORDS}{end}, bà Lê Thu Hằng nói."
        assert said(reader, text) == [("Lê Thu Hằng", True, WORDS)]


def test_readers_who_comment_are_nobody(reader: Reader) -> None:
    text = (
        "Ông Trần Quốc Bảo vừa tới phố.\n"
        f'"{WORDS}", "Cây ở đây thật là đẹp quá đi", một số người dùng mạng bình luận.'
    )
    assert [one[:2] for one in said(reader, text)] == [(None, True), (None, True)]


@pytest.mark.parametrize(
    "text",
    [
        "UBND huyện tổ chức tọa đàm tham vấn “Kế hoạch của huyện mở phố đi bộ, chợ đêm và bến "
        "thuyền quanh hồ lớn trong ba năm”.",
        "Bà Lê Thu Hằng phát biểu tại “Tọa đàm tham vấn góp ý đề án mở phố đi bộ ven hồ”.",
        "Đáng chú ý là việc ưu tiên “Chương trình mục tiêu của huyện về tu bổ đình làng, giếng cổ "
        "và các bến thuyền ven sông”.",
        "Bà Lê Thu Hằng: “Các ngành nghề thủ công” (crafts) là cách gọi của người châu Âu.",
    ],
)
def test_titles_in_marks_are_nobody_s_words(reader: Reader, text: str) -> None:
    assert [one.text for one in quotes(reader, text) if one.direct] == []


def test_what_begins_like_a_title_and_tells_something_is_speech(reader: Reader) -> None:
    words = (
        "Chương trình này đã giúp chúng tôi bán được nhiều gốm hơn và giữ được nghề của ông cha "
        "để lại"
    )
    text = f"Bà Lê Thu Hằng vui mừng kể lại rằng “{words}”, nhiều người cùng làng cũng vậy."
    assert words in {one.text for one in quotes(reader, text)}
