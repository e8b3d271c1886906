"""docs/rules: a page a code, and the list of them, out of the pages that the program shows.

Written by ``python -m tests.docs.rules`` (``make rules``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from leadscore import rulebook
from leadscore.cli.rule import table

FOLDER = Path(__file__).parents[2] / "docs" / "rules"

_HEAD = """\
# All codes

Codes that begin with S are about how a model is written, those with E about what it means: a model
with such an error does not score. W and L are findings: the model scores, and most likely not as
meant. T comes up where a model is [printed as SQL](../cli.md#what-a-dialect-cannot-say).

`leadscore rule CODE` shows these pages in the terminal. How findings are chosen, left out and
mended is said at [`leadscore check`](../cli.md#leadscore-check).

A hint (`info`) can be meant as it stands, and does not make `leadscore check` fail. A safe fix
never changes what a model means; an unsafe one may, so look at it. Fixes of errors differ from
case to case.

"""


def pages() -> Iterator[tuple[Path, str]]:
    """The files, each with its text."""
    entries = rulebook.entries()
    yield FOLDER / "README.md", _HEAD + table(entries, link="{code}.md")
    for entry in entries:
        # The second word of a block's kind says what is expected of an example, which is for tests.
        text = entry.page.replace("```score bad", "```score").replace("```score good", "```score")
        yield FOLDER / f"{entry.code}.md", text


def main() -> None:
    """Write them all, and take away what is none of them."""
    FOLDER.mkdir(exist_ok=True)
    texts = dict(pages())
    for path in FOLDER.iterdir():
        if path not in texts:
            path.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
