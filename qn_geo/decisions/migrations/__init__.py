"""The database's way from its first version to the present one, run by `qn_geo.decisions.database`."""
