"""`make mutants`: changes the pure parts in small ways, and says which changes no test sees."""

from __future__ import annotations

import argparse
import ast
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.killing import Fate, Place, load_slow
from tests.mutants.mutations import mutants
from tests.mutants.parts import PARTS, ROOT, Part
from tests.mutants.reach import Reach, measured, relative

LEAST: Final = 0.9


def places(part: Part) -> list[Place]:
    """Every mutant of a part."""
    found = []
    for path in part.files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [Place(path=path, tree=tree, mutant=mutant) for mutant in mutants(tree)]
    return found


def line(place: Place) -> str:
    """The line that is changed, as it stands."""
    return _lines(place.path)[place.mutant.lines.start - 1].strip()


@cache
def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def key(place: Place) -> tuple[str, str, str]:
    """How the list of exceptions names a mutant: not by its line's number, which moves."""
    return relative(place.path), line(place), place.mutant.after


def main(given: Sequence[str] | None = None) -> int:
    """Judges a sample of each part; 1 where less than nine in ten are seen."""
    options = _options(given)
    os.chdir(ROOT)
    load_slow()
    chosen = [part for part in PARTS if not options.parts or part.name in options.parts]
    rates = [_part(part, options) for part in chosen]
    return 0 if min(rates) >= LEAST else 1


def _options(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *(part.name for part in PARTS)], help="which; default: each")
    parser.add_argument("--sample", default="40", help="mutants of each part, or `all`")
    parser.add_argument("--seed", type=int, default=1, help="chooses the sample")
    parser.add_argument("--only", default="", help="only mutants of files whose path has this")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="mutants at a time")
    return parser.parse_args(given)


def _part(part: Part, options: argparse.Namespace) -> float:
    everything = [place for place in places(part) if options.only in relative(place.path)]
    sample = everything
    if options.sample != "all" and int(options.sample) < len(everything):
        sample = random.Random(options.seed).sample(everything, int(options.sample))
    sample.sort(key=lambda place: (place.path, place.mutant.lines.start))
    fates: Counter[Fate] = Counter()
    for place, fate in zip(sample, _fates(sample, measured(part), options.workers), strict=True):
        fates[fate] += 1
        if fate in {Fate.SURVIVED, Fate.UNREACHED}:
            _tell(place, fate)
    judged = len(sample) - fates[Fate.EQUIVALENT]
    rate = fates[Fate.KILLED] / judged if judged else 1.0
    print(
        f"{part.name}: {rate:.1%} killed, {fates[Fate.KILLED]} of {judged}; {fates[Fate.EQUIVALENT]} equivalent; "
        f"a sample of {len(sample)} from {len(everything)}, seed {options.seed}",
        flush=True,
    )
    return rate


def _tell(place: Place, fate: Fate) -> None:
    print(f"{relative(place.path)}:{place.mutant.lines.start}: {fate}: {line(place)}", flush=True)
    print(f"    {place.mutant.before}  ->  {place.mutant.after}", flush=True)


_asked: tuple[list[Place], Reach]


def _fates(sample: list[Place], reach: Reach, workers: int) -> Iterator[Fate]:
    """Workers are split off and find the sample in their memory: syntax trees are not sent around."""
    global _asked
    _asked = sample, reach
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        told: list[Future[Fate]] = [pool.submit(_fate, number) for number in range(len(sample))]
        yield from (each.result() for each in told)


def _fate(number: int) -> Fate:
    sample, reach = _asked
    place = sample[number]
    return Fate.EQUIVALENT if key(place) in EQUIVALENT else place.judged(reach)


if __name__ == "__main__":
    sys.exit(main())
