"""Which records of the base look like one, and the queue in which they wait."""
