"""``python -m leadscore``."""

from leadscore.cli.main import main

main()
