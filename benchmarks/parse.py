"""Parsing and checking a model of 1,000 lines: in a new process, and after a change of one line.

Run it with `python benchmarks/parse.py`. The lines are all different, as in a real file. Runs of
the first kind are new interpreters, each of which times itself after the import. All kinds take
turns with a fixed piece of work (the same text through `json`, 20 times), so that figures of
different machines can be compared. Medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from random import Random

INDUSTRIES = ("Software", "Retail", "Banking", "Insurance", "Energy", "Media", "Logistics")
TITLES = ("VP", "Chief", "Director", "Head", "Manager", "Engineer", "Buyer", "Student")
TYPES = ("Email open", "Email click", "Page view", "Webinar", "Call", "Meeting", "Trial", "Form")
ATTRIBUTES = ("url", "campaign", "outcome", "channel")


def model(lines: int, seed: int = 0) -> str:
    """A model of `lines` lines, no two alike, that a company with many products might have."""
    r = Random(seed)
    out = [
        'score "Everything that we sell" for contacts',
        "limit at least 0",
        "fit limit 400",
        'unknown values "Select", "N/A"',
        "properties",
        *(f"  amount_{n}: number" for n in range(20)),
        *(f'  [Product {n} since]: date "D.M.YYYY" from "P{n} Start"' for n in range(10)),
        "events",
        *(f'  "{kind}" from "{kind.upper()}_{n}", "4-{n}"' for n, kind in enumerate(TYPES)),
        *(
            f'define segment_{n} as industry is "{r.choice(INDUSTRIES)}" '
            f"and amount_{n % 20} >= {n * 10 + 5}"
            for n in range(30)
        ),
    ]
    seen = set(out)
    product = 0
    while len(out) < lines - 10:
        product += 1
        category = r.choice(("fit", "engagement"))
        out.append(f'group "Product {product}" as {category} limit {r.randrange(20, 90)}')
        for _ in range(12):
            made = rule(r, product)
            if seen.isdisjoint(made):
                seen.update(made)
                out += made
    del out[lines - 5 :]
    if out[-1].startswith(("by", "group")):
        out[-1] = "+1 if amount_1 = 1"
    while len(out) < lines - 5:
        out.append(f"+{len(out)} if amount_1 = {len(out)}")
    out += ["labels", '  "Hot" from 70 color red', '  "Warm" from 40 color orange']
    out += ['  "Cool" from 20', '  "Cold" below 20 color blue']
    return "\n".join(out) + "\n"


def rule(r: Random, product: int) -> list[str]:
    """A rule of one line, or a table."""
    points = f"+{r.randrange(1, 400) / 10:g}"
    days, kind = r.randrange(7, 365), r.choice(TYPES)
    match r.randrange(9):
        case 0:
            titles = ", ".join(f'"{title}"' for title in r.sample(TITLES, 2))
            return [
                f"{points} if job_title contains any of the words {titles} and segment_{days % 30}"
            ]
        case 1:
            return [f'{points} if [Interest {product}] is any of "yes", "maybe {days}"']
        case 2:
            where = f'{r.choice(ATTRIBUTES)} contains "product-{product}/{days}"'
            return [f'{points} for each "{kind}" where {where} in the last {days} days']
        case 3:
            decay = f"decay {r.randrange(5, 60)}% every {days} days"
            return [f'{points} for each "{kind}" latest {r.randrange(2, 9)} {decay}']
        case 4:
            return [
                f'{points} once for "{kind}" since "Form" limit {days} if amount_{days % 20} > 7'
            ]
        case 5:
            table = [f"by amount_{days % 20} limit {days} if segment_{r.randrange(30)}"]
            edge = r.randrange(1, 500)
            table.append(f"  1 to {edge}: +{r.randrange(100) / 8:g}")
            table.append(f"  {edge + 1} to {edge + days}: +{r.randrange(100, 200) / 8:g}")
            table.append(f"  otherwise: -{r.randrange(1, 4000) / 100:g}")
            return table
        case 6:
            table = [f'by count of "{kind}" in the last {days} days']
            return [*table, f"  1 to {days}: +{product}.{days}", f"  > {days}: {points}"]
        case 7:
            since = f"[Product {days % 10} since]"
            return [f"-{days} if {since} is more than {days} days ago or {since} is unknown"]
        case _:
            test = f'event "{kind}" at least {r.randrange(2, 9)} times in the last {days} days'
            return [f'{points} if {test} and not (industry is "{r.choice(INDUSTRIES)}")']


FRESH = """
import sys, time
import leadscore.model
from leadscore.syntax.parser import lark_parser
text = sys.stdin.read()
start = time.perf_counter()
if sys.argv[1] == "built":
    lark_parser()
    start = time.perf_counter()
found = leadscore.model.check(text)
spent = time.perf_counter() - start
assert not any(one.severity == "error" for one in found), found
print(spent)
"""


def fresh(text: str, how: str) -> float:
    """Seconds of parse and check in a new process."""
    out = subprocess.run(
        [sys.executable, "-c", FRESH, how], input=text, capture_output=True, text=True, check=True
    )
    return float(out.stdout)


def changed(text: str, start: str, number: int) -> str:
    """The text with one line, the first that begins so, made another."""
    lines = text.split("\n")
    place = next(n for n, line in enumerate(lines) if line.startswith(start))
    if start == "define":
        lines[place] = lines[place] + f" and amount_3 < {number + 1000}"
    elif start == "  amount":
        lines[place] = lines[place] + f' from "Column {number}"'
    else:
        lines[place] = f"+{number + 1} if amount_2 = {number}"
    return "\n".join(lines)


def yardstick(text: str) -> float:
    start = time.perf_counter()
    for _ in range(20):
        json.loads(json.dumps(text.split("\n")))
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="runs of each kind")
    parser.add_argument("--lines", type=int, default=1_000, help="lines of the model")
    arguments = parser.parse_args()
    if arguments.runs < 2:
        parser.error("--runs: at least 2, or there are no quartiles")

    import leadscore

    text = model(arguments.lines)
    for found in leadscore.check(text):
        if found.severity == "error":
            raise SystemExit(f"the model of this benchmark has an error: {found}")
    starts = {"a rule": "+", "a `define`": "define", "a line of `properties`": "  amount"}
    times: dict[str, list[float]] = {"json, 20 times (yardstick)": []}
    for name in ("new process, parser built before", "new process, parser built in it"):
        times[name] = []
    for name in starts:
        times[f"{name} changed"] = []
    for number in range(arguments.runs):
        times["json, 20 times (yardstick)"].append(yardstick(text))
        times["new process, parser built before"].append(fresh(text, "built"))
        times["new process, parser built in it"].append(fresh(text, "whole"))
        for name, start in starts.items():
            other = changed(text, start, number)
            leadscore.check(text)
            begin = time.perf_counter()
            leadscore.check(other)
            times[f"{name} changed"].append(time.perf_counter() - begin)
    print(f"{arguments.lines} lines, {arguments.runs} runs, milliseconds: median (quartiles)")
    for name, seconds in times.items():
        low, middle, high = (1000 * cut for cut in statistics.quantiles(seconds, n=4))
        print(f"  {name:<34} {middle:7.1f}  ({low:.1f} to {high:.1f})")


if __name__ == "__main__":
    main()
