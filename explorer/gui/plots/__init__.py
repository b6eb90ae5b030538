"""The plot kit that views share; it never imports a view."""
