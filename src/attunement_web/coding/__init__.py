"""Recordings that somebody coded: a file is read at arm’s length, its report is kept, the file is let go."""
