"""What the documents of the made rulebook look like, word for word; style and pictures are left out.

`python -m tests.documents.golden` writes them anew, for a person to read before they are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from cdsrules.documents.book import make_book
from cdsrules.documents.book_page import book_page
from cdsrules.documents.dossier import Dossier, dossier_document, make_dossier
from cdsrules.documents.dossier_page import dossier_page
from cdsrules.documents.tables import tables
from tests.documents.made import made_basis
from tests.page_content import content

FOLDER = Path(__file__).parent / "golden"
OUTCOMES = {"made: stuck and rested": True, "made: stuck and worn": False, "made: nobody knows": True}


def made_dossier() -> Dossier:
    return make_dossier(made_basis(), "9.9.9", OUTCOMES)


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "book.html": lambda: content(book_page(make_book(made_basis(), "9.9.9"))),
    "dossier.html": lambda: content(dossier_page(made_dossier())),
    "dossier.json": lambda: json.dumps(dossier_document(made_dossier()), indent=2) + "\n",
    "attributes.csv": lambda: tables(made_dossier())["attributes"],
    "hazards.csv": lambda: tables(made_dossier())["hazards"],
    "trace.csv": lambda: tables(made_dossier())["trace"],
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, made in DOCUMENTS.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")
