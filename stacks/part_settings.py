"""Settings of the parts that applications are made of, whatever their blueprint: image, function, domain, database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from stacks.model import Model, refuse
from stacks.secrets import Secret, is_known

SecretEnv = dict[str, Secret | None]
"""Environment variables that are secrets. A key with nothing behind it says that the value is still to be set."""


class ImageSettings(Model):
    """The image, in one of three shapes: a full reference; one to be built; one that is pushed by hand or by CI."""

    reference: str | None = None
    """Full reference: `host/namespace/name:tag`, or with a digest. Written plainly as `image: host/...`."""
    context: str | None = None
    """Folder to build, relative to the project: built for linux/amd64, pushed into the stack's registry, used by its
    digest. Needs Docker where `up` runs."""
    dockerfile: str | None = None
    """Its Dockerfile, relative to the context. Default Dockerfile."""
    name: str | None = None
    """Name inside the stack's registry. Default: the application's."""
    tag: str | None = None
    """Tag of an image in the stack's registry that someone else pushes there."""

    @model_validator(mode="after")
    def _one_shape(self) -> ImageSettings:
        if self.reference is not None and (self.context or self.dockerfile or self.name or self.tag):
            raise refuse("a full reference says it all", "leave the other keys out", "reference")
        if self.reference is None and (self.context is None) == (self.tag is None):
            raise refuse("is neither built nor pushed", "give a full reference, or `context`, or `name` and `tag`")
        if self.dockerfile and self.context is None:
            raise refuse("there is no context to build", "give `context` too", "dockerfile")
        return self


def _reference(value: Any) -> Any:
    return {"reference": value} if isinstance(value, str) else value


Image = Annotated[ImageSettings, BeforeValidator(_reference)]


class CodeSettings(Model):
    """A folder of code, zipped reproducibly and uploaded under its hash."""

    path: str
    """The folder, relative to the project."""
    ignore: list[str] | None = None
    """Patterns left out, in .gitignore's way, beside the usual ones. Default: none."""


class ReleaseSettings(Model):
    """How a new version takes over."""

    weight: int | None = None
    """Percent of calls for the newest version, 0 to 100; the rest stays on the last full one. Default 100. The very
    first release must be 100."""
    revision: int | None = None
    """Number of an earlier version to go back to. Default: the newest code."""
    force: bool | None = None
    """Whether to cut a new version though the last one is still below 100 percent. Default false: refused."""


class InstanceSettings(Model):
    """What every function can be told, whatever runs in it."""

    memory_mb: int | None = None
    """Memory of an instance in MiB. Default 1024; limits and steps differ by cloud."""
    timeout_seconds: int | None = None
    """Longest run of one call in seconds. Default 300 (events 60); a web server needs 180 or more, since it streams."""
    cpu: float | None = None
    """Processors of an instance in vCPU. Default: the cloud's share for the memory."""
    concurrency: int | None = None
    """Calls that one instance serves at once. Default 100."""
    provisioned_concurrency: int | None = None
    """Instances kept ready, and paid for. Default 0: started on demand."""
    reserved_concurrency: int | None = None
    """Most instances at a time: a lid on cost. Default: the account's limit."""
    env: dict[str, str] = Field(default_factory=dict)
    """Environment variables of your own, in clear."""
    secret_env: SecretEnv = Field(default_factory=dict)
    """Environment variables of your own that are secrets: `pulumi config set --secret --path ...`."""


class FunctionSettings(InstanceSettings):
    """What a function of code or of any image can be told."""

    code: CodeSettings | None = None
    """A folder of code to run."""
    runtime: str | None = None
    """The cloud's runtime word for code. Default: the cloud's choice. Cannot be changed in place."""
    async_retries: int | None = None
    """Retries of a failed asynchronous call, 0 to 3. Given, asynchronous calls are switched on. Default: off."""


class DomainSettings(Model):
    """A domain of your own in front of the gateway. In mainland China it needs an ICP filing."""

    name: str
    """Fully qualified name: `chat.example.com`."""
    certificate_id: str | None = None
    """Id of a certificate in the cloud's certificate centre. HTTPS needs this, or the pair below."""
    certificate: str | None = None
    """Certificate chain, PEM, to upload. Public, so in clear."""
    private_key: Secret | None = None
    """Its key, PEM. A secret; needed with `certificate`."""
    dns_zone: str | None = None
    """Zone of the cloud's DNS that gets the CNAME record. Default: none, and the checklist says which record to set."""

    def needs_secrets(self) -> Sequence[str]:
        """The key of the certificate given."""
        return ("private_key",) if self.certificate is not None else ()

    @model_validator(mode="after")
    def _pem(self) -> DomainSettings:
        if self.certificate is not None and not self.certificate.lstrip().startswith("-----BEGIN CERTIFICATE-----"):
            raise refuse("is not PEM", "paste the chain, beginning with -----BEGIN CERTIFICATE-----", "certificate")
        key = self.private_key
        if key and is_known(key) and "PRIVATE KEY-----" not in key.get_secret_value():
            raise refuse(
                "is not PEM", "set the key's file: `pulumi config set --secret --path ... < key.pem`", "private_key"
            )
        return self


