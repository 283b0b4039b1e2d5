"""What goes out of a check or a review: the same findings for programs, spreadsheets, GIS, CAD and people."""

from __future__ import annotations

from qn_geo.report.checked import FORMATS, Checked, written
from qn_geo.report.checking import check_file
from qn_geo.report.printed import protocol
from qn_geo.report.returning import RETURN_FORMATS, returned

__all__ = ["FORMATS", "RETURN_FORMATS", "Checked", "check_file", "protocol", "returned", "written"]
