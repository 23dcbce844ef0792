"""Outlet files: the bundled ones, and what is said about wrong ones."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import yaml

from kb.errors import ConfigError
from kb.extract.families import FAMILIES
from kb.outlets import Family, Outlet, load_outlets, outlet_for
from kb.outlets.draft import LINES

GOOD: dict[str, object] = {
    "id": "thu",
    "name": "Báo Thử",
    "home": "https://thu.example",
    "level": "hanoi",
    "family": "generic",
    "feeds": ["https://thu.example/home.rss"],
    "article_url": r"-\d{7}\.html$",
}


def write(folder: Path, file: str = "thu.yaml", **more: object) -> Path:
    entry = {key: value for key, value in (GOOD | more).items() if value is not None}
    (folder / file).write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    return folder


def only(folder: Path) -> Outlet:
    (outlet,) = load_outlets(folder).values()
    return outlet


# --- the bundled ones ----------------------------------------------------------------------------


def test_bundled_outlets_load_under_their_file_names() -> None:
    outlets = load_outlets()
    assert all(name == outlet.id for name, outlet in outlets.items())
    assert {"vnexpress", "tuoitre", "baodautu", "hanoimoi", "laodongthudo"} <= outlets.keys()


def test_every_bundled_family_is_one_that_the_extractor_knows() -> None:
    used = {outlet.family for outlet in load_outlets().values()}
    assert used <= FAMILIES.keys() | {"generic"} == set(get_args(Family))


def test_what_is_not_confirmed_is_off_and_says_what_to_probe() -> None:
    outlets = load_outlets().values()
    off = [outlet for outlet in outlets if not outlet.enabled]
    assert off
    assert all("robe" in outlet.notes for outlet in off)
    on = [outlet for outlet in outlets if outlet.enabled]
    assert len(on) >= 9
    assert all(outlet.valid_until and outlet.expect.min_per_week for outlet in on)


def test_bundled_outlets_are_asked_gently() -> None:
    for outlet in load_outlets().values():
        assert (outlet.delay >= 2, outlet.concurrency, outlet.allow_private) == (True, 1, False)


def test_an_outlet_is_a_short_file() -> None:
    """Of a known family or not: a longer one would say in a comment why."""
    folder = files("kb.outlets")
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    }
    assert len(lengths) == len(load_outlets()) >= 25
    assert {name: lines for name, lines in lengths.items() if lines > LINES} == {}


def test_no_two_bundled_outlets_share_a_host() -> None:
    hosts = Counter(host for outlet in load_outlets().values() for host in outlet.netlocs)
    assert max(hosts.values()) == 1


def test_patterns_find_the_articles_of_a_real_year(shared: Path) -> None:
    outlets = load_outlets()
    seen: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    with gzip.open(shared / "corpus" / "press-2024.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            url = json.loads(line)["url"] or ""
            if (outlet := outlet_for(url, outlets)) is not None and outlet.enabled:
                seen[outlet.id] += 1
                missed[outlet.id] += not outlet.is_article(url)
    assert len(seen) == 9
    assert missed.total() == 0, missed


def test_patterns_tell_saved_articles_from_lists(shared: Path) -> None:
    outlets = load_outlets()
    rows = (shared / "pages" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, rows):
        outlet = outlet_for(row["url"], outlets)
        assert outlet is not None, row["url"]
        assert outlet.is_article(row["url"]) == (row["kind"] == "article"), row["url"]


# --- one file ------------------------------------------------------------------------------------


def test_defaults_are_polite_and_vietnamese(tmp_path: Path) -> None:
    outlet = only(write(tmp_path))
    assert (outlet.delay, outlet.concurrency, outlet.enabled) == (2.0, 1, True)
    assert outlet.zone == ZoneInfo("Asia/Ho_Chi_Minh")
    assert not outlet.allow_private


def test_all_keys_are_read(tmp_path: Path) -> None:
    outlet = only(
        write(
            tmp_path,
            sitemaps=["https://thu.example/sitemap.xml"],
            sections=["https://van-hoa.thu.example/"],
            hosts=["van-hoa.thu.example"],
            delay=0.5,
            concurrency=2,
            timezone="UTC",
            expect={"min_per_week": 3, "max_per_week": 9},
            valid_until="2027-01-31",
            selectors={"title": "h1.tieu-de"},
        )
    )
    assert outlet.valid_until == date(2027, 1, 31)
    assert outlet.expect.max_per_week == 9
    assert outlet.owns("https://van-hoa.thu.example/tin-1234567.html")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": None}, "name: is missing"),
        ({"feed": []}, "feed: is not a known key"),
        ({"home": "thu.example"}, "home: must be a full http"),
        ({"article_url": "-(\\d+"}, "article_url: is not a regular expression"),
        ({"timezone": "Hà Nội"}, "timezone: is not a time zone"),
        ({"timezone": "../etc"}, "timezone: is not a time zone"),
        ({"delay": -1}, "delay: "),
        ({"concurrency": 0}, "concurrency: "),
        ({"level": "city"}, "level: "),
        ({"family": "wordpress"}, "family: "),
        ({"id": "Thử"}, "id: "),
        ({"feeds": []}, "at least one feed, sitemap or section"),
        ({"feeds": ["https://khac.example/rss"]}, "another host than home"),
        ({"selectors": {"titel": "h1"}}, "selectors: titel is none of title, lead"),
        ({"expect": {"min_per_week": 9, "max_per_week": 3}}, "min_per_week is above"),
        ({"expect": {"per_day": 3}}, "expect.per_day: is not a known key"),
    ],
)
def test_faults_name_file_and_key(tmp_path: Path, change: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=r"^thu\.yaml: .*" + re.escape(told)):
        load_outlets(write(tmp_path, **change))


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        load_outlets(write(tmp_path, name=None, level="city"))
    assert len(str(told.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["a: [", "- chỉ là danh sách", "", "\x00"])
def test_a_file_that_is_no_mapping_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "hong.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^hong\.yaml: "):
        load_outlets(tmp_path)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "cu.yaml").write_bytes("name: Hà Nội".encode("cp1258", "replace"))
    with pytest.raises(ConfigError, match=r"cu\.yaml: cannot be read as UTF-8"):
        load_outlets(tmp_path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("feeds: [https://thu.example/khac.rss]", r"line \d+: feeds stands twice; keep one"),
        ("limits: {pages: 5, pages: 500}", r"line \d+: pages stands twice; keep one"),
        ("valid_until: 2026-02-30", "valid_until: Input should be a valid date"),
    ],
)
def test_what_yaml_would_pass_over_or_break_at_is_told(
    tmp_path: Path, line: str, told: str
) -> None:
    file = write(tmp_path) / "thu.yaml"
    file.write_text(f"{file.read_text('utf-8')}{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=rf"^thu\.yaml: {told}"):
        load_outlets(tmp_path)


def test_the_same_id_twice_names_both_files(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    with pytest.raises(ConfigError, match=r"b\.yaml: id: 'thu' is already that of a\.yaml"):
        load_outlets(write(tmp_path, "b.yaml"))


def test_a_folder_without_outlets_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no outlet"):
        load_outlets(tmp_path)
    with pytest.raises(ConfigError, match="is not a folder"):
        load_outlets(tmp_path / "khong-co")


def test_a_switched_off_outlet_needs_no_listing(tmp_path: Path) -> None:
    assert not only(write(tmp_path, feeds=[], enabled=False)).enabled


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://thu.example/tin-1234567.html", True),
        ("http://WWW.thu.example/", True),
        ("https://m.thu.example/", True),
        ("https://amp.thu.example/", True),
        ("https://phu.thu.example/", False),
        ("https://thu.example:8443/", False),
        ("https://thu.example.khac/", False),
        ("http://[hong/", False),
        ("", False),
    ],
)
def test_outlet_for_an_address(tmp_path: Path, url: str, found: bool) -> None:
    outlet = only(write(tmp_path))
    assert outlet.owns(url) is found
    assert (outlet_for(url, {"thu": outlet}) is outlet) is found


def test_the_port_belongs_to_the_host(tmp_path: Path) -> None:
    home = "http://127.0.0.1:8081"
    outlet = only(write(tmp_path, home=home, feeds=[f"{home}/rss"]))
    assert outlet.owns(f"{home}/a")
    assert not outlet.owns("http://127.0.0.1:8082/a")


def test_articles_are_known_by_their_path(tmp_path: Path) -> None:
    outlet = only(write(tmp_path))
    assert outlet.is_article("https://thu.example/tin-1234567.html?utm_source=x#binh-luan")
    assert not outlet.is_article("https://thu.example/van-hoa.html?next=/tin-1234567.html")
    assert not outlet.is_article("https://khac.example/tin-1234567.html")


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://m.thu.example/a-1.html?fbclid=1#x", "https://thu.example/a-1.html"),
        ("https://www.thu.example/a?trang=2&utm_source=z", "https://thu.example/a?trang=2"),
        ("http://phu.thu.example/a", "http://phu.thu.example/a"),
    ],
)
def test_the_canonical_address(tmp_path: Path, url: str, asked: str) -> None:
    assert only(write(tmp_path)).canonical(url) == asked
