// SPDX-License-Identifier: Apache-2.0
// Everything on one machine, in fresh directories, through the real programs:
// the steward's vault, the operator's data, the key apart from both.

#ifndef COMMONWAGE_TESTS_TESTING_EMBEDDED_SERVICE_H_
#define COMMONWAGE_TESTS_TESTING_EMBEDDED_SERVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/testing/program.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

// How a round is made; "now" and later are understood.
struct RoundOptions {
  std::string plan_json;
  int open_for_seconds = 3600;
  bool with_credentials = false;
};

// Aborts with what a program said if one fails that should not.
class EmbeddedService {
 public:
  // Makes vault and data directory. `bin` holds the programs. With
  // `watch_memory` that of every program that is started can be read.
  explicit EmbeddedService(std::string bin, bool watch_memory = false);
  EmbeddedService(const EmbeddedService&) = delete;
  EmbeddedService& operator=(const EmbeddedService&) = delete;
  ~EmbeddedService();

  // Makes a round that opens within two seconds, and imports it.
  void CreateRound(const RoundOptions& options);

  // Starts commonwaged, on its first port again if it ran before.
  void StartServer(const std::vector<std::string>& environment = {});
  // Sends it a signal and waits for its end; returns its exit code.
  int StopServer(int signal);
  // Waits until the round takes submissions.
  void WaitUntilOpen();

  // Enrols `count` members at the union office and returns their codes; starts
  // the issuer if it does not run.
  std::vector<std::string> MakeMembers(int count);

  // The text that the steward gives to members: `server`, the office if it
  // runs, and the survey's key.
  std::string Invite(const std::string& server);
  // The fingerprint of the survey's key, in digits.
  std::string SurveyKey();

  // The way back: each is one command, and can be said again. Publish expects
  // the inbox that was exported last, as the operator tells the steward.
  void CloseEarly();
  void ExportInbox();
  void Publish();
  void ImportRelease();

  // Run a program with the arguments that say where things are.
  ProgramResult Admin(const std::vector<std::string>& arguments);
  ProgramResult Steward(const std::vector<std::string>& arguments);
  ProgramResult Issuer(const std::vector<std::string>& arguments);
  ProgramResult Client(const std::vector<std::string>& arguments);
  // Starts a client that is to be stopped, or any other program, by its path.
  std::unique_ptr<RunningProgram> StartClient(
      std::vector<std::string> arguments);
  std::unique_ptr<RunningProgram> Start(
      const std::vector<std::string>& arguments, const std::string& log,
      const std::vector<std::string>& environment = {});

  [[nodiscard]] const std::string& server() const { return server_; }
  [[nodiscard]] const std::string& issuer() const { return issuer_; }
  [[nodiscard]] const std::string& round_id() const { return round_id_; }
  // What ExportInbox showed, for publish --expect.
  [[nodiscard]] const std::string& inbox_words() const { return inbox_words_; }
  [[nodiscard]] RunningProgram& server_program() { return *server_program_; }
  [[nodiscard]] RunningProgram& issuer_program() { return *issuer_program_; }
  // A path in the directory that holds all others.
  [[nodiscard]] std::string File(const std::string& name) const {
    return directory_.File(name);
  }

 private:
  ProgramResult Run(const std::string& program,
                    std::vector<std::string> arguments,
                    const std::vector<std::string>& places);
  std::string MakeIssuingKey();

  TempDirectory directory_;
  std::string bin_;
  bool watch_memory_;
  std::string server_;
  std::string issuer_;
  std::string round_id_;
  std::string inbox_words_;
  std::string survey_;
  std::unique_ptr<RunningProgram> server_program_;
  std::unique_ptr<RunningProgram> issuer_program_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_EMBEDDED_SERVICE_H_
