"""Check a file of plots in one step, without the app: read it, hold it against the rules, keep what proves it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from qn_geo import clock, dossier, rules
from qn_geo.intake import Answers, read_file
from qn_geo.report.checked import Checked

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def check_file(  # noqa: PLR0913 - all after the path are the questions a page would ask
    path: Path,
    *,
    zone_id: str | None = None,
    system: str | None = None,
    encoding: str | None = None,
    take_first: bool = False,
    on: date | None = None,
) -> Checked:
    """Return a file of plots, read and checked.

    Args:
        path: The file; parts of a shapefile beside it are read too.
        zone_id: Zone the plots are said to lie in; evidence for the reference system, and what they are held against.
        system: Reference system of the numbers, such as "EPSG:5899"; None takes the one that is certain.
        encoding: Encoding of all texts; None takes the likeliest of each column.
        take_first: Take the first proposal where the reference system is in doubt, instead of refusing.
        on: Day whose rules count; today by default.

    Raises:
        QnGeoError: If the file cannot be read, or its reference system is neither certain, nor chosen, nor to be taken
            as proposed.
    """
    said = Answers(system, encoding, take_first, zone_id)
    day = on or clock.today()
    raw, reading = read_file(path, said)
    found, plots = dossier.judge(raw, zone_id, day), dossier.distinct(raw)
    return Checked(
        file=path.name,
        sha256=_hash(path),
        zone_id=zone_id,
        on=day,
        reading=reading,
        plots=plots,
        findings=dossier.renamed(found, plots),
        findings_hash=rules.findings_hash(found),
    )


def _hash(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder, of its files' names and contents in order."""
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    digest = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
