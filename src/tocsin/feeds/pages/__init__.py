"""The articles' own pages, for feeds with `full_text`: may one be asked for, when, and what it says."""
