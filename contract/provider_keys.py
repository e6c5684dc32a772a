"""What becomes of each `aws:` setting of a stack where ial itself signs calls: in runners and in dynamic providers.

The provider's own resources obey all of them. ial signs beside it, so each is obeyed here as well, or says nothing
about who signs and for where, or is refused by name. Source of the keys: `pulumi_aws.config`; a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Treatment(StrEnum):
    """What is done with a setting."""

    HONOURED = "honoured"
    HARMLESS = "harmless"
    REFUSED = "refused"


@dataclass(frozen=True)
class ProviderKey:
    """One setting. `why` says why it may be passed over, or what to do instead of it."""

    treatment: Treatment
    why: str = ""


_HONOURED: Final = ProviderKey(Treatment.HONOURED)
_TAGS: Final = ProviderKey(Treatment.HARMLESS, "it is about tags of the provider's resources")
_RETRIES: Final = ProviderKey(Treatment.HARMLESS, "ial has retries of its own")
_CHECKS: Final = ProviderKey(Treatment.HARMLESS, "ial asks for the account whatever the provider skips")


def _variable(names: str) -> ProviderKey:
    return ProviderKey(Treatment.REFUSED, f"set {names} in the environment, which the provider and ial both read")


PROVIDER_KEYS: Final[Mapping[str, ProviderKey]] = {
    "accessKey": _HONOURED,
    "allowedAccountIds": _HONOURED,
    "assumeRoleWithWebIdentity": _variable("AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE"),
    "assumeRoles": _HONOURED,
    "customCaBundle": _HONOURED,
    "defaultTags": _TAGS,
    "ec2MetadataServiceEndpoint": _variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
    "ec2MetadataServiceEndpointMode": _variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
    "endpoints": _HONOURED,
    "forbiddenAccountIds": _HONOURED,
    "httpProxy": _variable("HTTP_PROXY"),
    "httpsProxy": _variable("HTTPS_PROXY"),
    "ignoreTags": _TAGS,
    "insecure": ProviderKey(Treatment.REFUSED, "ial talks to nobody whose certificate it cannot check: customCaBundle"),
    "maxRetries": _RETRIES,
    "noProxy": _variable("NO_PROXY"),
    "profile": _HONOURED,
    "region": _HONOURED,
    "retryMode": _RETRIES,
    "s3UsEast1RegionalEndpoint": ProviderKey(Treatment.HARMLESS, "both addresses lead to the same buckets"),
    "s3UsePathStyle": _HONOURED,
    "secretKey": _HONOURED,
    "sharedConfigFiles": _HONOURED,
    "sharedCredentialsFiles": _HONOURED,
    "skipCredentialsValidation": _CHECKS,
    "skipMetadataApiCheck": ProviderKey(Treatment.HARMLESS, "whoever the machine's role is, the account is compared"),
    "skipRegionValidation": _CHECKS,
    "skipRequestingAccountId": _CHECKS,
    "stsRegion": _HONOURED,
    "tagPolicyCompliance": _TAGS,
    "token": _HONOURED,
    "tokenBucketRateLimiterCapacity": _RETRIES,
    "useDualstackEndpoint": _HONOURED,
    "useFipsEndpoint": _HONOURED,
    "userAgents": ProviderKey(Treatment.HARMLESS, "it is a name in the provider's own requests"),
}
# Keys of earlier versions of the provider, which this one no longer reads.
FORMER_KEYS: Final[Mapping[str, str]] = {"assumeRole": "write aws:assumeRoles, a list, with the same role in it"}

# The provider's names for the services that ial calls, by botocore's name. Source: pulumi_aws.config.outputs.Endpoints.
ENDPOINT_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "application-autoscaling": ("appautoscaling", "applicationautoscaling"),
    "autoscaling": ("autoscaling",),
    "backup": ("backup",),
    "budgets": ("budgets",),
    "cloudwatch": ("cloudwatch",),
    "dynamodb": ("dynamodb",),
    "ec2": ("ec2",),
    "ecs": ("ecs",),
    "elbv2": ("elbv2", "elasticloadbalancingv2"),
    "events": ("eventbridge", "cloudwatchevents", "events"),
    "fis": ("fis",),
    "iam": ("iam",),
    "logs": ("logs", "cloudwatchlogs", "cloudwatchlog"),
    "rds": ("rds",),
    "resource-groups": ("resourcegroups",),
    "s3": ("s3", "s3api"),
    "scheduler": ("scheduler",),
    "sns": ("sns",),
    "ssm": ("ssm",),
    "sts": ("sts",),
    "xray": ("xray",),
}
