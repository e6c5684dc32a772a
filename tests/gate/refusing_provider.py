"""The stand-in provider as AWS is: it deletes no protected table, no bucket and no vault, and makes no second one.

What exists is a file each in the folder that IAL_TEST_THERE names, so that it outlives the stack.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2

from tests.gate import stand_in_provider

_HOLDS = {
    "aws:dynamodb/table:Table": "ValidationException: deletion protection is on",
    "aws:s3/bucket:Bucket": "BucketNotEmpty: the bucket has versions",
    "aws:backup/vault:Vault": "InvalidRequestException: it contains recovery points",
}
_ONCE = {*_HOLDS, "aws:iam/role:Role"}
_THERE = Path(os.environ["IAL_TEST_THERE"])


def _name(properties: Any) -> str:
    fields = properties.fields
    return str((fields["bucket"] if "bucket" in fields else fields["name"]).string_value)


class Refusing(stand_in_provider.Provider):
    def Create(self, request: Any, context: Any) -> Any:
        if request.type in _ONCE and not request.preview:
            file = _THERE / _name(request.properties)
            if file.exists():
                context.abort(grpc.StatusCode.UNKNOWN, f"{file.name}: AlreadyExistsException")
            file.write_text(request.type, encoding="utf-8")
        return super().Create(request, context)

    def Update(self, request: Any, context: Any) -> Any:
        state = struct_pb2.Struct()
        state.update({**request.olds, **request.news})
        return provider_pb2.UpdateResponse(properties=state)

    def Delete(self, request: Any, context: Any) -> Any:
        type_ = request.urn.split("::")[-2].rsplit("$", 1)[-1]
        if type_ in _HOLDS:
            context.abort(grpc.StatusCode.UNKNOWN, _HOLDS[type_])
        if type_ in _ONCE:
            (_THERE / _name(request.properties)).unlink()
        return super().Delete(request, context)

    def Read(self, request: Any, context: Any) -> Any:
        if request.properties.fields or not (_THERE / request.id).exists():
            return super().Read(request, context)
        state = struct_pb2.Struct()
        key = "bucket" if (_THERE / request.id).read_text(encoding="utf-8").startswith("aws:s3") else "name"
        state.update(
            {
                key: request.id,
                "createDate": stand_in_provider.ROLE_MADE,
                "arn": f"arn:aws:test:us-east-1:123456789012:{request.id}",
            }
        )
        return provider_pb2.ReadResponse(id=request.id, properties=state, inputs=state)


if __name__ == "__main__":
    stand_in_provider.Provider = Refusing  # type: ignore[misc]
    stand_in_provider.main()
