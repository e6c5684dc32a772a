"""Calls a person, by the topic of all of a stack's notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runners.aws.session import Clients, calling

# SNS takes no more of a subject, in ASCII and without line breaks.
# Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
_LONGEST: Final = 99


@dataclass(frozen=True)
class Pages:
    """One topic."""

    clients: Clients
    topic: str

    def page(self, subject: str, text: str) -> None:
        """Publishes.

        Raises:
            AwsError: nobody could be told.
        """
        short = " ".join(subject.encode("ascii", "replace").decode().split())[:_LONGEST]
        with calling("sns:Publish", self.topic):
            self.clients.client("sns").publish(TopicArn=self.topic, Subject=short, Message=text)
