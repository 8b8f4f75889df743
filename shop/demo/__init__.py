"""Fills the shop: with the demo of the folder demo/, or with a catalogue from Icecat.

shop.py      makers, people, categories and products of demo/catalogue.json
photos.py    their pictures
reviews.py   the reviews of demo/reviews.json
edits.py     one product change that waits for staff, and one draft
icecat/      Icecat's rows as categories, products and stock
management/  the commands loaddemo and import_icecat
"""
