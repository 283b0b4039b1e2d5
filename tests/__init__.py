"""Tests of QN Geo; they mirror the modules name for name."""
