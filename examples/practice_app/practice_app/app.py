"""The application of the practice: a list of clients, the guidance for one of them, and what was done with it."""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cdsrules import Advisor, Guidance
from cdsrules.plugins import NotRead
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import REASONS, Feedback, Outcome
from cdsrules.rendering import html
from practice_app import database, plugin

PAGES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)
CLINICIAN = "clinician-1"  # whoever is logged in, by a pseudonym

advisor = Advisor.load(plugins=[plugin], site=database.SITE)
records = plugin.cdsrules_store()


def clients(_: Request) -> Response:
    """The list of clients."""
    return HTMLResponse(PAGES.get_template("clients.html").render(clients=database.clients()))


def asked(request: Request) -> int:
    """The number of the client in the address, where there is such a client."""
    number = request.path_params["number"]
    if not (found := database.rows("SELECT number FROM clients WHERE CAST(number AS TEXT) = ?", number)):
        raise HTTPException(404, "No client of the practice has this number.")
    return int(found[0]["number"])


def recorded(number: int) -> Guidance:
    """The guidance for one client, put on record with what it was made from before anybody sees it."""
    guidance = records.attended(advisor.evaluate(document := plugin.document(number)))
    records.evaluation(guidance, document)
    return guidance


def client(request: Request, problem: str = "") -> Response:
    """The guidance for one client, on a page of the practice."""
    shown = {"number": (number := asked(request)), "guidance": recorded(number), "reasons": REASONS, "problem": problem}
    return HTMLResponse(PAGES.get_template("client.html").render(**shown), 400 if problem else 200)


def whole(request: Request) -> Response:
    """Everything that is behind the guidance."""
    return HTMLResponse(html.render(recorded(asked(request))))


async def answer(request: Request) -> Response:
    """Record what the clinician did with an item, and tell the plugins."""
    about = {"client": plugin.client_id(asked(request)), "by": CLINICIAN}
    try:
        said = {name: value for name, (value, *_) in parse_qs((await request.body()).decode()).items()}
        until = date.fromisoformat(said["until"]) if "until" in said else None
        why = {name: said.get(name) for name in ("reason", "comment")}
        feedback = Feedback(item=said["item"], outcome=Outcome(said["outcome"]), until=until, **why, **about)
        records.feedback(feedback)
    except RecordRefused as refused:
        return client(request, str(refused))
    except (KeyError, ValueError):
        return client(request, "This could not be read, and nothing was recorded: answer with the buttons below.")
    advisor.plugin_session.feedback(feedback)
    return RedirectResponse(request.url.path, 303)


ONE, WHOLE = "/clients/{number}", "/clients/{number}/whole"
ROUTES = [Route("/", clients), Route(ONE, client), Route(ONE, answer, methods=["POST"]), Route(WHOLE, whole)]
# Where nobody can be looked at, such as while the database is away, the page says why.
app = Starlette(routes=ROUTES, exception_handlers={NotRead: lambda _, why: PlainTextResponse(str(why), 503)})
