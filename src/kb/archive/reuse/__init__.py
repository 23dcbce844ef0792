"""Reuse: which passages of an article stand in an earlier one, and who had them first."""
