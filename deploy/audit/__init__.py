"""`make audit`: whether every case is with somebody, and nothing that was said went unheard."""
