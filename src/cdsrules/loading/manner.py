"""Orders, blame and diagnoses, which no text may use (CLINICAL §7): options, no blame on anyone, no diagnosis.

What is looked for is the assertion, not the word: that somebody must, that somebody is to blame,
that the client has or is something. To ask about a disorder, to say that signs of it were
recorded, or to name the problem somebody came with is open to every text.
"""

from __future__ import annotations

from typing import Final

from cdsrules.loading.unsaid import Unsaid, unsaid

_CONSIDER: Final = "Offer it: `consider …`, `it may help to …`; where it must not wait say what is usual, and when."
_NO_FAULT: Final = "Say what was observed and what could come next; leave out whose doing it was."
_NOT_SAID_OF: Final = "Say what is on record, such as `signs of … were recorded on …`; a diagnosis is not made here."

ORDERS: Final[tuple[Unsaid, ...]] = (
    unsaid(
        "must have need ought should required obliged better",
        # "I would like to hear what you have to say" is no order.
        r"(?<!what\x20)(?<!all\x20)(?<!anything\x20)"
        "(?:SOMEBODY|THERAPIST) (?:really |simply |clearly |now |always )?(?:must(?: not)?|has to|have to|needs? to"
        "|ought to|should(?: not)?|had better|(?:is|are) (?:required|obliged) to)(?! have been)",
        _CONSIDER,
    ),
    unsaid("imperative mandatory obligatory", "(?:is|are) (?:imperative|mandatory|obligatory)", _CONSIDER),
)

BLAME: Final[tuple[Unsaid, ...]] = (
    unsaid("should ought could", "(?:should|ought to) have (?!been (?:recorded|due))[a-z]+", _NO_FAULT),
    unsaid(
        "neglect fail ignor overlook refus resist",
        "(?:SOMEBODY|THERAPIST)(?: (?:has|have|had))? (?:neglect(?:s|ed)?|fail(?:s|ed)|ignor(?:es|ed)|overlook(?:s|ed)"
        "|refus(?:es|ed)|resist(?:s|ed))",
        _NO_FAULT,
    ),
    unsaid("fault", "(?:your|their|her|his|CLIENT|THERAPIST(?: s)?) (?:own )?fault|at fault", _NO_FAULT),
    unsaid("blame", "(?:is|are|was|were) to blame", _NO_FAULT),
)

_DISORDER: Final = (
    "(?:(?:severe|moderate|mild|major|recurrent|chronic|acute|untreated|clear|probable|clinical) )*"
    "(?:depression|depressive (?:disorder|episode)|depressed|dysthymia|bipolar(?: disorder)?|mania|manic"
    "|borderline(?: personality(?: disorder)?)?|(?:[a-z]+ )?personality disorder|narcissis(?:t|tic|m)|histrionic"
    "|psychosis|psychotic|schizophreni[ac]|schizoaffective|delusional|ptsd|post traumatic stress disorder"
    "|(?:[a-z]+ )?anxiety disorder|panic disorder|phobi[ac]|ocd|obsessive compulsive(?: disorder)?"
    "|anorexi[ac]|bulimi[ac]|(?:an )?eating disorder|adhd|autis(?:m|tic)|addict(?:ed|ion)|dementia|demented"
    "|hypochondriac(?:al)?|hysterical|neurotic|neurosis)"
)

DIAGNOSES: Final[tuple[Unsaid, ...]] = (
    unsaid(
        "depress dysthym bipolar mani borderline personality narciss histrion psycho schizo delusion ptsd traumatic"
        " anxiety panic phobi ocd obsessive anorexi bulimi eating adhd autis addict dement hypochond hyster neuro",
        "(?:SOMEBODY|this CLIENT|who)(?: (?:now|also|clearly|probably|certainly|likely|plainly))?"
        " (?:has|have|had|is|are|was|suffers? from|suffering from|shows?|develop(?:s|ed)|meets? criteria for)"
        f"(?: (?:now|also|clearly|probably|certainly|likely|plainly))? (?:an? |the )?{_DISORDER}",
        _NOT_SAID_OF,
    ),
    unsaid("diagnos", "(?:SOMEBODY|CLIENT)(?: (?:has|have))? (?:is|are|was|were|been) diagnosed", _NOT_SAID_OF),
    unsaid("diagnos", "(?:the(?: CLIENT)?|your|their|her|his) diagnosis is", _NOT_SAID_OF),
)
