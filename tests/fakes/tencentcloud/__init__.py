"""A loopback stand-in for the parts of Tencent Cloud's API that the gaps call. It keeps state, and it is strict."""
