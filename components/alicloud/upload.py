"""A code folder on its way to a function: zipped, and uploaded under its hash."""

from __future__ import annotations

from pulumi_alicloud import fc, oss

from components import packaging
from components.alicloud.function_settings import Source
from components.base import Component
from components.function import CodeFolder

FUNCTION = "alicloud:fc/v3Function:V3Function"


def declare_upload(owner: Component, code: CodeFolder) -> Source:
    """Zip a folder and declare the object that carries it.

    Another code is another object: the service reads code once, when the function turns to it, and never reports where
    it came from, so that the name alone tells the provider of a change. The old object goes when the new one serves;
    earlier versions have the code in themselves.

    Args:
        owner: the function.
        code: the folder and the bucket, in the function's region.

    Raises:
        UserError: the folder is missing, empty, too large, or holds what no archive may.
    """
    archive = packaging.archive(f"CodeFolder.path of {owner.logical_name}", code.path, code.ignore)
    uploaded = oss.BucketObject(
        owner.child("code"),
        bucket=code.bucket.name,
        # The function's own name in front: stages that share a bucket must not share, and delete, an object.
        key=f"{owner.physical_name(FUNCTION)}-{archive.sha256}.zip",
        # Relative: state must hold no path of one machine.
        source=archive.path,
        acl="private",
        content_type="application/zip",
        server_side_encryption="AES256",
        opts=owner.options(),
    )
    place = fc.V3FunctionCodeArgs(oss_bucket_name=uploaded.bucket, oss_object_name=uploaded.key)
    return Source(identity=archive.sha256, code=place)
