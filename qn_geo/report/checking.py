"""Check a file of plots in one step, without the app: read it, hold it against the rules, keep what proves it."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from qn_geo import dossier, rules
from qn_geo.errors import QnGeoError
from qn_geo.intake import Choices, inspect_file, read_file
from qn_geo.report.checked import Checked

if TYPE_CHECKING:
    from pathlib import Path

    from qn_geo.intake import LayerInspection
    from qn_geo.intake.systems import Proposal


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
    layer = inspect_file(path, zone_id=zone_id).main
    proposal = _proposal(layer, system)
    if proposal is not None and (proposal.certain or take_first):
        system, swapped = proposal.system, proposal.swapped
    else:
        swapped = None
    if system is None:
        raise _undecided(path.name, layer)
    choices = Choices(
        layer=layer.name,
        encodings=dict.fromkeys(layer.encodings, encoding) if encoding else {},
        system=system,
        swapped=swapped,
    )
    return _checked(path, choices, zone_id, on or date.today())  # noqa: DTZ011 - the law's day is local


def _proposal(layer: LayerInspection, system: str | None) -> Proposal | None:
    """Return the proposal of a chosen system, or the likeliest one."""
    fitting = [item for item in layer.systems if system in {None, item.system}]
    return fitting[0] if fitting else None


def _checked(path: Path, choices: Choices, zone_id: str | None, on: date) -> Checked:
    """Read, judge and name the plots as a submission of this file would be."""
    raw, reading = read_file(path, choices, zone_id)
    found, plots = dossier.judge(raw, zone_id, on), dossier.distinct(raw)
    return Checked(
        file=path.name,
        sha256=_hash(path),
        zone_id=zone_id,
        on=on,
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


def _undecided(name: str, layer: LayerInspection) -> QnGeoError:
    """Say which reference systems are possible and how to choose one."""
    vi = "; ".join(f"{item.system} ({item.reason_vi})" for item in layer.systems)
    en = "; ".join(f"{item.system} ({item.reason_en})" for item in layer.systems)
    return QnGeoError(
        f"Chưa chắc hệ tọa độ. Có thể là: {vi or 'không hệ nào đưa các lô vào Quảng Ninh'}.",
        f"The reference system is not certain. Possible: {en or 'none brings the plots to Quảng Ninh'}.",
        name,
        remedy_vi="chọn bằng --crs, ví dụ --crs EPSG:5899, hoặc --yes để lấy đề xuất đầu tiên; --zone giúp xác định.",
        remedy_en="choose with --crs, such as --crs EPSG:5899, or --yes to take the first; --zone helps to tell.",
    )
