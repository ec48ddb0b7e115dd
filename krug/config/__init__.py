"""The top of the house: settings, addresses, commands and the processes that serve them."""
