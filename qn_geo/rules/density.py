"""QN-DEN: building density, green share and setback, where the file gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from qn_geo.rules.finding import Finding
from qn_geo.rules.landuse import parts_of
from qn_geo.rules.places import spots
from qn_geo.rules.wording import day, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context
    from qn_geo.rules.registry import Limit, Rule

FACTORY: Final = frozenset({"SKK", "SKN", "SKC", "SCC", "SCT", "SKT"})
COMMERCE: Final = frozenset({"TMD"})
EDUCATION_HEALTH_CULTURE: Final = frozenset({"DGD", "DYT", "DVH"})
PUBLIC: Final = EDUCATION_HEALTH_CULTURE | {"DTT", "DCH", "DXH"}
HOUSING: Final = frozenset({"ONT", "ODT", "OTC"})

_MANY_FLOORS: Final = 5  # the code's words: more than five floors used for production
_CASES: Final = {
    "factory": ("đất công nghiệp, kho tàng", "factories and warehouses"),
    "factory-many-floors": ("nhà máy trên 5 tầng", "factories of more than 5 floors"),
    "commerce": ("đất thương mại, dịch vụ", "commerce and services"),
    "apartment": ("chung cư", "apartments"),
    "public": ("công trình công cộng", "public services"),
    "education-health-culture": ("giáo dục, y tế, văn hóa", "education, health and culture"),
}
_SHARES: Final = (("density_pct", "mật độ xây dựng", "density"), ("green_pct", "tỷ lệ cây xanh", "green share"))
_SIZES: Final = (
    ("floors", "số tầng", "floors"),
    ("height_m", "chiều cao", "height"),
    ("setback_m", "khoảng lùi", "setback"),
)
_FULL: Final = 100.0


def too_dense(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Net building density above the maximum of the use, for some uses by plot area and building height."""
    density, floors = batch.numbers("density_pct"), batch.numbers("floors")
    uses = (
        ("factory", _of(batch, FACTORY) & ~(floors > _MANY_FLOORS)),
        ("factory-many-floors", _of(batch, FACTORY) & (floors > _MANY_FLOORS)),
        ("commerce", _of(batch, COMMERCE)),
        ("apartment", _of(batch, HOUSING) & (floors >= rule.number("apartment_floors"))),
        ("public", _of(batch, PUBLIC)),
    )
    for case, chosen in uses:
        where = np.flatnonzero(chosen & ~np.isnan(density))
        yield from _held(batch, where, density, case, rule, context)


