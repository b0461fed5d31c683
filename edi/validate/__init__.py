"""Segments against a guide: a fast path compiled from the guide, and a slow path that explains what it refused."""
