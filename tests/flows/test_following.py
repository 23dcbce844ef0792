"""Who is told what, and when: nothing twice, nothing lost, whatever fails and whatever the clock
says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows import following as telling
from flows import sending
from flows.following import Told, after_load, is_due, rules, tell, tell_one
from flows.lock import one_run
from kb.archive import Archive
from kb.archive.following import drop_follow, keep_follow, sendings
from kb.article import VIETNAM
from kb.errors import BusyError
from kb.registry import load_registry
from kb.research.digest import digest
from kb.settings import Settings
from tests.flows.followed import MORNING, NAME, follow, load, sending_to
from tests.flows.heard import listening
from tests.flows.mailbox import Mailbox, receiving

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def box(server: Mailbox) -> Mailbox:
    """An empty mailbox."""
    server.mails.clear()
    server.raw.clear()
    server.to.clear()
    server.answer = "250 OK"
    return server


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive into which one story came in the night."""
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as opened:
        load(opened, 0, MORNING - 5 * HOUR)
        yield opened


@pytest.fixture
def chosen(box: Mailbox, tmp_path: Path) -> Settings:
    return sending_to(box.port, tmp_path)


def at(archive: Archive, chosen: Settings, moment: datetime, **how: Any) -> Told:  # noqa: ANN401
    """Tell everybody as the morning run of a moment does."""
    return tell(archive, chosen, **{"morning": True, "wait": 0.0} | how, now=lambda: moment)


def titles(box: Mailbox) -> list[list[str]]:
    """Return which stories each mail told, and forget the mails."""
    found = []
    for mail in box.mails:
        part = mail.get_body(("plain",))
        assert part is not None
        lines = str(part.get_content()).splitlines()
        found.append([line[2:] for line in lines if line.startswith("* Tin ")])
    box.mails.clear()
    return found


def test_each_story_is_told_once(archive: Archive, chosen: Settings, box: Mailbox) -> None:
    follow(archive)
    assert at(archive, chosen, MORNING).sent == ["Sở"]
    assert titles(box) == [["Tin 0"]]
    for later in (MORNING + timedelta(minutes=1), MORNING + 12 * HOUR):
        assert at(archive, chosen, later) == Told()
    load(archive, 1, MORNING + 10 * HOUR)
    at(archive, chosen, MORNING + DAY)
    assert titles(box) == [["Tin 1"]]
    assert at(archive, chosen, MORNING + 2 * DAY).nothing == ["Sở"]
    assert box.mails == []


def test_the_mail_says_since_when_it_tells(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive)
    at(archive, chosen, MORNING)
    load(archive, 1, MORNING + HOUR)
    at(archive, chosen, MORNING + 3 * DAY)
    text = box.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "từ 12/05/2026 07:00 đến 15/05/2026 07:00" in text
    assert box.mails[-1]["Subject"] == "Điểm báo 15/05/2026: 1 tin [Sở]"


def test_a_day_without_news_is_told_if_that_is_wished(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive, quiet=True, asks={"text": "thủy điện"})
    for _ in range(2):
        at(archive, chosen, MORNING)
    (mail,) = box.mails
    assert mail["Subject"] == "Điểm báo 12/05/2026: không có tin mới [Sở]"


