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
from tests.nlp.speech import WORDS, quotes, said


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
        ("Bà Lê Thu Hằng cho hay vào mùa thu, khu phố sẽ mở cửa đón khách.",
         "Lê Thu Hằng", "vào mùa thu, khu phố sẽ mở cửa đón khách"),
        ("Bà Lê Thu Hằng cho biết tại buổi họp báo, khu phố sẽ mở cửa đón khách.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa đón khách"),
        ("Bà Lê Thu Hằng xác nhận sẽ mở cửa khu phố vào mùa thu.",
         "Lê Thu Hằng", "sẽ mở cửa khu phố vào mùa thu"),
        ("Bà Lê Thu Hằng tiết lộ UNESCO tán thành kế hoạch của phố cổ.",
         "Lê Thu Hằng", "UNESCO tán thành kế hoạch của phố cổ"),
        ("Bà Lê Thu Hằng thông báo, phường mới bắt đầu dọn vỉa hè.",
         "Lê Thu Hằng", "phường mới bắt đầu dọn vỉa hè"),
        ("Theo thông cáo của Sở Du lịch Hà Nội, khu phố sẽ mở cửa vào mùa thu.",
         "Sở Du lịch Hà Nội", "khu phố sẽ mở cửa vào mùa thu"),
        ("Khu phố sẽ mở cửa vào mùa thu, theo nguồn tin của Sở Du lịch Hà Nội.",
         "Sở Du lịch Hà Nội", "Khu phố sẽ mở cửa vào mùa thu"),
        ("Theo trang web phoco.vn, khu phố sẽ mở cửa vào mùa thu.",
         "phoco.vn", "khu phố sẽ mở cửa vào mùa thu"),
        ("Theo truyền thông Pháp, khu phố sẽ mở cửa vào mùa thu.",
         None, "khu phố sẽ mở cửa vào mùa thu"),
        ("Vỉa hè phố cổ đã rộng hơn trước: Theo Sở Du lịch Hà Nội, khách đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "khách đã tăng gấp đôi"),
        ("Theo Sở Du lịch Hà Nội (cũ, trước 2025), lượng khách đã tăng gấp đôi.",
         "Sở Du lịch Hà Nội", "lượng khách đã tăng gấp đôi"),
        ("Theo Reuters, ngày 5/6, bà Lê Thu Hằng cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Như Reuters đã đưa tin, UNESCO cho biết khu phố sẽ mở cửa vào mùa thu.",
         "UNESCO", "khu phố sẽ mở cửa vào mùa thu"),
        ("Hãng Reuters dẫn lời bà Lê Thu Hằng cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa vào mùa thu"),
        ("Sở Du lịch Hà Nội (SDL) cho biết khu phố sẽ mở cửa vào mùa thu.",
         "Sở Du lịch Hà Nội", "khu phố sẽ mở cửa vào mùa thu"),
        ("Khu phố sẽ mở cửa vào mùa thu, các quan chức địa phương xác nhận.",
         None, "Khu phố sẽ mở cửa vào mùa thu"),
        ("Một tòa án độc lập được thành lập và xác nhận quy định ấy là trái luật.",
         None, "quy định ấy là trái luật"),
        ("Bảng khảo sát mới của phường cho biết khu phố cần thêm cây xanh.",
         None, "khu phố cần thêm cây xanh"),
        ("Báo giới Tây Ban Nha cho rằng khu phố cần thêm cây xanh.",
         None, "khu phố cần thêm cây xanh"),
        ("Bà Lê Thu Hằng cảnh báo hồ sẽ cạn nước, còn UNESCO đã cử người tới xem.",
         "Lê Thu Hằng", "hồ sẽ cạn nước"),
        ("Bà Lê Thu Hằng lên án UNESCO, cho rằng khu phố cần thêm cây xanh.",
         "Lê Thu Hằng", "khu phố cần thêm cây xanh"),
        ("Bà Lê Thu Hằng tới dự lễ cùng ông Trần Quốc Bảo và cho biết khu phố sẽ mở cửa.",
         "Lê Thu Hằng", "khu phố sẽ mở cửa"),
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
        "Bà Lê Thu Hằng đề nghị các phường cần lấy ý kiến người dân.",
        "Bà Lê Thu Hằng kêu gọi bà con sẽ cùng giữ vỉa hè sạch.",
        "Sự sáng tạo ấy khẳng định rằng phố cổ còn nhiều sức sống.",
        "Mua vàng đầu năm là tục lệ với niềm tin rằng cả năm sẽ may mắn.",
        "Đáng nói, khu phố đã mở cửa từ mùa thu năm ngoái.",
        "Sở Du lịch Hà Nội thông tin thêm về một số tuyến phố sẽ mở.",
        "Con chỉ muốn nói rằng mẹ là người đẹp nhất trong khu phố.",
        "Cô ấy mang lại niềm vui cho biết bao thế hệ học trò.",
        "Theo báo cáo, phố mới đông khách hơn phố cũ nhiều lần.",
        "UNESCO đã ban bố cảnh báo đỏ khi nước hồ sẽ tràn bờ.",
        "Bà Lê Thu Hằng thông báo cho phường về kế hoạch sẽ mở phố.",
        "UNESCO mở trang tin với phỏng vấn, phân tích, chân dung và điểm sách.",
        "Tin ấy chưa từng được chính bà Lê Thu Hằng xác nhận, khiến bà con lo lắng.",
    ],
)
def test_what_only_looks_like_speech(reader: Reader, text: str) -> None:
    assert quotes(reader, text) == []


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ('Bà Lê Thu Hằng cho rằng phố cổ đang "hụt hơi", cảnh báo rằng hồ sẽ cạn nước.',
         'phố cổ đang "hụt hơi"', "hồ sẽ cạn nước"),
        ('Bà Lê Thu Hằng nói rằng phố cổ đang "hụt hơi" và nhấn mạnh vỉa hè cần rộng hơn.',
         'phố cổ đang "hụt hơi"', "vỉa hè cần rộng hơn"),
        ("Bà Lê Thu Hằng cho rằng phố cổ đang chật, đồng thời khẳng định vỉa hè cần rộng hơn.",
         "phố cổ đang chật", "vỉa hè cần rộng hơn"),
    ],
)  # fmt: skip
def test_a_second_word_of_saying_begins_a_second_clause(
    reader: Reader, text: str, first: str, second: str
) -> None:
    assert said(reader, text) == [("Lê Thu Hằng", False, first), ("Lê Thu Hằng", False, second)]


