"""Rendering a template in the language that the request asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.templating import Jinja2Templates

from kb.archive.actors import alone
from kb.web.assets import asset
from kb.web.facts import ROLES, anchor, due
from kb.web.language import (
    COOKIE,
    LANGUAGES,
    all_words,
    clock,
    local,
    partial_day,
    words_for,
    written,
)
from kb.web.prefix import inside, placed

_YEAR = 365 * 24 * 3600


def host(url: str) -> str:
    """Return what a link to another site is called: its host without `www.`."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def web_address(url: str | None) -> str | None:
    """Return an address only if it leads to a page: never `javascript:` or `file:`."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def to(request: Request, address: str) -> str:
    """Return an address on this desk as the browser must ask for it: under the desk's prefix."""
    return str(request.scope.get("root_path", "")) + address


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (alone, anchor, due, host, web_address, clock, local, partial_day, written)
    environment.filters |= {function.__name__: function for function in filters}
    environment.globals |= {"roles": ROLES, "asset": asset}
    return environment


_TEMPLATES = Jinja2Templates(env=_environment())


def render(
    request: Request,
    name: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    next_page: str | None = None,
) -> Response:
    """Answer with a template; `w` in it are the words of the page.

    `others` are the words of the other languages, each with the address of this page in it.
    `Link` headers name the page in each language and the `next_page` of a list.
    """
    words = words_for(request)
    pages = {language: _address(request, language) for language in LANGUAGES}
    others = [(all_words()[lang], pages[lang]) for lang in LANGUAGES if lang != words.language]
    links = [
        f'<{to(request, address)}>; rel="alternate"; hreflang="{lang}"'
        for lang, address in pages.items()
    ]
    if next_page:
        links.append(f'<{to(request, next_page)}>; rel="next"')
    extra = {"Content-Language": words.language, "Vary": "Cookie", "Link": ", ".join(links)}
    page = {
        "request": request,
        "path": inside(request.scope),
        "visitor": getattr(request.state, "visitor", None),
        "w": words,
        "others": others,
        "next_page": next_page,
    }
    html = _TEMPLATES.get_template(name).render({**page, **context})
    prefix = request.scope.get("root_path", "")
    response = HTMLResponse(placed(html, prefix), status, {**extra, **(headers or {})})
    if request.query_params.get("lang") == words.language:
        response.set_cookie(COOKIE, words.language, _YEAR, httponly=True, samesite="lax")
    return response


def _address(request: Request, language: str) -> str:
    """Return the address of the same page in a language, as plain ASCII."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"{quote(inside(request.scope))}?{urlencode([*kept, ('lang', language)])}"
