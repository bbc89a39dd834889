"""Website: a folder of files served to browsers, by a content delivery network under a domain of your own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components import site_files
from components.base import Args, Component
from components.checks import in_range, matches
from components.errors import UserError
from components.gateway import Domain
from components.site_files import SiteFile

ERROR_PAGE = "404.html"
"""What the page for what is not there is called where nobody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class WebsiteArgs(Args):
    """What a Website takes."""

    folder: str
    """Folder of the files to serve, relative to the project: what browsers get, so built before."""
    build: str | None = None
    """Command that makes the folder (`npm run build`). Never run from here: it is what to do where the folder is
    missing. Default: none is named."""
    domain: Domain | None = None
    """A domain of your own, with HTTPS. Default: the bucket's own address, without a content delivery network."""
    index: str = "index.html"
    """Page of a folder, and of the site. Default index.html. The site's own must be there."""
    error: str = ERROR_PAGE
    """Page for what is not there. Default 404.html; where the folder has none of that name, the cloud's own words.
    Another one must be there."""
    single_page: bool = False
    """Whether the index answers for every path that is no file, for applications that route in the browser. Default
    False."""
    ignore: Sequence[str] = ()
    """Patterns left out, in .gitignore's way, beside the usual ones: names that begin with a dot, but for
    `.well-known`. One that begins with `!` takes files back in."""
    cache: Mapping[str, str] = field(default_factory=dict)
    """`Cache-Control` by pattern, in .gitignore's way (`assets/**`); the last that matches wins. Default: pages are
    asked about before each use; files whose name holds a hash, eight or more hexadecimal digits, are kept for a year;
    all else for an hour."""
    content_types: Mapping[str, str] = field(default_factory=dict)
    """`Content-Type` by pattern, likewise. Default: by the name's ending; text is UTF-8."""
    native: object | None = None
    """What only one cloud knows (`WebsiteNative` of its module)."""

    def __post_init__(self) -> None:
        matches("WebsiteArgs.index", self.index, r"[A-Za-z0-9._-]+", "a file's name, such as index.html")
        matches(
            "WebsiteArgs.error", self.error, r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*",
            "a file's path inside the folder, such as 404.html",
        )  # fmt: skip
        if self.single_page and self.error != ERROR_PAGE:
            instead = "leave it out: the index answers for what is not there"
            raise UserError("WebsiteArgs.error", "single_page is set", instead)
        for name, pattern, meaning in (
            ("cache", r"[A-Za-z0-9][A-Za-z0-9 ,=_-]{0,127}", "words of a Cache-Control header"),
            ("content_types", r"[a-z]+/[A-Za-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?", "a type such as text/html"),
        ):
            where, given = f"WebsiteArgs.{name}", getattr(self, name)
            in_range(where, len(given), 0, 50, "patterns")
            for key, value in given.items():
                if not key.strip() or key.startswith(("!", "#")):
                    raise UserError(where, f"{key!r} is no pattern", "write one such as assets/**")
                matches(f"{where}.{key}", value, pattern, meaning)

    def check_files(self, name: str) -> None:
        """Refuse a folder that no site can be made of. Reads no file.

        Args:
            name: the component's own name, for errors.
        """
        where = f"WebsiteArgs.folder of {name}"
        try:
            there = {site_files.composed(one.name) for one in site_files.look(where, self.folder, self.ignore)}
        except UserError as error:
            if self.build and error.what.endswith(("is not a folder", "holds no file")):
                raise UserError(error.where, error.what, f"run `{self.build}` first, which makes it") from None
            raise
        if self.index not in there:
            what = f"{self.folder} has no {self.index}"
            raise UserError(f"WebsiteArgs.index of {name}", what, "name the page of the site, which lies on top")
        if self.error != ERROR_PAGE and self.error not in there:
            raise UserError(f"WebsiteArgs.error of {name}", f"{self.folder} has no {self.error}", "name one it has")

    def files(self, name: str) -> list[SiteFile]:
        """The files, read.

        Args:
            name: the component's own name, for errors.
        """
        return site_files.plan(
            f"WebsiteArgs.folder of {name}", self.folder, ignore=self.ignore, cache=self.cache,
            content_types=self.content_types,
        )  # fmt: skip

    def error_page(self, files: Sequence[SiteFile]) -> str | None:
        """The file that answers for what is not there, or None where the cloud's own words do.

        Args:
            files: the site's files.
        """
        if self.single_page:
            return self.index
        return self.error if any(file.name == self.error for file in files) else None


class Website(Component):
    """Files in a bucket, and before it a content delivery network with the domain's certificate and record.

    Each file is a resource of its own, by its path: an `up` sends what changed, and removes what is gone. Billed by
    volume stored and by traffic.
    """

    concept = "Website"
    OUTPUTS = ("url", "bucket", "domain", "cname", "files")

    url: pulumi.Output[str]
    """The site's address."""
    bucket: pulumi.Output[str]
    """Name of the bucket that holds its files."""
    domain: str | None
    """The domain of your own, or None."""
    cname: pulumi.Output[str] | None
    """What the domain's CNAME record must point to, or None without a domain."""
    files: int
    """How many files are served."""

    def __init__(self, name: str, args: WebsiteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)

    @classmethod
    def steps(cls, args: WebsiteArgs) -> Sequence[str]:  # noqa: ARG003 - for clouds that ask for some
        """What only a person can do for it, on this cloud.

        Args:
            args: its arguments.
        """
        return ()
