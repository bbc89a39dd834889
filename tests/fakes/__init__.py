"""Loopback stand-ins for the clouds' APIs, one package a cloud; here, what they share: nothing of any cloud."""
