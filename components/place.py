"""Where a stack lives, and the names, ARNs and tags that follow from it."""

from dataclasses import dataclass

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US, OWNER_TAG, STAGE_TAG, resource_prefix

_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Account, region, environment and owner: everything needed to name things without asking AWS.

    `adopted` names what an earlier `down` left and this stack takes back.
    """

    account: str
    region: str
    environment: str
    owner: str
    adopted: frozenset[str] = frozenset()

    @property
    def partition(self) -> str:
        """The AWS partition of the region."""
        return next((name for prefix, name in _PARTITIONS if self.region.startswith(prefix)), "aws")

    def name(self, role: str) -> str:
        """The physical name of the thing with this role: known at preview, so that policies can read it."""
        return f"{resource_prefix(self.environment)}{role}"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a regional resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account that has no region, such as a role."""
        return f"arn:{self.partition}:{service}::{self.account}:{resource}"

    def bucket_arn(self, bucket: str) -> str:
        """The ARN of a bucket; it has neither region nor account."""
        return f"arn:{self.partition}:s3:::{bucket}"

    def table_arn(self, table: str) -> str:
        """The ARN of a DynamoDB table."""
        return self.arn("dynamodb", f"table/{table}")

    def borrowing(self) -> dict[str, str]:
        """What a provider that changes settings of others must know: whose account it has to be, and for whom."""
        return {"account": self.account, "environment": self.environment, "region": self.region}

    def tags(self, stage: int) -> dict[str, str]:
        """The four tags that every taggable resource carries; `stage` is the stage that brought the resource.

        They are set on each resource and not as the provider's default tags, which policies can't see.
        """
        return {
            OWNER_TAG: self.owner,
            ENVIRONMENT_TAG: self.environment,
            STAGE_TAG: str(stage),
            MANAGED_BY_TAG: MANAGED_BY_US,
        }
