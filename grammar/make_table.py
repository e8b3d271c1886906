"""Makes `score.table.json` anew where `score.lark`, or Lark, has changed: `make table`.

Lark numbers the states of the parser differently every time. So the file is written only where it
must be, and tests compare what it parses, not its text.
"""

from __future__ import annotations

from pathlib import Path

from leadscore.syntax.grammar import grammar_text, table_text
from leadscore.syntax.parser import OPTIONS
from leadscore.syntax.table import made, taken


def main() -> None:
    """Write the file, and say whether it had to be."""
    grammar, content = grammar_text(), table_text()
    if content is not None and taken(content, grammar, OPTIONS, None) is not None:
        print("score.table.json is of this grammar and this Lark already")
        return
    path = Path(__file__).with_name("score.table.json")
    path.write_text(made(grammar, OPTIONS), encoding="utf-8", newline="\n")
    print("score.table.json is made anew")


if __name__ == "__main__":
    main()
