"""The labs: one question each, a few controls, a picture and exact numbers; nothing is trained.

A lab is a folder here with its options (a frozen struct), what it draws of them, and its figure; it is one
`LabSpec` in `registry`. Its numbers are computed in `explorer.analysis.labs`.
"""
