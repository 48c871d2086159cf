"""E-certificates, pure: identifiers, content, signatures, the printed form and the verdict on what is shown."""
