"""What stays when the stack is taken down: what holds data, and what that data cannot do without."""

from collections.abc import Sequence

import pulumi

from components.place import Place


def kept(
    place: Place, name: str | None, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
) -> pulumi.ResourceOptions:
    """Options of a resource that `pulumi destroy` leaves where it is.

    AWS refuses to delete a table under deletion protection, a bucket with versions in it and a vault with recovery
    points, and the provider's delete is that one call: without this a stack that has been used cannot be taken down.
    `ial down --delete-data` deletes what is kept, and knows it by this option.

    `name` is the physical name, which is also what the provider imports by: a resource that an earlier `down` left is
    taken back when `ial:adopt` names it. None is for what the provider's create overwrites, such as a bucket's
    settings: those are never imported.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=list(depends_on),
        retain_on_delete=True,
        import_=name if name in place.adopted else None,
    )
