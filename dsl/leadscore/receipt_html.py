"""The receipt as a page of its own: no script, no outside resource, all text escaped."""

from __future__ import annotations

from html import escape

from leadscore.receipt import GroupReceipt, Receipt, RuleReceipt
from leadscore.receipt_page import reasons
from leadscore.values.units import decimal_text

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 56rem; padding: 0 1rem;
  color: #1c2733; background: #fff; }
h1 { font-size: 1.35rem; margin: 0; }
p.about { color: #5b6875; margin: .2rem 0 1.4rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: right; font-weight: 500; color: #5b6875; border-bottom: 1px solid #cfd6dd; }
th { padding: .25rem 0 .25rem 1rem; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
td { text-align: right; vertical-align: top; padding: .25rem 0 .25rem 1rem; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; }
td:first-child { white-space: normal; overflow-wrap: anywhere; }
tr.group td { font-weight: 650; border-top: 1px solid #cfd6dd; padding-top: .6rem; }
tr.sum td { font-weight: 650; border-top: 2px solid #1c2733; }
tr.silent td { color: #8b96a1; }
ul { margin: .1rem 0; padding-left: 1.2rem; color: #5b6875; font-size: .9em; }
code { font: .92em ui-monospace, monospace; }
"""


def receipt_html(receipt: Receipt, title: str) -> str:
    """The page, a whole HTML document; `title` is the name of the score."""
    who = f"Lead {receipt.id}" if receipt.id else "A lead"
    outputs = ", ".join(
        f"{name.replace('_', ' ')} {value}"
        for name, value in receipt.outputs.items()
        if value is not None
    )
    if receipt.excluded is not None:
        body = f"<p>Excluded by <code>{escape(receipt.excluded)}</code></p>"
    else:
        body = _table(receipt)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}: {escape(who)}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{escape(title)}: {escape(who)}</h1>\n"
        f'<p class="about">as of {escape(receipt.as_of)}{": " if outputs else ""}'
        f"{escape(outputs)}</p>\n{body}\n</body></html>"
    )


def _table(receipt: Receipt) -> str:
    rows = [
        "<tr><th>rule</th><th>earned</th><th>lost to decay</th><th>lost to limits</th>"
        "<th>points</th></tr>"
    ]
    for group in receipt.groups:
        rows += _group(group)
    for name in ("fit", "engagement", "score"):
        if name in receipt.outputs:
            lost = receipt.limited.get(name, 0)
            rows.append(
                f'<tr class="sum"><td>{name}</td><td></td><td></td><td>{_some(lost)}</td>'
                f"<td>{escape(receipt.outputs[name] or '')}</td></tr>"
            )
    for name, value in receipt.outputs.items():
        if name not in ("fit", "engagement", "score") and value is not None:
            rows.append(
                f'<tr class="sum"><td>{name.replace("_", " ")}</td><td></td><td></td><td></td>'
                f"<td>{escape(value)}</td></tr>"
            )
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def _group(group: GroupReceipt) -> list[str]:
    title = f"{group.name} ({group.category})" if group.category else group.name
    note = ""
    if group.failed is not None:
        note = f"<br><em>does not hold: <code>{escape(group.failed)}</code></em>"
    head = (
        f'<tr class="group"><td>{escape(title)}{note}</td><td></td><td></td>'
        f"<td>{_some(group.limited)}</td><td>{decimal_text(group.points)}</td></tr>"
    )
    return [head, *(_rule(rule) for rule in group.rules)]


def _rule(rule: RuleReceipt) -> str:
    fired = rule.because or rule.points or rule.limited
    name = f"{escape(rule.name)}: " if rule.name else ""
    why = "".join(f"<li>{escape(line)}</li>" for line in reasons(rule.because))
    return (
        f"<tr{'' if fired else ' class=silent'}><td>{name}<code>{escape(rule.rule)}</code>"
        f"{f'<ul>{why}</ul>' if why else ''}</td><td>{_some(rule.earned)}</td>"
        f"<td>{_some(rule.decayed)}</td><td>{_some(rule.limited)}</td>"
        f"<td>{decimal_text(rule.points)}</td></tr>"
    )


def _some(units: int) -> str:
    """An amount; nothing for 0."""
    return decimal_text(units) if units else ""
