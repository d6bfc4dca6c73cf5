// SPDX-License-Identifier: Apache-2.0
// Memory that a program lets go is overwritten first, whoever let it go: gRPC
// would leave the addresses of callers behind in what it has freed. Linked into
// programs that strangers call; it takes the place of the C library's own free
// and realloc ("Replacing malloc" in its manual). Sanitizers bring their own,
// and are told to do the same (CMakePresets.json).

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

extern "C" {

// The C library's own, under the name it keeps for those who replace it.
void __libc_free(void* memory);  // NOLINT(bugprone-reserved-identifier)

void free(void* memory) noexcept {
  if (memory != nullptr) {
    explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
  }
}

// Moving a block would leave the old one behind.
void* realloc(void* memory, size_t size) noexcept {
  if (memory == nullptr) {
    return malloc(size);
  }
  if (size == 0) {
    free(memory);
    return nullptr;
  }
  const size_t before = malloc_usable_size(memory);
  if (before >= size && before / 2 <= size) {
    return memory;
  }
  void* const moved = malloc(size);
  if (moved != nullptr) {
    std::memcpy(moved, memory, before < size ? before : size);
    free(memory);
  }
  return moved;
}

}  // extern "C"
