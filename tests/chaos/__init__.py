"""`make chaos`: mixed load on all services of two regions while everything is killed in a seeded order; then an independent
checker holds what was promised against what is stored."""
