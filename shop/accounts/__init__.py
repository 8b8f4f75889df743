"""People: sign-up, sign-in, profile, and the island in the header.

models.py          User, known by an email address
views.py, forms.py profile, account menu, sign-up, and forms of the admin
adapters.py        what we change in allauth; passwords.py, second_factors.py and hashers.py by topic
middleware.py      the marker cookie, two-step sign-in for staff, and the actor in the audit log
rights.py          who may change how others sign in, and which rights they may give
mails.py           emails, written once as text and sent as HTML too
sweeping.py        deletes unconfirmed accounts, expired sessions and old audit logs
"""
