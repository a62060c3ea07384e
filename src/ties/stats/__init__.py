"""The three questions: how ties form, how they fade, and whether they come back."""
