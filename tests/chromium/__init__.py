"""Give tests a real Chromium."""
