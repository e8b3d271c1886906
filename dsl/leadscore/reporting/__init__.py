"""What was found in several files, in the forms that programs read."""

from leadscore.reporting.checked import Checked, summary
from leadscore.reporting.github import commands
from leadscore.reporting.records import records
from leadscore.reporting.sarif import sarif

__all__ = ["Checked", "commands", "records", "sarif", "summary"]
