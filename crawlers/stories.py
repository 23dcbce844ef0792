"""What becomes of an article's answer: stored, unchanged, gone, or left for another address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawlers.asking import GIVEN, Asking
from crawlers.captures import Captures
from crawlers.job import Known, key
from crawlers.lines import asked_url, is_html, refusal
from crawlers.links import canonical
from crawlers.state import RunState
from crawlers.warc import Place, payload_digest
from kb.outlets import Outlet


class Stories:
    """Settles answers one by one and writes them into the captures."""

    def __init__(self, state: RunState, asking: Asking, captures: Captures) -> None:
        self._state, self._asking, self._captures = state, asking, captures

    async def read(self, response: Response) -> AsyncIterator[Request]:
        """Store a new or changed page; note what else came back.

        A new page that names another address as its own (canonical) is held back until that
        one has answered, and stored only if it did not.
        """
        outlet = self._state.outlet(response)
        if (url := self._own_address(outlet, response)) is None:
            settled = await self._settle(response)
            await self.release(response.request, response.url if settled else None)
            return
        request = self._asking.article(outlet, url, response.url, held=response)
        if request is None:
            self._state.answer(response, "skipped", f"same story as {url}")
        else:
            yield request

    async def release(self, request: Request | None, stored: str | None) -> None:
        """Settle the page that was held back for this request, stored already at `stored`."""
        held: Response | None = request.meta.get("held") if request is not None else None
        if held is None:
            return
        if stored is not None:
            self._state.answer(held, "skipped", f"same story as {stored}")
        else:
            await self._settle(held)

    def _own_address(self, outlet: Outlet, response: Response) -> str | None:
        """Return the address that a new page calls its own, if it is another story's."""
        asked = response.meta["story"]
        if (
            response.status != 200
            or not is_html(response)
            or response.meta["held"] is not None
            or asked in self._state.job.known
            or not outlet.is_article(response.url)
        ):
            return None
        named = canonical(response.body, response.url)
        if named is None or not outlet.owns(named):
            return None
        url = outlet.canonical(named)
        same = {asked, key(outlet, response.url)}
        return url if outlet.is_article(url) and key(outlet, url) not in same else None

    async def _settle(self, response: Response) -> bool:
        """Store and note an answer; say whether the story is there with it."""
        outlet, asked = self._state.outlet(response), response.meta["story"]
        known = self._state.job.known.get(asked)
        story = key(outlet, response.url)
        is_given = response.meta["found_by"] == GIVEN and story == asked
        if response.status == 304:
            digest = known.digest if known else None
            await self._unchanged(outlet, response, known, digest)
            return True
        if response.status in {404, 410}:
            await self._gone(outlet, response, f"HTTP {response.status}")
        elif response.status != 200:
            self._state.answer(response, *refusal(response.status))
        elif not outlet.is_article(response.url) and not is_given:
            reason = f"redirected to {response.url}, no article"
            if known:
                await self._gone(outlet, response, reason)
            else:
                self._state.answer(response, "skipped", reason)
        elif story != asked and not self._state.first(story):
            self._state.answer(response, "skipped", f"same story as {response.url}")
        elif not response.body.strip():
            self._state.answer(response, "skipped", "empty")
        elif not is_html(response):
            self._state.answer(response, "skipped", "not HTML")
        else:
            known = self._state.job.known.get(story, known)
            digest = payload_digest(response.body)
            if known is not None and known.digest == digest:
                await self._unchanged(outlet, response, known, digest)
            else:
                place = await _written(self._captures.add(outlet.id, response))
                self._state.answer(response, "stored", digest=digest, place=place)
            return True
        return False

    async def _unchanged(
        self, outlet: Outlet, response: Response, known: Known | None, digest: str | None
    ) -> None:
        place = None
        if known is not None:
            place = await _written(self._captures.revisit(outlet.id, response, known, digest))
        self._state.answer(response, "unchanged", digest=digest, place=place)

    async def _gone(self, outlet: Outlet, response: Response, reason: str) -> None:
        assert response.request is not None
        url = asked_url(response.request, self._state.known(response.request))
        place = await _written(self._captures.gone(outlet.id, response, url, reason))
        self._state.answer(response, "gone", reason, place=place)


async def _written(writing: Awaitable[Place]) -> Place:
    try:
        return await writing
    except OSError as error:
        raise CloseSpider(f"cannot write captures: {error}") from error
