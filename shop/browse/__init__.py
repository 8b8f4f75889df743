"""Finding products: home, lists, categories, a seller's public page, search and suggestions."""
