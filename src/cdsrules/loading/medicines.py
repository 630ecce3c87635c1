"""Names of drugs, which no text may use (CLINICAL §5, S08: never name a drug or a dose).

Who prescribes decides on a drug; a text that names one would have been read as advice for it. The
list is of names alone and says nothing of what they do: the stems by which the World Health
Organization makes generic names of psychotropic drugs (from memory, not checked), generic names
without such a stem, and brands in common use. It cannot be complete; what is missing is added here.
"""

from __future__ import annotations

from typing import Final

from cdsrules.loading.unsaid import Unsaid, unsaid

_NO_DRUG: Final = "Speak of `medication`, and of whoever prescribes it."

_STEMS: Final = (
    "azepam azolam talopram oxetine traline faxine azodone pramine triptyline peridone peridol apine piprazole sidone"
    " barbital azepine promazine melteon amfetamine amphetamine"
)
_GENERIC: Final = (
    "lithium valproate lamotrigine topiramate bupropion buspirone methylphenidate ketamine esketamine zopiclone"
    " eszopiclone zolpidem pregabalin gabapentin propranolol naltrexone disulfiram acamprosate methadone buprenorphine"
    " melatonin fluvoxamine moclobemide phenelzine tranylcypromine agomelatine mianserin doxepin hydroxyzine"
    " promethazine sulpiride amisulpride flupentixol zuclopenthixol trifluoperazine perphenazine guanfacine"
)
_BRANDS: Final = (
    "prozac zoloft paxil seroxat cipralex lexapro celexa cymbalta effexor wellbutrin remeron xanax valium ativan"
    " klonopin ambien lyrica ritalin concerta adderall seroquel zyprexa abilify risperdal haldol depakote lamictal"
)


def _names() -> str:
    stems = "|".join(_STEMS.split())
    return "|".join([f"[a-z]{{2,}}(?:{stems})", *_GENERIC.split(), *_BRANDS.split(), "st johns? s? ?wort"])


MEDICINES: Final[tuple[Unsaid, ...]] = (
    unsaid(f"{_STEMS} {_GENERIC} {_BRANDS} john", _names(), _NO_DRUG),
    unsaid("mg milligram mcg", r"\d+(?:\.\d+)?~(?:mg|milligrams?|mcg|micrograms?)", _NO_DRUG),
)
