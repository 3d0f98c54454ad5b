"""A process of its own for what is read from outside.

``process`` is the side of the program: it starts ``server`` with the first file, hands files over, takes tables back.
``server`` has the libraries loaded and forks a reader for each file, which locks itself in (``confinement``), keeps the
one driver of the file's format (``drivers``), reads, answers (``wire``) and ends.
"""
