"""The canonical layout of models: text to text, without a change of what is computed."""

from leadscore.formatting.layout import Layout, format, lay_out

__all__ = ["Layout", "format", "lay_out"]
