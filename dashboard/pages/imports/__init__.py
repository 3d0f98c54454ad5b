"""The parts of the pages 数据 and 地址核对."""
