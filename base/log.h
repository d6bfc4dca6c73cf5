// SPDX-License-Identifier: Apache-2.0
// What a process may say about itself. A line is one of a closed set of events
// with fields of a closed set of types: an answer, a count of people, a
// pseudonym, a credential or an address does not fit through, by type.

#ifndef COMMONWAGE_BASE_LOG_H_
#define COMMONWAGE_BASE_LOG_H_

#include <initializer_list>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace commonwage {

// Everything that may be logged. Adding one is a review of what it tells.
enum class LogEvent {
  kServerStarting,
  kServerReady,
  kServerStopping,
  kServerStopped,
  kRoundOpened,
  kRoundClosed,
  kRoundErased,
  kRoundCancelled,
  kRoundFailed,
  kClockDoubtful,
  kReleaseAvailable,
  kStoreFailed,
  kLibraryMessage,
};

// One field of a line. Only what is public or about the machine can be one.
class LogField {
 public:
  // A round's public name.
  static LogField Round(absl::string_view round_id);
  // The local port served.
  static LogField Port(int port);
  // How something failed: its code and reason, not its message.
  static LogField Failure(const absl::Status& status);
  // The program's own version.
  static LogField Version(absl::string_view version);

 private:
  friend class Log;
  LogField(absl::string_view name, std::string value);

  std::string name_;
  std::string value_;
};

// A process's log. Thread-safe.
class Log {
 public:
  // Lines go to standard error.
  Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

  // Writes one line. Reveals: the event and its fields to who reads the log.
  void Write(LogEvent event, std::initializer_list<LogField> fields = {});

 private:
  class Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_LOG_H_
