"""A page that needs nobody's help: what is said when neither Django nor the database may be asked."""

import base64
import hashlib

from django.utils.html import format_html
from django.utils.translation import get_language

STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#F5F6F8,#11151A);"
    "color:light-dark(#161B22,#E7EBF0);"
    'font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans","PT Sans",Arial,sans-serif}'
    "main{box-sizing:border-box;width:100%;max-width:36rem;padding:1.5rem}"
    "h1{margin:0 0 .75rem;font-size:1.5rem;line-height:2rem;font-weight:600;text-wrap:balance}"
    "p{margin:0 0 .75rem;color:light-dark(#465160,#B7C0CC)}"
    "a{display:inline-block;margin-top:.75rem;padding:.625rem 1rem;border-radius:4px;"
    "background:light-dark(#1D5DBA,#2B6BCB);color:#fff;font-weight:500;text-decoration:none}"
    "a:hover{background:light-dark(#174C99,#2460BA)}"
    "a:focus-visible{outline:2px solid light-dark(#1D5DBA,#85B4FF);outline-offset:2px}"
)
PAGE = (
    '<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>'
    + STYLE.replace("{", "{{").replace("}", "}}")
    + "</style></head><body><main><h1>{title}</h1><p>{safe}</p><p>{todo}</p>"
    '<a href="{href}">{label}</a></main></body></html>\n'
)
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{HASH}'; frame-ancestors 'none'"


def page(title: str, safe: str, todo: str, *, href: str, label: str) -> str:
    """What happened, what is safe, what to do, and one way on."""
    words = {"title": title, "safe": safe, "todo": todo, "href": href, "label": label}
    return str(format_html(PAGE, language=get_language(), **words))
