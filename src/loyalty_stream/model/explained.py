"""Closed lists of words, each with what it means: one place for code and documentation."""

from enum import StrEnum
from typing import Self


class Explained(StrEnum):
    """A closed list of words that each say in one line what they mean."""

    meaning: str

    def __new__(cls, word: str, meaning: str) -> Self:
        """Make a word of the list; it is equal to its text, as any StrEnum's is."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.meaning = meaning
        return member
