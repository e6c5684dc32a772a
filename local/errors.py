"""What the local cloud says when it cannot do what was asked: one line for people."""

from __future__ import annotations


class LocalCloudError(Exception):
    """The local cloud could not start, or could not create, change or delete something."""
