"""Hold the names of one thing by language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Names(Mapping[str, str]):
    """Map language tags to names, the official language first; hashable, unlike a dict."""

    pairs: tuple[tuple[str, str], ...]
    """Language and name, in the order of the pack."""

    def __getitem__(self, language: str) -> str:
        """Give the name in exactly this language."""
        for known, name in self.pairs:
            if known == language:
                return name
        raise KeyError(language)

    def __iter__(self) -> Iterator[str]:
        """Walk the languages in order."""
        return (language for language, _ in self.pairs)

    def __len__(self) -> int:
        """Count the languages."""
        return len(self.pairs)

    def choose(self, language: str) -> str:
        """Give the name in `language`, else in its main language (fa for fa-AF), else the official one."""
        return self.get(language) or self.get(language.split("-")[0]) or self.pairs[0][1]
