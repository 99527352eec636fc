"""What happened, and what would happen if? Participants who call operations under a clock."""
