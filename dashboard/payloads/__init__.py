"""What browsers are sent, as plain values."""
