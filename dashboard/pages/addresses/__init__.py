"""The parts of the page 地址核对."""
