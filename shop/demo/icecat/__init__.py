"""Import of the Icecat catalogue: rows of a file become categories, products and variants."""
