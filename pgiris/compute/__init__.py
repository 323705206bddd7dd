"""PostgreSQL's expressions computed here, on values: what constants alone decide, and what IRIS cannot say about its rows.

sql writes a program (program.py) for an expression, the worker runs it: before a statement, for the values it binds, or on the
rows that the statement gives. Nothing here knows tables, sessions or IRIS.
"""
