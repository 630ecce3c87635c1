"""Write what is generated of the schemas: the operators in rulebook.schema.json, from their registry."""

from __future__ import annotations

import json
from pathlib import Path

from cdsrules.loading.rulebook_schema import with_operators

RULEBOOK = Path(__file__).parent.parent / "schemas" / "rulebook.schema.json"


def main() -> None:
    """Bring the rulebook schema up to date and say whether it changed."""
    before = RULEBOOK.read_text(encoding="utf-8")
    after = json.dumps(with_operators(json.loads(before)), indent=2, ensure_ascii=False) + "\n"
    RULEBOOK.write_text(after, encoding="utf-8")
    print(f"{RULEBOOK.name}: {'up to date' if after == before else 'written'}")


if __name__ == "__main__":
    main()
