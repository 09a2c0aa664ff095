"""The health of a lane over a whole run: what is stuck, what never mattered, where NaN is born, which arms are taken."""
