"""Rules on reachability, repetition and counting: their work grows in step with the model."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.hostile.growth import assert_linear

from leadscore.analysis import analyse
from leadscore.lint import Choice, lint
from leadscore.syntax.document import parse

GROUP = 'score "x"\ngroup "g"\n'


def listed(n: int, text: str) -> str:
    return ", ".join(f'"{text.format(i)}"' for i in range(n))


MODELS: dict[str, Callable[[int], str]] = {
    "rules of one property": lambda n: GROUP + "".join(f'  +1 if a is "{i}"\n' for i in range(n)),
    "rules that stand twice": lambda n: GROUP + '  +1 if a is "x"\n' * n,
    "rules with contradictions": lambda n: (
        GROUP + "".join(f"  +1 if a = {i} and a = {i + 1}\n" for i in range(n))
    ),
    "events after themselves": lambda n: GROUP + '  +1 if event "a" since "a"\n' * n,
    "rules behind much scope": lambda n: (
        'score "x"\n'
        + "".join(f'only when s is not "{i}"\n' for i in range(n))
        + 'group "g"\n'
        + "".join(f'  +1 if s is "{i}"\n' for i in range(n))
    ),
    "cases that are covered": lambda n: (
        GROUP + "  by a\n" + "".join(f"    > {i}: +1\n" for i in range(n))
    ),
    "cases of texts": lambda n: (
        GROUP + "  by a\n" + "".join(f'    "t{i}", "u": +1\n' for i in range(n))
    ),
    "cases of counts": lambda n: (
        GROUP
        + "  first of\n"
        + "".join(f'    event "e" at least {i} times: +1\n' for i in range(1, n))
    ),
    "a list of texts": lambda n: f"{GROUP}  +1 if a contains {listed(n, 't{0}')}\n",
    "a list of one text": lambda n: f"{GROUP}  +1 if a is any of {listed(n, 'x')}\n",
    "one long or": lambda n: (
        GROUP + "  +1 if " + " or ".join(f"a{i} > {i}" for i in range(n)) + "\n"
    ),
    "one long and of ors": lambda n: (
        GROUP + "  +1 if " + " and ".join(f"(a{i} > 1 or b{i} < 3)" for i in range(n)) + "\n"
    ),
    "a chain of definitions": lambda n: (
        'score "x"\ndefine d0 as a = 1\n'
        + "".join(f"define d{i} as d{i - 1} or b{i} = 2\n" for i in range(1, n))
        + 'group "g"\n'
        + "".join(f"  +1 if not d{i}\n" for i in range(n))
    ),
    "definitions that double": lambda n: (
        'score "x"\ndefine d0 as a = 1\n'
        + "".join(f"define d{i} as d{i - 1} or not d{i - 1}\n" for i in range(1, n))
        + f'group "g"\n  +1 if d{n - 1}\n'
    ),
    "labels": lambda n: (
        GROUP
        + '  +1 for each "v"\nlabels\n'
        + "".join(f'  "{i}" from {n - i} if a = {i}\n' for i in range(n))
    ),
    "limits": lambda n: (
        'score "x"\n'
        + "".join(
            f'group "g{i}" limit 90\n  +50 always limit 20\n  +1 if a = 1 limit 9\n'
            for i in range(n)
        )
    ),
    "mails of our own": lambda n: (
        'score "x"\nevents\n'
        + "".join(f'  "Email sent {i}" from "r{i}"\n' for i in range(n))
        + 'group "g"\n'
        + "  +1 if event\n" * n
    ),
}


@pytest.mark.parametrize("kind", MODELS)
def test_findings_are_linear(kind: str) -> None:
    def work(size: int) -> object:
        analysis = analyse(parse(MODELS[kind](size)))
        assert not analysis.errors, analysis.errors[0]
        return lint(analysis, choice=Choice(("L1", "L2", "L3")))

    assert_linear(work, 250)
