"""Types that cost nothing anywhere: identities, public certificates, names and random values made locally."""

from __future__ import annotations

from pricing.registry import free

_IDENTITY = (
    "accessKey:AccessKey",
    "accountAlias:AccountAlias",
    "accountPasswordPolicy:AccountPasswordPolicy",
    "group:Group",
    "groupMembership:GroupMembership",
    "groupPoliciesExclusive:GroupPoliciesExclusive",
    "groupPolicy:GroupPolicy",
    "groupPolicyAttachment:GroupPolicyAttachment",
    "groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    "instanceProfile:InstanceProfile",
    "openIdConnectProvider:OpenIdConnectProvider",
    "organizationsFeatures:OrganizationsFeatures",
    "policy:Policy",
    "policyAttachment:PolicyAttachment",
    "role:Role",
    "rolePoliciesExclusive:RolePoliciesExclusive",
    "rolePolicy:RolePolicy",
    "rolePolicyAttachment:RolePolicyAttachment",
    "rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "samlProvider:SamlProvider",
    "securityTokenServicePreferences:SecurityTokenServicePreferences",
    "serverCertificate:ServerCertificate",
    "serviceLinkedRole:ServiceLinkedRole",
    "serviceSpecificCredential:ServiceSpecificCredential",
    "signingCertificate:SigningCertificate",
    "sshKey:SshKey",
    "user:User",
    "userGroupMembership:UserGroupMembership",
    "userLoginProfile:UserLoginProfile",
    "userPoliciesExclusive:UserPoliciesExclusive",
    "userPolicy:UserPolicy",
    "userPolicyAttachment:UserPolicyAttachment",
    "userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
    "virtualMfaDevice:VirtualMfaDevice",
)
_RANDOM = (
    "RandomBytes",
    "RandomId",
    "RandomInteger",
    "RandomPassword",
    "RandomPet",
    "RandomShuffle",
    "RandomString",
    "RandomUuid",
)

free(*(f"aws:iam/{name}" for name in _IDENTITY), why="IAM is free of charge", source="https://aws.amazon.com/iam/faqs/")
free(
    "aws:acm/certificateValidation:CertificateValidation",
    why="waits for a certificate; nothing is made",
    source="https://aws.amazon.com/certificate-manager/pricing/",
)
free(
    *(f"random:index/{name[0].lower()}{name[1:]}:{name}" for name in _RANDOM),
    why="made on the machine that runs the program; nothing exists in the cloud",
    source="https://www.pulumi.com/registry/packages/random/",
)
free(
    *(f"tls:index/{name[0].lower()}{name[1:]}:{name}" for name in ("CertRequest", "LocallySignedCert", "PrivateKey")),
    "tls:index/selfSignedCert:SelfSignedCert",
    why="made on the machine that runs the program; nothing exists in the cloud",
    source="https://www.pulumi.com/registry/packages/tls/",
)
free(
    "aws:resourcegroups/group:Group",
    why="a query by tags, free of charge",
    source="https://docs.aws.amazon.com/ARG/latest/userguide/resource-groups.html",
)
