"""What a form sent: read before a page is made of it.

Reading is the one thing that has to wait for the network; what writes to the archive waits for
other writers, and does so in a thread of its own, so that the desk answers meanwhile.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData


async def _posted(request: Request) -> FormData:
    return await request.form()


Posted = Annotated[FormData, Depends(_posted)]
