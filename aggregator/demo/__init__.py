"""The bundled demonstration: a miniature campus on loopback that needs no network and no account."""
