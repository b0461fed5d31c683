"""Payers' requests: matched with the claims that were sent, and answered with attachments."""
