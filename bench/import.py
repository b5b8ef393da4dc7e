"""Every list format from file to stored edition: entries a second and the peak memory of a process that does only this.

    python bench/import.py [--lists FOLDER] [--scale 1.0] [--only SOURCE ...]

Published files are taken from the folder beside the project (or --lists); formats without one are generated true to
their schema, as long as the real list times --scale. Each runs in a process of its own against a new SQLite database;
the baseline beside it is the plain reader of the standard library over the same file. Prints one JSON object.
"""

import argparse
import csv
import gzip
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

LISTS = ROOT.parent / "shared" / "data" / "lists"
REAL = {
    "ofac_sdn": ("sdn_2024-05-03.csv", "alt_2026-02.csv", "add_2025-12.csv"),
    "ofac_consolidated": tuple(f"cons_{part}_2025-12.csv" for part in ("prim", "alt", "add", "comments")),
    "un": ("UN_consolidated_2026-02.xml",),
    "us_csl": ("consolidated.csv.gz",),
    "bis_dpl": ("dpl_2022-09.txt",),
    "opensanctions_csv": ("targets.simple_2026-03-13.csv",),
}


def generated(folder: Path, lists: Path, scale: float) -> dict[str, Path]:
    """Files of the formats that no published one is at hand for, by source; `own_parties (XLSX)` is the same rows."""
    from bench import import_files as made  # noqa: PLC0415 - the children need none of it

    def size(count: int) -> int:
        return max(int(count * scale), 12)

    found = {
        "ofac_sdn_xml": _write(folder / "sdn.xml", made.sdn(size(18_000))),
        "ofac_sdn_advanced": _write(folder / "sdn_advanced.xml", made.sdn_advanced(size(18_000))),
        "eu": _write(folder / "eu.xml", made.eu(size(5_860))),
        "uk_xml": _write(folder / "uk.xml", made.uk(size(5_000))),
        "uk_csv": _write(folder / "uk.csv", made.uk_csv(size(5_000))),
        "opensanctions_ftm": _write(folder / "entities.ftm.json", made.ftm(size(60_000))),
        "own_parties": _write(folder / "own.csv", made.as_csv(made.own_parties(size(10_000)))),
        "own_goods": _write(folder / "goods.csv", made.as_csv(made.own_goods(size(2_000)))),
        "own_denials": _write(folder / "denials.csv", made.as_csv(made.own_denials(size(2_000)))),
        "own_country_groups": _write(folder / "groups.csv", made.as_csv(made.own_country_groups(size(500)))),
    }
    book = folder / "own.xlsx"
    book.write_bytes(made.as_xlsx(made.own_parties(size(10_000))))
    found["own_parties (XLSX)"] = book
    if (published := lists / REAL["us_csl"][0]).exists():
        found["us_csl_json"] = _write(folder / "consolidated.json", made.csl_json(published))
    return found


