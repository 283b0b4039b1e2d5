"""Bring your own: a template to fill in, an import that checks everything and shows it first, and a way back."""

from __future__ import annotations

from qn_geo.importing.applying import apply, damaged_history, history, rebuild, restore
from qn_geo.importing.entries import Entry
from qn_geo.importing.journal import recover
from qn_geo.importing.merging import Change
from qn_geo.importing.planning import Plan, prepare
from qn_geo.importing.template import write_template

__all__ = [
    "Change",
    "Entry",
    "Plan",
    "apply",
    "damaged_history",
    "history",
    "prepare",
    "rebuild",
    "recover",
    "restore",
    "write_template",
]
