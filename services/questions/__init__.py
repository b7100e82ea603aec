"""Questions put to the views, with typed answers; HTTP, review pages and command line share them."""
