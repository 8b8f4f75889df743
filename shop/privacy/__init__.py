"""What people may ask for by law: a copy of their data, and the end of their account.

export.py    everything the shop keeps about a person, as JSON
closing.py   what is deleted when an account is closed, and what stays without a name
views.py     both of them for members, after their password was asked for again
admin.py     staff who delete a person close the account
signals.py   the seam for apps of others that keep personal data
"""
