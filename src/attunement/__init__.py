"""Attunement: everyday exchanges between a baby and the people around her, as events, measures and cautious words."""

__version__ = "0.1.0"
