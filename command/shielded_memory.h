// SPDX-License-Identifier: Apache-2.0
// Keeps the memory of a process to itself while it holds secrets.

#ifndef COMMONWAGE_COMMAND_SHIELDED_MEMORY_H_
#define COMMONWAGE_COMMAND_SHIELDED_MEMORY_H_

namespace commonwage::command {

// While it lives, no core file of this process is written and no other process
// of the same account reads its memory: it may hold keys, or a person's
// answers. The limit on core files stays afterwards.
class ShieldedMemory {
 public:
  ShieldedMemory();
  ShieldedMemory(const ShieldedMemory&) = delete;
  ShieldedMemory& operator=(const ShieldedMemory&) = delete;
  // The leak checker of sanitizer builds reads the memory after main.
  ~ShieldedMemory();
};

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_SHIELDED_MEMORY_H_
