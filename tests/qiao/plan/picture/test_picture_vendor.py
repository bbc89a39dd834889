"""What is vendored is exactly what its manifest says: nothing more, nothing changed, its license beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qiao.plan.picture import page
from qiao.plan.picture.page import manifest, notice

VENDOR = Path(page.__file__).parent / "vendor"


def test_every_vendored_file_is_as_published() -> None:
    listed = {name: digest for library in manifest() for name, digest in library["files"].items()}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.glob("*/*")
    }
    assert found == listed


def test_every_library_says_where_it_is_from_and_under_what_license() -> None:
    for library in manifest():
        assert set(library) == {"name", "version", "license", "source", "package", "integrity", "files"}
        assert library["package"] == f"npm:{library['name']}@{library['version']}"
        assert library["integrity"].startswith("sha512-")
        licenses = [name for name in library["files"] if "LICENSE" in name]
        assert len(licenses) == 1
        assert f"{library['name']} {library['version']}, {library['license']}, source: {library['source']}" in notice()


def test_the_license_is_the_one_that_the_manifest_names() -> None:
    (elk,) = manifest()
    assert elk["license"].startswith("EPL-2.0")
    assert (VENDOR / "elkjs" / "LICENSE.md").read_text(encoding="utf-8").startswith("# Eclipse Public License - v 2.0")
