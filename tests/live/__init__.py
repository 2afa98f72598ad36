"""Live roles: what is asked, and how it is judged from the recording."""
