"""Charts: one function each, all returning a `Chart`: title, picture, table twin, sources, alternative text and note.

Draw the picture with `theme=None`: it brings its own colours and fonts. Figures and tables are cached and shared by all
sessions, so they must not be changed.
"""

from __future__ import annotations

from qn_geo.charts.comparison import comparison
from qn_geo.charts.frame import Chart
from qn_geo.charts.investment import investment_by_zone, investment_cumulative, investment_new, ranking_investment
from qn_geo.charts.land import landuse_structure
from qn_geo.charts.named import COMPARED, MAIN_ZONES, NAMES, Subject, named
from qn_geo.charts.occupancy import city_occupancy, occupancy_by_zone, occupancy_over_time, ranking_occupancy
from qn_geo.charts.sectors import projects_by_sector
from qn_geo.charts.targets import actual_vs_target, start_2021

__all__ = [
    "COMPARED",
    "MAIN_ZONES",
    "NAMES",
    "Chart",
    "Subject",
    "actual_vs_target",
    "city_occupancy",
    "comparison",
    "investment_by_zone",
    "investment_cumulative",
    "investment_new",
    "landuse_structure",
    "named",
    "occupancy_by_zone",
    "occupancy_over_time",
    "projects_by_sector",
    "ranking_investment",
    "ranking_occupancy",
    "start_2021",
]