class PolicySettings(Model):
    """What the gateway does with calls on their way, where the cloud's gateway can."""

    rate_limit: int | None = None
    """Most calls a second; more are answered with 429. Default: the gateway's capacity."""
    allow_cidrs: list[str] | None = None
    """Blocks that calls may come from. Default: anywhere."""
    request_headers: dict[str, str | None] | None = None
    """Headers that the application gets set to these values, whatever the caller sent; null takes one out."""
    response_headers: dict[str, str | None] | None = None
    """The same for what the caller gets back."""
    timeout_seconds: int | None = None
    """Longest wait for an answer in seconds. Default: the function's, and never shorter."""


class PostgresSettings(Model):
    """A PostgreSQL database, reachable only from the network. Billed by the hour."""

    name: str | None = None
    """Name of the database: lower-case letters, digits and '_'. Default app."""
    user: str | None = None
    """Name of the user that owns it. Default app."""
    version: int | None = None
    """Major version of PostgreSQL, 12 to 17. Default 16. Cannot be changed in place."""
    storage_gb: int | None = None
    """Disk in GiB, 20 to 3000. Default by the profile's size. It only grows."""


class DatabaseSettings(PostgresSettings):
    """The same for an application that is told its address in a variable of your choice."""

    env: str = "DATABASE_URL"
    """Secret environment variable that carries its connection address. Default DATABASE_URL."""


class CorsSettings(Model):
    """Which web pages may use the bucket from a browser."""

    origins: list[str]
    """Origins: `https://chat.example.com`."""
    methods: list[Literal["GET", "PUT", "POST", "DELETE", "HEAD"]] | None = None
    """Methods they may use. Default GET, PUT, POST."""
    headers: list[str] | None = None
    """Request headers they may send. Default: any."""
    max_age_seconds: int | None = None
    """Seconds that a browser remembers the answer, 0 to 86400. Default 600."""


class StorageSettings(Model):
    """A private, encrypted bucket for what the application stores."""

    versioned: bool | None = None
    """Whether old versions of objects are kept. Default: the profile's (prod keeps them)."""
    expire_days: int | None = None
    """Days after which objects are deleted. Default: never."""
    expire_prefix: str | None = None
    """Only objects whose key begins so expire. Default: all."""
    old_version_days: int | None = None
    """Days that old versions are kept. Default 30."""
    cors: list[CorsSettings] = Field(default_factory=list)
    """Which web pages may use it from a browser. Default: none."""


class BucketSettings(StorageSettings):
    """The same for an application that is told its name in a variable of your choice."""

    env: str = "BUCKET_NAME"
    """Environment variable that carries its name. Default BUCKET_NAME."""


class PermissionSettings(Model):
    """One permission, in the cloud's own words."""

    actions: list[str]
    """Actions, such as `tos:GetObject`. A bare `*`, and a whole service on every resource, are refused."""
    resources: list[str] | None = None
    """What they may be done to. Default: everything the actions apply to."""


def _by_name(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if len(set(map(str, value))) < len(value):
        raise refuse("a key is given twice", "give each once")
    return dict.fromkeys(map(str, value), True)


Keys = Annotated[dict[str, bool], BeforeValidator(_by_name)]
"""Whether each key is active, by its logical name; a plain list names active ones."""


class IdentitySettings(Model):
    """The identity that the application itself calls the cloud with. It can write traces and use models; no more."""

    permissions: list[PermissionSettings] = Field(default_factory=list)
    """Permissions beside the built-in ones."""
    keys: Keys | None = None
    """Logical names of its access keys, two at most; a mapping says which are active. Default [primary]. To rotate: add
    secondary, then set primary to false, then take it out."""


class OperatorSettings(Model):
    """A person who operates the application in the cloud's console, with the cloud's ready policies."""

    policies: list[str] = Field(default_factory=list)
    """Ready policies beside the ones that the guide asks for."""
    keys: list[str] = Field(default_factory=list)
    """Logical names of access keys. Default: none, since a person logs in to the console."""
