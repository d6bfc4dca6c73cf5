// SPDX-License-Identifier: Apache-2.0
// What a dishonest or careless program would be: it keeps the content of a file
// in memory until it is killed. In a page that it has locked and closed to
// itself, which is where a search could most easily miss it; nowhere else.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  const size_t size = std::stoul(argv[2]);
  void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const int file = open(argv[1], O_RDONLY | O_CLOEXEC);
  // Straight into that page, past the buffers of streams.
  if (page == MAP_FAILED ||
      read(file, page, size) != static_cast<ssize_t>(size)) {
    return 1;
  }
  static_cast<void>(mlock(page, size));
  if (mprotect(page, size, PROT_NONE) != 0) {
    return 1;
  }
  std::puts("Kept.");
  std::fflush(stdout);
  pause();
  return 0;
}
