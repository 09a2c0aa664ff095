"""Looking at a lane again after every save."""
