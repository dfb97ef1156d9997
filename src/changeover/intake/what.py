"""What an act is about: the vendors and models, and those a change leads away from.

The vendor, product or model after the head (before it in the passive); *the
company* or *its products* are the vendor last spoken of.
"""

import msgspec

from changeover.intake.acts import Deed
from changeover.intake.clauses import Clause
from changeover.intake.heads import phrase_end
from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.scene import Scene, Span, What

_SPOKEN_OF = (Op.PRODUCT, Op.VENDOR, Op.USE)
_TOLD_ALONE = frozenset({"rescind", "stay", "wind-down", "waive"})
"""Acts that need not say again what they are about."""
_INDEFINITE = frozenset({"a", "an", "any", "un", "une", "tout", "toute"})
_OWNED = frozenset({"of", "by"})
_SEVERAL = frozenset({"either", "both", "neither", "their", "leurs"})
_STANDING_IN = frozenset({"en", "y", "l", "le", "la", "les"})
"""French pronouns before a verb that stand for what is used."""


def what(scene: Scene, deed: Deed) -> What:
    """The vendors and models that the act is about."""
    clause = scene.clauses[deed.clause]
    head = deed.head
    before = [p for p in clause.positions if p < head.position]
    end = phrase_end(scene.items, clause, head.position)
    # *gave X an approval*: what is given is said after who gets it.
    noun = head.predicate is None and head.governor is not None and not head.governor.passive
    start = head.position
    if noun and head.governor is not None:
        start = min(start, head.governor.index)
    after = [p for p in clause.positions if start < p <= end]
    order = [before, after] if head.passive else [after, before]
    if head.op is Op.SWITCH and _takes_the_place(scene, deed, before):
        found, left = _read_what(scene, before), _read_what(scene, after)
        return msgspec.structs.replace(found, away=_makers(scene, left))
    if head.op is Op.SWITCH or deed.action == "rebind":
        return _switched(scene, after)
    if head.op is Op.GRADUAL and not head.passive:
        order = [list(clause.positions)]
    for place, positions in enumerate(order):
        if place == 1 and not (head.passive or _of_subject(scene, deed, before)):
            continue
        found = _read_what(scene, positions)
        if found.makers or found.models:
            return found
    if shared := _shared(scene, clause, after) or _shared_on(scene, deed, after):
        return shared
    if head.op is Op.GRADUAL:
        return _recalled(scene, deed, [*after, *before])
    return _recalled(scene, deed, after if not head.passive else before)


def _of_subject(scene: Scene, deed: Deed, before: list[int]) -> bool:
    """*the ban on X no longer applies*, *use of X must end*: what the subject is about."""
    if deed.head.op in {Op.AGREEMENT, Op.GRADUAL} or deed.action in {"rescind", "stay"}:
        return True
    verb = deed.head.governor
    if deed.head.predicate is None and verb is not None and scene.items[verb.index].has(Op.BE):
        return True  # *X will no longer be available*
    return _uses_end(scene, deed, before)


def _uses_end(scene: Scene, deed: Deed, before: list[int]) -> bool:
    """*existing uses end by May*: the subject is a use."""
    uses = any(scene.items[p].noun(Op.USE, Op.AGREEMENT) for p in before)
    return deed.head.op is Op.CEASE and uses


def _shared(scene: Scene, clause: Clause, after: list[int]) -> What | None:
    """*shall not use, or permit others to use, X*: verbs side by side share what follows."""
    if not after or any(scene.items[p].text[0].isalnum() for p in after[:-1]):
        return None
    if not (scene.items[after[-1]].has(Op.AND) or scene.items[after[-1]].comma):
        return None
    found = _read_what(scene, [p for p in clause.positions if p > after[-1]])
    return found if found.makers or found.models else None


def _shared_on(scene: Scene, deed: Deed, after: list[int]) -> What | None:
    """*may not buy, install or log in to X*: the object of the verbs that a comma parts."""
    items = scene.items
    if after and (any(items[p].name for p in after) or not items[after[-1]].verb):
        return None
    for clause in scene.clauses[deed.clause + 1 : deed.clause + 4]:
        words = [p for p in clause.positions if not scene.items[p].has(Op.AND)]
        if clause.opener not in {None, Op.AND} or not words or not scene.items[words[0]].verb:
            return None
        found = _read_what(scene, words)
        if found.makers or found.models:
            return found
    return None


