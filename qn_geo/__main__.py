"""`python -m qn_geo`: the command line."""

from __future__ import annotations

from qn_geo.cli import main

if __name__ == "__main__":
    main()
