"""What one rule of the rulebook is, and how its sentence is said with the values in force."""

import re
from dataclasses import dataclass

BRACES = re.compile(r"\{([a-z0-9_.]+)\}")


@dataclass(frozen=True)
class Rule:
    """One rule as people read it: `sentence` names policy values by code in braces, `article` the FAQ question behind it."""

    code: str
    title: str
    sentence: str
    article: str

    @property
    def family(self):
        """How the codes of the rules of its kind begin: DID, HW, BIL …"""
        return self.code.partition("-")[0]

    @property
    def policies(self):
        """The codes of the policy values the sentence names, in its order."""
        return tuple(dict.fromkeys(BRACES.findall(str(self.sentence))))

    def say(self, book):
        """The sentence with the values in force for requests of the book's date."""
        values = book.cite(*self.policies)
        return BRACES.sub(lambda match: values[match[1]], str(self.sentence))
