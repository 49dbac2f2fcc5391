// Connects to port 8080 of each name, with the first address that getaddrinfo() gives, and reads until the server closes.
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  for (int i = 1; i < argc; i++) {
    struct addrinfo *found;
    char text[16];
    if (getaddrinfo(argv[i], "8080", &hints, &found) != 0) {
      fprintf(stderr, "%s: no address\n", argv[i]);
      return 1;
    }
    int fd = socket(found->ai_family, found->ai_socktype, 0);
    if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
      perror(argv[i]);
      return 1;
    }
    while (read(fd, text, sizeof text) > 0)
      ;
    close(fd);
    freeaddrinfo(found);
  }
  return 0;
}
