"""QN-LU: land-use codes against the official list and against the plan under each plot."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo.rules.finding import Finding
from qn_geo.rules.places import QUALITY, SEVERITY_OF_QUALITY, spots
from qn_geo.rules.wording import number, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context, Places, Row
    from qn_geo.rules.registry import Rule

_PARTS: Final = re.compile(r"[^A-Z0-9Đ]+")
_LEGACY: Final = "legacy"
_FEW: Final = 3  # uses named in one message
_INTRICATE: Final = 100  # corners
_TILES: Final = 6  # each way


def parts_of(text: str) -> tuple[str, ...]:
    """Return the codes of a cell: "ONT + CLN" gives ONT and CLN; nothing readable gives the text itself."""
    return tuple(part for part in _PARTS.split(text.upper()) if part) or (text.strip(),)


def present_code(code: str, codes: Mapping[str, Row], rule: Rule) -> str | None:
    """Return what a code is called in the present list; None if it has no place there.

    Args:
        code: A known code.
        codes: The official codes.
        rule: QN-LU-002, whose parameters name the successors that are not simply the group above.
    """
    seen: str | None = rule.parameters[code.lower()].upper() if code.lower() in rule.parameters else code
    while seen is not None and codes[seen]["status"] == _LEGACY:
        seen = codes[seen]["parent"]
    return seen


def unknown(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Codes in neither list; one finding a code."""
    del rule
    codes = context.codes or {}
    for text, where in _by_text(batch):
        strange = [part for part in parts_of(text) if part not in codes]
        if not strange:
            continue
        near = difflib.get_close_matches(strange[0], codes, 1, 0.6)
        vi, en = (f"; có phải {near[0]}?", f"; is it {near[0]}?") if near else ("", "")
        shown, count = quoted(text), number(len(where))
        yield Finding(
            tuple(where.tolist()),
            f"{count.vi} lô ghi mã loại đất {shown.vi}, không có trong danh mục{vi}.",
            f"{count.en} plot(s) carry the land-use code {shown.en}, which is in no list{en}.",
            measure=len(where),
            unit="plots",
            limit=0,
            shape=spots(batch, where),
        )


