"""Ideas for improvement: a box for everybody, answered by managers where all can read it."""
