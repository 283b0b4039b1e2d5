"""`serve`: what can be said before Streamlit starts is said plainly, then Streamlit runs in this very process."""

from __future__ import annotations

import errno
import os
import runpy
import socket
import sys
from typing import Annotated

import typer

from qn_geo import importing
from qn_geo.cli.terminal import N_, answer_language, data_folder, group, print_problems
from qn_geo.errors import QnGeoError
from qn_geo.settings import ROOT, settings

app = group()


def refuse_missing_packages() -> None:
    """Say before Streamlit starts that the map's scripts were never installed.

    Raises:
        QnGeoError: If the folder of the front-end packages lacks Leaflet.
    """
    folder = settings().package_dir
    if not (folder / "leaflet").is_dir():
        raise QnGeoError(
            "Chưa cài các gói của bản đồ (Leaflet ...).",
            "The map's packages (Leaflet ...) are not installed.",
            file=str(folder),
            remedy_vi="chạy: make setup, hoặc npm ci trong thư mục gốc; kiểm tra QN_GEO_PACKAGE_DIR nếu có đặt.",
            remedy_en="run: make setup, or npm ci in the program's folder; check QN_GEO_PACKAGE_DIR if it is set.",
        )


def refuse_taken_port(address: str, port: int) -> None:
    """Say plainly that a port is taken, before Streamlit starts.

    Raises:
        QnGeoError: If somebody listens there, or the address is not this machine's.
    """
    failure: OSError | None = None
    opened = False
    try:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        found, failure = [], error
    for family, _type, _protocol, _name, place in found:  # a name such as localhost may stand for IPv4 and IPv6
        try:
            with socket.create_server(place[:2], family=family):
                opened = True
        except OSError as error:
            failure = error
            if error.errno == errno.EADDRINUSE:
                opened = False
                break
    if opened or failure is None:
        return
    if failure.errno == errno.EADDRINUSE:
        vi, en = f"Cổng {port} đang được dùng.", f"Port {port} is in use."
    else:
        vi, en = f"Không mở được {address}:{port}: {failure}.", f"Cannot open {address}:{port}: {failure}."
    raise QnGeoError(
        vi,
        en,
        remedy_vi=f"chọn cổng khác, ví dụ --port {port + 1}, hoặc dừng chương trình đang dùng cổng đó.",
        remedy_en=f"choose another, such as --port {port + 1}, or stop the program that uses it.",
    ) from failure


@app.command(help=N_("Serve the app until Ctrl+C."))
def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help=N_("Port of the app; else QN_GEO_PORT, else 8501."))
    ] = None,
    address: Annotated[
        str, typer.Option(help=N_("Address to listen on; 0.0.0.0 lets other machines of the network in."))
    ] = "localhost",
) -> None:
    """Run Streamlit on app.py in this very process, so that signals and exit codes are its own."""
    port = port or settings().port
    data_folder()
    refuse_missing_packages()
    refuse_taken_port(address, port)
    print_problems(importing.recover(), answer_language(context))
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from the working directory
    sys.argv = ["streamlit", "run", "app.py", "--server.port", str(port), "--server.address", address]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
