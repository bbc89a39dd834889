"""An image as SCF wants it named: which edition of the registry, which instance, and pinned by digest.

The service reports every image with its digest, and the provider compares texts: a tag alone would be a change on every
`up`. So the digest is asked of the registry, where there is one to ask, and a tag that is pushed anew is a new version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pulumi
from tencentcloud_iac_pulumi import tcr

from components.base import Component, as_output
from components.errors import UserError
from components.function import FunctionArgs
from components.tencentcloud.function_native import FunctionNative
from components.tencentcloud.function_settings import PORT

ENTERPRISE = ".tencentcloudcr.com"
"""Hosts of instances, which begin with the instance's name."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """Where an image lies."""

    uri: str
    """The whole reference, by digest where that is known."""
    type: str
    """The service's word for the edition: `enterprise` or `personal`."""
    registry_id: str = ""
    """The enterprise instance; empty for none."""


def image_config(owner: Component, args: FunctionArgs, native: FunctionNative) -> dict[str, Any]:
    """The image in the provider's shape.

    Args:
        owner: the function's component.
        args: its arguments.
        native: its extras.
    """
    given = cast("pulumi.Input[str]", args.image)  # FunctionArgs demands exactly one of image and code
    known = pulumi.Output.all(given, native.registry_id)
    image = cast("pulumi.Output[Image]", known.apply(lambda both: find(owner, both[0], both[1])))
    command, *more = (args.command or "").split() or [""]
    return {
        "image_uri": image.apply(lambda one: one.uri),
        "image_type": image.apply(lambda one: one.type),
        "registry_id": image.apply(lambda one: one.registry_id),
        # Empty words leave the image's own.
        "command": command,
        "args": " ".join(more),
        "image_port": args.listens_on or PORT,
        "container_image_accelerate": native.accelerate_image,
    }


def find(owner: Component, reference: str, registry_id: str | None) -> pulumi.Output[Image]:
    """Find an image: its registry's instance by the host, its digest by the tag.

    An image of the personal edition stays as it is, since nothing tells its digest: named by a tag alone, it is sent
    anew on every `up`, to the function alone; versions, and with them calls, stay as they are.

    Args:
        owner: the function's component.
        reference: the reference, as the user gave it.
        registry_id: the instance, where that was said too.
    """
    host, _, path = reference.partition("/")
    if registry_id is None and not host.endswith(ENTERPRISE):
        return as_output(Image(uri=reference, type="personal"))
    found = as_output(registry_id) if registry_id else _instance(owner, host.removesuffix(ENTERPRISE))
    return cast("pulumi.Output[Image]", found.apply(lambda instance: _pinned(owner, reference, path, instance)))


def _instance(owner: Component, name: str) -> pulumi.Output[str]:
    """Id of an instance, by its name."""

    def only(answer: tcr.GetInstancesResult) -> str:
        # The service looks for names that contain the word.
        for one in answer.instance_lists:
            if one.name == name:
                return str(one.id)
        what = f"{owner.scope.region} has no registry named {name}"
        raise UserError("FunctionArgs.image", what, "give FunctionNative.registry_id where it lies elsewhere")

    return tcr.get_instances_output(name=name, opts=owner.invoke_options()).apply(only)


def _pinned(owner: Component, reference: str, path: str, instance: str) -> pulumi.Output[Image]:
    if "@" in reference:
        return as_output(Image(uri=reference, type="enterprise", registry_id=instance))
    name, _, tag = path.rpartition(":")
    namespace, _, repository = name.partition("/")

    def digest(answer: tcr.GetImagesResult) -> Image:
        for one in answer.image_info_lists:
            if one.image_version == tag:
                return Image(uri=f"{reference}@{one.digest}", type="enterprise", registry_id=instance)
        raise UserError("FunctionArgs.image", f"{reference} is not in its registry", "push it first, or mend its name")

    asked = tcr.get_images_output(
        registry_id=instance, namespace_name=namespace, repository_name=repository, image_version=tag, exact_match=True,
        opts=owner.invoke_options(),
    )  # fmt: skip
    return asked.apply(digest)
