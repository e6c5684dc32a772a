"""The SSM document that takes a database's connections, as part of the stack."""

import pulumi
from pulumi_aws import ssm

from components.chaos.hold_document import NAME, document_content
from components.place import Place


class ConnectionHold(pulumi.ComponentResource):
    """The document, under a name that is known at preview."""

    document: ssm.Document

    def __init__(self, name: str, place: Place, stage: int, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:chaos:ConnectionHold", name, None, opts)
        self.document = ssm.Document(
            f"{name}-document",
            name=place.name(NAME),
            document_type="Command",
            document_format="JSON",
            target_type="/AWS::EC2::Instance",
            content=document_content(),
            tags=place.tags(stage),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"name": self.document.name})
