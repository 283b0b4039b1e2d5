"""Names a person chooses by: of charts, of figures a place publishes, of stories."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from qn_geo import charts, clock, figures, horizons, i18n, stories
from qn_geo.schema import ALL_PARKS, ALL_ZONES, CITY
from qn_geo.stories.story import MOST_FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qn_geo.figures import Figure
    from qn_geo.stories import Highlight, Scene

_LONGEST: Final = 60  # letters of a file name
_COMPARISON: Final = "comparison:"
_USUAL: Final = 4  # figures of a scene that nobody has chosen
_SEVERAL: Final = 2


def chart_name(name: str, lang: str) -> str:
    """Return what a chart is called before it is drawn; that there is none for the empty name."""
    _ = i18n.translator(lang)
    if name.startswith(_COMPARISON):
        measure = figures.measure_name(name.removeprefix(_COMPARISON), lang)
        return _("Side by side: {measure}").format(measure=measure)
    return _chart_names(lang).get(name, name)


def _chart_names(lang: str) -> dict[str, str]:
    _ = i18n.translator(lang)
    return {
        "": _("No chart"),
        "city-occupancy": _("Occupancy of the city's parks over time"),
        "targets": _("What has happened against targets"),
        "start-2021": _("Starting point of October 2021"),
        "ranking-investment": _("Zones by registered capital"),
        "ranking-occupancy": _("Zones by occupancy"),
        "investment": _("Registered capital, zone by zone"),
        "occupancy": _("Occupancy, zone by zone"),
        "landuse": _("Land use"),
        "investment-cumulative": _("Registered capital over time"),
        "investment-new": _("New capital, year by year"),
        "occupancy-over-time": _("Occupancy over time"),
        "sectors": _("Projects by sector"),
    }


def chart_names() -> list[str]:
    """Return every chart there is, after the empty name for none."""
    return ["", *charts.NAMES]


def published(scene: Scene, lang: str) -> dict[str, str]:
    """Return what can be highlighted in a scene: all that its places publish at its year, as `place/measure`.

    What the scene highlights already is among it, whether published or not, so that it can be taken out.

    Returns:
        Texts with values to choose by, by reference.
    """
    places = _places(scene)
    offered = dict.fromkeys(
        [*scene.figures, *(f"{place}/{measure}" for place in places for measure in _measures(place))]
    )
    told = stories.highlighted(scene.model_copy(update={"figures": tuple(offered)}), lang)
    return distinct(
        {
            reference: _line(highlight, lang, named=len(places) > 1 or reference in scene.figures)
            for reference, highlight in zip(offered, told, strict=True)
            if highlight.figure or reference in scene.figures
        }
    )


def usual(scene: Scene) -> tuple[str, ...]:
    """Return what a new scene highlights until somebody chooses: the first figures that stand beside the map.

    Of a plan horizon these are plans and targets. Zones side by side are introduced by what most of them publish.
    """
    if len(scene.zones) < _SEVERAL:
        places = _places(scene) if scene.zones or scene.area else [CITY]
        return tuple(_reference(figure, scene.year) for figure in _beside(places, scene.year)[:_USUAL])
    alike: dict[str, list[Figure]] = {}
    for figure in (figure for zone in scene.zones for figure in _beside([zone], scene.year)):
        alike.setdefault(figure.measure, []).append(figure)
    shared = sorted(alike.values(), key=len, reverse=True)  # equals stay in order
    chosen = [figure for ones in shared[: max(_USUAL // len(scene.zones), 1)] for figure in ones]
    return tuple(_reference(figure, scene.year) for figure in chosen[:MOST_FIGURES])


def _beside(places: Sequence[str], year: int) -> list[Figure]:
    """Return the figures that introduce places as the panel beside the map does, the first place's first."""
    if horizons.ahead(year):
        return figures.outlook_of(places, year)
    found: dict[str, Figure] = {}
    known = _measures_of_figures()  # what we add up ourselves is no figure that a scene can name
    for figure in (entry["figure"] for place in places for entry in figures.headline(place, year)):
        if figure and figure.measure in known:
            found.setdefault(figure.measure, figure)
    return list(found.values())


def _reference(figure: Figure, year: int) -> str:
    """Return how a scene names a figure: by place and measure where that finds it, so that it stays the newest."""
    reference = f"{figure.zone_id}/{figure.measure}"
    return reference if stories.resolved(reference, year) == figure else figure.figure_id


def _line(highlight: Highlight, lang: str, *, named: bool) -> str:
    place = f"{highlight.place_name} · " if named and highlight.place_name else ""
    figure = highlight.figure
    kind = figures.kind_name(figure.kind, lang) if figure and figure.kind != "actual" else ""
    told = ", ".join(filter(None, (highlight.detail.partition(" · ")[0], kind)))
    return f"{place}{highlight.label}: {highlight.value}{f' ({told})' if told else ''}"


def _places(scene: Scene) -> tuple[str, ...]:
    """Whose figures a scene may be about: its zones, else its area with the area's main zone, else the city."""
    if scene.zones:
        return scene.zones
    if scene.area:
        return (f"area-{scene.area}", charts.MAIN_ZONES[scene.area])
    return (CITY, ALL_ZONES, ALL_PARKS)


def _measures(place: str) -> Iterable[str]:
    """Measures with anything about a place, those first by which it is introduced."""
    known = _measures_of_figures()
    claimed = {measure for zone, measure, _kind in figures.book().claims if zone == place}
    first = [entry["measure"] for entry in figures.headline(place) if entry["measure"] in known]
    return dict.fromkeys([*first, *(measure for measure in known if measure in claimed)])


def _measures_of_figures() -> tuple[str, ...]:
    return *figures.AREAS, *figures.book().measures


def distinct(names: dict[str, str]) -> dict[str, str]:
    """Return names no two of which are alike: Streamlit tells options apart by them."""
    seen: Counter[str] = Counter()
    told = {}
    for key, name in names.items():
        seen[name] += 1
        told[key] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return told


def today(lang: str) -> str:
    """Return the date in Viet Nam, as readers of the language write it."""
    return i18n.iso_date(clock.today().isoformat(), "day", lang)


def file_name(title: str) -> str:
    """Return a title as a file name that every system takes: plain letters, digits and hyphens."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d")).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST] or "story"
