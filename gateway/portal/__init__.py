"""Pages for people: landing page and public verification of certificates. Rendered here, no script needed."""

from gateway.portal.pages import router

__all__ = ["router"]
