"""The map: one constant folium document (`frame`), what it needs to know once (`config`), and its scripts (`static`)."""
