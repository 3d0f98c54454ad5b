"""Workbooks that offices made themselves: filled in place, understood as forms, sent out to be filled and taken back.

Nothing here knows the store: what goes in is a file, declarations of fields, zones and values; what comes out is a file
and what there is to say of it. Files from outside are opened in a process without rights (``tasks``).
"""
