"""A scene from what a page shows, and back: the two directions between `state.View` and `stories.Scene`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from qn_geo import figures, horizons, state, style, things
from qn_geo.mapview import config
from qn_geo.schema import CITY
from qn_geo.stories import Look, Scene
from qn_geo.stories.story import HEADLINE_LETTERS, LAT_WINDOW, LON_WINDOW, MOST_ZONES, ZOOMS

if TYPE_CHECKING:
    from qn_geo.state import View

_NAMED: Final = 3  # zones in a headline

LookAt = tuple[float, float, float]


def from_view(view: View, look: LookAt | None, lang: str, chart: str | None = None) -> Scene:
    """Return the scene that shows what a page shows.

    Args:
        view: What is shown and chosen.
        look: Where the map looks: longitude, latitude (WGS 84) and zoom; None fits what the scene is about.
        lang: Language of the headline, which names place and year until somebody states a finding.
        chart: Name of its chart.
    """
    pick = view.pick if view.pick and not view.pick.startswith(("row:", "finding:")) else None
    return Scene(
        headline=headline(view, lang),
        area=view.area,
        zones=zones(view),
        plot=view.plot,
        pick=pick,
        layers=_unless(view.layers, style.DEFAULT_LAYERS),
        statuses=_unless(view.statuses, style.STATUSES),
        plots=_unless(view.plots, style.PLOT_STATUSES),
        opacity=dict(view.opacity),
        year=view.year,
        view=look_at(look),
        chart=chart,
    )


def onto(scene: Scene) -> dict[str, Any]:
    """Return what `state.update` needs to show a scene; where the map looks is moved to by whoever shows it."""
    return {
        "area": scene.area,
        "zone": next(iter(scene.zones), None),
        "compared": scene.zones if len(scene.zones) > 1 else (),
        "plot": scene.plot,
        "pick": scene.pick,
        "at": None,
        "year": scene.year,
        "layers": scene.visible,
        "statuses": style.STATUSES if scene.statuses is None else scene.statuses,
        "plots": style.PLOT_STATUSES if scene.plots is None else scene.plots,
        "opacity": tuple(scene.opacity.items()),
    }


def zones(view: View) -> tuple[str, ...]:
    """Return the zones a view is about, the chosen one first."""
    return tuple(dict.fromkeys([*([view.zone] if view.zone else []), *view.compared]))[:MOST_ZONES]


def box(scene: Scene) -> config.Box:
    """Return the box that a scene without a view of its own shows, in WGS 84."""
    return config.zones_box(scene.zones) or config.home_box(scene.area)


def headline(view: View, lang: str) -> str:
    """Return place and year, to begin with."""
    about = zones(view)
    names = ", ".join(figures.short_name(zone, lang) for zone in about[:_NAMED]) + ("…" if len(about) > _NAMED else "")
    picked = things.name(view.pick, lang) if view.pick and not about else None
    return f"{names or picked or place_name(view.area, lang)}, {horizons.year_name(view.year, lang)}"[:HEADLINE_LETTERS]


def headline_of(scene: Scene, lang: str) -> str:
    """Return the headline a scene would begin with: it says no finding yet where its own is the same."""
    return headline(replace(state.View(), **onto(scene)), lang)


def place_name(area: str | None, lang: str) -> str:
    """Return the name of an area, or of the city."""
    return figures.zone_name(f"area-{area}" if area else CITY, lang)


def _unless(chosen: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...] | None:
    return None if chosen == usual else chosen


def look_at(look: LookAt | None) -> Look | None:
    """Return where a map looks as a scene keeps it; None where there is no map."""
    if look is None:
        return None
    lon, lat, zoom = look
    inside = LON_WINDOW[0] <= lon <= LON_WINDOW[1] and LAT_WINDOW[0] <= lat <= LAT_WINDOW[1]
    return Look(lon=lon, lat=lat, zoom=min(max(zoom, ZOOMS[0]), ZOOMS[1])) if inside else None
