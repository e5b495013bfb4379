"""Template contexts for the desk’s pages: turn rows into plain values. Nothing here decides or writes anything."""
