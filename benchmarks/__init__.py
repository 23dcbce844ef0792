"""Measurements: each module prints ratios taken in one run."""
