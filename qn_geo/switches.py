"""The layer panel as plain HTML: the map's frame reads and sets its boxes, so a switch needs no rerun to be seen."""

from __future__ import annotations

from functools import lru_cache

from qn_geo import i18n, sheets, style


@lru_cache(maxsize=8)
def layer_panel(bases: tuple[str, ...], lang: str) -> str:
    """Return the panel folded and with its default settings; `static/qn-link.js` opens it and sets its boxes.

    The text must not depend on the present settings: Streamlit would draw the panel anew and fold it at every click.

    Args:
        bases: Basemaps on offer.
        lang: "vi" or "en".
    """
    _ = i18n.translator(lang)
    names = {"own": _("Built in"), "osm": "OpenStreetMap", "satellite": _("Satellite")}
    groups = [
        {
            "id": group,
            "name": style.group_name(group, lang),
            "layers": [
                {
                    "id": layer.id,
                    # Land use has its years beside it, for which the longer name leaves no room.
                    "name": style.group_name(group, lang) if group == "landuse" else style.layer_name(layer.id, lang),
                    "on": layer.default,
                    "dated": group == "landuse",
                }
                for layer in style.MAP_LAYERS
                if layer.group == group
            ],
        }
        for group in style.GROUPS
    ]
    return sheets.template("layers", lang).render(
        groups=groups,
        statuses=[{"id": status, "name": style.status_name(status, lang)} for status in style.STATUSES],
        plots=[{"id": status, "name": style.plot_status_name(status, lang)} for status in style.PLOT_STATUSES],
        bases=[{"id": base, "name": names[base]} for base in bases],
    )
