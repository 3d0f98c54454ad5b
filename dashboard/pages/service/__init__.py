"""The page 服务."""
