"""承包: posts and hours that units take over, for those who offer them and for liaisons."""
