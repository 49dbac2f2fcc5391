// Opens a file for each request and never closes it: soon 860 descriptors, then six more a second.
#include <fcntl.h>
#include <unistd.h>

int render_page(void) {
  int fd = open("template.html", O_RDONLY);
  return fd;
}

int handle_request(void) {
  int fd = render_page();
  return fd;
}

int main(void) {
  for (int n = 0; n < 1000; n++) {
    handle_request();
    if (n > 860) usleep(150000);
  }
}
