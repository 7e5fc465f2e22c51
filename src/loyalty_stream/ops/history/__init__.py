"""Where the history of a customer is read from: the view's journal, and the derived topics."""
