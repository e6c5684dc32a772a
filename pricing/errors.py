"""What pricing says when it cannot judge.

PricingError            one line for people; exit code 2 at the command line
├── CatalogError        a price file is malformed, a price is missing, or too old
├── UsageError          a usage or environment file is malformed, or names what does not exist
└── ResourceFileError   a list of resources, a preview or a state export cannot be read
"""

from __future__ import annotations


class PricingError(Exception):
    """Pricing could not judge; the message says what happened, to what, and what to do."""


class CatalogError(PricingError):
    """A price file is malformed, or a price is missing or older than the limit."""


class UsageError(PricingError):
    """A usage or environment file is malformed, or declares something that nothing uses."""


class ResourceFileError(PricingError):
    """A list of resources, a preview digest or a state export cannot be read."""