def _write(path: Path, parts: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(parts)
    return path


def import_here(source: str, paths: list[Path]) -> dict[str, float]:
    """Run in a child: stage the files. Seconds from the opened file to the stored edition, rows, peak MB."""
    import django  # noqa: PLC0415 - the baseline measures a process without it

    django.setup()
    from policies import editions  # noqa: PLC0415 - after the setup
    from policies.importers import ListFile  # noqa: PLC0415 - after the setup

    idle = _peak()
    began, worked = time.perf_counter(), time.process_time()
    files = [ListFile(path.name, path.open("rb")) for path in paths]
    staged = editions.stage(source.split(" ")[0], files, by=None)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    entries = sum(edition.count for edition in staged)
    return {"entries": entries, "seconds": seconds, "cpu": cpu, "idle_mb": idle, "mb": _peak()}


def read_here(paths: list[Path]) -> dict[str, float]:
    """Run in a child: the plain reader over the same files."""
    worked = time.process_time()
    count = sum(map(_plain_records, paths))
    return {"entries": count, "cpu": time.process_time() - worked, "mb": _peak()}


def _plain_records(path: Path) -> int:
    if path.suffix == ".xml":
        return sum(1 for _ in ElementTree.parse(path).iter())
    if path.suffix == ".xlsx":
        from python_calamine import CalamineWorkbook  # noqa: PLC0415 - what reads the workbook there too

        return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as stream:
        if path.name.endswith(".ftm.json"):
            return sum(1 for line in stream if json.loads(line))
        if path.suffix == ".json":
            return len(json.load(stream)["results"])
        return sum(1 for _ in csv.reader(stream, delimiter="\t" if path.suffix == ".txt" else ","))


def _peak() -> float:
    """The most memory of this process in MB. Linux counts what the parent held before the start in `ru_maxrss`."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(float(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def in_child(environment: dict[str, str], *arguments: str) -> dict[str, float]:
    """What a child prints. Raises with its last words when it fails."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def database(folder: Path) -> dict[str, str]:
    """The environment of a child, with a migrated database."""
    environment = {
        **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "bench-" + "0123456789abcdef" * 4,
        "PYTHONUTF8": "1",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environment, cwd=ROOT, check=True)
    return environment


def measure(files: dict[str, list[Path]], folder: Path) -> dict[str, dict[str, float]]:
    """Figures by source."""
    environment = database(folder)
    figures = {}
    for source, paths in files.items():
        names = [str(path) for path in paths]
        done = in_child(environment, "--child", source, *names)
        plain = in_child(environment, "--plain", *names)
        size = sum(path.stat().st_size for path in paths)
        figures[source] = {
            "entries": done["entries"],
            "file_mb": size / 2**20,
            "seconds": done["seconds"],
            "cpu_seconds": done["cpu"],
            "entries_per_s": done["entries"] / done["seconds"],
            "peak_mb": done["mb"],
            "idle_mb": done["idle_mb"],
            "plain_cpu_seconds": plain["cpu"],
            "plain_peak_mb": plain["mb"],
            "times_plain": done["cpu"] / max(plain["cpu"], 0.001),
        }
    return {source: {name: round(value, 2) for name, value in row.items()} for source, row in figures.items()}


def aims(figures: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    found = []
    for source, name in (("us_csl", "US consolidated list (CSV)"), ("us_csl_json", "US consolidated list (JSON)")):
        if row := figures.get(source):
            seconds, memory = row["seconds"], row["peak_mb"]
            found += [
                {"name": f"{name}, time", "aim": "below 10 s", "value": seconds, "met": seconds < 10},
                {"name": f"{name}, memory", "aim": "below 300 MB", "value": memory, "met": memory < 300},
            ]
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--lists", type=Path, default=LISTS, help="folder of published lists")
    arguments.add_argument("--scale", type=float, default=1.0, help="length of generated files")
    arguments.add_argument("--only", nargs="+", metavar="SOURCE", help="measure these sources only")
    arguments.add_argument("--child", nargs="+", metavar="ARGUMENT", help=argparse.SUPPRESS)
    arguments.add_argument("--plain", nargs="+", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.child:
        print(json.dumps(import_here(given.child[0], [Path(name) for name in given.child[1:]])))
        return
    if given.plain:
        print(json.dumps(read_here(given.plain)))
        return
    with tempfile.TemporaryDirectory(prefix="sargs-bench-") as name:
        files = {source: [given.lists / part for part in parts] for source, parts in REAL.items()}
        files = {source: paths for source, paths in files.items() if all(path.exists() for path in paths)}
        made = generated(Path(name), given.lists, given.scale)
        files |= {source: [path] for source, path in made.items()}
        wanted = {source: paths for source, paths in files.items() if not given.only or source in given.only}
        figures = measure(wanted, Path(name))
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(json.dumps({"name": "import", "machine": machine, "figures": figures, "aims": aims(figures)}))


if __name__ == "__main__":
    main()
