"""vedomost: prints, signs, keeps and proves the documents of a school journal."""