def _read_what(scene: Scene, positions: list[int]) -> What:
    makers: dict[str, int] = {}
    models: dict[str, int] = {}
    spans: list[Span] = []
    for position in positions:
        name = scene.items[position].name
        if name is None:
            continue
        model, maker = name.get("model"), name.get("vendor", "product")
        if model:
            models[model] = position
        elif maker:
            makers.setdefault(maker, position)
        else:
            continue
        spans.append((scene.items[position].start, scene.items[position].end))
    span = (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None
    return What(*_narrowed(scene, makers, models), span=span)


def _narrowed(
    scene: Scene, makers: dict[str, int], models: dict[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """*X's model M* is M alone; *X's products, including M* are all of X's."""
    kept = dict(makers)
    for model, position in models.items():
        maker = scene.discourse.directory.models[model].maker
        if maker not in makers:
            continue
        low, high = sorted((position, makers[maker]))
        between = scene.items[low + 1 : high]
        if not any(i.has(Op.INCLUDING, Op.AND) or i.comma for i in between):
            kept.pop(maker, None)
    alone = tuple(m for m in models if scene.discourse.directory.models[m].maker not in kept)
    return tuple(kept), alone


def _takes_the_place(scene: Scene, deed: Deed, before: list[int]) -> bool:
    """*Y replaces X*: the new one is the subject."""
    replaces = scene.item(deed.head.position).text.lower().startswith(("replac", "remplac"))
    named = _read_what(scene, before)
    return replaces and not deed.head.passive and bool(named.makers or named.models)


def _makers(scene: Scene, left: What) -> tuple[str, ...]:
    models = scene.discourse.directory.models
    return left.makers or tuple(models[m].maker for m in left.models)


def _switched(scene: Scene, after: list[int]) -> What:
    """A change *from X to Y*, or *X by/with Y*: what it leads to, and away from."""
    named = [
        p for p in after
        if (n := scene.items[p].name) and n.get("vendor", "model", "product")
    ]  # fmt: skip
    groups: list[list[int]] = []
    away: list[int] = []
    for position in named:
        towards = _preposition(scene, position)
        if towards is Op.FROM and (not groups or _replaced(scene, position)):
            away.append(position)
        else:
            groups.append([position])
    if len(groups) > 1 and not away and _replaces(scene, groups):
        away, groups = groups[0], groups[1:]
    found = _read_what(scene, [p for group in groups for p in group])
    left = _read_what(scene, away)
    if not (found.makers or found.models):
        return What()
    return What(found.makers, found.models, _makers(scene, left), span=found.span)


def _replaces(scene: Scene, groups: list[list[int]]) -> bool:
    first, second = groups[0][0], groups[1][0]
    between = scene.items[first + 1 : second]
    return any(i.has(Op.INTO, Op.BY) for i in between)


def _replaced(scene: Scene, position: int) -> bool:
    """Whether *instead of* stands before: what follows is left, wherever it is said."""
    return any(
        len(scene.items[back].text.split()) > 1 and scene.items[back].has(Op.FROM)
        for back in range(max(0, position - 4), position)
    )


def _preposition(scene: Scene, position: int) -> Op | None:
    for back in range(position - 1, max(-1, position - 5), -1):
        item = scene.items[back]
        if item.has(Op.FROM):
            return Op.FROM
        if item.has(Op.INTO, Op.BY):
            return Op.INTO
        if item.name or item.verb or item.comma:
            return None
    return None


def _recalled(scene: Scene, deed: Deed, positions: list[int]) -> What:
    """*its products*, *the company*, *it*: the vendor last spoken of."""
    subject = next(
        (n.get("vendor") for p in scene.clauses[deed.clause].positions
         if p < deed.head.position and (n := scene.items[p].name) and n.get("vendor")),
        None,
    )  # fmt: skip
    hanging = _read_what(scene, _hanging(scene, deed))
    if hanging.makers or hanging.models:
        return hanging
    vendor = subject or scene.discourse.vendor
    if vendor is None:
        return What()
    head = scene.items[deed.head.position]
    if {"it", "them"} & set(head.text.lower().split()):  # *brought it back*
        return What((vendor,), inferred=True, span=(head.start, head.end))
    before = scene.items[deed.head.position - 1] if deed.head.position else None
    if before is not None and before.text.lower() in _STANDING_IN and deed.head.op is Op.USE:
        return What((vendor,), inferred=True, span=(before.start, before.end))
    # *may use it* speaks of the vendor; *may use other tools*, *approved tools* need not.
    nouns = () if deed.action == "permit" and deed.head.op is Op.USE else _SPOKEN_OF
    referring = [p for p in positions if _refers(scene.items, p, nouns)]
    several = [p for p in referring if _is_several(scene, p)]
    if referring:
        item = scene.items[(several or referring)[0]]
        meant = scene.discourse.vendors if several else (vendor,)
        return What(meant, inferred=True, span=(item.start, item.end))
    before_head = [p for p in scene.clauses[deed.clause].positions if p < deed.head.position]
    by_itself = deed.action in _TOLD_ALONE or _uses_end(scene, deed, before_head)
    return What((vendor,), inferred=True) if by_itself else What()


def _refers(items: list[Item], position: int, nouns: tuple[Op, ...]) -> bool:
    """Whether a word stands for a vendor or product that was spoken of."""
    item = items[position]
    if position > 1 and _is_any(items, position):
        return False
    other = position > 0 and items[position - 1].has(Op.OTHER)
    stands = bool(nouns) and item.noun(*nouns) and not other
    return stands or item.has(Op.PRONOUN) or item.text.lower() in {"them", "eux", "y"}


def _is_any(items: list[Item], position: int) -> bool:
    """*in an online tool*: some product, and none that was spoken of; *any product of X* is."""
    following = items[position + 1 : position + 2]
    owned = any(one.has(Op.FROM) or one.text.lower() in _OWNED for one in following)
    before = items[position - 2 : position]
    return not owned and any(one.text.lower() in _INDEFINITE for one in before)


def _is_several(scene: Scene, position: int) -> bool:
    """*either company*, *these suppliers*, *their products*: those last named together."""
    item, before = scene.items[position], scene.items[position - 1]
    plural = item.noun(Op.VENDOR) and item.text.lower().endswith("s")
    each = before.text.lower() in _SEVERAL
    return position > 0 and len(scene.discourse.vendors) > 1 and (plural or each)


def _hanging(scene: Scene, deed: Deed) -> list[int]:
    """Positions of the relative clauses that hang on the act's clause."""
    following = scene.clauses[deed.clause + 1 :]
    return [p for c in following[:1] if c.opener in {Op.WHO, Op.IF} for p in c.positions]
