"""What the family saw of the milestones: not yet, starting, often, gone."""
