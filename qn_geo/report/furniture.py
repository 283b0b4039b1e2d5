"""What stands in and round a map: its grid with numbers, scale bar and north arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from qn_geo import i18n, style
from qn_geo.report import paper

if TYPE_CHECKING:
    from collections.abc import Sequence

RIM: Final = 5.0
"""Room beside the map for the numbers of its grid, millimetres."""

_GRID_MM: Final = 40.0  # grid lines are at most so far apart
_CROSS_MM: Final = 1.6
_TICK_MM: Final = 1.2
_BAR_MM: Final = 40.0
_RIM_TEXT: Final = 2.1
_RIM_END_MM: Final = 8.0  # a number needs so much of the rim to itself
_MM: Final = 1000.0


def grid(frame: paper.Frame, lang: str) -> str:
    """Return the VN-2000 grid: crosses, and metres at the rim below (Y, east) and at the left (X, north)."""
    return crosses(frame) + numbers(frame, lang)


def crosses(frame: paper.Frame, *, size: float = 1.0) -> str:
    """Return the crosses of the grid; `size` is how many times as large they are as on a sheet held in the hand."""
    xs, ys = (places for _metres, places in _lines(frame, size))
    arm = _CROSS_MM * size
    drawn = "".join(f"M{x - arm:.3f} {y:.3f}h{2 * arm:g}M{x:.3f} {y - arm:.3f}v{2 * arm:g}" for x in xs for y in ys)
    return _inked(drawn, size)


def numbers(frame: paper.Frame, lang: str, *, all_round: bool = False, size: float = 1.0) -> str:
    """Return ticks and metres of the grid at the rim.

    Args:
        frame: The window.
        lang: "vi" or "en".
        all_round: Numbers on all four sides instead of below and at the left alone.
        size: Letters are so many times as large as on a sheet held in the hand.
    """
    (easts, xs), (norths, ys) = _lines(frame, size)
    wide, high, tick, off = frame.width, frame.height, _TICK_MM * size, RIM * size / 2 + 0.3
    # Where the line stands, which way its ticks point, and the middle and turn of its numbers.
    level = [(high, tick, high + off)] + ([(0.0, -tick, -off)] if all_round else [])
    upright = [(0.0, -tick, -off, -90)] + ([(wide, tick, wide + off, 90)] if all_round else [])
    ticks = "".join(f"M{x:.3f} {y:g}v{way:g}" for x in xs for y, way, _ in level)
    ticks += "".join(f"M{x:g} {y:.3f}h{way:g}" for y in ys for x, way, _, _ in upright)
    told = [((x, at), metres, 0) for metres, x in _apart(easts, xs, wide, size) for _, _, at in level]
    told += [((at, y), metres, turn) for metres, y in _apart(norths, ys, high, size) for _, _, at, turn in upright]
    return _inked(ticks, size) + "".join(
        paper.text(place, i18n.number(metres, lang), _RIM_TEXT * size, turn=turn) for place, metres, turn in told
    )


def _lines(frame: paper.Frame, size: float) -> tuple[tuple[list[int], list[float]], tuple[list[int], list[float]]]:
    """Return the metres and places on paper of the grid's lines: those that run north, then those that run east."""
    step = _round_number(_GRID_MM * size * frame.scale / _MM)
    west, south, east, north = frame.bounds
    easts = [number * step for number in range(math.ceil(west / step), math.floor(east / step) + 1)]
    norths = [number * step for number in range(math.ceil(south / step), math.floor(north / step) + 1)]
    per_mm = frame.scale / _MM
    return (easts, [(metres - west) / per_mm for metres in easts]), (
        norths,
        [(north - metres) / per_mm for metres in norths],
    )


def _apart(metres: Sequence[int], places: Sequence[float], long: float, size: float) -> list[tuple[int, float]]:
    """Return the lines whose numbers have room along the rim: not those at its ends."""
    end = _RIM_END_MM * size
    return [(value, place) for value, place in zip(metres, places, strict=True) if end <= place <= long - end]


