"""The map: one constant folium document (`frame`), what it needs to know (`config`), its scripts (`static`)."""
