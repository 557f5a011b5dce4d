"""The process that does the work: the jobs `classify` and `deliver`, and the worker that runs them."""
