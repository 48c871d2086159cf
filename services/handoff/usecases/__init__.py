"""What handoff does: open, receive, deliver, follow the facts of the deciding services, feed the partners."""
