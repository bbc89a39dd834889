"""What a file is, by its name: one table of our own, since the system's differ from machine to machine."""

from __future__ import annotations

from pathlib import PurePosixPath

UNKNOWN = "application/octet-stream"
"""What nobody knows: browsers save it to disk."""

_TEXT = {
    "text/html": ("html", "htm", "shtml"),
    "application/xhtml+xml": ("xhtml",),
    "text/css": ("css",),
    "text/javascript": ("js", "mjs", "cjs"),
    "text/plain": ("txt", "text", "log", "ini", "conf", "srt"),
    "text/markdown": ("md", "markdown"),
    "text/csv": ("csv",),
    "text/calendar": ("ics",),
    "text/vtt": ("vtt",),
    "text/vcard": ("vcf",),
    "text/yaml": ("yaml", "yml"),
    "application/json": ("json", "map"),
    "application/ld+json": ("jsonld",),
    "application/geo+json": ("geojson",),
    "application/feed+json": ("jsonfeed",),
    "application/manifest+json": ("webmanifest",),
    "application/xml": ("xml", "xsl", "xslt"),
    "application/rss+xml": ("rss",),
    "application/atom+xml": ("atom",),
    "image/svg+xml": ("svg",),
    "application/dash+xml": ("mpd",),
    "model/gltf+json": ("gltf",),
}
"""What is text: sent as UTF-8. Without the word, browsers guess, and garble Chinese."""

_BINARY = {
    "image/png": ("png",),
    "image/apng": ("apng",),
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/avif": ("avif",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic",),
    "image/x-icon": ("ico", "cur"),
    "font/woff": ("woff",),
    "font/woff2": ("woff2",),
    "font/ttf": ("ttf",),
    "font/otf": ("otf",),
    "font/collection": ("ttc",),
    "application/vnd.ms-fontobject": ("eot",),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a",),
    "audio/aac": ("aac",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/wav": ("wav",),
    "audio/flac": ("flac",),
    "audio/webm": ("weba",),
    "audio/midi": ("mid", "midi"),
    "video/mp4": ("mp4", "m4v"),
    "video/webm": ("webm",),
    "video/ogg": ("ogv",),
    "video/quicktime": ("mov",),
    "video/x-msvideo": ("avi",),
    "video/mp2t": ("ts", "m2ts"),
    "application/vnd.apple.mpegurl": ("m3u8",),
    "application/wasm": ("wasm",),
    "application/pdf": ("pdf",),
    "application/rtf": ("rtf",),
    "application/epub+zip": ("epub",),
    "application/zip": ("zip",),
    "application/gzip": ("gz", "tgz"),
    "application/x-bzip2": ("bz2",),
    "application/x-xz": ("xz",),
    "application/zstd": ("zst",),
    "application/x-7z-compressed": ("7z",),
    "application/vnd.rar": ("rar",),
    "application/x-tar": ("tar",),
    "application/java-archive": ("jar",),
    "application/msword": ("doc",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.ms-powerpoint": ("ppt",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "model/gltf-binary": ("glb",),
}

TYPES: dict[str, str] = {
    **{ending: f"{kind}; charset=utf-8" for kind, endings in _TEXT.items() for ending in endings},
    **{ending: kind for kind, endings in _BINARY.items() for ending in endings},
}
"""Content type by ending, in lower case, without the dot."""

NAMED: dict[str, str] = {
    "apple-app-site-association": TYPES["json"],
    "CNAME": TYPES["txt"],
    "LICENSE": TYPES["txt"],
    "README": TYPES["txt"],
}
"""Content type of names without an ending."""


def content_type(name: str) -> str:
    """What a file is; text with its character set.

    Args:
        name: its path. Capitals in its ending do not matter.
    """
    base = PurePosixPath(name)
    return NAMED.get(base.name) or TYPES.get(base.suffix[1:].lower(), UNKNOWN)
