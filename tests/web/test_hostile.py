"""Articles that mean harm: nothing of them runs, loads, leads away, or pushes a page sideways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, Page

from kb.archive import Archive, EntryRow
from kb.article import Article
from kb.reading import Assignment, Commitment, Holding, Mention, Quote, Reading
from kb.settings import settings
from kb.web import create_app
from tests.web.conftest import Serve
from tests.web.markup import tree
from tests.web.stories import registry

NAME, KNOWN = "Lễ hội Thiết kế sáng tạo Hà Nội", "design-festival"
CITY = "hanoi-peoples-committee"
LONG = "Đặc" + "ệ" * 4_997
"""One word of 5,000 letters."""
HARM: dict[str, str] = yaml.safe_load(Path(__file__).with_name("hostile.yaml").read_text("utf-8"))
TEXTS = [text.format(NAME) for text in HARM.values()] + [f"{LONG} {NAME} {LONG}"]
ENTRIES = ["/initiatives/design-festival", f"/actors/{CITY}"]
LISTS = ["/", "/search?q=thi%E1%BA%BFt+k%E1%BA%BF", "/quotes", "/commitments", "/assignments"]
STORIES = [f"/articles/{number}" for number in range(1, len(TEXTS) + 1)]
CHANGES = [f"{STORIES[0]}/changes", f"{STORIES[-1]}/changes", f"{STORIES[-1]}/capture"]
URLS = {
    1: "javascript:alert('địa chỉ')",
    2: "https://hanoimoi.vn/2.html\"onclick=alert(1)//'><script>alert(2)</script>",
}
PAGES = [*ENTRIES, *LISTS, *STORIES, *CHANGES]


def reading_of(article: Article) -> Reading:
    """Return a reading in which everything that can be named bears the hostile text."""
    mentions, quotes, commitments, assignments, holdings = [], [], [], [], []
    for field in ("title", "lead", "body"):
        text = article.text(field)
        start = text.index(NAME)
        place = (field, start, start + len(NAME))
        mentions += [
            Mention("initiative", KNOWN, NAME, NAME, *place, 0, len(text), "registry:exact", 1.0),
            Mention("person", None, text, text[:1], field, 0, 1, 0, len(text), "ner", 0.4),
            Mention("org", CITY, text, text[-1:], field, len(text) - 1, len(text), 0, len(text),
                    "registry:exact", 1.0),
        ]  # fmt: skip
        quotes.append(Quote(CITY, text, text, True, text, text, *whole(field, text)))
        commitments.append(
            Commitment(KNOWN, CITY, text, text, "2024-01-01", "2024-02-01", text, text,
                       *whole(field, text))
        )  # fmt: skip
        assignments.append(Assignment(CITY, text, "lead", text, KNOWN, True, *whole(field, text)))
        holdings.append(Holding(None, text, text, CITY, text, *whole(field, text)))
    return Reading(
        tuple(mentions), "test", 3, 20, quotes=tuple(quotes), commitments=tuple(commitments),
        assignments=tuple(assignments), holdings=tuple(holdings),
    )  # fmt: skip


def whole(field: str, text: str) -> tuple[str, int, int]:
    return field, 0, len(text)


def article_of(number: int, text: str, title: str | None = None) -> Article:
    return Article(
        title=title or text, lead=text, body=f"{text}\n{text}", authors=(text,), captions=(text,),
        keywords=(text,), section=text, outlet="hanoimoi", url=URLS.get(number, f"https://hanoimoi.vn/bai-{number}.html"),
        published_at=datetime(2024, 5, number, 8, 30, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[str]:
    """Address of a desk over hostile articles, whose whole text it shows."""
    path = tmp_path_factory.mktemp("hostile") / "kb.sqlite"
    with pytest.MonkeyPatch.context() as patch, Archive.open(f"sqlite:///{path}") as archive:
        patch.setenv("KB_FULL_TEXT", "true")
        settings.cache_clear()
        archive.sync_registry(
            EntryRow(e.id, e.kind, e.name, e.name_en, e.level, e.programme, e.parent, {})
            for e in registry().entries.values()
        )
        made = [article_of(number, text) for number, text in enumerate(TEXTS, start=1)]
        archive.load([(one, reading_of(one)) for one in made], None)
        for number in (0, -1):  # another text of the first and the last, so that there is a change
            changed = article_of(number % len(TEXTS) + 1, TEXTS[number], TEXTS[number] + " sửa")
            archive.load([(changed, reading_of(changed))], None)
        with serve(create_app(archive)) as address:
            yield address
    settings.cache_clear()


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A page that notes every dialog, error and request elsewhere; at its end there was none."""
    harm: list[str] = []
    with browser.new_context(base_url=base) as context:
        opened = context.new_page()

        def dialog(shown: object) -> None:
            harm.append("dialog")
            shown.dismiss()  # type: ignore[attr-defined]

        opened.on("dialog", dialog)
        opened.on("pageerror", lambda error: harm.append(str(error)))
        opened.on("console", lambda message: harm.append(message.text))
        opened.on("popup", lambda popup: harm.append(popup.url))
        context.on(
            "request",
            lambda one: None if one.url.startswith(f"{base}/") else harm.append(one.url),
        )
        yield opened
        assert harm == []


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_runs_loads_or_pushes_the_page_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} at {width}: {over} pixels too wide"
        assert page.title().endswith(" · Bàn theo dõi báo chí"), path
        assert page.locator("main").count() == page.locator("h1").count() == 1, path


