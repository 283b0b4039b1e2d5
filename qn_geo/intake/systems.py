"""In which coordinate system a file's numbers are: proposals with reasons, never a silent decision.

Every system is tried in both orders of the axes; those that bring the plots to the province are held against what else
is known: the system the file names, the zone, the communes of the plots' codes, the land, and recorded areas. A
proposal is certain only when nothing else is plausible. That the datum of the system was mixed up (224 m) is always
listed, but counts as plausible only where something speaks for it: a definition that names WGS 84 with metres, which
many programs write by habit, or degrees and UTM without any definition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo import crs
from qn_geo.intake import planes, reasons
from qn_geo.intake.evidence import SUPPORTED, Evidence, Fit, area_misfit, fit, inside_window, large_plots
from qn_geo.intake.placing import Proposal, factor_of, moved, place, sample, strays, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qn_geo.intake.planes import Plane

GeometryArray = crs.GeometryArray

__all__ = ["Proposal", "chosen", "place", "propose", "strays"]

_DEGREES: Final = 180.0
_UNCUT_NORTH: Final = 1_000_000.0
# What may be missing in front of a northing: "2" leaves 278 to 401 thousand, "22" or "23" leaves less than 100.
_CUT: Final = ((105_000.0, 2_000_000.0), (-1.0, 2_200_000.0), (-1.0, 2_300_000.0))
_MOST_INSIDE: Final = 0.5
_SAME_M: Final = 1.0
_SCALE_3: Final = 0.9999
_DATUM_M: Final = 300.0  # a forgotten datum shift moves by 224.5 m
_PLACE_TIE: Final = 0.1
_STRICT_TIE: Final = 0.05
_AREA_TIE: Final = 3e-4  # 3° and 6° differ by 6e-4
_EXPECTED: Final = frozenset({crs.TM3, crs.WGS84, "EPSG:4756"})


@dataclass(frozen=True, slots=True)
class _Reading:
    """A system, an order and a scale, with the sample placed by it."""

    plane: Plane
    swapped: bool
    factor: float
    offset: float
    placed: crs.FloatArray
    fit: Fit
    area: float | None = None

    def apart(self, other: _Reading) -> float:
        """Median distance of the sample placed in both ways, in metres; NaN when no point can be placed in both."""
        both = np.isfinite(self.placed).all(axis=1) & np.isfinite(other.placed).all(axis=1)
        return float(np.median(np.hypot(*(self.placed[both] - other.placed[both]).T))) if both.any() else float("nan")


def propose(geometry: GeometryArray, evidence: Evidence) -> list[Proposal]:
    """Return what the numbers may mean, the likeliest first; empty when they mean nothing in this province.

    Args:
        geometry: Shapes in the file's own numbers; missing ones and such with NaN are passed over.
        evidence: What else is known.
    """
    rows, points = sample(geometry)
    if not len(rows):
        return []
    named = planes.stored(evidence.stored) if evidence.stored else None
    large = large_plots(geometry, evidence)
    found = [
        replace(reading, area=_area(geometry[large], large, reading, evidence), fit=fit(reading.placed, rows, evidence))
        for reading in _readings(points, named)
    ]
    if not found:
        return []
    ranked = _ranked(found, named)
    certain = _is_certain(ranked, named)
    return [
        _proposal(reading, ranked, evidence, named, certain=certain and not place)
        for place, reading in enumerate(ranked)
    ]


def chosen(geometry: GeometryArray, system: str, swapped: bool | None, proposed: Sequence[Proposal]) -> Proposal:  # noqa: FBT001 - three answers
    """Return the proposal a person has chosen, whether it was among the proposed ones or not.

    Args:
        geometry: Shapes in the file's own numbers.
        system: `Proposal.system`, an EPSG code of `planes`, or a definition that `planes.stored` understands.
        swapped: Whether north comes first; None: whichever lands in the province.
        proposed: What `propose` said.

    Raises:
        QnGeoError: If the system is not understood.
    """
    code, _, added = system.partition("+") if system.startswith(("EPSG:", "TM:")) else (system, "", "")
    plane = planes.stored(code)
    if plane is None or (added and not added.isdecimal()):
        raise unknown(system)
    wanted = f"{plane.code}+{added}" if added else plane.code
    for proposal in proposed:
        if proposal.system == wanted and swapped in {None, proposal.swapped}:
            return replace(proposal, certain=True)
    _, points = sample(geometry)
    factor = factor_of(points) if len(points) else 1.0
    vi, en = reasons.outside()
    nan = float("nan")
    return Proposal(
        wanted, plane.vi, plane.en, bool(swapped), factor, float(added or 0), True, vi, en, nan, nan, (nan, nan)
    )


def _readings(points: crs.FloatArray, named: Plane | None) -> Iterator[_Reading]:
    """Try every system in both orders, and keep what brings most of the sample to the province."""
    factor = factor_of(points)
    middle = np.median(points, axis=0) * factor
    degrees = np.mean(np.abs(points).max(axis=1) <= _DEGREES) > _MOST_INSIDE
    tried = dict.fromkeys([*planes.PLANES.values(), *([named, planes.meant(named)] if named else [])])
    nothing = Fit(0.0, None, None, None, float("nan"))
    for plane in tried:
        if (plane.kind == "degrees") != degrees:
            continue
        for swapped in (False, True):
            for offset in _offsets(plane, float(middle[0 if swapped else 1])):
                placed = moved(points, plane, swapped, factor, offset)
                if np.mean(inside_window(placed)) >= _MOST_INSIDE:
                    yield _Reading(plane, swapped, factor, offset, placed, nothing)


def _offsets(plane: Plane, north: float) -> Sequence[float]:
    if plane.kind != "tm" or plane.datum != "vn2000" or north > _UNCUT_NORTH:
        return (0.0,)
    return [offset for least, offset in _CUT if (north > _CUT[0][0]) == (least > 0)]


def _area(plots: GeometryArray, rows: NDArray[np.intp], reading: _Reading, evidence: Evidence) -> float | None:
    if not len(rows) or evidence.areas is None or reading.plane.kind != "tm":
        return None

    def move(points: crs.FloatArray) -> crs.FloatArray:
        return moved(points, reading.plane, reading.swapped, reading.factor, reading.offset)

    with np.errstate(over="ignore", invalid="ignore"):  # single features may be anywhere
        own = shapely.area(plots) * reading.factor**2
        return area_misfit(own, shapely.area(shapely.transform(plots, move)), evidence.areas[rows])


def _ranked(found: Sequence[_Reading], named: Plane | None) -> list[_Reading]:
    """Order readings; where two agree with something about as well, the next thing known decides."""
    plausible = [reading for reading in found if reading.fit.plausible] or found
    best_place = max(reading.fit.place for reading in plausible)
    best_strict = max(reading.fit.strict or 0.0 for reading in plausible)

    def key(reading: _Reading) -> tuple[bool, ...]:
        return (
            not reading.fit.plausible,
            bool(reading.offset),
            reading.fit.place < best_place - _PLACE_TIE,
            (reading.fit.strict or 0.0) < best_strict - _STRICT_TIE,
            not _fits_areas(reading, plausible),
            named is None or reading.plane != planes.meant(named),
        )

    order = list(planes.PLANES.values())
    likely = sorted(found, key=lambda reading: order.index(reading.plane) if reading.plane in order else 0)
    ranked = sorted(likely, key=key)
    if ranked[0].fit.shares and not ranked[0].fit.plausible:  # nothing fits: then the nearest is the least wrong
        ranked.sort(key=lambda reading: reading.fit.metres)
    return ranked


def _fits_areas(reading: _Reading, others: Sequence[_Reading]) -> bool:
    known = [other.area for other in others if other.area is not None]
    return reading.area is None or not known or reading.area <= min(known) + _AREA_TIE


def _is_certain(ranked: Sequence[_Reading], named: Plane | None) -> bool:
    best, *others = ranked
    if best.offset or best.plane.datum == "hanoi72" or not best.fit.plausible:
        return False
    if np.mean(inside_window(best.placed)) < SUPPORTED:
        return False  # the file mixes systems
    as_named = [reading for reading in ranked if reading.plane == named]
    if named is not None and as_named and named.datum == "wgs84" and named.kind != "degrees":
        return False  # many programs write WGS 84 by habit, see the module's text
    if as_named and best.plane != named:
        return False  # the file names a system that is possible, and something else fits better
    if as_named and best.plane.code in _EXPECTED:
        return (
            best.fit.supported or not best.fit.shares
        )  # the province's own system, or degrees, are taken at their word
    rivals = [other for other in others if _is_rival(other, best, ranked)]
    return best.fit.supported and not rivals


def _is_rival(other: _Reading, best: _Reading, ranked: Sequence[_Reading]) -> bool:
    """Return whether a reading is as plausible as the first one, and means another place."""
    apart = other.apart(best)
    if not other.fit.plausible or apart < _SAME_M or not _fits_areas(other, ranked):
        return False
    # Nobody uses the 3° planes on WGS 84 on purpose; UTM is used on both.
    return not (other.plane.scale == _SCALE_3 and other.plane.datum == "wgs84" and apart < _DATUM_M)


def _proposal(
    reading: _Reading, ranked: Sequence[_Reading], evidence: Evidence, named: Plane | None, *, certain: bool
) -> Proposal:
    best = ranked[0]
    apart = reading.apart(best)
    plane = reading.plane
    told = reasons.Told(
        plane=plane,
        swapped=reading.swapped,
        factor=reading.factor,
        offset=reading.offset,
        fit=reading.fit,
        evidence=evidence,
        named=named,
        named_possible=any(other.plane == named for other in ranked),
        apart_m=apart,
        first=reading is best,
        certain=certain,
    )
    middle = np.median(reading.placed[inside_window(reading.placed)], axis=0)
    lon, lat = crs.to_wgs84(float(middle[1]), float(middle[0]))
    system = f"{plane.code}+{reading.offset:.0f}" if reading.offset else plane.code
    return Proposal(
        system,
        plane.vi,
        plane.en,
        reading.swapped,
        reading.factor,
        reading.offset,
        certain,
        told.words("vi"),
        told.words("en"),
        reading.fit.metres / 1_000,
        apart,
        (lon, lat),
    )
