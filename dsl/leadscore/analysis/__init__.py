"""What a tree means: names, types, units; what is wrong is a diagnostic. No engine is known here.

`statements` checks what a statement says by itself; the result is kept with the parsed statement,
so that an unchanged line costs nothing. `symbols` gathers what the file declares. `blocks`,
`outputs` and `tests` check what only the whole file can tell. `analyse` runs all of them.
"""

from leadscore.analysis.analyse import Analysis, analyse

__all__ = ["Analysis", "analyse"]
