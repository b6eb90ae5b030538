"""Where the panels are: arrangements to return to, and workspaces with a name."""
