"""Reports on a lane: what lint finds, what it claims, which values it can take."""
