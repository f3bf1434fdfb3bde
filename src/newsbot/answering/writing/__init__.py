"""From what a chat model is given to what a reader sees of its output."""
