"""What is drawn with Streamlit: the shell, the map box, the panel beside it and the tables under it."""
