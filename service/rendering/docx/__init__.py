"""A settled book as a DOCX: the same pages as the PDF, one section each."""

from service.rendering.docx.package import docx

__all__ = ["docx"]
