"""What goes out of a check: the same findings for programs, spreadsheets, GIS and people."""

from __future__ import annotations

from qn_geo.report.checked import FORMATS, Checked, written
from qn_geo.report.checking import check_file

__all__ = ["FORMATS", "Checked", "check_file", "written"]
