"""What a table is: its columns, its codes, and the dictionary made from them."""
