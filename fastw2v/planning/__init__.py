"""What a training on one or several machines needs and how long it takes, predicted."""
