"""The shortcut editor: which keys commands have, and which others a person gives to them."""
