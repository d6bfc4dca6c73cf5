// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/error.h"

namespace commonwage {
namespace {

absl::string_view NameOf(LogEvent event) {
  switch (event) {
    case LogEvent::kServerStarting:
      return "server starting";
    case LogEvent::kServerReady:
      return "server ready";
    case LogEvent::kServerStopping:
      return "server stopping";
    case LogEvent::kServerStopped:
      return "server stopped";
    case LogEvent::kRoundOpened:
      return "round opened";
    case LogEvent::kRoundClosed:
      return "round closed";
    case LogEvent::kRoundErased:
      return "round erased";
    case LogEvent::kRoundCancelled:
      return "round called off";
    case LogEvent::kRoundFailed:
      return "round takes nothing";
    case LogEvent::kClockDoubtful:
      return "the clock is ahead of what has passed, so no round is closed";
    case LogEvent::kReleaseAvailable:
      return "release available";
    case LogEvent::kStoreFailed:
      return "store failed";
    case LogEvent::kLibraryMessage:
      return "a library reported a problem";
  }
  return "unknown event";
}

}  // namespace

LogField::LogField(absl::string_view name, std::string value)
    : name_(name), value_(std::move(value)) {}

LogField LogField::Round(absl::string_view round_id) {
  return LogField("round", std::string(round_id));
}

LogField LogField::Port(int port) {
  return LogField("port", absl::StrCat(port));
}

LogField LogField::Failure(const absl::Status& status) {
  return LogField("failure",
                  absl::StrCat(absl::StatusCodeToString(status.code()), " ",
                               ReasonNameOf(status)));
}

LogField LogField::Version(absl::string_view version) {
  return LogField("version", std::string(version));
}

// Keeps spdlog out of the header that everyone includes.
class Log::Sink {
 public:
  Sink()
      : logger_("commonwage",
                std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    // Times are to the second: a finer one could place a single submission.
    logger_.set_pattern("%Y-%m-%dT%H:%M:%SZ commonwage: %v",
                        spdlog::pattern_time_type::utc);
  }

  void Write(const std::string& line) { logger_.info(line); }

 private:
  spdlog::logger logger_;
};

Log::Log() : sink_(std::make_unique<Sink>()) {}

Log::~Log() = default;

void Log::Write(LogEvent event, std::initializer_list<LogField> fields) {
  std::string line(NameOf(event));
  for (const LogField& field : fields) {
    absl::StrAppend(&line, " ", field.name_, "=", field.value_);
  }
  sink_->Write(line);
}

}  // namespace commonwage
