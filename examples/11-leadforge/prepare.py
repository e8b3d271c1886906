"""Make this story's tables from leadforge's bundle: some leads, each with contact and account.

    python prepare.py BUNDLE

BUNDLE is the folder that ``leadforge generate --recipe b2b_saas_procurement_v1 --seed 42 --mode
student_public --difficulty intermediate`` leaves, its tables written as CSV. What is joined is
what a CRM export has in one row: the lead, its contact and its account. The event tables stay as
they are, with their own columns; only the leads of other rows are left out of them.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

LEADS = 150
"""How many leads the story keeps."""

HERE = Path(__file__).parent

Row = dict[str, str]

FROM_CONTACT = ("job_title", "role_function", "seniority", "buyer_role", "email_domain_type")
FROM_ACCOUNT = ("company_name", "industry", "region", "employee_band", "process_maturity_band")
OF_LEAD = ("lead_id", "lead_created_at", "lead_source")
OUTCOME = "converted_within_90_days"
EVENTS = ("touches", "sessions", "sales_activities")


def prepare(bundle: Path, target: Path, count: int = LEADS) -> None:
    """Write leads.csv and the three event tables of `count` leads, evenly spread, into `target`."""
    contacts = {row["contact_id"]: row for row in _read(bundle / "contacts.csv")}
    accounts = {row["account_id"]: row for row in _read(bundle / "accounts.csv")}
    leads = _read(bundle / "leads_with_label.csv")
    leads = leads[:: max(1, len(leads) // count)][:count]
    for lead in leads:
        lead.update({name: contacts[lead["contact_id"]][name] for name in FROM_CONTACT})
        lead.update({name: accounts[lead["account_id"]][name] for name in FROM_ACCOUNT})
    columns = (*OF_LEAD, *FROM_CONTACT, *FROM_ACCOUNT, OUTCOME)
    _write(target / "leads.csv", columns, leads)
    kept = {lead["lead_id"] for lead in leads}
    for name in EVENTS:
        rows = _read(bundle / f"{name}.csv")
        _write(target / f"{name}.csv", rows[0] if rows else (), _of(rows, kept))


def _of(rows: Iterable[Row], leads: Collection[str]) -> list[Row]:
    return [row for row in rows if row["lead_id"] in leads]


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python prepare.py BUNDLE")
    prepare(Path(sys.argv[1]), HERE)
