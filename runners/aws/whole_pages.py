"""Scan answers as they come over the wire: botocore's checked parsing takes ten times as long as everything else.

Several processes can parse them, where several threads cannot. Requests are still built, checked, signed and retried by
botocore; only the bodies of successful Scan answers are left as they are, as `Body`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from botocore.model import Shape
from botocore.parsers import ResponseParser, ResponseParserFactory

_OUTPUT: Final = "ScanOutput"
_SUCCESS_BELOW: Final = 300


class WholePages(ResponseParserFactory):
    """Makes botocore's own parsers, and lets them leave scanned pages as they are."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """A parser for a protocol."""
        parser = super().create_parser(protocol_name)
        parse = parser.parse

        def parse_whole(response: Mapping[str, Any], shape: Shape | None) -> Any:
            if shape is None or shape.name != _OUTPUT or response["status_code"] >= _SUCCESS_BELOW:
                return parse(response, shape)  # type: ignore[arg-type]
            headers = dict(response["headers"])
            identity = next((value for name, value in headers.items() if name.lower() == "x-amzn-requestid"), "")
            metadata = {
                "HTTPStatusCode": response["status_code"],
                "HTTPHeaders": headers,
                "RequestId": identity,
                "RetryAttempts": 0,
            }
            return {"Body": response["body"], "ResponseMetadata": metadata}

        parser.parse = parse_whole  # type: ignore[method-assign]
        return parser
