"""Rules of the hotline: pure, the source beside each rule."""
