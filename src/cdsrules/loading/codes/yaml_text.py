"""Codes about the text of a rule file, before anything in it is read as a rule."""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Severity
from cdsrules.loading.codes.frame import RULEBOOK
from cdsrules.loading.codes.record import Code, Within


def _head(title: str) -> str:
    return RULEBOOK.replace("title: An example", title)


_STRAIGHT: Final = "The file is read as YAML 1.2, and only in one way; what could be read in two is refused."

CODES: Final = (
    Code(
        "CDS001",
        "The text is not YAML",
        means="Quotes, brackets, colons or indentation do not fit together at this place, so the file cannot be read.",
        matters="Nothing in the file can be checked until this is put right. Other files are still checked.",
        write="Put texts that hold `: `, `#` or begin with `{`, `[`, a quote or another sign in double quotes; "
        "indent keys "
        "that belong together alike; close every quote and bracket.",
        bad=_head("title: Progress: when it stalls"),
        good=_head('title: "Progress: when it stalls"'),
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS002",
        "The file is empty",
        means="There is nothing in the file but space and comments.",
        matters="An empty file is rarely meant: an editor that was stopped while saving leaves one behind.",
        write="Write a rulebook into it, or delete it.",
        bad="# rules for our clinic\n",
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS003",
        "The file is too large",
        means="A rule file has at most a million bytes.",
        matters="A rulebook of that length cannot be reviewed; most likely this is another sort of file.",
        write="Split it into several rulebooks, one folder each.",
        bad=RULEBOOK + "# " + "very long " * 100_000 + "\n",
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS004",
        "The file is not stored as UTF-8",
        means="Some bytes are no characters in UTF-8, the one way rule files are stored.",
        matters="Guessing another way would print wrong letters to clinicians, in names first of all.",
        write="Choose UTF-8 when saving; most editors offer it beside the file name.",
        bad=_head("title: Über den Stillstand"),
        good=_head("title: Über den Stillstand"),
        within=Within.RULEBOOK,
        stored_as="latin-1",
    ),
    Code(
        "CDS005",
        "The file begins with an invisible mark",
        means="The editor put a byte order mark before the first letter. It is skipped.",
        matters="Other tools may take it for a part of the first key.",
        write="Choose UTF-8 without a mark (sometimes called BOM) when saving.",
        bad=RULEBOOK,
        good=RULEBOOK,
        within=Within.RULEBOOK,
        severity=Severity.WARNING,
        stored_as="utf-8-sig",
    ),
    Code(
        "CDS006",
        "An invisible character",
        means="The file holds a character that cannot be seen: a control character, one without width, or one that "
        "turns the "
        "direction of writing.",
        matters="With it a rule can read otherwise than it is stored.",
        write="Delete it, or type the words anew. It often comes along when text is pasted.",
        bad=_head("title: An\u200bexample"),
        good=_head("title: An example"),
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS007",
        "A tab where spaces belong",
        means="A line is indented with a tab or with a space that does not break lines.",
        matters="How deep a tab goes is not defined in YAML, and it cannot be told from spaces by eye.",
        write="Indent with ordinary spaces, two for each level.",
        bad=RULEBOOK.replace("  - id: consult\n", "\t- id: consult\n"),
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS008",
        "The same key twice",
        means="One group of keys names a key twice.",
        matters="Only one of the two could count, and nobody could see which.",
        write="Keep the one that is meant.",
        bad="""\
- id: review-due
  finds: review_due
  when: {fact: plan.reviewed_on, older_than: 90 days}
  when: {fact: plan.reviewed_on, older_than: 60 days}
""",
        good="""\
- id: review-due
  finds: review_due
  when: {fact: plan.reviewed_on, older_than: 90 days}
""",
    ),
    Code(
        "CDS009",
        "Too many aliases",
        means="The file repeats anchored values (`*name`) more often than a rulebook needs, or they repeat each "
        "other into a "
        "huge number of values.",
        matters="A few lines can stand for millions of values and stop the program that reads them.",
        write="Write the values out, or name a condition as a finding and read that.",
        bad=_head(
            "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
            "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
            "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
            "title: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]"
        ),
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS010",
        "An alias inside what it repeats",
        means="An alias (`*name`) stands inside the value that its anchor (`&name`) marks.",
        matters="Written out it would never end.",
        write="Write the value out.",
        bad=_head("title: &title [An example, *title]"),
        good=_head("title: An example"),
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS011",
        "A merge key",
        means="`<<` copies keys from another place into this one.",
        matters="Whoever reads this place would not see what it says.",
        write="Write the keys out.",
        bad="""\
- id: review-due
  finds: review_due
  <<: {when: {fact: plan.reviewed_on, older_than: 90 days}}
  when: {fact: plan.reviewed_on, older_than: 90 days}
""",
        good="""\
- id: review-due
  finds: review_due
  when: {fact: plan.reviewed_on, older_than: 90 days}
""",
    ),
    Code(
        "CDS012",
        "A tag or a directive",
        means="`!name` before a value and `%NAME` before the file tell a YAML program to read what follows in "
        "another way.",
        matters=_STRAIGHT,
        write="Delete it; if the `!` belongs to a text, put the text in double quotes.",
        bad=_head("title: !!str An example"),
        good=_head("title: An example"),
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS013",
        "A second document",
        means="A line `---` begins a second document in the same file.",
        matters="A rule file is one rulebook, so that it can be named, hashed and reviewed as one.",
        write="Delete the line, or move what follows into a file of its own.",
        bad=RULEBOOK + "---\n" + RULEBOOK,
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS014",
        "Nested too deep",
        means="Lists and keys stand inside each other more than 40 levels deep.",
        matters="Nobody could follow such a condition, and it could stop a program that tries.",
        write="Make a part of it a finding with a rule of its own, and read the finding.",
        bad=_head("title: " + "[" * 45 + "An example" + "]" * 45),
        good=_head("title: An example"),
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS015",
        "A key without a name",
        means="A key is empty, or a list or a group of keys stands where a key belongs.",
        matters="Every key of a rule file has a name that is told in the documentation.",
        write="Write the name before the colon; put a text that holds a colon in double quotes.",
        bad=_head('title: An example\n"": nothing'),
        good=_head("title: An example"),
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS016",
        "No number that could be measured",
        means="The value is written as a number without end (`.inf`), as no number (`.nan`), or is larger than any "
        "score.",
        matters="No fact could ever be compared with it.",
        write="Write an ordinary number; a text of this form belongs in double quotes.",
        bad="""\
- id: many
  finds: many_no_shows
  when: {fact: attendance.no_shows, over: 60 days, less_than: .inf}
""",
        good="""\
- id: many
  finds: many_no_shows
  when: {fact: attendance.no_shows, over: 60 days, less_than: 5}
""",
    ),
    Code(
        "CDS017",
        "An alias without an anchor",
        means="`*name` repeats a value marked `&name`, and no such mark stands before it.",
        matters="It is not known what is meant.",
        write="Write the value out; a text that begins with `*` belongs in double quotes.",
        bad=_head("title: *example"),
        good=_head('title: "*example"'),
        within=Within.RULEBOOK,
    ),
)
