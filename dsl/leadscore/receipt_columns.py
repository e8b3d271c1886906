"""The receipts of many leads as columns of numbers: points, lost to decay, lost to limits.

By the signs of a receipt (`leadscore.receipt`) the columns add up: the points of a group's rules
less what its limit took are the group's; those of the groups less what the limits of fit,
engagement and score took are the score. What a rule earned is its points, and what it lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from leadscore.plan import terms as t
from leadscore.receipt import OUTPUTS, GroupReceipt

What = Literal["points", "decayed", "limited"]
RESERVED = ("id", *OUTPUTS, "excluded")
"""Headers that are no receipt's, whether the model defines such an output or not."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Among them those that turn the direction of writing, and halves of surrogate pairs."""


@dataclass(frozen=True, slots=True)
class ReceiptColumn:
    """One amount of every lead's receipt, in units; blank for a lead that is excluded.

    `points`: what counted, after decay and limit. `decayed`, `limited`: lost to decay, and to the
    limit; less than 0 where negative points faded, and where a floor gave points.
    """

    name: str
    """The header; no other column of the table has it, in any case of letters."""
    what: What
    group: int | None
    """The place of its group in the plan; None: it is of `target`."""
    rule: int | None
    """The place of its rule in the group; None: it is of the group itself."""
    target: t.Target | None
    """A category, or the score: what its limit took."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What has columns: a rule, a group, a category or the score, as it is named without doubles.

    `line`: where it stands in the model; 0: nowhere in particular.
    """

    title: str
    line: int
    whats: tuple[What, ...]
    group: int | None = None
    rule: int | None = None
    target: t.Target | None = None


def receipt_columns(
    plan: t.Plan, prefix: str = "", taken: Collection[str] = ()
) -> tuple[ReceiptColumn, ...]:
    """The columns of a plan's receipts, in the order of the file.

    For each group: its rules, each with its points, then what it lost to decay and to its limit,
    where it has them; the points of the group and what its limit took; at the end what the limits
    of fit, engagement and score took.

    Headers are `Company`, `Company: +10 if senior`, `Company: +10 if senior (limited)`; a rule
    that is `named` goes by its name. A group that is called as another column is `Fit (group)`; of
    other doubles each also has its line, `(line 12)`. A header is as long as the rule is.

    Args:
        plan: of the model.
        prefix: stands before each name, where a table has columns of several models.
        taken: further headers of the table, prefixes included, which none of these may be; the
            names of outputs are taken anyway.
    """
    used = {_key(name) for name in (*taken, *(prefix + name for name in RESERVED))}
    subjects = [_apart(subject, prefix, used) for subject in _subjects(plan)]
    often = Counter(_key(name) for subject in subjects for name in _headers(prefix, subject))
    columns: list[ReceiptColumn] = []
    for subject in subjects:
        names = _headers(prefix, subject)
        if subject.line and any(often[_key(name)] > 1 or _key(name) in used for name in names):
            subject = replace(subject, title=f"{subject.title} (line {subject.line})")
        names = _free(prefix, subject, used)
        used.update(map(_key, names))
        columns += [
            ReceiptColumn(name, what, subject.group, subject.rule, subject.target)
            for name, what in zip(names, subject.whats, strict=True)
        ]
    return tuple(columns)


def receipt_amounts(
    columns: Sequence[ReceiptColumn],
    groups: Sequence[GroupReceipt],
    limited: Mapping[str, int],
) -> tuple[int, ...]:
    """What the columns hold for one lead that is not excluded, in units.

    `groups` and `limited` are those of its receipt.
    """
    amounts = []
    for column in columns:
        if column.group is None:
            assert column.target is not None
            amounts.append(limited[column.target])
            continue
        group = groups[column.group]
        of = group if column.rule is None else group.rules[column.rule]
        amounts.append(getattr(of, column.what))
    return tuple(amounts)


def _subjects(plan: t.Plan) -> Iterator[_Subject]:
    """What has columns, in the order of the columns."""
    for place, group in enumerate(plan.groups):
        name = _shown(group.name) or "group"
        for number, rule in enumerate(group.rules):
            decays = isinstance(rule.body, t.EachEvent) and rule.body.decay is not None
            whats: list[What] = ["points"]
            if decays:
                whats.append("decayed")
            if rule.limit is not None:
                whats.append("limited")
            title = _shown(rule.name or "") or _shown(rule.text)
            yield _Subject(f"{name}: {title}", rule.line, tuple(whats), place, number)
        own: tuple[What, ...] = ("points",) if group.limit is None else ("points", "limited")
        yield _Subject(name, group.line, own, place)
    limits = dict(plan.limits)
    targets: tuple[t.Target, ...] = ("fit", "engagement", "score")
    for target in targets:
        if target in limits:
            yield _Subject(target, 0, ("limited",), target=target)


def _apart(subject: _Subject, prefix: str, used: Collection[str]) -> _Subject:
    """A group such as `Engagement`, beside the output `engagement`, as `Engagement (group)`."""
    if subject.target is None and subject.rule is None and _key(prefix + subject.title) in used:
        return replace(subject, title=f"{subject.title} (group)")
    return subject


def _headers(prefix: str, subject: _Subject) -> list[str]:
    title = prefix + subject.title
    return [title if what == "points" else f"{title} ({what})" for what in subject.whats]


def _free(prefix: str, subject: _Subject, used: Collection[str]) -> list[str]:
    """The headers of a subject, with a number after its title where there is no other way."""
    names = _headers(prefix, subject)
    number = 2
    while any(_key(name) in used for name in names):
        names = _headers(prefix, replace(subject, title=f"{subject.title} ({number})"))
        number += 1
    return names


def _key(name: str) -> str:
    """Equal for names that some reader of tables takes for the same."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _shown(text: str) -> str:
    """`text` in one line, with a blank for control characters and runs of white space."""
    return " ".join(_CONTROL.sub(" ", text).split())
