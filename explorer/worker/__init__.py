"""The trainer: a process that speaks the protocol on standard input and output; never imports Qt."""
