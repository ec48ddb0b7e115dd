"""What happened: events, the journal that keeps them, and the stories that follow from them."""
