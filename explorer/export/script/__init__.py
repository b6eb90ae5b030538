"""The run as a PyTorch script, put together from the sources of this program and its plug-ins."""
