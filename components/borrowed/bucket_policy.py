"""One statement of our own in the policy of a bucket that others own."""

import json
from typing import Any, Final

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.bucket_setting import BucketSetting, code_of
from components.borrowed.decision import Decision, Value, Verb
from components.borrowed.merged_entries import Entry, merged, taken, without
from components.borrowed.plan import Plan
from components.place import Place

_WITHOUT_TLS: Final = [{"Bool": {"aws:SecureTransport": value}} for value in ("false", ["false"], False)]


class BucketPolicyProvider(BucketSetting):
    """Refuses requests without TLS, beside whatever the policy says. Others' statements are sent back as they came.

    S3 keeps one policy a bucket: a policy of our own would replace the owner's.
    """

    named = "policy"
    setting = ("statement",)
    remembered = ("mine", "single")

    def current(self, props: dict[str, Any]) -> Value | None:
        """The policy's text, empty without one."""
        from botocore.exceptions import ClientError

        try:
            return str(self.client(props).get_bucket_policy(**self.asked(props))["Policy"])
        except ClientError as error:
            if code_of(error) == "NoSuchBucket":
                return None
            if code_of(error) == "NoSuchBucketPolicy":
                return ""
            raise

    def wanted(self, props: dict[str, Any]) -> Value:
        """Our statement as a policy."""
        return _text({}, [json.loads(props["statement"])], single=False)

    def plan(self, props: dict[str, Any], now: Value, known: dict[str, Any] | None) -> Plan:
        """Ours is left out where a statement of theirs says the same."""
        ours = json.loads(props["statement"])
        document = json.loads(now) if now else {}
        statements, single = _statements(document)
        mine = list((known or {}).get("mine") or [])
        single = bool(known["single"]) if known else single
        others = without(statements, "Sid", mine)
        result, verb, why = now, "keep", "as wanted"
        if taken(statements, "Sid", [ours["Sid"]], mine):
            verb, why = "refuse", f"a statement {ours['Sid']} is there that this stack did not make; rename it"
        elif any(_says_the_same(theirs, ours) for theirs in others):
            why = "a statement of its owner says the same, so ours is left out"
            result = _text(document, others, single=single) if mine and len(others) < len(statements) else now
        elif ours not in statements:
            verb, why = "merge", f"{len(others)} statement(s) of others stay as they are; ours goes with `down`"
            result = _text(document, merged(statements, "Sid", mine, [ours]), single=False)
        return Plan(
            now=now,
            result=result,
            remember={"mine": mine if result == now else [ours["Sid"]], "single": single},
            decisions=(self._said(props, now, result, verb, why),),
        )

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Sets the policy; one that is empty is none, as S3 accepts no policy without a statement."""
        if value:
            self.client(props).put_bucket_policy(**self.asked(props), Policy=value)
        else:
            self.client(props).delete_bucket_policy(**self.asked(props))

    def give_back(self, props: dict[str, Any], now: Value, known: dict[str, Any]) -> None:
        """Takes our statement away; with it the policy when nothing else is in it."""
        from components.borrowed.patience import patiently

        document = json.loads(now) if now else {}
        statements, _ = _statements(document)
        others = without(statements, "Sid", known.get("mine") or [])
        if len(others) < len(statements):
            text = _text(document, others, single=bool(known.get("single")))
            patiently(lambda: self.apply(props, text))

    def told(self, value: Value) -> str:
        """The statements by their Sid."""
        statements, _ = _statements(json.loads(value) if value else {})
        return ", ".join(str(entry.get("Sid") or "without Sid") for entry in statements) or "none"

    def left(self, props: dict[str, Any], value: Value) -> Value:
        """Our statement."""
        sid = json.loads(props["statement"])["Sid"]
        statements, _ = _statements(json.loads(value) if value else {})
        return [entry for entry in statements if entry.get("Sid") == sid]

    def _said(self, props: dict[str, Any], now: Value, result: Value, verb: str, why: str) -> Decision:
        verbs: dict[str, Verb] = {"keep": "keep", "refuse": "refuse", "merge": "merge"}
        return self.line(props, now, result, verbs[verb], why)


class BucketPolicy(Resource, module="backup", name="BucketPolicy"):
    """Adds one statement to an existing bucket's policy, because its owner asked for it."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        bucket: pulumi.Input[str],
        statement: dict[str, object],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {**place.borrowing(), "bucket": bucket, "statement": json.dumps(statement)}
        super().__init__(BucketPolicyProvider(), name, props, opts)


def _statements(document: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """The statements, and whether there is one that stands alone: IAM's grammar allows that."""
    found = document.get("Statement", [])
    return ([found], True) if isinstance(found, dict) else (list(found), False)


def _text(document: dict[str, Any], statements: Any, *, single: bool) -> str:
    if not statements:
        return ""
    held = statements[0] if single and len(statements) == 1 else statements
    found = {**(document or {"Version": "2012-10-17"}), "Statement": held}
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def _says_the_same(theirs: Entry, ours: Entry) -> bool:
    return (
        theirs.get("Effect") == "Deny"
        and theirs.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and bool({"s3:*", "*"} & set(_list(theirs.get("Action"))))
        and set(_list(ours["Resource"])) <= set(_list(theirs.get("Resource")))
        and theirs.get("Condition") in _WITHOUT_TLS
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
