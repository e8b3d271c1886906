"""Models that are full of dead text, and what findings about them claim of every lead.

A claim is put to leads on and beside the literals of the model: their receipts show whether it is
true. The conditions are those of `reach_probe`, on few fields with few literals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.independent.generate import Call
from tests.lint.reach_probe import NAMES, PROPERTIES, TYPES, Contradictor
from tests.syntax.texts import applied

import leadscore
from leadscore.diagnostics import Diagnostic
from leadscore.lint import Choice, lint
from leadscore.lint.labelled import gaps, ladders
from leadscore.lint.view import View
from leadscore.receipt import RuleReceipt
from leadscore.values.units import units_of

MEANINGLESS = ("L104", "L203", "L304")
"""Codes of findings whose fixes take something away that changes nothing."""


class Muddler(Contradictor):
    """Random models with limits, labels, tables, decay and rules that stand twice."""

    def model(self) -> str:
        """A model; it may have errors, such as a label that another one covers."""
        lines = ['score "Muddle"', 'unknown values "N/A"']
        if self.r.randrange(2):
            lines.append(self.limit())
        lines += [PROPERTIES, "events", '  "A" from "raw"']
        self.names = self.r.sample(NAMES, 2)
        if self.r.randrange(2):
            lines.append(f"define def0 as {self.condition(self.names, 1)}")
        for word in ("only when", "exclude when"):
            if self.r.randrange(3) == 0:
                lines.append(f"{word} {self.condition(self.names, 1)}")
        for number, category in enumerate((" as fit", " as engagement", "")):
            guard = f" if {self.condition(self.names, 1)}" if self.r.randrange(4) == 0 else ""
            decay = f" {self.decay()}" if self.r.randrange(3) == 0 else ""
            limit = f" {self.limit()}" if self.r.randrange(2) else ""
            lines.append(f'group "G{number}"{category}{limit}{decay}{guard}')
            for _ in range(4):
                lines += self.rule()
        for target in ("", " for fit"):
            lines.append(f"labels{target}")
            lines += [f'  "{target}{place}"{bound}' for place, bound in enumerate(self.bounds())]
        for number in range(self.r.choice((0, 0, 1, 3))):
            lines.append(f'fast track "Track{number}" if {self.condition(self.names, 1)}')
        return "\n".join(lines) + "\n"

    def limit(self) -> str:
        low, high = sorted((self.one((-20, -5, 0, 5)), self.one((0, 5, 10, 20, 60))))
        shape = self.one((f"{low} to {high}", f"at least {low}", f"at most {high}"))
        return f"limit {shape}"

    def decay(self) -> str:
        percent = self.one(("50%", "100%", "30%", "0%"))
        gradually = self.maybe(" gradually")
        return f"decay {percent} every {self.one(('1 hour', '1 day', '2 days'))}{gradually}"

    def bounds(self) -> list[str]:
        """Three disjoint stretches, the highest first, now and then with an `if`."""
        cuts = sorted(self.r.sample((-30, -10, 0, 3, 8, 10, 15, 30, 60, 200), 4))
        top = f" from {cuts[3]}" + self.maybe(" and below 500")
        low = self.one((cuts[1], cuts[2] - 1))
        below = f" below {self.one((cuts[0], low))}" if self.r.randrange(3) else f" from {cuts[0]}"
        bounds = [top, f" from {low} and below {self.one((cuts[2], cuts[3]))}", below]
        for place, bound in enumerate(bounds):
            if self.r.randrange(5) == 0:
                bounds[place] = f"{bound} if {self.condition(self.names, 0)}"
        return bounds

    def points(self) -> str:
        return str(self.one(("+1", "+5", "+10", "+25", "-5", "-10")))

    def texts(self) -> str:
        some = ", ".join(f'"{self.one(("a", "ab", "abc", " b", "c"))}"' for _ in range(2))
        return f"s {self.one(('is any of', 'contains any of', 'starts with any of'))} {some}"

    def rule(self) -> list[str]:
        points = self.points()
        limit = f" {self.limit()}" if self.r.randrange(4) == 0 else ""
        match self.r.randrange(10):
            case 0 | 1:
                return [f"  {points} if {self.condition(self.names, 2)}{limit}"]
            case 2:
                return [f"  {points} always{limit}"]
            case 3:
                return [f"  {points} if {self.texts()}" for _ in range(2)]
            case 4:
                cases = [f"    {self.condition(self.names, 1)}: {self.points()}" for _ in range(3)]
                return [f"  first of{limit}", *cases]
            case 5:
                cases = [f"    {self.number_case()}: {self.points()}" for _ in range(4)]
                end = [f"    otherwise: {points}"] if self.r.randrange(3) == 0 else []
                return [f"  by n{limit}", *cases, *end]
            case 6:
                cases = [f"    {self.quoted(('a', 'ab', 'b', 'c'))}: +5" for _ in range(3)]
                return [f"  by s{limit}", *cases]
            case 7:
                rule = f"  {points} if {self.condition(self.names, 1)}"
                return [rule, rule]
            case 8:
                return [f"  +5 if not ({self.texts()})"]
            case _:
                old = f'"{self.one(TYPES)}" more than {self.one(("1 day", "7 days"))} ago'
                stream = self.one((self.stream(), old))
                decay = f" {self.decay()}" if self.r.randrange(2) else ""
                return [f"  {points} for each {stream}{decay}{limit}"]


@dataclass(frozen=True)
class Claim:
    """What a finding says; `holds` looks at a result that is there."""

    code: str
    finding: Diagnostic
    holds: Callable[[leadscore.Result], bool]


def muddle(random: Random, leads: int) -> tuple[leadscore.Model, list[Call]] | None:
    """A model without errors, with leads; None where it has some."""
    maker = Muddler(random)
    text = maker.model()
    try:
        return leadscore.loads(text), maker.calls(leads)
    except leadscore.ScoreError:
        return None


class Claims:
    """The claims of the findings about a model, by what receipts can show."""

    def __init__(self, model: leadscore.Model) -> None:
        self.model = model
        self.text = model.source.text
        self.view = View(model.analysis)
        self.findings = lint(model.analysis, choice=Choice(("L1", "L2", "L3")))
        self.all = tuple(self._claims())
        self.without = [
            (finding.code, leadscore.loads(applied(self.text, fix)))
            for finding in self.findings
            if finding.code in MEANINGLESS
            for fix in finding.fixes
        ]
        self.without += [
            ("L307", leadscore.loads(self._trimmed(finding)))
            for finding in self.findings
            if finding.code == "L307"
        ]
        self.without += [
            ("L105", leadscore.loads(self._without(finding)))
            for finding in self.findings
            if finding.message.startswith("These points change nothing")
        ]
        self._gaps = [
            (ladder.target, gap)
            for ladder in ladders(self.view)
            if ladder.statement is None
            for gap in gaps(self.view, ladder)
        ]

    @property
    def made(self) -> Counter[str]:
        """How many claims of each code can be refuted."""
        made = Counter(claim.code for claim in self.all)
        made.update(code for code, _ in self.without)
        made.update("L102" if gap.below else "L103" for _, gap in self._gaps)
        return made

    def refuted(self, call: Call) -> str:
        """The claim that a lead shows to be false, as text; empty where there is none."""
        result = score(self.model, call)
        for claim in self.all:
            if not claim.holds(result):
                return f"{claim.finding}"
        for code, model in self.without:
            other = score(model, call)
            # The text of the statement that excludes a lead may be the one that was mended.
            same = (
                other.score == result.score
                if code == "L105" or result.excluded
                else other.to_dict() == result.to_dict()
            )
            if not same:
                return f"{code}: {model.source.text}"
        for target, gap in self._gaps:
            value = getattr(result, target)
            if value is None or result.fast_track:
                continue
            units = units_of(Decimal(value))
            inside = (gap.low is None or units >= gap.low) and (
                gap.high is None or units < gap.high
            )
            label = result.label if target == "score" else getattr(result, f"{target}_label")
            if inside and label is not None:
                return f"{gap}"
        return ""

    # What findings mean

    def _line(self, offset: int) -> int:
        return self.model.source.place(offset)[0]

    def _without(self, finding: Diagnostic) -> str:
        """The text without the rule at a finding."""
        rule = next(r for r in self.view.rules if r.statement.start == finding.span.start)
        last = rule.block.cases[-1] if rule.block.cases else rule.statement
        return self.text[: rule.statement.start] + self.text[last.span.end :].lstrip()

    def _trimmed(self, finding: Diagnostic) -> str:
        """The text with what L307 says that its text is the same as."""
        right = finding.label.removeprefix("the same as ")
        return self.text[: finding.span.start] + right + self.text[finding.span.end :]

    def _claims(self) -> Iterator[Claim]:
        for finding in self.findings:
            for holds in self._meaning(finding):
                yield Claim(finding.code, finding, holds)

    def _meaning(self, finding: Diagnostic) -> Iterator[Callable[[leadscore.Result], bool]]:
        line = self._line(finding.span.start)
        message = finding.message
        match finding.code:
            case "L101":
                yield from self._titled(line)
            case "L104":
                yield lambda result: self._lost(result, line) == 0
            case "L105" if message.startswith("This rule always gives "):
                yield self._rule(line, lambda r: not r.held or r.points == self._always(message))
            case "L105" if message.startswith("These points never"):
                points = units_of(Decimal(self.text[slice(*finding.span)]))
                yield self._rule(
                    self._head(line),
                    lambda r: r.points < points if points > 0 else r.points > points,
                )
            case "L106" | "L107":
                yield from self._verdict(finding, line)
            case "L108" if message == "No lead takes this fast track":
                yield from self._verdict(finding, line)
            case "L108":
                place = self._case(line)
                yield self._rule(self._head(line), lambda r: r.case != place)
            case "L110" if message.startswith("This rule never"):
                yield self._rule(line, lambda r: r.earned == r.decayed)
            case "L201":
                other = self._line(finding.notes[0].span.start)
                yield lambda result: len({r.points for r in rules(result, line, other)}) < 2
            case "L202":
                other = self._line(finding.notes[0].span.start)
                yield lambda result: self._both(result, line, other)
            case "L305" if self._case(line) is None:
                yield lambda _: self._held_by_nobody(line)

    def _verdict(
        self, finding: Diagnostic, line: int
    ) -> Iterator[Callable[[leadscore.Result], bool]]:
        message, head = finding.message, self._head(line)
        place = self._case(line)
        match message.split(":")[0]:
            case "This rule never gives points":
                yield self._rule(head, lambda r: not r.held or r.case is None)
            case "This line is never taken":
                yield self._rule(head, lambda r: r.case != place)
            case "This group never gives points":
                yield lambda result: all(
                    group.points == 0
                    for group in result.receipt.groups
                    if group.name == self._group(line)
                )
            case "This counts no events" if any(
                rule.term.line == line and rule.stream_node and not rule.cases
                for rule in self.view.rules
            ):
                yield self._rule(line, lambda r: r.earned == 0)
            case "No lead gets this label":
                yield from self._titled(line)
            case "No lead takes this fast track":
                tracks = self.view.plan.fast_tracks
                title = next(track.title for track in tracks if track.line == line)
                if [track.title for track in tracks].count(title) == 1:
                    yield lambda result: result.fast_track != title
            case "No lead has a score" | "Every lead is excluded":
                yield lambda result: result.excluded is not None
            case "This excludes nobody" | "This keeps nobody out":
                yield lambda result: self._line_text(line) != result.excluded
            case "Every lead gets these points":
                yield self._rule(head, lambda r: not r.held or r.case == 0)
            case "This line takes every lead that is left":
                yield self._rule(
                    head, lambda r: not r.held or (r.case is not None and r.case <= (place or 0))
                )
            case "Every lead takes this fast track":
                yield lambda result: bool(result.excluded) or result.fast_track is not None

    def _rule(
        self, line: int, holds: Callable[[RuleReceipt], bool]
    ) -> Callable[[leadscore.Result], bool]:
        assert any(rule.term.line == line for rule in self.view.rules), line
        return lambda result: all(map(holds, rules(result, line)))

    def _head(self, line: int) -> int:
        """The line of the rule to which a line of a table belongs; of others, itself."""
        for rule in self.view.rules:
            if any(case.term.line == line for case in rule.cases):
                return rule.term.line
        return line

    def _case(self, line: int) -> int | None:
        for rule in self.view.rules:
            for place, case in enumerate(rule.cases):
                if case.term.line == line:
                    return place
        return None

    def _group(self, line: int) -> str:
        return next(group.term.name for group in self.view.groups if group.term.line == line)

    def _titled(self, line: int) -> Iterator[Callable[[leadscore.Result], bool]]:
        """That no lead has the label on a line, where no other label is called so."""
        labels = [label.term for labels in self.view.labels for label in labels.labels]
        titles: list[str | None] = [label.title for label in labels]
        titles += [track.title for track in self.view.plan.fast_tracks]
        title = next((label.title for label in labels if label.line == line), None)
        if titles.count(title) == 1:
            yield lambda r: title not in (r.label, r.fit_label, r.engagement_label)

    def _line_text(self, line: int) -> str:
        return next(scope.text for scope in self.view.plan.scope if scope.line == line)

    @staticmethod
    def _always(message: str) -> int:
        return units_of(Decimal(message.removeprefix("This rule always gives ")))

    def _lost(self, result: leadscore.Result, line: int) -> int:
        if result.excluded is not None:
            return 0
        for target, _ in self.view.plan.limits:
            if self.view.symbols.limits[target][0].line == line:
                return result.receipt.limited[target]
        for view, group in zip(self.view.groups, result.receipt.groups, strict=True):
            if view.term.line == line:
                return group.limited
        return sum(rule.limited for rule in rules(result, line))

    @staticmethod
    def _both(result: leadscore.Result, narrow: int, wide: int) -> bool:
        found = {rule.line: rule for rule in rules(result, narrow, wide)}
        return not found or found[narrow].case is None or found[wide].case is not None

    def _held_by_nobody(self, line: int) -> bool:
        """Whether a lead of which nothing is known gets the points of a rule."""
        result = self.model.score({}, as_of="2026-01-31")
        return all(not rule.held or rule.case == 0 for rule in rules(result, line))


def rules(result: leadscore.Result, *lines: int) -> list[RuleReceipt]:
    """The receipts of the rules on some lines; none for a lead that is excluded."""
    if result.excluded is not None:
        return []
    return [rule for group in result.receipt.groups for rule in group.rules if rule.line in lines]


def score(model: leadscore.Model, call: Call) -> leadscore.Result:
    """The result of a lead."""
    return model.score(call.lead, call.events, call.lists, as_of=call.as_of, time_zone=call.zone)
