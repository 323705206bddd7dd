"""Wire: bytes <-> messages, and their legal order. Pure: no socket, no clock, no await.

    connection = Connection()
    connection.feed(data)                                   # as it comes from the socket
    startup = connection.next_message()                     # SSLRequest, StartupMessage, CancelRequest; None: not yet whole
    minor, answer = negotiate(startup)
    connection.ask(SASLInitialResponse)                     # then next_message() gives one
    connection.authenticated()
    while (message := connection.next_message()) is not None:
        connection.append_bytes(PARSE_COMPLETE)             # or connection.append(AuthenticationOk())
        connection.fail()                                   # after an error: the rest of the pipeline is dropped
    socket.send(connection.take())

Errors of next_message(): Malformed (one message is wrong, the connection lives on), FatalError (it does not).
"""
