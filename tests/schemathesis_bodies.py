"""Bodies that Schemathesis cannot think of by itself: what calls itself a PDF."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies as st

PDF = st.one_of(
    st.sampled_from((b"%PDF-1.7\n%%EOF\n", b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF")),
    st.binary(max_size=200).map(b"%PDF-1.7\n".__add__),
)

schemathesis.openapi.media_type("application/pdf", PDF)
