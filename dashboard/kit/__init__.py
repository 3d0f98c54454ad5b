"""The kit of pages: small pieces without data of their own."""
