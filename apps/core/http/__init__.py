"""The one way out: every outgoing request passes `client`, which trusts neither name nor answer."""
