from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

TOPIC, SUBSCRIPTION = "aws:sns/topic:Topic", "aws:sns/topicSubscription:TopicSubscription"
INFRACOST = "infracost sns_topic_test.golden"
Lines = Callable[..., dict[str, Decimal | None]]


def test_a_topic_bills_requests(lines: Lines) -> None:
    assert lines(TOPIC, {}, {"requests": 2_000_000}) == {"Publish requests": Decimal(1)}  # 2 x 0.50
    assert lines(TOPIC) == {"Publish requests": None}


def test_a_fifo_topic_bills_messages_and_payload(lines: Lines) -> None:
    # AWS SNS pricing: 0.30 per million and 0.017 per GB
    assert lines(TOPIC, {"fifoTopic": True}, {"requests": 1_000_000, "payload_gb": 10}) == {
        "Messages published (FIFO)": Decimal("0.3"),
        "Payload published (FIFO)": Decimal("0.17"),
    }


@pytest.mark.parametrize(
    ("protocol", "deliveries", "line", "usd", "source"),
    [
        ("email", 299_000, "Email deliveries", "5.98", INFRACOST + ": 2.99 x 2.00"),
        ("email-json", 100_000, "Email deliveries", "2", INFRACOST),
        ("http", 1_000_000, "HTTP deliveries", "0.6", "infracost sns_topic_subscription_test.golden: 0.60 per million"),
        ("https", 100_000, "HTTP deliveries", "0.06", INFRACOST),
        ("firehose", 4_000_000, "Firehose deliveries", "0.76", INFRACOST),
        ("application", 5_000_000, "Mobile push deliveries", "2.5", INFRACOST),
        ("lambda", 0, "Lambda deliveries", "0", "AWS SNS pricing: no charge for Lambda"),
        ("sqs", 0, "SQS deliveries", "0", "AWS SNS pricing: no charge for SQS"),
    ],
)
def test_a_subscription_bills_deliveries_by_protocol(
    lines: Lines, protocol: str, deliveries: int, line: str, usd: str, source: str
) -> None:
    usage = {"deliveries": deliveries} if deliveries else None
    assert lines(SUBSCRIPTION, {"protocol": protocol}, usage) == {line: Decimal(usd)}, source


def test_deliveries_must_be_declared_and_an_unknown_protocol_is_the_dearest(lines: Lines) -> None:
    assert lines(SUBSCRIPTION, {"protocol": "email"}) == {"Email deliveries": None}
    assert lines(SUBSCRIPTION, {"protocol": UNKNOWN}, {"deliveries": 1000}) == {"Email deliveries": Decimal("0.02")}


def test_deliveries_of_a_fifo_topic(lines: Lines) -> None:
    fifo = {"protocol": "sqs", "topic": "arn:aws:sns:us-east-1:111111111111:orders.fifo"}
    assert lines(SUBSCRIPTION, fifo, {"deliveries": 1_000_000}) == {"Deliveries of a FIFO topic": Decimal("0.01")}


@pytest.mark.parametrize(
    ("reference", "fifo", "depends", "line"),
    [
        (UNKNOWN, True, True, "Deliveries of a FIFO topic"),
        (UNKNOWN, True, False, "SQS deliveries"),
        (UNKNOWN, False, True, "SQS deliveries"),
        (None, True, True, "SQS deliveries"),
    ],
)
def test_a_topic_that_is_made_with_it_is_found_by_dependency(
    declare: Callable[..., Resource],
    price: Callable[..., Estimate],
    reference: object,
    fifo: bool,
    depends: bool,
    line: str,
) -> None:
    topic = declare(TOPIC, {"fifoTopic": fifo}, "topic")
    given = {"protocol": "sqs", "topic": reference}
    made = declare(SUBSCRIPTION, given, depends_on=(topic.urn,) if depends else ())
    assert line in {item.name for item in price(made, topic).resources[0].items}


def test_sms_is_refused_because_it_has_no_list_price(refusal: Callable[..., str]) -> None:
    message = refusal(SUBSCRIPTION, {"protocol": "sms"}, {"deliveries": 10})
    assert message.startswith("unpriceable")
    assert "'sms', which has no list price" in message


def test_payload_that_a_fifo_topic_delivers_bills_by_the_gigabyte(lines: Lines) -> None:
    fifo = {"protocol": "sqs", "topic": "arn:aws:sns:us-east-1:111111111111:orders.fifo"}
    found = lines(SUBSCRIPTION, fifo, {"deliveries": 0, "delivered_gb": 100})
    assert found["Payload delivered (FIFO)"] == Decimal("0.1")
