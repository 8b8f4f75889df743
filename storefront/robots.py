"""robots.txt: what robots may request. New parameters are closed to them by default."""

from django.conf import settings
from django.shortcuts import render

# Robots that answer questions with links, or fetch a page for a person.
ANSWERING = [
    *("OAI-SearchBot", "ChatGPT-User", "Claude-SearchBot", "Claude-User", "PerplexityBot", "Perplexity-User"),
    *("meta-externalfetcher", "MistralAI-User", "DuckAssistBot", "YouBot", "Google-CloudVertexBot"),
]
# Robots that collect training data.
TRAINING = [
    *("GPTBot", "ClaudeBot", "anthropic-ai", "CCBot", "Google-Extended", "Applebot-Extended", "Bytespider"),
    *("meta-externalagent", "FacebookBot", "Amazonbot", "AI2Bot", "Ai2Bot-Dolma", "cohere-ai"),
    *("cohere-training-data-crawler", "Diffbot", "DeepSeekBot", "ICC-Crawler", "ImagesiftBot", "img2dataset"),
    *("Kangaroo Bot", "omgili", "omgilibot", "PanguBot", "SBIntuitionsBot", "TikTokSpider", "Timpibot"),
    *("VelenPublicWebCrawler", "Webzio-Extended"),
]
KEPT_AWAY = {"all": [], "search": TRAINING, "none": TRAINING + ANSWERING}

PERSONAL = ["/accounts/", "/me/", "/sell/"]
# Fragments, which are pages of their own without JavaScript.
PARTS = ["/filters/", "/suggestions/", "/categories/*/related/"]
# One parameter and no other. The longest matching rule decides (RFC 9309, section 2.2.2).
OPEN = [
    *("/products/*?page=", "/categories/*?page=", "/sellers/*?page=", "/products/*?variant="),
    "/sitemap-*.xml?p=",
]


def robots(request):
    # A secret ADMIN_PATH must not be published here.
    admin = ["/admin/"] if settings.ADMIN_PATH == "admin/" else []
    context = {
        "kept_away": KEPT_AWAY[settings.AI_CRAWLERS],
        "closed": [*PERSONAL, *admin, *PARTS, "/*?", *(f"{rule}*&" for rule in OPEN)],
        "open": OPEN,
    }
    return render(request, "robots.txt", context, content_type="text/plain")
