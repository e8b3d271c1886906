"""Evaluators, a folder each. Every one starts from the plan and knows nothing of the others."""
