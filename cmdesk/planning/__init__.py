"""Pure rules of planning: grids, zones, keys."""
