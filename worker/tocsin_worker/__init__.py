"""The process that does the work: the jobs `classify`, `deliver` and `read`, and the worker that runs them."""
