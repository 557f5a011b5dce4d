"""Reading what a form sends, within bounds: whatever comes, little memory and little time are spent on it."""

from __future__ import annotations

import asyncio

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

FORM_BYTES = 65_536
FIELDS = 2_000
SECONDS = 15.0
"""A form that has not come whole after this is not waited for."""

_KINDS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_form(request: Request) -> FormData:
    """Read a form, urlencoded or multipart; an empty body without a type is an empty form (RFC 8058 senders differ).

    Raises HTTPException: 413 for one of more than `FORM_BYTES` or `FIELDS`, 415 for another type, 408 for one that
    does not come, 400 for one that is damaged or brings a file.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    body = await bounded_body(request, FORM_BYTES)
    if not body and not kind:
        return FormData()
    if kind not in _KINDS:
        raise HTTPException(415, "Send this form as a browser does.")
    if body.count(b"&") >= FIELDS:
        raise HTTPException(413, _too_much("fields"))
    again = Request(request.scope, _replay(body))
    try:
        return await again.form(max_files=0, max_fields=FIELDS, max_part_size=FORM_BYTES)
    except UnicodeDecodeError as error:
        raise HTTPException(400, "This form is not written in UTF-8.") from error


async def bounded_body(request: Request, limit: int) -> bytes:
    """Read the body of a request of at most so many bytes; raises HTTPException 413 for a larger one, 408 for a slow
    one.
    """
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or len(length) > len(str(limit)) or int(length) > limit:
        raise HTTPException(413, _too_much("data"))
    pieces, size = [], 0
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > limit:
                    raise HTTPException(413, _too_much("data"))
                pieces.append(piece)
    except TimeoutError as error:
        raise HTTPException(408, "What was sent did not arrive in time. Try again.") from error
    except ClientDisconnect as error:
        raise HTTPException(400, "The connection was closed before all had arrived.") from error
    return b"".join(pieces)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _too_much(what: str) -> str:
    return f"These are more {what} than any form of this site has."
