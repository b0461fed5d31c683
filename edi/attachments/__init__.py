"""Attachments: files opened, identified and measured; later rooms send them."""
