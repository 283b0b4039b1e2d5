"""The sheet of one plot under review, and of one finding, as HTML in which every text from files is escaped.

Parts that carry `data-choose` choose what they name: "row:N" a plot by its row, "finding:N" a finding by its place in
the dossier.
"""

from __future__ import annotations

from qn_geo.plotsheet.findings import finding
from qn_geo.plotsheet.plot import sheet
from qn_geo.plotsheet.wording import quantity

__all__ = ["finding", "quantity", "sheet"]
