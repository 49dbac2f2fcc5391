# A DNS server: db.shop is 10.0.0.7, names that end with .slow get no answer, others do not exist.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(('127.0.0.1', 53))
while True:
    query, client = server.recvfrom(512)
    name = query[12 : query.index(0, 12)]
    if b'\4slow' in name:
        continue
    head, answer = b'\x81\x83\0\1\0\0', b''
    if name == b'\2db\4shop':
        head, answer = b'\x81\x80\0\1\0\1', b'\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\7'
    server.sendto(query[:2] + head + b'\0\0\0\0' + query[12:] + answer, client)
