"""A form sent by our script is told where to go next instead of being led there unseen."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

REDIRECTS = {301, 302, 303, 307, 308}


def told_where(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a redirect after a scripted submit becomes an empty answer with X-Location.

    Otherwise the script would fetch the next page once for nothing and swallow its messages.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("X-Submit") != "1" or response.status_code not in REDIRECTS or request.method == "GET":
            return response
        told = HttpResponse(status=200)
        told.headers["X-Location"] = response.headers["Location"]
        told.headers["Vary"] = response.headers.get("Vary", "Cookie")
        told.cookies = response.cookies
        return told

    return answer
