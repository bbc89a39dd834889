"""Finding many texts inside others, in time that does not grow with how many are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHORTEST = 6
"""Shorter texts are not looked for: `on` or `8000` would be found everywhere."""
GRAM = 4


class Texts:
    """A set of texts to be found.

    Args:
        texts: what to look for; those shorter than `SHORTEST` are left out.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for text in sorted({*texts}, key=len, reverse=True):
            if len(text) >= SHORTEST:
                self._by_start.setdefault(text[:GRAM], []).append(text)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where they begin and end in a text, from left to right, the longest of those that begin at one place."""
        place, last = 0, len(text) - SHORTEST if self._by_start else -1
        while place <= last:
            candidates = self._by_start.get(text[place : place + GRAM], ())
            found = next((each for each in candidates if text.startswith(each, place)), None)
            if found is None:
                place += 1
            else:
                yield place, place + len(found)
                place += len(found)

    def inside(self, text: str) -> bool:
        """Whether a text holds one."""
        return next(self.spans(text), None) is not None

    def replace(self, text: str, mask: str) -> str:
        """A text with each of them replaced."""
        parts, last = list[str](), 0
        for start, end in self.spans(text):
            parts += [text[last:start], mask]
            last = end
        return "".join([*parts, text[last:]])
