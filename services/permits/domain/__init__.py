"""Rules of permits and filings: pure, the article beside each rule."""
