"""Attachments: files examined, packaged as documents, and sent in a 275."""
