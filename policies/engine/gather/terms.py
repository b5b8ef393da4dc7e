"""Term lists in free text: what an end use, a description or an address says, less what its negations take back."""

from policies.engine.classify.text import unmasked, words
from policies.engine.policy import Policy

IN_ADDRESS = ("po_box", "ua_ngca_places")
IN_DESCRIPTION = ("surveillance_items", "surveillance_words")
IN_END_USE = (
    "wmd",
    "military",
    "repression",
    "repression_monitoring",
    "repression_targets",
    "monitoring_words",
    "security_end_use",
    "hunting",
    "sport_shooting",
    *IN_DESCRIPTION,
)
WHOLE_END_USE = "generic_end_use"  # counts when the statement says nothing else
WATCHING = {"monitoring_words", "security_end_use", "surveillance_items", "surveillance_words"}


class Terms:
    """The term lists of a policy, read in descriptions, addresses and end-use statements."""

    def __init__(self, policy: Policy) -> None:
        self.index = policy.term_index

    def found(self, text: str, *names: str) -> list[str]:
        """The named term lists that a text holds a term of."""
        split = words(text)
        return [name for name in names if self.index[name].find(split)]

    def negations(self, text: str) -> bool:
        """Whether a description says that the goods are a toy, a replica, civil or the like."""
        return bool(self.found(text, "goods_negations", "end_use_negations"))

    def end_use(self, text: str) -> list[str]:
        """Term lists found in an end-use statement, less what its negations take back (`not for military use`)."""
        split = words(text)
        masks = self.index["end_use_negations"].spans(split)
        found = [name for name in IN_END_USE if unmasked(self.index[name].spans(split), masks)]
        if "repression_targets" in found and WATCHING & set(found):
            found.append("repression_monitoring")
        if "repression_monitoring" in found:
            found.append("repression")
        if self.index[WHOLE_END_USE].equals(split):
            found.append(WHOLE_END_USE)
        return list(dict.fromkeys(found))

    def description(self, text: str, *, security: bool) -> list[str]:
        """Term lists of goods found in a description; everyday surveillance goods count in a security context only."""
        found = self.found(text, *IN_DESCRIPTION)
        if "surveillance_words" in found and security:
            found.append("surveillance_items")
        return list(dict.fromkeys(found))
