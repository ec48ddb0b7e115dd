"""What follows from changes of the catalogue: nothing beyond the history that the rows keep themselves."""
