"""Our own mails count as what the lead did.

## What

A rule looks at any event at all, and the model itself names a type of event that is ours, not the
lead's: a mail that was sent, delivered or bounced. It counts, too.

## Why

A lead who has been silent for a year, and gets our newsletter each week, counts as active.

## Example

```score bad
score "Contacts"
events
  "Email sent" from "EMAIL_SENT"
group "Activity" as engagement
  +5 for each "Visit"
  -10 for each 30 days without any event limit -30
```

## Remedy

Leave these types out with `except`.

```score good
score "Contacts"
events
  "Email sent" from "EMAIL_SENT"
group "Activity" as engagement
  +5 for each "Visit"
  -10 for each 30 days without any event except "Email sent" limit -30
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadscore.analysis.statements import facts_of
from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import StreamView, View
from leadscore.syntax import nodes as n

_MAIL = {"email", "mail", "emails", "mails", "newsletter"}
_OURS = {"sent", "delivered", "bounced", "bounce", "dropped", "deferred"}
_SHOWN = 5
"""Types that are named at most."""
_WORD = re.compile(r"[^\W\d_]+")


def find(view: View) -> Iterator[Finding]:
    """Choices of any event that do not leave out an outgoing mail that the model names."""
    ours = _own_types(view)
    if not ours:
        return
    for stream in view.streams:
        types = stream.term.types
        if not types.exclude or stream.term.where is not None:
            continue
        missing = [text for key, text in ours.items() if key not in types.keys]
        if missing:
            named = ", ".join(f'"{text}"' for text in missing[:_SHOWN])
            if len(missing) > _SHOWN:
                named += ", …"
            yield Finding(
                stream.span,
                f"{named} counts here, and is not the lead's doing",
                "any event",
                f"Leave it out: `any event except {named}`.",
                fixes=(left_out(view, stream, missing),) if len(missing) <= _SHOWN else (),
            )


def is_own_mail(key: str) -> bool:
    """Whether a type, by its key, is that of a mail that we send, as far as its name tells."""
    words = set(_WORD.findall(key))
    if {"hard", "bounce"} <= words or {"soft", "bounce"} <= words:
        return True
    return bool(words & _MAIL and words & _OURS)


def _own_types(view: View) -> dict[str, str]:
    """The outgoing mails that the file names: the key and spelling under which they count."""
    declared = view.symbols.event_types
    found: dict[str, str] = {}
    texts = list(declared.values())
    raw = [(key, name) for key, name in declared.items() if is_own_mail(key)]
    for _, name in raw:
        found[name.key] = name.value.strip()
    for statement in view.document.statements:
        if statement.node is None:
            continue
        texts += facts_of(statement.parsed).types
        if isinstance(statement.node, n.GivenEvent):
            texts.append(statement.node.type)
    for text in texts:
        name = declared.get(text.key, text)
        if is_own_mail(text.key):
            found.setdefault(name.key, name.value.strip())
    return found


def left_out(view: View, stream: StreamView, missing: list[str]) -> Fix:
    """The fix that leaves event types out of a choice of any event."""
    listed = ", ".join('"' + text.replace('"', '""') + '"' for text in missing)
    node = stream.node
    kinds = node.kinds
    if kinds is None:  # `event`, `no event`
        assert isinstance(node, n.EventTest)
        said = view.text(stream.span)
        head = re.match(r"((no|any)\s+)?event", said)
        assert head is not None
        span = Span(stream.span.start, stream.span.start + head.end())
        negation = "not " if node.negated else ""
        edit = Edit(span, f"{negation}any event except {listed}")
    else:
        end = span_in(stream.statement, kinds.span).end
        edit = Edit(Span(end, end), f", {listed}" if kinds.texts else f" except {listed}")
    return Fix("Leave it out", (edit,))


RULE = Rule("L303", "own-mails-count", __doc__, find, fix="unsafe")
