"""IAM roles and their policies."""

from __future__ import annotations

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, tag_list, upsert


def _put_role(endpoint: Endpoint, properties: Properties) -> Made:
    iam, name = endpoint.client("iam"), properties["name"]
    seconds = int(properties.get("maxSessionDuration") or 3600)
    try:
        iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=properties["assumeRolePolicy"], MaxSessionDuration=seconds,
            Description=properties.get("description") or "", Tags=tag_list(properties),
        )  # fmt: skip
    except iam.exceptions.EntityAlreadyExistsException:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=properties["assumeRolePolicy"])
        iam.update_role(RoleName=name, MaxSessionDuration=seconds, Description=properties.get("description") or "")
        iam.tag_role(RoleName=name, Tags=tag_list(properties))
    role = iam.get_role(RoleName=name)["Role"]
    return Made(
        name, {"arn": role["Arn"], "uniqueId": role["RoleId"], "createDate": f"{role['CreateDate']:%Y-%m-%dT%H:%M:%SZ}"}
    )


def _delete_role(endpoint: Endpoint, name: str, _: Properties) -> None:
    # Policies that somebody attached keep a role, as they do at AWS: DeleteConflict.
    endpoint.client("iam").delete_role(RoleName=name)


def _role_there(endpoint: Endpoint, name: str) -> bool:
    iam = endpoint.client("iam")
    try:
        iam.get_role(RoleName=name)
    except iam.exceptions.NoSuchEntityException:
        return False
    return True


def _put_policy(endpoint: Endpoint, properties: Properties) -> Made:
    role, name = properties["role"], properties["name"]
    endpoint.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=properties["policy"])
    return Made(f"{role}:{name}")


def _delete_policy(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("iam").delete_role_policy(RoleName=properties["role"], PolicyName=properties["name"])


def _attach(endpoint: Endpoint, properties: Properties) -> Made:
    role, arn = properties["role"], properties["policyArn"]
    endpoint.client("iam").attach_role_policy(RoleName=role, PolicyArn=arn)
    return Made(f"{role}/{arn}")


def _detach(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("iam").detach_role_policy(RoleName=properties["role"], PolicyArn=properties["policyArn"])


KINDS: dict[str, Kind] = {
    "aws:iam/role:Role": upsert(_put_role, _delete_role, "name", there=_role_there),
    "aws:iam/rolePolicy:RolePolicy": upsert(_put_policy, _delete_policy, "name", "role"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": upsert(_attach, _detach, "role", "policyArn"),
}
