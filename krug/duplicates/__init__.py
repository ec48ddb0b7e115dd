"""Which records look as if they were one, and making them one: found, judged, merged, split again."""