def legacy(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Codes of former lists, with what they are today; one finding a code."""
    codes = context.codes or {}
    for text, where in _by_text(batch):
        for part in parts_of(text):
            if part not in codes or codes[part]["status"] != _LEGACY:
                continue
            new = present_code(part, codes, rule)
            vi, en = "không có mã tương ứng trong danh mục hiện hành", "the present list has no such code"
            if new is not None:
                vi = f"nay là {new} ({codes[new]['name_vi']})"
                en = f"today {new} ({codes[new]['name_en']})"
            count = number(len(where))
            yield Finding(
                tuple(where.tolist()),
                f"{count.vi} lô ghi mã cũ {part} ({codes[part]['name_vi']}): {vi}.",
                f"{count.en} plot(s) carry the former code {part} ({codes[part]['name_en']}): {en}.",
                measure=len(where),
                unit="plots",
                limit=0,
                shape=spots(batch, where),
            )


def combined(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots with several uses; one finding a combination."""
    del rule
    codes = context.codes or {}
    for text, where in _by_text(batch):
        parts = parts_of(text)
        if len(parts) > 1 and all(part in codes for part in parts):
            count = number(len(where))
            vi, en = (", ".join(f"{part} ({codes[part][f'name_{lang}']})" for part in parts) for lang in ("vi", "en"))
            yield Finding(
                tuple(where.tolist()),
                f"{count.vi} lô có nhiều mục đích sử dụng: {vi}; tệp không ghi diện tích từng mục đích.",
                f"{count.en} plot(s) have several uses: {en}; the file does not give the area of each.",
                measure=len(where),
                unit="plots",
                limit=1,
                shape=spots(batch, where),
            )


@dataclass(frozen=True)
class _Plan:
    """What the plan says under each valid plot.

    Attributes:
        codes: Codes of the plan.
        areas: m² of each code (column) under each plot (row).
        cell: The cell of the plan with most of the plot, which knows zone, horizon and quality; -1 where there is none.
    """

    codes: list[str]
    areas: NDArray[np.float64]
    cell: NDArray[np.intp]


def against_plan(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots whose own use has less than its share of the planned land under them.

    Judged are plots of which the plan covers that share at least. A code agrees with the codes above and below it.
    """
    cells = context.cells
    if cells is None:
        return
    plan, share = _plan(batch, cells), rule.number("share_pct") / 100
    texts, agreeing = _agreement(batch, plan.codes, context)
    covered = plan.areas.sum(axis=1)
    agreed = (plan.areas * agreeing[texts]).sum(axis=1)
    judged = (texts >= 0) & (covered > 0) & (covered >= share * batch.areas[batch.sound])
    wrong = np.flatnonzero(judged & (agreed < share * covered - 1e-6))
    weak = np.array([SEVERITY_OF_QUALITY[row["quality"]] == "info" for row in cells.rows])[plan.cell[wrong]]
    for place in wrong[~weak].tolist():
        yield _conflict(batch, plan, cells.rows[plan.cell[place]], np.array([place]))
    # Of a sketched plan one information for each use and planned use of a zone.
    first = {(row["zone_id"], row["quality"]): i for i, row in reversed(list(enumerate(cells.rows)))}
    zone = np.array([first[row["zone_id"], row["quality"]] for row in cells.rows], dtype=np.intp)
    wrong = wrong[weak]
    keys = np.column_stack([zone[plan.cell[wrong]], texts[wrong], plan.areas[wrong].argmax(axis=1)])
    for key in np.unique(keys, axis=0):
        yield _conflict(batch, plan, cells.rows[key[0]], wrong[(keys == key).all(axis=1)])


def _by_text(batch: Batch) -> Iterator[tuple[str, NDArray[np.intp]]]:
    numbers, texts = batch.codes("landuse_code")
    order = np.argsort(numbers, kind="stable")
    groups = np.split(order, np.searchsorted(numbers[order], np.arange(len(texts))))[1:]
    yield from zip(texts.tolist(), groups, strict=True)


def _plan(batch: Batch, cells: Places) -> _Plan:
    parts, of_part = shapely.get_parts(cells.shapes, return_index=True)
    shapely.prepare(parts)
    near, inside = batch.tree.query(parts), batch.tree.query(parts, predicate="covers")
    count = len(batch.shapes)
    beside = near[:, ~np.isin(near[0] * count + near[1], inside[0] * count + inside[1])]
    pieces, of_piece = _pieces(parts)
    cut, plot = batch.tree.query(pieces, predicate="intersects")
    kept = np.isin(of_piece[cut] * count + plot, beside[0] * count + beside[1])
    cut, plot = cut[kept], plot[kept]
    common = shapely.area(shapely.intersection(batch.shapes[plot], pieces[cut]))
    part, areas = (
        np.concatenate([inside[0], of_piece[cut]]),
        np.concatenate([batch.areas[batch.sound][inside[1]], common]),
    )
    plot = np.concatenate([inside[1], plot])
    codes = sorted({row["use_code"] for row in cells.rows})
    column = np.array([codes.index(row["use_code"]) for row in cells.rows], dtype=np.intp)
    plan = _Plan(codes, np.zeros((count, len(codes))), np.full(count, -1, dtype=np.intp))
    # Zones nest and each has its own plan: the smallest zone speaks last.
    sizes: dict[str, float] = {}
    for row, size in zip(cells.rows, shapely.area(cells.shapes).tolist(), strict=True):
        sizes[row["zone_id"]] = sizes.get(row["zone_id"], 0.0) + size
    cell, zones = of_part[part], np.array([row["zone_id"] for row in cells.rows], dtype=object)
    for zone in sorted(sizes, key=lambda name: (-sizes[name], name)):
        own = (zones[cell] == zone) & (areas > 0)
        sums = np.bincount(plot[own] * len(codes) + column[cell[own]], areas[own], count * len(codes))
        table = sums.reshape(count, len(codes))
        here = table.any(axis=1)
        plan.areas[here] = table[here]
        own = np.flatnonzero(own)[np.argsort(areas[own], kind="stable")]  # of several cells the largest speaks last
        plan.cell[plot[own]] = cell[own]
    return plan


def _pieces(parts: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Cut intricate shapes into tiles, and tell which shape each comes from.

    A plot at the rim of a cell with a thousand corners is measured against the few corners near it.
    """
    tiles = [[part] if shapely.get_num_coordinates(part) <= _INTRICATE else _tiled(part) for part in parts.tolist()]
    return np.array([tile for own in tiles for tile in own], dtype=object), np.repeat(
        np.arange(len(parts)), [len(own) for own in tiles]
    )


def _tiled(part: BaseGeometry) -> list[BaseGeometry]:
    west, south, east, north = shapely.bounds(part).tolist()
    xs, ys = np.linspace(west, east, _TILES + 1).tolist(), np.linspace(south, north, _TILES + 1).tolist()
    rows = [shapely.clip_by_rect(part, west, low, east, high) for low, high in pairwise(ys)]
    tiles = [shapely.clip_by_rect(row, low, south, high, north) for row in rows for low, high in pairwise(xs)]
    return [tile if tile.is_valid else shapely.make_valid(tile) for tile in tiles if not tile.is_empty]


def _agreement(batch: Batch, planned: list[str], context: Context) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Number of each valid plot's text (-1 without a known code), and which planned codes agree with each text."""
    codes, successors, rule = context.codes or {}, context.rules["QN-LU-002"], context.rules["QN-LU-004"]
    parks, in_parks = rule.listed("parks"), rule.listed("in_parks")

    def line(code: str | None) -> list[str]:
        """The code and the groups above it, as they are called today."""
        seen: list[str] = []
        while code is not None and code not in seen:
            seen.append(present_code(code, codes, successors) or code)
            code = codes[seen[-1]]["parent"]
        return seen

    def agree(own: str, plan: str) -> bool:
        return line(own)[0] in line(plan) or line(plan)[0] in line(own) or (own in in_parks and plan in parks)

    numbers, texts = batch.codes("landuse_code")
    known = [[part for part in parts_of(text) if part in codes] for text in texts.tolist()]
    numbers = np.where(np.isin(numbers, [i for i, parts in enumerate(known) if parts]), numbers, -1)[batch.sound]
    agreeing = np.zeros((len(known) + 1, len(planned)), dtype=bool)  # the last row stands for -1
    for i, parts in enumerate(known):
        agreeing[i] = [any(agree(part, other) for part in parts) for other in planned]
    return numbers, agreeing


def _conflict(batch: Batch, plan: _Plan, cell: Row, places: NDArray[np.intp]) -> Finding:
    """One plot of a plan that counts, or all plots of one use on one planned use of a plan that is a sketch."""
    where = batch.sound[places]
    text = str(batch.texts("landuse_code")[where[0]])
    under = plan.areas[places].sum(axis=0)
    order = [i for i in np.argsort(-under, kind="stable").tolist() if under[i] > 0][:_FEW]
    own, quality, horizon = quoted(text), QUALITY[cell["quality"]], cell["horizon"]
    severity = SEVERITY_OF_QUALITY[cell["quality"]]
    vi, en = (", ".join(f"{plan.codes[i]} {number(under[i], 0)[lang]} m²" for i in order) for lang in (0, 1))
    who = (
        ("Lô", "The plot carries")
        if severity != "info"
        else (
            f"{number(len(where)).vi} lô",
            f"{number(len(where)).en} plot(s) carry",
        )
    )
    return Finding(
        tuple(where.tolist()),
        f"{who[0]} ghi {own.vi}; quy hoạch {horizon} ({quality[0]}) ở đó là {vi}.",
        f"{who[1]} {own.en}; the plan of {horizon} ({quality[1]}) has {en} there.",
        measure=float(under.sum()),
        unit="m2",
        shape=batch.shapes[places[0]] if severity != "info" else spots(batch, where),
        severity=severity,
    )
