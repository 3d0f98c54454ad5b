"""The page 帐号: who may sign in, and as what."""
