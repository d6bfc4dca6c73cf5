// SPDX-License-Identifier: Apache-2.0
// A running service, and every command of it that writes a file where somebody
// says.

#ifndef COMMONWAGE_TESTS_INTEGRATION_OUTPUT_COMMANDS_H_
#define COMMONWAGE_TESTS_INTEGRATION_OUTPUT_COMMANDS_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/testing/embedded_service.h"

namespace commonwage {

using Arguments = std::vector<std::string>;

// A command, with whatever it needs but --force. `place` is the file in a
// directory that it is to write, which is called as `file` says.
struct OutputCommand {
  std::string name;
  std::string file = "out";
  std::function<Arguments(const std::string& place)> write = nullptr;
  // What writes the same again where `write` can do so only once; else empty.
  std::function<Arguments(const std::string& place)> again = nullptr;
};

// Has one round that is open, for members; one that is closed, and one that is
// published.
class OutputWorld {
 public:
  // Aborts with what a program said if one fails that should not.
  OutputWorld();

  // The command called `name`.
  [[nodiscard]] OutputCommand Command(const std::string& name);

  // The names of all commands.
  static std::vector<std::string> Names();

  // A path in the directory that holds all others.
  [[nodiscard]] std::string File(const std::string& name) const {
    return service_.File(name);
  }

 private:
  void Close(const std::string& round);
  [[nodiscard]] Arguments Steward(Arguments arguments) const;
  [[nodiscard]] Arguments Admin(Arguments arguments) const;
  [[nodiscard]] Arguments Issuer(Arguments arguments) const;
  [[nodiscard]] Arguments Client(Arguments arguments) const;
  void MakeRound(const std::string& round);
  OutputCommand FreshCommand(const std::string& name);

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  int fresh_ = 0;  // How many rounds were named that there was nothing of.
};

}  // namespace commonwage

#endif  // COMMONWAGE_TESTS_INTEGRATION_OUTPUT_COMMANDS_H_
