"""A submission under review made of plots and findings alone, without files or database."""

from __future__ import annotations

import dataclasses
import itertools
from types import SimpleNamespace

from qn_geo import rules
from qn_geo.dossier import Dossier
from qn_geo.rules.finding import findings_frame
from tests.small_plots import ON

_NUMBER = itertools.count()


def opened(frame, *found, history=(), zone_id=None, checked=True):
    """A dossier of these plots; findings are (code of the rule, finding)."""
    ranked = [(rules.registry()[code], item) for code, item in found]
    known = {
        "submission": SimpleNamespace(id=f"s{next(_NUMBER)}"),
        "reading": {"plots_sha256": "", "choices": {"zone_id": zone_id}},
        "plots": frame,
        "findings": findings_frame(ranked, frame),
        "findings_hash": "f" * 64 if checked else "",
        "on": ON if checked else None,
        "history": list(history),
    }
    return Dossier(**{field.name: known.get(field.name) for field in dataclasses.fields(Dossier)})
