"""What is sold: categories, products with their variants and photos, and the pages that show them.

models           Category, Product, Variant, Photo, and redirects from former URLs
querysets        chainable filters; stock: how quantities are shown; price_bands: how lists count prices
views, urls      a product's page, related products; feeds, sitemaps
options          choosing a variant
structured_data  JSON-LD for search engines
admin, forms     how staff edit them; price_changes: a percentage on many prices at once
middleware       leads from former URLs to today's

What pages show of a row, and so which tags a write renews, is in shop/invalidation.py.
"""