def _inked(path: str, size: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{style.INK}" stroke-width="{0.12 * size:g}"/>'


def bar_length(frame: paper.Frame, longest: float = _BAR_MM) -> tuple[int, float]:
    """Return how many metres the scale bar shows, and how long it is on paper: a round number, at most `longest`."""
    metres = _round_number(longest * frame.scale / _MM)
    return metres, metres / frame.scale * _MM


def scale_bar(frame: paper.Frame, lang: str, *, longest: float = _BAR_MM, size: float = 1.0) -> str:
    """Return a scale bar on a plate in the lower right corner.

    Args:
        frame: The window.
        lang: "vi" or "en".
        longest: The bar is at most so long, millimetres.
        size: Letters are so many times as large as on a sheet held in the hand.
    """
    long = bar_length(frame, longest)[1]
    x, y = frame.width - long - 7 * size, frame.height - 3.3 * size
    left, top = x - 4 * size, y - 5.2 * size
    plate = f'<rect x="{left:.2f}" y="{top:.2f}" width="{long + 10 * size:.2f}" height="{7.5 * size:.2f}"'
    return f'{plate} fill="#fff" opacity="0.85"/>{bar(frame, lang, (x, y), longest=longest, size=size)}'


def corners(frame: paper.Frame, *, size: float = 1.0) -> list[tuple[float, float, float, float]]:
    """Return what scale bar and north arrow take up: left, top, right, bottom, millimetres."""
    long, wide, high = bar_length(frame)[1], frame.width, frame.height
    return [(wide - long - 11 * size, high - 8.5 * size, wide, high), (wide - 13 * size, 0, wide, 15.2 * size)]


def bar(
    frame: paper.Frame, lang: str, foot: tuple[float, float], *, longest: float = _BAR_MM, size: float = 1.0
) -> str:
    """Return a scale bar of four fields whose lower left corner is `foot`; its numbers stand above it."""
    metres, long = bar_length(frame, longest)
    x, y, high = foot[0], foot[1] - 1.2 * size, 1.2 * size
    fields = "".join(
        f'<rect x="{x + long * number / 4:.3f}" y="{y:.2f}" width="{long / 4:.3f}" height="{high:g}" '
        f'fill="{style.INK if number % 2 == 0 else "#fff"}" stroke="{style.INK}" stroke-width="0.15"/>'
        for number in range(4)
    )
    unit, of = ("km", _MM) if metres >= _MM else ("m", 1)
    told = [(0, "0"), (2, i18n.number(metres / 2 / of, lang)), (4, f"{i18n.number(metres / of, lang)} {unit}")]
    return fields + "".join(paper.text((x + long * at / 4, y - 1.7 * size), said, 2.1 * size) for at, said in told)


def north_arrow(frame: paper.Frame, lang: str, *, size: float = 1.0) -> str:
    """Return an arrow to grid north on a plate in the upper right corner."""
    x = frame.width - 7 * size
    return (
        f'<g transform="translate({x:.2f} 0) scale({size:g})"><circle cy="9.2" r="6" fill="#fff" opacity="0.85"/>'
        f"{arrow(lang)}</g>"
    )


def arrow(lang: str) -> str:
    """Return an arrow to grid north with its letter, 5.2 mm wide, from 3.5 to 15 mm below (0, 0)."""
    return (
        f'<path d="M0 3.5l2.6 8-2.6-1.7z" fill="{style.INK}"/>'
        f'<path d="M0 3.5l-2.6 8 2.6-1.7z" fill="#fff" stroke="{style.INK}" stroke-width="0.2"/>'
        f"{paper.text((0, 13.6), 'B' if lang == 'vi' else 'N', 2.6)}"
    )


def _round_number(about: float) -> int:
    """Return 1, 2 or 5 times a power of ten, not above `about` and at least 1."""
    power = 10 ** math.floor(math.log10(max(about, 1)))
    return int(max(base * power for base in (1, 2, 5) if base * power <= max(about, 1)))
