"""Which lifecycle rules a bucket of others gets, and why not. Pure.

A rule of ours deletes versions for good, and of several rules S3 follows the one that expires first (S3 guide,
lifecycle-conflicts). So ours comes only where overwritten versions were not kept before we came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.borrowed.decision import Verb

Rule = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class LifecycleWish:
    """What the stack asks for; `multipart_days` and `shorten` are the owner's word for this bucket."""

    prefix: str
    noncurrent_days: int
    newer_versions: int
    multipart_days: int | None
    shorten: bool

    @property
    def versions_id(self) -> str:
        """The id of our rule about overwritten versions."""
        return f"{self.prefix}expire-old-versions"

    @property
    def uploads_id(self) -> str:
        """The id of our rule about unfinished uploads."""
        return f"{self.prefix}abort-unfinished-uploads"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Our rule, or none, in words."""

    about: str
    wanted: str
    rule: dict[str, Any] | None
    decision: Verb
    why: str


def answers(wish: LifecycleWish, others: Sequence[Rule], *, was_versioned: bool) -> list[Answer]:
    """One answer about overwritten versions, and one about unfinished uploads."""
    return [_versions(wish, others, was_versioned=was_versioned), _uploads(wish, others)]


def _versions(wish: LifecycleWish, others: Sequence[Rule], *, was_versioned: bool) -> Answer:
    rule = {
        "ID": wish.versions_id,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "NoncurrentVersionExpiration": {
            "NoncurrentDays": wish.noncurrent_days,
            "NewerNoncurrentVersions": wish.newer_versions,
        },
    }
    wanted = f"expire overwritten versions after {wish.noncurrent_days} days"
    theirs = next((other for other in others if _covers_versions(other)), None)
    left: str | None = None
    if theirs is not None:
        left = f"rule {_name(theirs)} of its owner covers overwritten versions{_too_soon(theirs, wish)}"
    elif was_versioned and not wish.shorten:
        left = "its owner keeps overwritten versions for ever; say `shorten` with `noncurrentDays` to end that"
    elif _is_old_form(others):
        left = "its owner's rules have a Prefix without Filter, which S3 does not mix with ours"
    if left is not None:
        return Answer(about="overwritten versions", wanted=wanted, rule=None, decision="leave", why=left)
    why = "its owner wrote `shorten` for it" if was_versioned else "overwritten versions were not kept before"
    return Answer(about="overwritten versions", wanted=wanted, rule=rule, decision="merge", why=why)


def _uploads(wish: LifecycleWish, others: Sequence[Rule]) -> Answer:
    about = "unfinished uploads"
    if wish.multipart_days is None:
        why = "not asked for: set `multipartDays` for this bucket to have uploads aborted"
        return Answer(about=about, wanted="as they are", rule=None, decision="leave", why=why)
    wanted = f"abort after {wish.multipart_days} days"
    theirs = next((other for other in others if _is_on(other) and other.get("AbortIncompleteMultipartUpload")), None)
    if theirs is not None:
        why = f"rule {_name(theirs)} of its owner covers unfinished uploads"
        return Answer(about=about, wanted=wanted, rule=None, decision="leave", why=why)
    if _is_old_form(others):
        why = "its owner's rules have a Prefix without Filter, which S3 does not mix with ours"
        return Answer(about=about, wanted=wanted, rule=None, decision="leave", why=why)
    rule = {
        "ID": wish.uploads_id,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": wish.multipart_days},
    }
    return Answer(about=about, wanted=wanted, rule=rule, decision="merge", why="its owner asked for it")


def _covers_versions(rule: Rule) -> bool:
    return _is_on(rule) and bool(rule.get("NoncurrentVersionExpiration") or rule.get("NoncurrentVersionTransitions"))


def _too_soon(rule: Rule, wish: LifecycleWish) -> str:
    days = (rule.get("NoncurrentVersionExpiration") or {}).get("NoncurrentDays")
    if days is None or int(days) >= wish.noncurrent_days:
        return ""
    return f", for {days} days only: less than the {wish.noncurrent_days} that a roll-back needs, so ask for more"


def _is_on(rule: Rule) -> bool:
    return rule.get("Status") != "Disabled"


def _is_old_form(rules: Sequence[Rule]) -> bool:
    return any("Prefix" in rule and "Filter" not in rule for rule in rules)


def _name(rule: Rule) -> str:
    return str(rule.get("ID") or "without id")
