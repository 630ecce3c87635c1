"""The application of the practice: a list of clients, the guidance for one of them, and what was done with it.

uvicorn practice_app.app:app
"""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cdsrules import Advisor
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import REASONS, Feedback, Outcome
from cdsrules.rendering import html
from practice_app import database, plugin

PAGES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)
CLINICIAN = "clinician-1"  # whoever is logged in, by a pseudonym

advisor = Advisor.load(plugins=[plugin], site=database.SITE)
records = plugin.cdsrules_store()


def page(name: str, status: int = 200, **shown: object) -> Response:
    """Return one of the practice's pages."""
    return HTMLResponse(PAGES.get_template(name).render(**shown), status)


def clients(_: Request) -> Response:
    """The list of clients."""
    return page("clients.html", clients=database.clients())


def client(request: Request, problem: str = "") -> Response:
    """The guidance for one client, recorded before it is shown."""
    number = request.path_params["number"]
    guidance = records.attended(advisor.evaluate(plugin.Record(number)))
    records.evaluation(guidance)
    shown = {"number": number, "guidance": guidance, "reasons": REASONS, "problem": problem}
    return page("client.html", 400 if problem else 200, **shown)


def whole(request: Request) -> Response:
    """Everything that is behind the guidance."""
    return HTMLResponse(html.render(advisor.evaluate(plugin.Record(request.path_params["number"]))))


async def answer(request: Request) -> Response:
    """Record what the clinician did with an item, and tell the plugins."""
    said = {name: value for name, (value, *_) in parse_qs((await request.body()).decode()).items()}
    until = date.fromisoformat(said.pop("until")) if "until" in said else None
    try:
        outcome = Outcome(said.pop("outcome"))
        client_id = plugin.client_id(request.path_params["number"])
        feedback = Feedback(client=client_id, outcome=outcome, by=CLINICIAN, until=until, **said)
        records.feedback(feedback)
    except RecordRefused as refused:
        return client(request, str(refused))
    advisor.plugin_session.feedback(feedback)
    return RedirectResponse(request.url.path, 303)


CLIENT = "/clients/{number:int}"
app = Starlette(
    routes=[
        Route("/", clients),
        Route(CLIENT, client),
        Route(CLIENT, answer, methods=["POST"]),
        Route(f"{CLIENT}/whole", whole),
    ]
)
