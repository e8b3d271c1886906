"""From a plan to a workbook of native formulas: cells as text, without reading or writing files.

Nothing here is newer than Excel 2013 (UNICODE, and all else 2007), so that no program needs the
functions of Microsoft 365, and Excel, LibreOffice and IronCalc compute the same.

*Sheets.* `Leads`, `Events` and `Lists` hold the data as people know it. `Model` holds a row a rule
with points and limits, which formulas look at: who changes a number there sees all scores change.
Three sheets of helper columns (`grid.Grid`) run beside the data, row by row: one for leads, one for
events, one for lists.

*Readings* (`readings`). A cell is read by a formula that is right for nearly all values. The same
reading is worked out here in Python; where the formula would give anything else (``"İZMIR"`` in
lower case, a number of 17 digits as text), that one cell gets the value instead, with a check that
gives #N/A once somebody changes the data under it. So formulas are never asked to be right about
everything, and are never wrong.

*Events* (`events`) stand in the order of leads and times. What counts them is a running counter
in a helper column that begins anew with each lead; a lead looks at the counter in its last row. No
formula goes over all events, and time grows with events times rules. Each column that depends on
the order is behind a check of the order: sorted otherwise, or longer than the formulas, events
give #N/A and no numbers.

*Exactness.* Points are whole units of 1/10,000,000, up to 2*10^14 in every sum: Excel compares 15
digits, and LibreOffice rounds differences to 0. `emit` proves it or adds a check that gives #N/A.
Doubles are compared by the sign of a SUM (`grid.compared`), since ``=`` and ``-`` round; texts by
EXACT and FIND, which know no case, no wildcards and no collation. ``INT`` of a quotient is used
where the quotient is farther from a whole number than spreadsheets round, and corrected elsewhere.

What cannot be said so raises `grid.CannotSay`, which becomes the diagnostic T402.
"""
