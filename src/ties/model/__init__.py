"""What a tie is: the vocabulary, the dates, the tables and the problems they can have."""
