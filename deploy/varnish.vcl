# An edge that keeps the shop's pages and never shows an old one: it asks the shop about each of them
# (If-None-Match; the answer is a 304 without a body) and sends its own copy if that is still right.
# The shop needs SURROGATE_KEYS=1. Start it with an address for visitors, and one for purges that
# nobody but the shop can reach:
#     varnishd -a :6081 -a purge=127.0.0.1:6082 -f /srv/ingle/deploy/varnish.vcl -s malloc,1g
vcl 4.1;

import std;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    if (local.socket == "purge") {
        return (synth(200, xkey.purge(req.http.Surrogate-Key) + " forgotten"));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # One form of what visitors choose freely: each way to write it would be one more copy.
    set req.http.Host = regsub(std.tolower(req.http.Host), "\.?(:[0-9]*)?$", "");
    if (req.http.HX-Request != "true" || req.http.HX-Boosted == "true"
        || req.http.HX-History-Restore-Request == "true") {
        unset req.http.HX-Request;
    }
    # Whoever waits for another's answer may get one that was made before they asked.
    set req.hash_ignore_busy = true;
    # With cookies, too: only what the shop marks as everybody's is kept.
    return (hash);
}

sub vcl_hit {
    # It is of this very moment, but may have been made for somebody who had asked before this one.
    if (obj.http.Surrogate-Control == "max-age=0") {
        return (pass);
    }
}

sub vcl_backend_response {
    # Nothing is sent after its time, and nothing that is not marked is kept.
    set beresp.grace = 0s;
    if (beresp.status == 200 && beresp.http.Surrogate-Key) {
        # Varnish keeps nothing to ask about that has no time at all.
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "^max-age=", "") + "s", 0s) + 1ms;
        set beresp.keep = 1d;
        set beresp.http.xkey = beresp.http.Surrogate-Key;
    } else if (beresp.status != 200 || beresp.http.Cache-Control !~ "immutable" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
    set beresp.http.X-Edge = "fetched";
    if (beresp.was_304) {
        set beresp.http.X-Edge = "confirmed";
    }
    return (deliver);
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Edge = "hit";
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.Surrogate-Control;
    # Copies that were just confirmed are not old.
    unset resp.http.Age;
}
