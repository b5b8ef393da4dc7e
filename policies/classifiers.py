"""The classifier of a set of goods lists, made once per process and shared by the policies that hold the same lists.

Making it takes most of a second and some fifty megabytes. A rule, a party list or a threshold changes often, the goods
lists seldom.
"""

import gc
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from policies.engine.classify.index import GoodsIndex
from policies.engine.policy import Policy

KINDS = frozenset(
    ("goods", "chemicals", "agents", "pointers", "parameters", "phrases", "terms", "goods_terms", "chemical_names")
) | {"ordinary_goods", "glossary", "synonyms", "designations", "units", "relations"}
KEPT = 3

_kept: OrderedDict[str, GoodsIndex] = OrderedDict()
_making = threading.Lock()


def with_classifier(policy: Policy, kinds: Mapping[str, str], digests: Mapping[str, str]) -> Policy:
    """The policy with its classifier made. `kinds` and `digests` are those of its lists, by their ids."""
    goods = sorted((name, digest) for name, digest in digests.items() if kinds.get(name) in KINDS)
    key = hashlib.sha256(json.dumps(goods).encode()).hexdigest()
    with _making:
        if key not in _kept:
            ready(policy)
            _kept[key] = policy.goods
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        shared = _kept[key]
    same = replace(policy, entries=shared.entries, knowledge=shared.knowledge)
    vars(same).update(goods=shared)
    return same


def ready(policy: Policy) -> None:
    """Make the classifier now. Nothing of it is garbage, so nothing is collected meanwhile: that saves a third."""
    with _uncollected():
        _ = policy.goods.book


@contextmanager
def _uncollected() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
