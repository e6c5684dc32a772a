"""Certificates: public ones are free while they cannot be exported."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import priced


@priced("aws:acm/certificate:Certificate")
def certificate(b: Billing) -> Iterator[LineItem]:
    """A public certificate for AWS services is free; exportable and private ones are not priced here."""
    if b.text("options.export", "DISABLED") != "DISABLED":
        msg = "property `options.export` is set; accepted is DISABLED, because exportable certificates bill by name"
        raise Unpriceable(msg)
    if b.resource.get("certificateAuthorityArn") is not None:
        msg = "property `certificateAuthorityArn` is set; accepted are public certificates"
        raise Unpriceable(msg)
    yield from ()
