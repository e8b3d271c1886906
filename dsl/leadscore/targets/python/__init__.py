"""The Python target: a plan becomes the source of one function, and that scores one lead.

`readings`, `conditions`, `events` and `emit` write the source, `runtime` and `instants` hold what
it uses, `evaluator` compiles it and binds it to a time zone. The same emitter writes a second
function that also keeps the receipt; it runs only where a receipt is asked for.

A generated function takes ``(values, events, lists, as_of, report)``: the values parallel to the
plan's properties, events as ``(type, time, *attributes)``, the folded names of lists, whole
seconds, and the report to add to. It returns the place of the statement that excludes the lead,
as an integer, or the tuple of `Outcome`.
"""

from leadscore.targets.python.evaluator import Evaluator

__all__ = ["Evaluator"]
