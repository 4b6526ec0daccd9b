"""WeasyPrint at work: templates to captured pages. No network, no missing file forgiven."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pypdf import PdfReader
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from service.rendering.capture import Capture, TemplateBroken, capture
from service.rendering.typeface import FILES, Faces


class Typesetter:
    """Lays out templates; the fonts are those of `faces`, whatever the machine has."""

    def __init__(self, templates: Path, faces: Faces):
        self.templates = templates
        self.faces = faces
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._fonts = FontConfiguration()
        self._fetcher = URLFetcher(allowed_protocols=("file",), fail_on_errors=True)
        self._face_css = CSS(string=self._font_faces(), font_config=self._fonts)

    def pages(self, template: str, **values: Any) -> tuple[Capture, ...]:
        """Return the pages of a template laid out with these values."""
        html = self._environment.get_template(template).render(**values)
        try:
            document = HTML(
                string=html, base_url=self.templates.as_uri() + "/", url_fetcher=self._fetcher
            ).render(stylesheets=[self._face_css], font_config=self._fonts)
            body = document.write_pdf(uncompressed_pdf=True)
        except FatalURLFetchingError as error:
            # A BaseException in WeasyPrint 70: `except Exception` would let it by.
            raise TemplateBroken(f"Шаблон {template} ссылается на отсутствующий файл") from error
        reader = PdfReader(BytesIO(body))
        return tuple(
            capture(laid_out, page.get_contents().get_data())  # type: ignore[union-attr]
            for laid_out, page in zip(document.pages, reader.pages, strict=True)
        )

    def _font_faces(self) -> str:
        families: Mapping[str, str] = {"sans": "PT Sans", "serif": "PT Serif"}
        return "\n".join(
            f"@font-face {{ font-family: '{families[family]}'; "
            f"font-weight: {700 if bold else 400}; font-style: {'italic' if italic else 'normal'}; "
            f"src: url({(self.faces.folder / name).as_uri()}.ttf) }}"
            for (family, bold, italic), name in FILES.items()
        )
