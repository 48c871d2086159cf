"""Several whole platforms on one machine, each a region of its own: one file a region (`<code>.yaml`)."""
