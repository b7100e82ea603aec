"""What Zeren does per second beside what else could do it; `make bench` measures all, side by side, on one machine."""
