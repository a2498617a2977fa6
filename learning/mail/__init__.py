"""The outbox: mail is written in the transaction that causes it and delivered later."""
