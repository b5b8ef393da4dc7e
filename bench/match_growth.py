"""What the size of the lists costs: lists of real names recombined, and the memory of a process that only matches."""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policies.engine.facts import Party
from policies.engine.lists import Listed
from policies.engine.match.build import build
from policies.engine.match.index import NameIndex
from policies.engine.match.watch import Watch
from policies.engine.policy import Policy

QUERIES = 400
CHANGED = 500
ROOT = Path(__file__).resolve().parents[1]


def measure(policy: Policy, entries: Sequence[Listed], sizes: Sequence[int]) -> dict[str, dict[str, float]]:
    """For each size: seconds to build, to open, to build again after `CHANGED` entries differ; queries a second."""
    return {str(size): _measure(policy, recombined(entries, size)) for size in sizes}


def recombined(entries: Sequence[Listed], size: int) -> list[Listed]:
    """As many entries as asked: the real ones first, then new ones of their words."""
    chance = random.Random(size)
    found = list(entries[:size]) if size <= len(entries) else list(entries)
    words = [entry.name.split() for entry in entries if 1 < len(entry.name.split()) < 8]
    while len(found) < size:
        one, other = chance.choice(words), chance.choice(words)
        name = " ".join([*one[: max(1, len(one) // 2)], *other[len(other) // 2 :]])
        found.append(Listed("grown", f"G{len(found)}", name, "review", kind=chance.choice(("person", "organisation"))))
    return found


def _measure(policy: Policy, entries: list[Listed]) -> dict[str, float]:
    start = time.perf_counter()
    data = build(entries, policy.lexicon)
    built = time.perf_counter()
    index = NameIndex(memoryview(data), policy.lexicon)
    opened = time.perf_counter()
    changed = [Listed(**{**_fields(entry), "name": f"{entry.name} Sargs"}) for entry in entries[:CHANGED]]
    build([*changed, *entries[CHANGED:]], policy.lexicon, previous=index.readings())
    again = time.perf_counter()
    figures = {"build_s": built - start, "open_s": opened - built, "again_s": again - opened, "mb": len(data) / 1e6}
    return figures | _asked(Watch([index], policy.lexicon), entries, policy.setting.match_review)


def _asked(watch: Watch, entries: Sequence[Listed], review: float) -> dict[str, float]:
    """Half of the queries are listed names with a letter wrong, half are names of nobody."""
    chance = random.Random(1)
    names = [entry.name for entry in chance.sample(entries, QUERIES)]
    asked = [_wrong(name, chance) if place % 2 else _nobody(names, chance) for place, name in enumerate(names)]
    times = []
    for name in asked:
        start = time.perf_counter()
        watch.hits(Party(role="consignee", name=name, type="organisation"), review=review)
        times.append(time.perf_counter() - start)
    times.sort()
    return {
        "queries_per_s": len(times) / sum(times),
        "p50_ms": times[len(times) // 2] * 1000,
        "p95_ms": times[int(len(times) * 0.95)] * 1000,
    }


def in_a_process(entries: Sequence[Listed]) -> dict[str, float]:
    """What a worker pays: seconds and memory of a new process from its start to its first answers, from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entries.json"
        path.write_text(json.dumps([_fields(entry) for entry in entries]), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "bench.match_growth", "build", folder], cwd=ROOT, check=True)
        done = subprocess.run(
            [sys.executable, "-m", "bench.match_growth", "ask", folder], cwd=ROOT, check=True, capture_output=True
        )
        found: dict[str, float] = json.loads(done.stdout)
        return found


def _child(what: str, folder: Path) -> None:
    from policies import pack  # noqa: PLC0415 - only this process reads the pack
    from policies.engine import read  # noqa: PLC0415

    lexicon = read.build(pack.editions(), hash="bench").lexicon
    if what == "build":
        rows = json.loads((folder / "entries.json").read_text(encoding="utf-8"))
        (folder / "index").write_bytes(build([Listed(**_tuples(row)) for row in rows], lexicon))
        return
    before = _own_memory()
    start = time.perf_counter()
    import mmap  # noqa: PLC0415

    with (folder / "index").open("rb") as file:
        index = NameIndex(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), lexicon)
    watch = Watch([index], lexicon)
    watch.hits(Party(role="consignee", name="Zvezdny Works"), review=0.8)
    first = time.perf_counter() - start
    for number in range(0, index.entries, max(index.entries // QUERIES, 1)):
        watch.hits(Party(role="consignee", name=index.entry(number).name), review=0.8)
    after = _own_memory()
    print(json.dumps({"first_answer_s": first, "added_mb": after - before, "whole_mb": after}))


def _own_memory() -> float:
    """MB that this process alone holds; the file is shared with every other that maps it. Nothing outside Linux."""
    found = Path("/proc/self/smaps_rollup")
    lines = found.read_text(encoding="ascii").splitlines() if found.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(tuple(one) if isinstance(one, list) else one for one in value) if isinstance(value, list) else value
        for name, value in row.items()
    }


def _wrong(name: str, chance: random.Random) -> str:
    place = chance.randrange(len(name))
    return name[:place] + chance.choice("abcdefghij") + name[place + 1 :]


def _nobody(names: Sequence[str], chance: random.Random) -> str:
    one, other = chance.choice(names).split(), chance.choice(names).split()
    return " ".join([one[0][::-1], other[-1][::-1]])


def _fields(entry: Listed) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Listed.__slots__}


if __name__ == "__main__" and len(sys.argv) == 3:
    _child(sys.argv[1], Path(sys.argv[2]))
