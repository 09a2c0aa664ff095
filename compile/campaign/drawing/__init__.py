"""Where rows and random graphs come from."""
