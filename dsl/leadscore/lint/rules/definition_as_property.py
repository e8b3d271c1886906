"""Definition that is read as a property.

## What

A comparison reads a property that has the name of a definition, and no such property is declared.
A definition is a condition: it stands by itself, as in `+10 if senior`, and is not compared.

## Why

`senior is yes` looks for a column `senior` of the leads, not for the definition. If there is none,
nobody gets the points.

## Example

```score bad
score "Contacts"
define senior as job_title contains the word "director"
group "Person" as fit
  +10 if senior is yes
  +5 if senior and employees >= 50
```

## Remedy

Leave the comparison out: `if senior`, `if not senior`. If a column of the leads is really meant,
give the definition another name, or declare the property.

```score good
score "Contacts"
define senior as job_title contains the word "director"
group "Person" as fit
  +10 if senior
  +5 if senior and employees >= 50
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Note
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.uses import Use
from leadscore.lint.view import View
from leadscore.syntax import nodes as n


def find(view: View) -> Iterator[Finding]:
    """Properties with the name of a definition that does not read them itself."""
    for key, uses in misread(view).items():
        statement, define = view.symbols.definitions[key]
        name = spelling.name(define.name.text)
        for use in uses:
            yield Finding(
                use.span,
                f"`{use.shown}` is read as a property here, and is a definition",
                "looks for a column of the leads",
                f"A definition stands by itself: `if {name}` or `if not {name}`.",
                (Note(define.name.span.shift(statement.start), "the definition"),),
                tuple(_fixes(use)),
            )


def misread(view: View) -> dict[str, list[Use]]:
    """Where definitions are read as properties, by their keys.

    Not where a definition reads the property of its own name, as in `define customer as customer
    is yes`: both names are meant.
    """
    return {
        key: uses
        for key, uses in view.named("property").items()
        if key in view.symbols.definitions
        and key not in view.declared
        and not any(use.statement is view.symbols.definitions[key][0] for use in uses)
    }


def _fixes(use: Use) -> Iterator[Fix]:
    match use.within:
        case n.Is(values=(n.YesNo(value=value),), negated=negated) as test:
            holds = value != negated
        case n.Compare(operator="=" | "!=" as operator, value=n.YesNo(value=value)) as test:
            holds = value == (operator == "=")
        case _:
            return
    name = spelling.name(use.shown)
    right = name if holds else f"not {name}"
    yield Fix(f"Write `{right}`", (Edit(test.span.shift(use.statement.start), right),))


RULE = Rule("L405", "definition-as-property", __doc__, find, fix="unsafe")
