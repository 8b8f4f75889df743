"""What shoppers say about products: reviews, votes, replies, reports and moderation.

models/         Review, ReviewPhoto, Vote, Report; querysets.py: who sees which
views.py        the reviews of a product
personal.py     the visitor's own review, votes and reports (never cached)
selling.py      a seller's reviews and replies
shown.py        the reviews that a product page shows; selection.py: sorting and filters of all of them
counting.py     the ratings of a product, as columns
spam.py         signs of spam, as a score for moderators
admin.py        moderation
forms.py        the review, the reply, the report, and the decision of staff
"""
