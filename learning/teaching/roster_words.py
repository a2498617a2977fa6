"""What is said of a roster, as a person reads it."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.teaching.roster import CellFinding, Kind
from learning.teaching.roster_files import LONGEST_CELL, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, FileFault, Unreadable


def refusal_text(refused: Unreadable) -> str:
    """Why the whole list is refused, and what to do."""
    match refused.refusal:
        case FileFault.TOO_LARGE:
            return _(
                "The file is larger than %(size)d MB. Keep only the column of addresses, or send it in parts.",
                size=MOST_BYTES // 1_000_000,
            )
        case FileFault.TOO_MANY_ROWS:
            return _("The list has more than %(rows)s rows. Send it in parts.", rows=f"{MOST_ROWS:,}")
        case FileFault.TOO_MANY_COLUMNS:
            return _(
                "Row %(row)s has more than %(columns)d columns. Keep only names and addresses.",
                row=refused.row,
                columns=MOST_COLUMNS,
            )
        case FileFault.EMPTY:
            return _("The list is empty. It needs one row for each person, with an e-mail address or a sign-in name.")
        case FileFault.WORKBOOK:
            return _(
                "This is an Excel workbook. Open it, choose “Save as” and the type “CSV UTF-8”, then send that file."
            )
        case FileFault.BINARY:
            return _("This is not a text file. In your table program, save the list as “CSV UTF-8” and send that file.")
        case FileFault.ENCODING:
            return _(
                "The letters of this file cannot be told. In your table program, save it as “CSV UTF-8” and send it again."
            )
        case FileFault.QUOTES:
            return _(
                "At row %(row)s a quotation mark is not closed, or a cell is longer than %(length)d characters. "
                "Mend it in your table program and save the list as CSV again.",
                row=refused.row,
                length=LONGEST_CELL,
            )
        case FileFault.NO_ADDRESSES:
            return _(
                "No column holds e-mail addresses or sign-in names. Name it in the first row, such as “E-mail” or "
                "“Employee number”."
            )


def finding_text(finding: CellFinding) -> str:
    """What is said of one cell."""
    text, other = finding.text, finding.other_row
    match finding.kind:
        case Kind.NO_ADDRESS:
            return _("There is no address in this row. It is left out.")
        case Kind.NOT_AN_ADDRESS:
            return _("“%(text)s” is not an e-mail address or sign-in name. It is left out.", text=text)
        case Kind.OTHER_LETTERS:
            return _(
                "“%(text)s” has letters of another alphabet, some of which look like Latin ones. It is left out: type it again.",
                text=text,
            )
        case Kind.INVISIBLE:
            return _("“%(text)s” has characters that cannot be seen. It is left out: type it again.", text=text)
        case Kind.FORMULA:
            return _("“%(text)s” is a formula, not an address. It is left out.", text=text)
        case Kind.DUPLICATE:
            return _("%(text)s stands in row %(row)s already and counts once.", text=text, row=other)
        case Kind.RAGGED:
            return _(
                "This row has %(count)s cells, more than the first row names. The others are not used.", count=text
            )
        case Kind.NEAR_DUPLICATE:
            return _("%(text)s is very like the address of row %(row)s. Is it the same person?", text=text, row=other)
        case Kind.READ_AS:
            return _("This address has wide letters and was read as %(text)s.", text=text)
        case Kind.NAME_FORMULA:
            return _("“%(text)s” looks like a formula. It is kept as plain text and never worked out.", text=text)
        case Kind.NAME_INVISIBLE:
            return _("This name has characters that cannot be seen or that turn its direction. They are taken off.")
