"""The witness's one operation over HTTP: `POST /add-checkpoint`."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.ledger.witnessing import Witness

_LARGEST = 64 * 1024


def witness_application(witness: Witness) -> Starlette:
    """What a witness serves; a request that cannot be one is refused before it is read whole."""

    async def add_checkpoint(request: Request) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST:
                return Response("The request is too long.\n", 413, media_type="text/plain")
        reply = await run_in_threadpool(witness.add_checkpoint, bytes(body))
        # Starlette adds a character set to types of text; the one of a size has none.
        headers = {"content-type": reply.media_type}
        return Response(reply.body.encode(), reply.status, headers=headers)

    return Starlette(routes=[Route("/add-checkpoint", add_checkpoint, methods=["POST"])])
