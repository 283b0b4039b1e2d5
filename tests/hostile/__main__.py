"""Write docs/hostile-files.md: `python -m tests.hostile`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from qn_geo.settings import settings
from tests.hostile import MAKERS, trying

HEAD = """# Hostile files

Every kind of damaged, lying or harmful file that is tried by `tests/test_intake_hostile.py`, and what the user sees,
with the remedy in bold. Written by `python -m tests.hostile`; the test compares. The limits are those of
`tests/hostile/trying.py`, smaller than the default ones. What a library said in brackets is left out.

| Kind | Tệp | File | Where | Người dùng thấy | The user sees |
| --- | --- | --- | --- | --- | --- |
"""


def main() -> None:
    rows = []
    for kind in sorted(MAKERS):
        os.environ |= {f"QN_GEO_{name}": value for name, value in trying.LIMITS.items()}
        if kind in trying.ENDLESS:
            os.environ["QN_GEO_READER_SECONDS"] = "2"
        with tempfile.TemporaryDirectory() as folder:
            os.environ["QN_GEO_REVIEW_DIR"] = folder + "/reviews"
            settings.cache_clear()
            outcome = trying.send(kind, Path(folder), "http://127.0.0.1:9")
            rows.append(trying.row(kind, outcome) if outcome.problems else f"| {kind} | NOTHING TOLD |")
            print(f"{outcome.seconds:5.1f} s {outcome.refused!s:5} {len(outcome.problems)} {rows[-1][:230]}")  # noqa: T201
    path = Path(__file__).resolve().parents[2] / "docs" / "hostile-files.md"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
