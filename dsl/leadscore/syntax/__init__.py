"""From text to a tree: statements, each parsed alone, put together as blocks.

1. `splitter` cuts the text into statements (it knows quotes, brackets, comments, parentheses and
   the words that start a statement) and says which start symbol each is to be parsed with.
2. `parser` turns the text of one statement into a node, or into the error that stands in its
   place; results are remembered by the statement's text.
3. `document` puts the statements together as blocks (a group with its rules, a table with its
   cases) and reports what stands where it cannot.

Spans of nodes count from the start of their statement.
"""
