"""Rules of selling that are pure arithmetic or one question to the deal."""
