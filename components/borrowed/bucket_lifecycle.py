"""Lifecycle rules of our own among those of a bucket that others own."""

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.bucket_setting import BucketSetting, code_of
from components.borrowed.decision import Decision, Value
from components.borrowed.lifecycle_rules import Answer, LifecycleWish, answers
from components.borrowed.merged_entries import merged, taken, without
from components.borrowed.patience import patiently
from components.borrowed.plan import Plan
from components.place import Place
from contract.names import resource_prefix


class BucketLifecycleProvider(BucketSetting):
    """Adds rules under our own ids; others' rules are sent back as they came, with the bucket's minimum size.

    `TransitionDefaultMinimumObjectSize` belongs to the whole configuration, and S3 puts its default where a request
    leaves it out (API_PutBucketLifecycleConfiguration).
    """

    named = "lifecycle"
    setting = ("noncurrentDays", "newerVersions", "multipartDays", "shorten")
    remembered = ("mine", "wasVersioned")

    def current(self, props: dict[str, Any]) -> Value | None:
        """The rules and the minimum size."""
        from botocore.exceptions import ClientError

        try:
            answer = self.client(props).get_bucket_lifecycle_configuration(**self.asked(props))
        except ClientError as error:
            if code_of(error) == "NoSuchBucket":
                return None
            if code_of(error) == "NoSuchLifecycleConfiguration":
                return {"rules": [], "minimumSize": None}
            raise
        return {"rules": answer.get("Rules", []), "minimumSize": answer.get("TransitionDefaultMinimumObjectSize")}

    def plan(self, props: dict[str, Any], now: Value, known: dict[str, Any] | None) -> Plan:
        """Ours where they take nothing away; `wasVersioned` says whether versions were kept before we came."""
        wish = _wish(props)
        was_versioned = bool(known["wasVersioned"]) if known else self._is_versioned(props)
        mine = list((known or {}).get("mine") or [])
        ids = [wish.versions_id, wish.uploads_id]
        said = answers(wish, without(now["rules"], "ID", mine), was_versioned=was_versioned)
        wanted = [answer.rule for answer in said if answer.rule is not None]
        foreign = taken(now["rules"], "ID", ids, mine)
        rules = now["rules"] if foreign else merged(now["rules"], "ID", mine, wanted)
        result = {**now, "rules": rules}
        lines = [self._said(props, now, answer) for answer in said]
        if foreign:
            why = f"a rule {foreign[0]} is there that this stack did not make; rename it"
            lines = [self.line(props, now, result, "refuse", why)]
        return Plan(
            now=now,
            result=result,
            remember={"mine": mine if result == now else ids, "wasVersioned": was_versioned},
            decisions=tuple(lines),
        )

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Sets the rules; without any the configuration goes, as S3 accepts no empty one."""
        client, asked = self.client(props), self.asked(props)
        if not value["rules"]:
            client.delete_bucket_lifecycle(**asked)
            return
        size = {"TransitionDefaultMinimumObjectSize": value["minimumSize"]} if value["minimumSize"] else {}
        rules = {"Rules": value["rules"]}
        client.put_bucket_lifecycle_configuration(**asked, LifecycleConfiguration=rules, **size)

    def give_back(self, props: dict[str, Any], now: Value, known: dict[str, Any]) -> None:
        """Takes our rules away; with them the configuration when nothing else is in it."""
        others = without(now["rules"], "ID", known.get("mine") or [])
        if len(others) < len(now["rules"]):
            patiently(lambda: self.apply(props, {**now, "rules": others}))

    def wanted(self, props: dict[str, Any]) -> Value:
        """Both rules, whatever is there."""
        said = answers(_wish(props), [], was_versioned=False)
        return {"rules": [answer.rule for answer in said if answer.rule], "minimumSize": None}

    def told(self, value: Value) -> str:
        """The rules by their id."""
        return ", ".join(str(rule.get("ID") or "without id") for rule in value["rules"]) or "none"

    def left(self, props: dict[str, Any], value: Value) -> Value:
        """Our rules by what they do: whether they are on, and after how many days."""
        wish = _wish(props)
        ours = [rule for rule in value["rules"] if rule.get("ID") in (wish.versions_id, wish.uploads_id)]
        return {rule["ID"]: {"status": rule.get("Status"), "days": _days(rule)} for rule in ours}

    def _is_versioned(self, props: dict[str, Any]) -> bool:
        return "Status" in self.client(props).get_bucket_versioning(**self.asked(props))

    def _said(self, props: dict[str, Any], now: Value, answer: Answer) -> Decision:
        there = answer.rule is not None and answer.rule in now["rules"]
        return Decision(
            resource=f"{self.kind} {self.name_of(props)}",
            setting=f"lifecycle of {answer.about}",
            found=self.told(now),
            wanted=answer.wanted,
            decision="keep" if there else answer.decision,
            result="left to its owner" if answer.rule is None else f"rule {answer.rule['ID']}",
            why="as wanted" if there else answer.why,
        )


class BucketLifecycle(Resource, module="backup", name="BucketLifecycle"):
    """Ends what an existing bucket keeps only because we switched versioning on, and nothing else."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        bucket: pulumi.Input[str],
        noncurrent_days: int,
        newer_versions: int,
        multipart_days: int | None,
        shorten: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        wish = {"noncurrentDays": noncurrent_days, "newerVersions": newer_versions, "shorten": shorten}
        more = {} if multipart_days is None else {"multipartDays": multipart_days}
        super().__init__(BucketLifecycleProvider(), name, {**place.borrowing(), "bucket": bucket, **wish, **more}, opts)


def _days(rule: Any) -> int:
    versions, uploads = (rule.get(key, {}) for key in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"))
    return int(versions.get("NoncurrentDays") or uploads.get("DaysAfterInitiation") or 0)


def _wish(props: dict[str, Any]) -> LifecycleWish:
    days = props.get("multipartDays")
    return LifecycleWish(
        prefix=resource_prefix(props["environment"]),
        noncurrent_days=int(props["noncurrentDays"]),
        newer_versions=int(props["newerVersions"]),
        multipart_days=None if days is None else int(days),
        shorten=bool(props.get("shorten")),
    )
