"""Which vendor a source's names mean: network names, services and publishers of invoices."""

from collections.abc import Mapping

from changeover.directory.model import Directory

_NETWORK: Mapping[str, str] = {
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "api.mistral.ai": "mistral",
    "generativelanguage.googleapis.com": "google",
    "api.x.ai": "xai",
    "api.deepseek.com": "deepseek",
    "api.cohere.com": "cohere",
    "api.cohere.ai": "cohere",
}
"""Names that vendors answer at, as their reference pages give them."""


class Places:
    """Finds the vendor that a name stands for; None for one that is none."""

    def __init__(self, directory: Directory, more: Mapping[str, str]) -> None:
        """`more` are network names with their vendors, above those known."""
        self._network = {**_NETWORK, **{name.lower(): vendor for name, vendor in more.items()}}
        self._named = {
            name.casefold(): vendor.id
            for vendor in directory.vendors.values()
            for name in (vendor.id, vendor.name.en, vendor.name.fr, *vendor.aliases)
        }

    def at(self, name: str) -> str | None:
        """The vendor at a network name, also at one below it."""
        name = name.rstrip(".").lower()
        found = self._network.get(name)
        if found is None and "bedrock-runtime" in name:
            return "bedrock"
        if found is None and name.endswith("aiplatform.googleapis.com"):
            return "vertex"
        return found

    def called(self, *names: str) -> str | None:
        """The vendor that the first of these names that is known stands for."""
        for name in names:
            found = self._named.get(name.strip().casefold())
            if found is not None:
                return found
        return None
