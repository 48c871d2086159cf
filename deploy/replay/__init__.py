"""Real messages of a hotline played through the platform's own rules on a simulated clock."""
