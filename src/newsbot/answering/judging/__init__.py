"""How well the sentences of passages answer a question, and how sure that is: the measures behind an answer."""
