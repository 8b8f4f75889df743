"""Shops of people: how somebody becomes a seller, and what a seller's page says.

models/      Seller, and the SellerApplication by which one opens a shop (with its daily sweep)
querysets.py applications that wait
forms.py     the application, the public email, and what staff decide
views.py     apply, see what became of it, change the public email
admin.py     sellers and applications for staff
"""
