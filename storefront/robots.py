"""robots.txt: what robots may ask for; parameters that are added one day are closed to them."""

from django.conf import settings
from django.shortcuts import render

# Those that answer questions with links, or look at a page for somebody who asks about it.
ANSWERING = [
    *("OAI-SearchBot", "ChatGPT-User", "Claude-SearchBot", "Claude-User", "PerplexityBot", "Perplexity-User"),
    *("meta-externalfetcher", "MistralAI-User", "DuckAssistBot", "YouBot", "Google-CloudVertexBot"),
]
# Those that gather texts and pictures to train models with.
TRAINING = [
    *("GPTBot", "ClaudeBot", "anthropic-ai", "CCBot", "Google-Extended", "Applebot-Extended", "Bytespider"),
    *("meta-externalagent", "FacebookBot", "Amazonbot", "AI2Bot", "Ai2Bot-Dolma", "cohere-ai"),
    *("cohere-training-data-crawler", "Diffbot", "DeepSeekBot", "ICC-Crawler", "ImagesiftBot", "img2dataset"),
    *("Kangaroo Bot", "omgili", "omgilibot", "PanguBot", "SBIntuitionsBot", "TikTokSpider", "Timpibot"),
    *("VelenPublicWebCrawler", "Webzio-Extended"),
]
KEPT_AWAY = {"all": [], "search": TRAINING, "none": TRAINING + ANSWERING}

PERSONAL = ["/accounts/", "/me/", "/sell/"]
# Parts of pages, which are pages of their own without JavaScript.
PARTS = ["/filters/", "/suggestions/", "/categories/*/related/"]
# One parameter, and no other beside it. The longest rule that fits decides (RFC 9309, section 2.2.2).
OPEN = [
    *("/products/*?page=", "/categories/*?page=", "/sellers/*?page=", "/products/*?variant="),
    "/sitemap-*.xml?p=",
]


def robots(request):
    # An address that was chosen so that nobody looks for the admin there is not told here.
    admin = ["/admin/"] if settings.ADMIN_PATH == "admin/" else []
    context = {
        "kept_away": KEPT_AWAY[settings.AI_CRAWLERS],
        "closed": [*PERSONAL, *admin, *PARTS, "/*?", *(f"{rule}*&" for rule in OPEN)],
        "open": OPEN,
    }
    return render(request, "robots.txt", context, content_type="text/plain")
