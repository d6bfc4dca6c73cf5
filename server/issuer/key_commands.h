// SPDX-License-Identifier: Apache-2.0
// The union office's commands on the keys of rounds.

#ifndef COMMONWAGE_SERVER_ISSUER_KEY_COMMANDS_H_
#define COMMONWAGE_SERVER_ISSUER_KEY_COMMANDS_H_

#include <string>

#include "server/command/command_line.h"

namespace commonwage::server::issuer {

// What the commands take; each reads what it asked for.
struct KeyOptions {
  std::string data;
  std::string kek;
  std::string round;
  std::string out;
  bool force = false;
  std::string closed_manifest;
  std::string cancellation;
  std::string survey_key;
  bool yes = false;
  bool json = false;
};

// Adds `key create`, `key show`, `key list` and `key destroy`, which refuses
// unless a manifest, signed by the survey key and made for this very key, says
// that the round has closed, a cancellation says that it was called off, or the
// caller says that they mean it. `options` must outlive `line`.
void AddKeyCommands(command::CommandLine& line, KeyOptions& options);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_KEY_COMMANDS_H_
