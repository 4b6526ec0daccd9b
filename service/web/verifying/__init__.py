"""Routes for anybody who verifies a paper, a file or a package."""
