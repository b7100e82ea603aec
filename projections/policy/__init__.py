"""What the policy stream says, as views."""
