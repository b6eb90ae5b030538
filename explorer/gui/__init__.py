"""The window: PySide6 and pyqtgraph; never imports torch.

A signal named ``…Requested`` asks for something, one named ``…Changed`` tells of a state that is different
now, and a past participle such as ``finished`` tells of an event.
"""
