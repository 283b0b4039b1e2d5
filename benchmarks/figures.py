"""Measured figures: one row each, and all of them as a table."""

from __future__ import annotations

from typing import Any


def row(name: str, value: float, unit: str, floor: float | None, reach: float | None) -> dict[str, Any]:
    """One measured figure; memory is compared by the difference to its floor, time by the ratio."""
    ratio = None if floor is None or unit == "MB" else round(value / floor, 2)
    digits = 2 if unit == "s" else 1
    return {
        "name": name,
        "value": round(value, digits),
        "unit": unit,
        "floor": None if floor is None else round(floor, digits),
        "ratio": ratio,
        "reach": reach,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """The figures as a Markdown table."""
    lines = ["| what | value | floor | ratio | reach |", "| --- | --- | --- | --- | --- |"]
    for item in rows:
        floor = "" if item["floor"] is None else f"{item['floor']} {item['unit']}"
        lines.append(
            f"| {item['name']} | {item['value']} {item['unit']} | {floor} | {item['ratio'] or ''} "
            f"| {'' if item['reach'] is None else item['reach']} |"
        )
    return "\n".join(lines)
