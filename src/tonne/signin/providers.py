"""Houses elsewhere that let their own people in: named at the machine, with what they gave us."""

import re
from collections.abc import Sequence

from tonne.refusal import Refusal, refuse_if_any
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import HOUSE, Actor, Lodge, at_machine, clean, refuse
from tonne.signin.provider_refusals import ProviderUnfit, ProviderUnknown
from tonne.signin.records import Provider

_ENOUGH = re.compile(r"(amr|acr)=\S{1,200}")
_ADDRESS = re.compile(
    r"(https?)://([A-Za-z0-9.-]{1,253})(:[1-9]\d{0,4})?(/[A-Za-z0-9._~/-]{0,200})?", re.ASCII
)
_MOST = 300
_HERE = {"localhost", "127.0.0.1"}


def add_provider(
    lodge: Lodge,
    *,
    name: str,
    issuer: str,
    client: str,
    secret: str,
    enough: Sequence[str] = (),
    by: Actor,
) -> Provider:
    """Name a provider, at the machine; what it gave us to show is sealed."""
    at_machine(by)
    grounds: list[Refusal] = [
        ProviderUnfit(reference=HOUSE, what=clean(each))
        for each in (name, client)
        if not 0 < len(each) <= _MOST or not each.isprintable()
    ]
    grounds += [
        ProviderUnfit(reference=HOUSE, what=clean(each))
        for each in enough
        if not _ENOUGH.fullmatch(each)
    ]
    if not is_safe(issuer):
        grounds.append(ProviderUnfit(reference=HOUSE, what=clean(issuer)))
    refuse_if_any(grounds)
    code = lodge.code("idp")
    made = Provider(
        id=code,
        name=clean(name, 80),
        issuer=issuer,
        client=client,
        secret=lodge.key.close(secret.encode(), of=f"provider {code}", chance=lodge.chance),
        enough=tuple(enough),
        made_at=lodge.now(),
        removed_at=None,
    )

    def add(keeping: Keeping) -> Provider:
        keeping.add_provider(made)
        what = f"{made.id}: {made.issuer}"
        lodge.note(keeping, "provider added", None, place=by.place, by=by.person, what=what)
        return made

    return lodge.run(add)


def remove_provider(lodge: Lodge, *, provider: str, by: Actor) -> None:
    """Let nobody in any more by a provider, at the machine; links to it serve no more."""
    at_machine(by)

    def remove(keeping: Keeping) -> None:
        if not keeping.remove_provider(provider, lodge.now()):
            raise refuse(ProviderUnknown(reference=HOUSE, provider=clean(provider)))
        lodge.note(
            keeping, "provider removed", None, place=by.place, by=by.person, what=clean(provider)
        )

    lodge.run(remove)


def providers(lodge: Lodge) -> list[Provider]:
    """The providers that there are; none where none can be asked."""
    return lodge.ask(lambda keeping: keeping.providers())


def the_provider(keeping: Keeping, provider: str) -> Provider:
    """The provider of that code, or 9180."""
    for each in keeping.providers():
        if each.id == provider:
            return each
    raise refuse(ProviderUnknown(reference=HOUSE, provider=clean(provider)))


def is_safe(address: str) -> bool:
    """Whether what is said at an address is heard by nobody else: by https, or on this machine."""
    found = _ADDRESS.fullmatch(address)
    return found is not None and (found[1] == "https" or found[2] in _HERE)
