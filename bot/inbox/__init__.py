"""Taking updates in so that none is lost: store first, then confirm, then handle; in order per chat."""