def test_marks_that_are_typed_count_on_quiet_days(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    """ "bán" stands in nothing new, "bàn" does: that is another word, and no news of it."""
    load(archive, 2, MORNING - HOUR)
    follow(archive, asks={"text": "bán"})
    assert at(archive, chosen, MORNING).nothing == ["Sở"]
    follow(archive, "Kho", asks={"text": "bàn giao"})
    at(archive, chosen, MORNING)
    assert titles(box) == [["Tin 2"]]


def test_each_gets_what_was_asked_for_in_their_language(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    load(archive, 1, MORNING - HOUR, outlet="bao-hai")
    follow(archive, "hai", "hai@example.org", asks={"outlets": ["bao-hai"]}, language="en")
    follow(archive, "một", "mot@example.org", asks={"text": '"xưởng mộc"'})
    follow(archive, "ai", "ai@example.org", asks={"actors": ["Nguyễn Văn Không Ai"]})
    at(archive, chosen, MORNING)
    subjects = [one["Subject"] for one in box.mails]
    assert sorted(zip(box.to, subjects, titles(box), strict=True)) == [
        (["hai@example.org"], "Press digest 12/05/2026, stories: 1 [hai]", ["Tin 1"]),
        (["mot@example.org"], "Điểm báo 12/05/2026: 1 tin [một]", ["Tin 0"]),
    ]


# --- what fails ----------------------------------------------------------------------------------


def test_what_was_not_taken_is_sent_later_and_once(
    archive: Archive, chosen: Settings, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    follow(archive)
    box.answer = "451 Try again later"
    assert "451" in at(archive, chosen, MORNING).failed["Sở"]
    (row,) = sendings(archive)
    pause = timedelta(minutes=rules()["pause_minutes"])
    assert (row.status, row.tries, row.next_at) == ("waiting", 1, MORNING + pause)
    box.answer = "250 OK"
    load(archive, 1, MORNING)
    assert at(archive, chosen, MORNING + pause / 2) == Told()
    assert not is_due(archive, chosen, MORNING + pause / 2)
    assert is_due(archive, chosen, MORNING + pause)
    assert at(archive, chosen, MORNING + pause).sent == ["Sở"]
    assert box.mails[0]["Message-ID"] == f"<{row.id}@example.org>"
    assert titles(box) == [["Tin 0"]], "what came in later is for the next day"
    assert sendings(archive)[0].message is None
    at(archive, chosen, MORNING + DAY)
    assert titles(box) == [["Tin 1"]]


def test_a_server_that_stays_away_is_given_up_in_the_end(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive)
    box.answer = "550 No such mailbox"
    moment, tries = MORNING, 0
    while (row := next(iter(sendings(archive)), None)) is None or row.status == "waiting":
        told = at(archive, chosen, moment, morning=not tries)
        tries += 1
        moment = sendings(archive)[0].next_at or moment
        assert moment - MORNING < timedelta(days=4)
    assert (tries, told.given_up) == (rules()["tries"], ["Sở"])
    assert moment - MORNING > timedelta(days=1)
    assert "550" in str(sendings(archive)[0].error)
    assert not is_due(archive, chosen, moment + DAY)


@pytest.mark.parametrize("when", ["before it is sent", "before that is noted"])
def test_a_run_that_is_cut_off_is_gone_on_with(
    archive: Archive, chosen: Settings, box: Mailbox, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    follow(archive)

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if when == "before it is sent":
            patch.setattr(telling, "send", cut)
        else:
            patch.setattr(telling.following, "settle", cut)
        with pytest.raises(KeyboardInterrupt):
            at(archive, chosen, MORNING)
    assert len(box.mails) == (when == "before that is noted")
    assert at(archive, chosen, MORNING + timedelta(minutes=1)).sent == ["Sở"]
    assert at(archive, chosen, MORNING + timedelta(minutes=2)) == Told()
    # A mailbox sees by the Message-ID that it is the same mail.
    assert len({mail["Message-ID"] for mail in box.mails}) == 1
    assert {tuple(one) for one in titles(box)} == {("Tin 0",)}


def test_one_who_cannot_be_reached_keeps_nobody_else_waiting(
    archive: Archive, chosen: Settings, box: Mailbox, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(sending, "PAUSES", (0.0, 0.0))
    with listening() as heard:
        heard.status = 503
        hook = f"http://127.0.0.1:{heard.port}/geheim"
        follow(archive, "a hook", hook, secret="whsec_" + "A" * 32)
        follow(archive, "b mail")
        follow(archive, "c chat", f"json://ich:geheim@127.0.0.1:{heard.port}/")
        told = at(archive, chosen, MORNING)
        assert (told.sent, sorted(told.failed)) == (["b mail"], ["a hook", "c chat"])
        heard.status = 200
        again = at(archive, chosen, MORNING + HOUR)
    assert sorted(again.sent) == ["a hook", "c chat"]
    errors = [one.error for one in sendings(archive)]
    assert not any("geheim" in str(one) for one in (*errors, *told.failed.values()))
    assert "geheim" not in caplog.text
    assert "geheim" not in repr(telling.following.follows(archive))
    statuses = [(one["kind"], one["status"]) for one in archive.runs()]
    assert statuses == [("digest", "done"), ("digest", "done with failures")]


def test_two_do_not_send_at_the_same_time(
    archive: Archive, chosen: Settings, box: Mailbox, tmp_path: Path
) -> None:
    follow(archive)
    with one_run(archive, tmp_path, "digest"), pytest.raises(BusyError, match="a digest run"):
        at(archive, chosen, MORNING)
    with one_run(archive, tmp_path, "nightly"):
        assert at(archive, chosen, MORNING).sent == ["Sở"]


def test_what_is_no_longer_followed_is_not_sent(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive)
    box.answer = "451 later"
    at(archive, chosen, MORNING)
    box.answer = "250 OK"
    assert drop_follow(archive, "Sở")
    assert not drop_follow(archive, "Sở")
    assert at(archive, chosen, MORNING + DAY) == Told()
    assert sendings(archive) == []


# --- the clock -----------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_loses_and_doubles_nothing(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive)
    at(archive, chosen, MORNING)
    back = MORNING - 3 * DAY
    load(archive, 1, back - HOUR)
    at(archive, chosen, back)
    load(archive, 2, MORNING + HOUR)
    at(archive, chosen, MORNING + timedelta(minutes=5))
    at(archive, chosen, MORNING + DAY)
    assert titles(box) == [["Tin 0"], ["Tin 1"], ["Tin 2"]]


def test_a_night_whose_clock_ran_ahead_is_told_all_the_same(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive)
    load(archive, 1, MORNING + 400 * DAY)
    at(archive, chosen, MORNING)
    load(archive, 2, MORNING + HOUR)
    at(archive, chosen, MORNING + DAY)
    assert sorted(map(sorted, titles(box))) == [["Tin 0", "Tin 1"], ["Tin 2"]]


def test_a_try_put_off_by_a_clock_that_ran_ahead_is_made(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive)
    box.answer = "451 later"
    at(archive, chosen, MORNING + 30 * DAY)
    box.answer = "250 OK"
    assert at(archive, chosen, MORNING).sent.count("Sở") >= 1


# --- at once -------------------------------------------------------------------------------------


def test_what_is_immediate_goes_with_the_load_and_no_oftener_than_wished(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive, rhythm="immediate", per_hour=2)
    follow(archive, "sáng")

    def loaded(number: int, moment: datetime) -> list[list[str]]:
        load(archive, number, moment)
        at(archive, chosen, moment, at_once=True)
        return titles(box)

    minute = timedelta(minutes=1)
    assert loaded(1, MORNING) == [["Tin 1", "Tin 0"]]
    assert loaded(2, MORNING + minute) == [["Tin 2"]]
    assert loaded(3, MORNING + 2 * minute) == []
    assert loaded(4, MORNING + 3 * minute) == []
    assert not is_due(archive, chosen, MORNING + 59 * minute)
    assert is_due(archive, chosen, MORNING + 61 * minute)
    at(archive, chosen, MORNING + 61 * minute, morning=False)
    assert titles(box) == [["Tin 4", "Tin 3"]]
    assert not is_due(archive, chosen, MORNING + 62 * minute)
    at(archive, chosen, MORNING + 63 * minute)
    assert [len(one) for one in titles(box)] == [5], "the morning's has them all"


def test_an_immediate_mail_has_the_headline_as_its_subject(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    follow(archive, rhythm="immediate", per_hour=2)
    load(archive, 1, MORNING)
    at(archive, chosen, MORNING, at_once=True)
    assert box.mails[0]["Subject"] == "Tin mới: Tin 1 (+1) [Sở]"
    assert "Sắp tới hạn" not in box.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_after_a_load_those_who_want_it_are_told_and_nothing_can_go_wrong(
    archive: Archive, chosen: Settings, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    after_load(chosen)
    now = datetime.now(VIETNAM)
    follow(archive, rhythm="immediate", per_hour=1, created_at=now)
    follow(archive, "sáng", created_at=now)
    load(archive, 1, now)
    after_load(chosen)
    assert titles(box) == [["Tin 1"]]
    after_load(chosen)
    assert box.mails == []
    broken = chosen.model_copy(update={"database_url": "sqlite:////nowhere/kb.sqlite"})
    after_load(broken)
    assert "nobody could be told at once" in caplog.text


def test_what_is_followed_can_be_changed_and_is_not_told_again(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    one = follow(archive)
    at(archive, chosen, MORNING)
    keep_follow(archive, replace(one, channel="moi@example.org"), replace=True)
    load(archive, 1, MORNING + HOUR)
    at(archive, chosen, MORNING + DAY)
    assert titles(box) == [["Tin 0"], ["Tin 1"]]
    assert box.to[-1] == ["moi@example.org"]


# --- to an address alone ---------------------------------------------------------------------


def test_a_digest_goes_to_an_address_once_a_day(
    archive: Archive, chosen: Settings, box: Mailbox
) -> None:
    found = digest(archive, load_registry(), MORNING - DAY, MORNING)
    box.answer = "451 later"
    assert tell_one(archive, chosen, found, "em@example.org", "2026-05-12", "vi").failed
    box.answer = "250 OK"
    for day in ("2026-05-12", "2026-05-12", "2026-05-13"):
        tell_one(archive, chosen, found, "em@example.org", day, "vi")
    assert [one["To"] for one in box.mails] == ["em@example.org"] * 2
    assert box.mails[0]["List-Unsubscribe"] is None
    assert NAME in box.mails[0].get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert not any("em@example.org" in one.follow for one in sendings(archive))
