"""Market-entity registration: names, set-up applications, the register."""
