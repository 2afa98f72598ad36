"""Files, folders, archives, webs and the closure over references, under attack."""
