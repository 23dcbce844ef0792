"""Judgements: what people decided, kept for good and applied to every reading."""
