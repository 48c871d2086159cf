"""Rules of permits: pure functions, each with its article beside it. The first ones come with the first use case."""
