"""Codes about files and folders on the disk."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

CODES: Final = (
    Code(
        "CDS018",
        "No such file or folder",
        means="A path that was given, or a link in a folder of rules, leads to nothing.",
        matters="Rules that were meant to be used would silently be missing.",
        write="Check the spelling of the path; run `cdsrules check` from the folder you mean.",
        bad="cdsrules check clinic-rulse        (the folder is called clinic-rules)",
        good="cdsrules check clinic-rules",
        within=Within.FOLDER,
    ),
    Code(
        "CDS019",
        "A file or folder that cannot be read",
        means="The file or folder is there, but the system does not let it be read, or it is no ordinary file.",
        matters="Rules that were meant to be used would silently be missing.",
        write="Ask whoever keeps the machine to let you read it, or copy it to a place of your own.",
        bad="cdsrules check clinic-rules        (rules.yaml in it may be read by its owner alone)",
        good="cdsrules check clinic-rules        (rules.yaml in it may be read by you)",
        within=Within.FOLDER,
    ),
    Code(
        "CDS020",
        "A link that leads in a circle",
        means="A symbolic link leads to itself or back to a folder it stands in.",
        matters="Following it would never end.",
        write="Delete the link, or let it point to the folder that is meant.",
        bad="clinic-rules/all is a link to clinic-rules",
        good="clinic-rules/shared is a link to ../shared-rules",
        within=Within.FOLDER,
    ),
    Code(
        "CDS021",
        "No rule file",
        means="A file that was given does not end in `.yaml` or `.yml`, or a folder holds no file that does, or far "
        "too many.",
        matters="Rules that were meant to be used would silently be missing.",
        write="Name the folder that holds the rules. `cdsrules init FOLDER` makes one with the shipped rulebooks to "
        "edit.",
        bad="cdsrules check clinic-rules/rules.txt",
        good="cdsrules check clinic-rules/rules.yaml",
        within=Within.FOLDER,
    ),
)
