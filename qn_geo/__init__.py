"""QN Geo: Quảng Ninh's economic zones, figures and plots on one linked map."""
