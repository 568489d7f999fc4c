"""The machine and this process: cores, memory, limits of containers, signals."""
