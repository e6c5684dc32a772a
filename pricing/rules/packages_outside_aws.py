"""Packages that make nothing in AWS by themselves: they work where the program runs, or on a machine that is there."""

from __future__ import annotations

from pricing.registry import free

_REGISTRY = "https://www.pulumi.com/registry/packages/{package}/api-docs/"
_DOCKER = (
    "buildxBuilder:BuildxBuilder",
    "container:Container",
    "image:Image",
    "network:Network",
    "plugin:Plugin",
    "registryImage:RegistryImage",
    "remoteImage:RemoteImage",
    "secret:Secret",
    "service:Service",
    "serviceConfig:ServiceConfig",
    "tag:Tag",
    "volume:Volume",
)

free(
    "command:local:Command",
    "command:local:Run",
    "command:remote:Command",
    "command:remote:CopyFile",
    "command:remote:CopyToRemote",
    why="the command itself bills nothing; what it makes in AWS is not seen here, so declare that under declaredCosts",
    source=_REGISTRY.format(package="command"),
)
free(
    *(f"docker:index/{name}" for name in _DOCKER),
    why="it lives in a Docker engine; an image that is pushed bills through its repository's declared storage",
    source=_REGISTRY.format(package="docker"),
)
free(
    "docker-build:index:Image",
    "docker-build:index:Index",
    why="it is built by a Docker engine; what is pushed bills through its repository's declared storage",
    source=_REGISTRY.format(package="docker-build"),
)
free(
    *(f"time:index/{name}" for name in ("offset:Offset", "rotating:Rotating", "sleep:Sleep", "static:Static")),
    why="a moment that is kept in the state; nothing exists in the cloud",
    source=_REGISTRY.format(package="time"),
)
free(
    "archive:index/file:File",
    why="a file made on the machine that runs the program",
    source=_REGISTRY.format(package="archive"),
)
free(
    "null:index/resource:Resource",
    why="it stands for nothing",
    source=_REGISTRY.format(package="null"),
)
free(
    "random:index/randomUuid4:RandomUuid4",
    "random:index/randomUuid7:RandomUuid7",
    why="made on the machine that runs the program; nothing exists in the cloud",
    source=_REGISTRY.format(package="random"),
)
