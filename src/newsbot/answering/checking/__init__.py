"""Whether what a model writes stands in the sentences that it cites; comparing only, no model is asked."""