def test_pointer_and_keys_wake_nothing(page: Page) -> None:
    for path in STORIES[:5]:
        page.goto(path)
        page.locator("h1").hover()
        for _ in range(25):
            page.keyboard.press("Tab")


@pytest.mark.parametrize("path", PAGES)
def test_what_articles_say_is_text_and_never_markup(base: str, path: str) -> None:
    page = tree(httpx.get(base + path, timeout=900))
    scripts = page.xpath("//script/@src | //script[not(@src)]")
    assert all(str(one).startswith("/static/") for one in scripts)
    inside = page.xpath("//main")[0]
    assert inside.xpath(".//img | .//style | .//base | .//link | .//iframe[not(@sandbox)]") == []
    assert inside.xpath(".//@*[starts-with(name(), 'on')] | .//@style | .//@autofocus") == []
    for link in page.xpath("//@href | //@src | //@action"):
        assert str(link).startswith(("/", "#", "http://", "https://")), link
        assert not str(link).startswith("//"), link


def test_templates_in_an_article_are_not_filled_in(base: str) -> None:
    number = list(HARM).index("template") + 1
    text = httpx.get(f"{base}/articles/{number}", timeout=900).text
    assert "{{ 7 * 7 }}" in text
    assert "49" not in tree(httpx.get(f"{base}/articles/{number}", timeout=900)).xpath(
        "string(//h1)"
    )


def test_reversed_text_does_not_turn_what_stands_beside_it(page: Page) -> None:
    """A mark that turns the order of letters ends with its text, not with the line."""
    number = list(HARM).index("reversed") + 1
    for path in (f"/articles/{number}", "/initiatives/design-festival", "/quotes", "/"):
        page.goto(path)
        turned = page.evaluate(TURNED)
        assert turned["looked"] > 0, path
        assert turned["found"] == [], path


TURNED = """() => {
  // Words of the desk itself, not of articles, whose last letter stands left of the first.
  const found = [];
  let looked = 0;
  for (const one of document.querySelectorAll("main .outlet, main .how, main time, main .state")) {
    const text = one.firstChild;
    if (!text || text.nodeType !== 3 || text.length < 3 || !one.checkVisibility()) continue;
    const range = document.createRange();
    const left = (at) => {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect();
    };
    const [a, b] = [left(0), left(1)];
    if (a.top === b.top && b.left < a.left) found.push(one.outerHTML.slice(0, 80));
    looked += 1;
  }
  return { found, looked };
}"""
