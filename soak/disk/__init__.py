"""Notes moments on a disk that is full, broken, read-only or held by another: is anything said to be saved that is not?"""
