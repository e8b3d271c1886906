"""The receipt as text that people read."""

from __future__ import annotations

from collections.abc import Collection
from textwrap import wrap

from leadscore.diagnostics.page import printable
from leadscore.receipt import EventSeen, GroupReceipt, Reason, Receipt, RuleReceipt, ValueSeen
from leadscore.values.units import decimal_text

WIDTH = 68
"""Columns for a rule's text, before its points."""
_SHOWN = 5
"""Events of one rule that are listed, the latest; the rest is counted."""


def receipt_page(
    receipt: Receipt, *, every_rule: bool = False, only: Collection[str | None] | None = None
) -> str:
    """The receipt, several lines without a final line break.

    Rules that did not fire are counted; with `every_rule` they are listed, with the values that
    they looked at. With `only`, the groups of these names alone.
    """
    who = f"Lead {printable(receipt.id)}" if receipt.id else "Lead"
    out = [f"{who}, as of {receipt.as_of}"]
    if receipt.excluded is not None:
        return "\n".join([*out, f"  excluded: {receipt.excluded}"])
    for group in receipt.groups:
        if only is None or group.name in only:
            out += ["", *_group(group, every_rule)]
    out.append("")
    for name in ("fit", "engagement", "score"):
        if name in receipt.outputs or name == "score":
            out += _limit(receipt.limited.get(name, 0), f"limit of {name}", "")
            out.append(_line(name, receipt.outputs.get(name) or "0", strong=True))
    for name, value in receipt.outputs.items():
        if name not in ("score", "fit", "engagement") and value is not None:
            out.append(_line(name.replace("_", " "), value))
    return "\n".join(out)


def _group(group: GroupReceipt, every_rule: bool) -> list[str]:
    title = f"{group.name} ({group.category})" if group.category else group.name
    out = [_line(printable(title), decimal_text(group.points), strong=True)]
    if group.failed is not None:
        return [*out, *_wrapped(f"does not hold: {printable(group.failed)}", "  ")]
    silent = 0
    for rule in group.rules:
        if rule.because or rule.points or rule.limited:
            out += _rule(rule)
        elif every_rule:
            out += _headed(rule, "0")
            out += [f"      {line}" for line in reasons(rule.looked)]
        else:
            silent += 1
    out += _limit(group.limited, "limit of the group", "  ")
    if silent:
        out.append(f"  {silent} other {'rule' if silent == 1 else 'rules'} gave nothing")
    return out


def _rule(rule: RuleReceipt) -> list[str]:
    out = _headed(rule, decimal_text(rule.earned))
    out += [f"      {line}" for line in reasons(rule.because)]
    if rule.decayed:
        out.append(_line("      lost to decay", decimal_text(-rule.decayed)))
    out += _limit(rule.limited, "limit of the rule", "      ")
    return out


def _headed(rule: RuleReceipt, amount: str) -> list[str]:
    """A rule's text with its points; a long text goes on in the lines below."""
    first, *rest = _wrapped(printable(rule.rule), "  ")
    return [_line(first, amount), *rest]


def _wrapped(text: str, indent: str) -> list[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=True,
        break_on_hyphens=False,
    )


def _limit(lost: int, what: str, indent: str) -> list[str]:
    if not lost:
        return []
    verb = "lost to" if lost > 0 else "given by"
    return [_line(f"{indent}{verb} the {what}", decimal_text(-lost))]


def reasons(because: tuple[Reason, ...]) -> list[str]:
    """What fired a rule, a line each."""
    out: list[str] = []
    events = [reason for reason in because if isinstance(reason, EventSeen)]
    for reason in because:
        if isinstance(reason, ValueSeen):
            out.append(_value(reason))
    if len(events) > _SHOWN:
        more = len(events) - _SHOWN
        out.append(f"{more} earlier {'event' if more == 1 else 'events'}, and")
    for event in events[-_SHOWN:]:
        line = f"{printable(event.event)} at {event.time.removesuffix('T00:00:00')}"
        known = [f"{name} = {value}" for name, value in event.attributes if value is not None]
        if known:
            line += f" ({printable(', '.join(known))})"
        if event.points is not None and event.left is not None and event.left != event.points:
            line += f": {decimal_text(event.points)}, now {decimal_text(event.left)}"
        out.append(line)
    return out


def _value(reason: ValueSeen) -> str:
    if reason.kind == "case":
        return printable(reason.value or "")
    if reason.kind == "list":
        return f'in list "{printable(reason.name)}": {reason.value}'
    shown = "unknown" if reason.value is None else printable(reason.value)
    return f"{printable(reason.name)} = {shown}"


def _line(text: str, amount: str, *, strong: bool = False) -> str:
    """A text and, aligned on the right, its points."""
    room = WIDTH + 10 - max(10, len(amount))
    if len(text) > max(room, 20):
        text = text[: max(room, 20) - 1] + "…"
    dots = ("." if strong else " ") * max(1, room - len(text))
    return f"{text} {dots} {amount.rjust(10)}"
