"""A code folder on its way to a function: zipped, and uploaded under its hash."""

from __future__ import annotations

import pulumi
from pulumi_volcengine import tos

from components import packaging
from components.base import Component
from components.function import CodeFolder
from components.volcengine.facts import tag_list
from components.volcengine.function_settings import Source


def declare_upload(owner: Component, code: CodeFolder) -> Source:
    """Zip a folder and declare the object that carries it.

    Another code is another object, and takes the place of the old one. The service copies the code when the function
    turns to it, so that neither calls nor earlier versions need the old object.

    Args:
        owner: the function.
        code: the folder and the bucket.

    Raises:
        UserError: the folder is missing, empty, too large, or holds what no archive may.
    """
    where = f"CodeFolder.path of {owner.logical_name}"
    archive = packaging.archive(where, code.path, code.ignore)
    uploaded = tos.BucketObject(
        owner.child("code"),
        bucket_name=code.bucket.name,
        # The function's own name in front: stages that share a bucket must not share, and delete, an object.
        object_name=f"{owner.physical_name('volcengine:vefaas/function:Function')}-{archive.sha256}.zip",
        # Relative: an absolute path differs by machine, and a different path replaces the object.
        file_path=archive.path,
        content_type="application/zip",
        tags=tag_list(tos.BucketObjectTagArgs, owner.tags()),
        # Our buckets encrypt on their own. The service then reports it for the object, and unset-but-reported would
        # replace the object on every `up`. Replaced under the same name, deleting the old one last would take the new
        # one along.
        opts=owner.options(ignore_changes=["encryption"], delete_before_replace=True),
    )
    address = pulumi.Output.concat(uploaded.bucket_name, ":", uploaded.object_name)
    return Source(type="tos", value=address, identity=archive.sha256)
