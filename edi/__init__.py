"""Dental visit records in, X12 837 Dental claims that the payer accepts out."""

__version__ = "0.1.0"
