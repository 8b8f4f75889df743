"""What shoppers say about products: reviews, votes, replies, reports and moderation.

models      Review, ReviewPhoto, Vote, Report (with its daily sweep); querysets: who sees which
views       reviews: those of a product; own: the visitor's own review, votes and reports (never cached);
            replies: a seller's reviews and replies
highlights  the reviews that a product page shows; filters: sorting and filters of all of them
ratings     the ratings of a product, as columns
spam        signs of spam, as a score for moderators
admin       moderation
forms       the review, the reply, the report, and the decision of staff
"""
