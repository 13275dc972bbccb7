"""Pictures of proofs, handed on as nothing but a picture.

What was handed in to us is shown as we drew it. Else it is an address of the member's own choosing. His reviewer's
browser does not go there: the server does, with the same care as for webhooks, and passes on what begins like a picture
and is not too large, under a policy that lets it do nothing.
"""

import os
from typing import Literal
from urllib.parse import quote, urljoin

import asyncpg
import httpx
from django.http import HttpResponse
from django.views.decorators.cache import cache_control

from festoon.api.sides import Inside
from festoon.base.errors import FestoonError, NotFound, define
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.engine.handed_in import PHOTO, WORDS, is_kept, photo_of, words_of
from festoon.engine.reviews import OpenProof, open_proof
from festoon.outbox.webhooks.addresses import Allowed, resolve
from festoon.store.pool import lent

PHOTOS = "FESTOON_PHOTOS_URL"
"""Where photos are that are named without an address, `https://photos.example/`."""
NETWORKS = "FESTOON_WEBHOOK_NETWORKS"
LARGEST = 8 * 1024 * 1024
SECONDS = 10.0
SIGNS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}
NO_PICTURE = define(
    "proof.no_picture",
    404,
    "this picture cannot be shown: {reason}",
    "无法显示该图片：{reason}",
    todo="look at it where the platform keeps it",
    todo_zh="请在平台的存储位置查看",
)


def addressed(photo: str) -> str:
    """The address of a picture; "" when it has none that can be called."""
    if is_kept(photo):
        return ""
    if photo.startswith(("https://", "http://")):
        return photo
    base = os.environ.get(PHOTOS, "")
    return (
        urljoin(base, quote(photo))
        if base and photo and "://" not in photo and not photo.startswith("//")
        else ""
    )


@needs("proofs:judge")
@cache_control(private=True, max_age=600)
def picture(request: Asked) -> HttpResponse:
    """The picture of a proof that waits. Only of one that waits: this is no way to have us call any address."""
    asked = (request.GET.get("member", ""), request.GET.get("mechanic", ""), request.GET.get("proof", ""))
    body = request.bridge.run(_found, *asked, "small" if "small" in request.GET else "photo")
    response = HttpResponse(body, content_type=_kind(body))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response


async def _found(
    inside: Inside, member: str, mechanic: str, proof: str, size: Literal["photo", "small"]
) -> bytes:
    """The picture of an open proof: ours, or fetched from where the platform keeps it. Raises NotFound."""
    found, body = None, None
    async with lent(inside.pool) as connection:
        if "\0" not in member + mechanic + proof:
            found = await open_proof(connection, member, mechanic, proof)
        if found is not None and (name := await _photo(connection, found)):
            body = await photo_of(connection, found.number, name, size)
    return body if body is not None else await _fetched(addressed(found.photo) if found is not None else "")


async def _photo(connection: asyncpg.Connection, proof: OpenProof) -> str:
    """The name of the photo of a proof that was handed in to us: its own, or that beside its words; "" for none."""
    if proof.proof.startswith(WORDS):
        said = await words_of(connection, [(proof.number, proof.proof)])
        return next((each.beside for each in said.values()), "")
    return proof.photo if proof.photo.startswith(PHOTO) else ""


async def _fetched(url: str) -> bytes:
    if not url:
        raise NotFound(NO_PICTURE, reason="—")
    try:
        return await fetch(url, Allowed(tuple(os.environ.get(NETWORKS, "").split())))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
        raise NotFound(NO_PICTURE, reason=type(error).__name__) from None
    except FestoonError as error:
        raise NotFound(NO_PICTURE, reason=error.code) from None


async def fetch(address: str, allowed: Allowed) -> bytes:
    """What is at an address, if it is a picture. Raises NotFound, Forbidden, and what httpx raises."""
    url = httpx.URL(address)
    secure = url.scheme == "https"
    found = await resolve(url.host, url.port or (443 if secure else 80), allowed, secure=secure)
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=SECONDS) as client:
        request = client.build_request(
            "GET",
            url.copy_with(host=found[0]),
            headers={"host": url.netloc.decode("ascii"), "accept": "image/*"},
            extensions={"sni_hostname": url.host},
        )
        response = await client.send(request, stream=True)
        try:
            return await _body(response)
        finally:
            await response.aclose()


async def _body(response: httpx.Response) -> bytes:
    if response.status_code != 200:
        raise NotFound(NO_PICTURE, reason=str(response.status_code))
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST:
            raise NotFound(NO_PICTURE, reason=f"> {LARGEST // 1024 // 1024} MB")
    if not _kind(body):
        raise NotFound(NO_PICTURE, reason=response.headers.get("content-type", "")[:60])
    return body


def _kind(body: bytes) -> str:
    """What picture it is by its first bytes, whatever its server says; "" for none that is shown."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in SIGNS.items() if body.startswith(sign)), "")
