"""The goods lists as people read them: the tree of all entries, and everything that is known of one."""