def too_little_green(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Green share of the plot below the minimum of the use."""
    green, floors = batch.numbers("green_pct"), batch.numbers("floors")
    uses = (
        ("factory", _of(batch, FACTORY)),
        ("education-health-culture", _of(batch, EDUCATION_HEALTH_CULTURE)),
        ("apartment", _of(batch, HOUSING) & (floors >= rule.number("apartment_floors"))),
    )
    for case, chosen in uses:
        where = np.flatnonzero(chosen & ~np.isnan(green))
        yield from _held(batch, where, green, case, rule, context)


def too_near_the_road(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Setbacks below the minimum of the building's height, whatever the width of the road, or for narrow roads."""
    setback, height = batch.numbers("setback_m"), batch.numbers("height_m")
    table = rule.at("building", context.on)
    for index in np.flatnonzero(~np.isnan(setback) & ~np.isnan(height)).tolist():
        bands = _setbacks(table, height[index])
        least, most = (pick(bands, key=lambda limit: limit.value or 0.0) for pick in (min, max))
        broken = next((limit for limit in (least, most) if setback[index] < (limit.value or 0.0)), None)
        if broken is None:
            continue
        own, high, wanted = (number(value) for value in (setback[index], height[index], broken.value or 0.0))
        sure = broken is least
        vi, en = ("", "") if sure else (" tùy bề rộng đường", ", depending on the width of the road")
        yield Finding(
            (index,),
            f"Khoảng lùi {own.vi} m, công trình cao {high.vi} m cần đến {wanted.vi} m{vi} ({broken.legal_source}).",
            f"Setback {own.en} m; a building of {high.en} m needs up to {wanted.en} m{en} ({broken.legal_source}).",
            measure=float(setback[index]),
            unit="m",
            limit=broken.value or 0.0,
            shape=batch.given[index] if batch.valid[index] else None,
            severity="error" if sure else "warning",
            confidence=broken.confidence,
        )
    without = np.flatnonzero(~np.isnan(setback) & np.isnan(height))
    if len(without):
        yield _unjudged(batch, without, "không có chiều cao công trình", "without a building height")


def impossible(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Shares and sizes that cannot be."""
    del rule, context
    density, green = batch.numbers("density_pct"), batch.numbers("green_pct")
    tests = [
        (name, vi, en, "pct", (batch.numbers(name) < 0) | (batch.numbers(name) > _FULL)) for name, vi, en in _SHARES
    ]
    tests += [(name, vi, en, "m" if name != "floors" else "", batch.numbers(name) < 0) for name, vi, en in _SIZES]
    for name, vi, en, unit, wrong in tests:
        for index in np.flatnonzero(wrong).tolist():
            value = float(batch.numbers(name)[index])
            shown = number(value)
            yield Finding(
                (index,), f"Giá trị {vi} vô lý: {shown.vi}.", f"Impossible {en}: {shown.en}.", measure=value, unit=unit
            )
    both = (density >= 0) & (density <= _FULL) & (green >= 0) & (green <= _FULL) & (density + green > _FULL)
    for index in np.flatnonzero(both).tolist():
        total = float(density[index] + green[index])
        shown = number(total)
        yield Finding(
            (index,),
            f"Mật độ xây dựng và cây xanh cộng lại là {shown.vi}%.",
            f"Building density and green share add up to {shown.en}%.",
            measure=total,
            unit="pct",
            limit=_FULL,
        )


def _of(batch: Batch, wanted: frozenset[str]) -> NDArray[np.bool_]:
    """Which plots carry one of the codes, alone or combined."""
    numbers, texts = batch.codes("landuse_code")
    chosen = [i for i, text in enumerate(texts.tolist()) if wanted.intersection(parts_of(text))]
    return np.isin(numbers, chosen)


def _held(  # noqa: PLR0913, PLR0917 - which plots, their values, and what they are held against
    batch: Batch, where: NDArray[np.intp], values: NDArray[np.float64], case: str, rule: Rule, context: Context
) -> Iterator[Finding]:
    """Hold the values of one case against its figures: at most for density, at least for green."""
    limits = [limit for limit in rule.at(case, context.on) if limit.value is not None]
    vi, en = _CASES[case]
    if not len(where):
        return
    if not limits:
        today = day(context.on.isoformat())
        yield _unjudged(batch, where, f"chưa có số liệu cho {vi} ngày {today.vi}", f"no figure for {en} on {today.en}")
        return
    most = rule.code == "QN-DEN-001"
    wanted = _table(limits, batch.numbers("height_m")[where], batch.areas[where])
    broken = values[where] > wanted if most else values[where] < wanted
    names = ("Mật độ xây dựng", "tối đa", "Building density", "at most") if most else (
        "Tỷ lệ cây xanh", "tối thiểu", "Green share", "at least",
    )  # fmt: skip
    source = limits[0]
    for index, value, limit in zip(
        where[broken].tolist(), values[where][broken].tolist(), wanted[broken].tolist(), strict=True
    ):
        own, bound = number(value), number(limit)
        yield Finding(
            (index,),
            f"{names[0]} {own.vi}%, {vi} {names[1]} {bound.vi}% ({source.legal_source}).",
            f"{names[2]} {own.en}%, {en}: {names[3]} {bound.en}% ({source.legal_source}).",
            measure=value,
            unit="pct",
            limit=limit,
            shape=batch.given[index] if batch.valid[index] else None,
            confidence=source.confidence,
        )


def _table(limits: list[Limit], heights: NDArray[np.float64], areas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Figures for plots: one for all, or between the two nearest heights and areas of a table.

    An unknown height or area counts as the lowest, which allows the most: what is told is broken for certain.
    """
    known = {(limit.height_m or 0.0, limit.area_m2 or 0.0): limit.value or 0.0 for limit in limits}
    high, wide = (np.array(sorted({key[side] for key in known})) for side in (0, 1))
    table = np.array([[known.get((h, a), np.nan) for a in wide] for h in high])
    row, down = _between(high, heights)
    column, across = _between(wide, areas)
    below, right = np.minimum(row + 1, len(high) - 1), np.minimum(column + 1, len(wide) - 1)
    upper = table[row, column] * (1 - across) + table[row, right] * across
    lower = table[below, column] * (1 - across) + table[below, right] * across
    return np.asarray(upper * (1 - down) + lower * down)


def _between(knots: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The knot at or before each value and how far on it lies to the next, from 0 to 1."""
    at = np.interp(np.nan_to_num(values, nan=knots[0]), knots, np.arange(len(knots), dtype=float))
    index = np.floor(at).astype(np.intp)
    return index, at - index


def _setbacks(table: list[Limit], height: float) -> list[Limit]:
    """The row of each road width whose height band holds the height; a height below all bands takes the lowest."""
    found: dict[float, Limit] = {}
    for limit in sorted(table, key=lambda limit: limit.height_m or 0.0):
        road = limit.road_m or 0.0
        if road not in found or (limit.height_m or 0.0) <= height:
            found[road] = limit
    return list(found.values())


def _unjudged(batch: Batch, where: NDArray[np.intp], vi: str, en: str) -> Finding:
    count = number(len(where))
    return Finding(
        tuple(where.tolist()),
        f"Chưa kiểm tra được {count.vi} lô: {vi}.",
        f"{count.en} plot(s) could not be checked: {en}.",
        measure=len(where),
        unit="plots",
        shape=spots(batch, where),
        severity="info",
    )
