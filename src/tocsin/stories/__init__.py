"""Stories: which articles tell of one event, and which events belong to one running story."""
