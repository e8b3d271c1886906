"""What is proven about conditions and streams of a plan, for every lead that there can be.

Findings stand on it: sound, not complete. Where it says no, nothing is known.
"""

from __future__ import annotations

from leadscore.plan.reach.prover import Prover
from leadscore.plan.reach.streams import FOREVER, empty, life_of, most_of, within

__all__ = ["FOREVER", "Prover", "empty", "life_of", "most_of", "within"]
