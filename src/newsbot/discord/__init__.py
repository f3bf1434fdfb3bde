"""The bot in the server: a face of newsbot on Discord, built on :class:`newsbot.Newsbot` alone.

A question comes in through :mod:`~newsbot.discord.client` or :mod:`~newsbot.discord.commands`, passes the guard at
:mod:`~newsbot.discord.desk`, is answered in a worker, and goes out through :mod:`~newsbot.discord.delivery`. Nothing
here imports discord.py until one of those rooms is entered.
"""