def test_a_word_of_saying_within_a_name_is_none(reader: Reader) -> None:
    (one,) = quotes(reader, f'Giữa sân khấu, MC Lê Thu Tố: "{WORDS}".')
    assert (one.speaker, one.cue) == ("Lê Thu Tố", None)


def test_the_word_of_saying_is_kept(reader: Reader) -> None:
    (one,) = quotes(reader, f"“{WORDS}”, bà Lê Thu Hằng quả quyết.")
    assert one.cue == "quả quyết"


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
         "luật sư", "ông", "bà ấy", "người này", "nói trên"),
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


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Bà Lê Thu Hằng thừa nhận bà chịu ảnh hưởng nhiều từ mẹ.",
         ("Lê Thu Hằng", "bà chịu ảnh hưởng nhiều từ mẹ")),
        ("Bà Lê Thu Hằng phân bua rằng mình làm vậy vì túng tiền.",
         ("Lê Thu Hằng", "mình làm vậy vì túng tiền")),
        ("Bà Lê Thu Hằng bỏ phiếu trắng khi ông Vũ Tùng vắng mặt vì cho rằng kế "
         "hoạch còn nhiều sơ hở.",
         ("Lê Thu Hằng", "kế hoạch còn nhiều sơ hở")),
        ("Bà Lê Thu Hằng chúc mừng ông Vũ Tùng được bầu; tin tưởng chắc chắn "
         "rằng khu phố sẽ đẹp hơn.",
         ("Lê Thu Hằng", "khu phố sẽ đẹp hơn")),
        ("Văn phòng công tố Bolivia thông báo sẽ mở cuộc điều tra về vụ cháy.",
         ("Văn phòng công tố Bolivia", "sẽ mở cuộc điều tra về vụ cháy")),
        ("Trên mạng, một người bình luận rằng khu phố này quá ồn ào.",
         (None, "khu phố này quá ồn ào")),
        ("Nhiều nguồn tin tiết lộ rằng khu phố sẽ mở vào tháng tới.",
         (None, "khu phố sẽ mở vào tháng tới")),
        ("Một đại diện của VFF đã tiết lộ, đội tuyển sẽ tập trung vào tháng tới.",
         (None, "đội tuyển sẽ tập trung vào tháng tới")),
        ("Sở Du lịch Hà Nội và Hiệp hội Du lịch Việt Nam cho biết khu phố sẽ mở cửa trở lại.",
         ("Sở Du lịch Hà Nội", "khu phố sẽ mở cửa trở lại")),
    ],
)  # fmt: skip
def test_what_is_reported_and_by_whom(
    reader: Reader, body: str, found: tuple[str | None, str]
) -> None:
    assert [(one.speaker, one.text) for one in quotes(reader, body)] == [found]


def test_another_cue_of_one_speaker_ends_the_clause(reader: Reader) -> None:
    body = "Bà Lê Thu Hằng cho rằng khu phố quá ồn, và cho rằng giờ mở cửa quá muộn."
    assert [one.text for one in quotes(reader, body)] == [
        "khu phố quá ồn", "giờ mở cửa quá muộn",
    ]  # fmt: skip


@given(st.text(alphabet="“”\"'«»:,.-\n ônóibàTheo" + string.ascii_letters, max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for one in find_quotes(Cast([Passage("body", text, (), ())]), []):
        assert text[one.start : one.end] == one.text != ""
