"""Scan answers as they come over the wire: botocore's checked parsing takes ten times as long as everything else.

Requests are still built, checked, signed and retried by botocore; only the bodies of successful Scan answers skip its
walk over the shape of each attribute.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from botocore.model import Shape
from botocore.parsers import ResponseParser, ResponseParserFactory

_OUTPUT: Final = "ScanOutput"
_SUCCESS_BELOW: Final = 300


class WholePages(ResponseParserFactory):
    """Makes botocore's own parsers, and lets them leave scanned items as they are."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """A parser for a protocol."""
        parser = super().create_parser(protocol_name)
        parse = parser.parse

        def parse_whole(response: Mapping[str, Any], shape: Shape | None) -> Any:
            if shape is None or shape.name != _OUTPUT or response["status_code"] >= _SUCCESS_BELOW:
                return parse(response, shape)  # type: ignore[arg-type]
            headers = dict(response["headers"])
            parsed = json.loads(response["body"])
            identity = next((value for name, value in headers.items() if name.lower() == "x-amzn-requestid"), "")
            parsed["ResponseMetadata"] = {
                "HTTPStatusCode": response["status_code"],
                "HTTPHeaders": headers,
                "RequestId": identity,
                "RetryAttempts": 0,
            }
            return parsed

        parser.parse = parse_whole  # type: ignore[method-assign]
        return parser
