"""What a caller is told when there is no answer: a status, and a sentence in an object, or on a page for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb
from typing import Final, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from cdsrules.records.errors import DiskFailed, RecordsError
from cdsrules.rendering.pages import page, style
from cdsrules.service.answering import PreconditionFailed
from cdsrules.service.asked import BadRequest
from cdsrules.service.guards import LOG
from cdsrules.service.remembered import CannotRemember

PRIVATE: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
"""The headers of a page that is for nobody but who was given its link."""
NO_PAGE: Final = "This page is not there, or not any more. Open the client again in your software."

_HERE: Final = "cdsrules.service"
_OF_PAGES: Final = "/explanations/"
_FRAMES: Final = 6

Answer: TypeAlias = Callable[[Request, Exception], Awaitable[Response]]


async def _refused(request: Request, problem: Exception) -> Response:
    match problem:
        case HTTPException(status_code=401):
            # Bare, as it tells a stranger nothing.
            return Response(status_code=401)
        case HTTPException() if _is_a_page(request):
            sentence = NO_PAGE if problem.status_code == HTTPStatus.NOT_FOUND else _sentence(problem)
            return _page(sentence, problem.status_code, problem.headers)
        case HTTPException():
            return refusal(_sentence(problem), problem.status_code, problem.headers)
        case BadRequest():
            return refusal(" ".join(problem.problems), 400)
        case _:
            return refusal(str(problem), 412)


def _sentence(problem: HTTPException) -> str:
    """What is said of a refusal; how an address is to be called follows from its header."""
    allowed = (problem.headers or {}).get("Allow")
    if problem.status_code == HTTPStatus.METHOD_NOT_ALLOWED and allowed:
        return f"This address takes {allowed}, and nothing else."
    return problem.detail


async def _not_now(request: Request, problem: Exception) -> Response:
    """What is not there at the moment is logged without what the error says, which may name a client."""
    said = {"problem": type(problem.__cause__).__name__}
    if isinstance(problem, DiskFailed):
        said["because"] = "the disk is full, or not in order"
    if isinstance(problem, RecordsError):
        LOG.error("not recorded", extra={"said": said})
        return refusal("This could not be recorded, so it does not count.", 503)
    LOG.error("state not usable", extra={"said": said})
    sentence = "This cannot be answered at the moment; try again."
    return _page(sentence, 503) if _is_a_page(request) else refusal(sentence, 503)


def failed(problem: BaseException) -> Response:
    """Return what is told of an error of ours, which is logged without what it says: that may name a client."""
    LOG.error("internal error", extra={"said": {"kind": type(problem).__name__, "where": _where(problem)}})
    return refusal("Something went wrong here; it was noted.", 500)


def _where(problem: BaseException) -> list[str]:
    """Where an error of ours was raised, from the outside in; what it says is left out."""
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(problem.__traceback__)[-_FRAMES:]]


def _is_a_page(request: Request) -> bool:
    """Whether somebody looks at what is answered: the page behind a card's link is opened by people."""
    path: str = request.scope["path"]
    return path.startswith(_OF_PAGES)


def _page(sentence: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    shown = page(_HERE, "refused.html", sentence=sentence, style=style(_HERE, "page.css"))
    return HTMLResponse(shown, status, {**PRIVATE, **(headers or {})})


def refusal(sentence: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal as an object with a sentence."""
    return JSONResponse({"error": sentence}, status, headers)


REFUSALS: Final[Mapping[type[Exception], Answer]] = {
    **dict.fromkeys((HTTPException, BadRequest, PreconditionFailed), _refused),
    **dict.fromkeys((RecordsError, CannotRemember), _not_now),
}
"""What answers each kind of error; what answers any other is `failed`."""
