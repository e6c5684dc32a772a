from __future__ import annotations

from typing import Any

import pytest

CERTIFICATE = "aws:acm/certificate:Certificate"


def test_public_certificates_are_free(make: Any, charge: Any) -> None:
    bill = charge(make(CERTIFICATE, domainName="example.org", validationMethod="DNS"))

    assert (bill.codes, bill.total) == ([], 0)


@pytest.mark.parametrize("properties", [{"options": {"export": "ENABLED"}}, {"certificateAuthorityArn": "arn"}])
def test_other_certificates_are_refused(properties: dict[str, Any], make: Any, charge: Any) -> None:
    assert charge(make(CERTIFICATE, **properties)).codes == ["unpriceable"]
