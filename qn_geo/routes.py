"""Our own addresses, on the same port as the app: scripts and fonts, layers by version, the map's configuration.

Nothing here is fetched from another host. Layers are addressed with a content hash, so browsers keep them.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from qn_geo import dossier, layers
from qn_geo.errors import QnGeoError
from qn_geo.mapview import config, reviewed
from qn_geo.settings import settings

if TYPE_CHECKING:
    from starlette.requests import Request

_OWN = Path(__file__).parent / "mapview" / "static"


@lru_cache(maxsize=32)
def _packed(plain: bytes) -> bytes:
    """Return a layer's bytes gzipped, packed once for each content."""
    return gzip.compress(plain, compresslevel=6, mtime=0)


def _takes_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding header allows gzip: named, or by "*", and not with the weight 0."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = weight.replace(" ", "")
    return re.fullmatch(r"q=0(?:\.0*)?", weights.get("gzip", weights.get("*", "q=0"))) is None


def _is_held(held: str, etag: str) -> bool:
    """Return whether an If-None-Match header names this content; weak and strong tags are the same to it."""
    return held.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in held.split(",")}


def _unavailable(error: QnGeoError) -> Response:
    return JSONResponse({"error": error.message("en"), "loi": error.message("vi")}, status_code=503)


def _layer(request: Request) -> Response:
    source = request.path_params["source"]
    if source not in config.SOURCES:
        return JSONResponse({"error": "unknown layer"}, status_code=404)
    try:
        version, plain = layers.served(source)
    except QnGeoError as error:
        return _unavailable(error)
    lasting = request.query_params.get("v") == version
    etag = f'"{version}"'
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        "ETag": f"W/{etag}",  # weak: plain and packed bytes share it
        "Vary": "Accept-Encoding",
    }
    if _is_held(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    if _takes_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        return Response(_packed(plain), media_type="application/geo+json", headers=headers)
    return Response(plain, media_type="application/geo+json", headers=headers)


@lru_cache(maxsize=1)
def _bundle() -> bytes:
    """Return all scripts of the map in one file: the component loads scripts one after the other."""
    folders = _folders()
    scripts = [folders[name.split("/", 1)[0]] / name.split("/", 1)[1] for name in config.SCRIPTS]
    return b"\n;\n".join(path.read_bytes() for path in scripts)


def _scripts(_request: Request) -> Response:
    return Response(_bundle(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _config(_request: Request) -> Response:
    return JSONResponse(config.document(), headers={"Cache-Control": "no-cache"})


def _review(request: Request) -> Response:
    """Plots, findings, earlier plots or decisions of a submission; or where proposals would place it."""
    name, version = request.path_params["name"], request.query_params.get("v", "")
    if name == "preview":
        plain = reviewed.preview(version)
    elif name in {"plots", "findings", "earlier", "decisions"}:
        try:
            plain = reviewed.part(dossier.open_dossier(request.path_params["submission"]), name)
        except QnGeoError as error:
            return _unavailable(error)
    else:
        plain = None
    if plain is None:
        return JSONResponse({"error": "nothing here", "loi": "không có gì ở đây"}, status_code=404)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}  # not for shared computers' caches
    if _takes_gzip(request.headers.get("accept-encoding", "")):
        packed = gzip.compress(plain, compresslevel=1, mtime=0)
        return Response(packed, media_type="application/json", headers=headers | {"Content-Encoding": "gzip"})
    return Response(plain, media_type="application/json", headers=headers)


def _health(_request: Request) -> Response:
    missing = [source for source in config.SOURCES if not layers.available(source)]
    return JSONResponse({"status": "degraded" if missing else "ok", "missing": missing})


def _folders() -> dict[str, Path]:
    packages = settings().package_dir
    return {
        "leaflet": packages / "leaflet" / "dist",
        "proj4": packages / "proj4" / "dist",
        "inter": packages / "@fontsource-variable" / "inter" / "files",
        "qn": _OWN,
    }


def routes() -> list[BaseRoute]:
    """Return the routes the app adds to Streamlit's own.

    Raises:
        RuntimeError: The front-end packages are not installed (run `make setup`).
    """
    folders = _folders()
    absent = [str(folder) for folder in folders.values() if not folder.is_dir()]
    if absent:
        message = f"Front-end packages are missing ({', '.join(absent)}). Run: make setup (or: npm ci)"
        raise RuntimeError(message)
    return [
        *(Mount(f"/qn/assets/{name}", StaticFiles(directory=folder)) for name, folder in folders.items()),
        Route("/qn/layers/{source}.json", _layer),
        Route("/qn/review/{submission}/{name}.json", _review),
        Route("/qn/map/scripts.js", _scripts),
        Route("/qn/map/config.json", _config),
        Route("/qn/health", _health),
    ]
