"""Finding the article in a whole dumped page: what each line looks like, and the model that weighs it."""
