"""Tests of the console; they share one worker."""
