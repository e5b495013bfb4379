"""One rule of the rulebook, and its sentence with the values in force."""

import re
from dataclasses import dataclass

BRACES = re.compile(r"\{([a-z0-9_.]+)\}")


@dataclass(frozen=True)
class Rule:
    """One rule as people read it: `sentence` names policy values by code in braces; `article` is the FAQ question behind it."""

    code: str
    title: str
    sentence: str
    article: str

    @property
    def family(self):
        """Return the prefix of the rule code: DID, HW, BIL …"""
        return self.code.partition("-")[0]

    @property
    def policies(self):
        """Return the codes of the policy values named in the sentence, in order."""
        return tuple(dict.fromkeys(BRACES.findall(str(self.sentence))))

    def say(self, book):
        """Return the sentence with the values in force for requests of the book's date."""
        values = book.cite(*self.policies)
        return BRACES.sub(lambda match: values[match[1]], str(self.sentence))
