// SPDX-License-Identifier: Apache-2.0
// `commonwage stats`, `compare` and `trend`.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/request.h"
#include "client/cli/text/figures_csv.h"
#include "client/cli/text/figures_text.h"
#include "client/cli/text/page.h"
#include "client/round_trust.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"
#include "survey/text/identifier.h"

namespace commonwage::client::cli {
namespace {

struct StatisticsOptions {
  ServerOptions server;
  std::string round;
  std::string survey;
  std::string by;
  std::vector<std::string> where;
  std::vector<std::string> combine;
  std::string measure;
  std::string a;
  std::string base;
  std::vector<double> quantiles;
  double quantile = 0.5;
  std::vector<std::string> shares_below;
  bool histogram = false;
  bool trimmed_mean = false;
  bool modelled = false;
  bool simultaneous = false;
  std::string csv;
  bool force = false;
};

template <typename Request>
absl::Status SetBy(const StatisticsOptions& options, Request& request) {
  request.set_measure(options.measure);
  if (options.by.empty()) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<std::string> by,
                              ReadDimensions(options.by));
  request.mutable_by()->Assign(by.begin(), by.end());
  return absl::OkStatus();
}

// Reads --where, of which there may be several.
absl::StatusOr<std::vector<v1::CellCoordinate>> WhereOf(
    const StatisticsOptions& options) {
  std::vector<v1::CellCoordinate> cell;
  for (const std::string& where : options.where) {
    COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<v1::CellCoordinate> part,
                                ReadCell(where));
    cell.insert(cell.end(), part.begin(), part.end());
  }
  return cell;
}

// Returns the filters of --where and --combine in a table by `by`.
absl::StatusOr<std::vector<v1::CellFilter>> FiltersOf(
    const StatisticsOptions& options,
    const google::protobuf::RepeatedPtrField<std::string>& by) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<v1::CellCoordinate> where,
                              WhereOf(options));
  std::vector<v1::CellFilter> filters;
  for (const v1::CellCoordinate& coordinate : where) {
    v1::CellFilter& filter = filters.emplace_back();
    filter.set_dimension(coordinate.dimension());
    *filter.mutable_values() = coordinate.values();
  }
  for (const std::string& dimension : options.combine) {
    if (std::find(by.begin(), by.end(), dimension) == by.end()) {
      return command::WrongUse("--combine takes a dimension that --by names.");
    }
    auto filter = std::find_if(filters.begin(), filters.end(),
                               [&dimension](const v1::CellFilter& one) {
                                 return one.dimension() == dimension;
                               });
    if (filter == filters.end()) {
      filter = filters.emplace(filter);
      filter->set_dimension(dimension);
    }
    filter->set_combine(true);
  }
  return filters;
}

// Returns how many decimals amounts of the round's measure have.
absl::StatusOr<int> MinorUnitExponentOf(ServerApi& server,
                                        const StatisticsOptions& options) {
  v1::GetRoundRequest request;
  request.set_name(absl::StrCat("rounds/", options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                              server.GetRound(request));
  COMMONWAGE_ASSIGN_OR_RETURN(const TrustedRound round,
                              CheckRound(response.round(), options.round, {}));
  const Plan& plan = round.manifest.plan;
  const Measure* measure = options.measure.empty()
                               ? &plan.measures.front()
                               : FindMeasure(plan, options.measure);
  if (measure == nullptr) {
    return command::WrongUse(
        "This round has no such measure. Run `commonwage rounds --round` with "
        "it to see what it asks.");
  }
  return measure->minor_unit_exponent;
}

absl::Status SelectStatistics(ServerApi& server,
                              const StatisticsOptions& options,
                              v1::StatisticsSelection& selection) {
  const std::vector<double> standard = {0.1, 0.5, 0.9};
  const std::vector<double>& quantiles =
      options.quantiles.empty() ? standard : options.quantiles;
  selection.mutable_quantiles()->Assign(quantiles.begin(), quantiles.end());
  selection.set_count(true);
  selection.set_histogram(options.histogram);
  selection.set_trimmed_mean(options.trimmed_mean);
  if (options.shares_below.empty()) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const int exponent,
                              MinorUnitExponentOf(server, options));
  for (const std::string& rate : options.shares_below) {
    COMMONWAGE_ASSIGN_OR_RETURN(const int64_t amount,
                                ReadAmount(rate, exponent));
    selection.add_shares_below(amount);
  }
  return absl::OkStatus();
}

// Refuses, before a server is asked, what cannot be a quantile.
absl::Status CheckQuantileOption(double quantile) {
  return quantile > 0 && quantile < 1
             ? absl::OkStatus()
             : command::WrongUse(
                   "--quantile takes a number above 0 and below 1, such as 0.5 "
                   "for the median.");
}

absl::Status RunStats(const StatisticsOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  for (const double quantile : options.quantiles) {
    COMMONWAGE_RETURN_IF_ERROR(CheckQuantileOption(quantile));
  }
  v1::SummarizeRequest request;
  request.set_name(absl::StrCat("releases/", options.round));
  request.set_modelled(options.modelled);
  request.set_simultaneous(options.simultaneous);
  COMMONWAGE_RETURN_IF_ERROR(SetBy(options, request));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<v1::CellFilter> filters,
                              FiltersOf(options, request.by()));
  request.mutable_where()->Assign(filters.begin(), filters.end());
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  COMMONWAGE_RETURN_IF_ERROR(
      SelectStatistics(*server, options, *request.mutable_statistics()));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::SummarizeResponse response,
                              server->Summarize(request));
  if (!options.csv.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(WriteOutput({options.csv, "CSV file"},
                                           CsvOf(response), Readers::kOwner,
                                           IfThereWith(options.force)));
  }
  if (options.server.json) {
    command::PrintJson(response);
  } else {
    TellSummary(response, PageOfOutput());
  }
  return absl::OkStatus();
}

absl::Status RunCompare(const StatisticsOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  COMMONWAGE_RETURN_IF_ERROR(CheckQuantileOption(options.quantile));
  v1::CompareRequest request;
  request.set_name(absl::StrCat("releases/", options.round));
  request.set_quantile(options.quantile);
  COMMONWAGE_RETURN_IF_ERROR(SetBy(options, request));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<v1::CellCoordinate> a,
                              ReadCell(options.a));
  request.mutable_a()->Assign(a.begin(), a.end());
  if (!options.base.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<v1::CellCoordinate> base,
                                ReadCell(options.base));
    request.mutable_base()->Assign(base.begin(), base.end());
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::CompareResponse response,
                              server->Compare(request));
  if (options.server.json) {
    command::PrintJson(response);
  } else {
    TellGap(response, PageOfOutput());
  }
  return absl::OkStatus();
}

absl::Status RunTrend(const StatisticsOptions& options) {
  if (!IsIdentifier(options.survey)) {
    return command::WrongUse(
        "--survey takes a survey's name: what comes before the last point of a "
        "round's, as `commonwage rounds` lists them.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckQuantileOption(options.quantile));
  v1::TrendRequest request;
  request.set_survey(options.survey);
  request.set_quantile(options.quantile);
  COMMONWAGE_RETURN_IF_ERROR(SetBy(options, request));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<v1::CellCoordinate> cell,
                              WhereOf(options));
  request.mutable_cell()->Assign(cell.begin(), cell.end());
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::TrendResponse response,
                              server->Trend(request));
  if (options.server.json) {
    command::PrintJson(response);
  } else {
    TellTrend(response, PageOfOutput());
  }
  return absl::OkStatus();
}

CLI::App& AddOne(command::CommandLine& program, const std::string& name,
                 const std::string& description,
                 absl::Status (*action)(const StatisticsOptions&),
                 const std::shared_ptr<StatisticsOptions>& options) {
  CLI::App& command = program.Add(
      name, description, [options, action] { return action(*options); });
  options->server.AddTo(command);
  command.add_option("--by", options->by,
                     "Dimensions of a table, with commas between them.");
  command.add_option("--measure", options->measure,
                     "Which pay, where a round asks for several.");
  return command;
}

void AddWhere(CLI::App& command, StatisticsOptions& options) {
  command
      .add_option("--where", options.where,
                  "Only these cells: DIMENSION=VALUE; more values after "
                  "commas.")
      ->allow_extra_args(false);
}

void AddStats(command::CommandLine& program) {
  const auto options = std::make_shared<StatisticsOptions>();
  CLI::App& command =
      AddOne(program, "stats", "Show what groups earn.", RunStats, options);
  command.add_option("--round", options->round, "SURVEY.ROUND")->required();
  AddWhere(command, *options);
  command
      .add_option("--combine", options->combine,
                  "Add up the values of this dimension, all of them or those "
                  "that --where lists; repeatable.")
      ->allow_extra_args(false);
  command
      .add_option("--quantile", options->quantiles,
                  "Quantiles instead of the usual ones, each between 0 and 1.")
      ->allow_extra_args(false);
  command
      .add_option("--share-below", options->shares_below,
                  "The share of people paid less than this rate.")
      ->allow_extra_args(false);
  command.add_flag("--histogram", options->histogram,
                   "Shares of people per step of the pay grid.");
  command.add_flag("--trimmed-mean", options->trimmed_mean,
                   "The mean of the middle 80 %.");
  CLI::Option* modelled =
      command.add_flag("--modelled", options->modelled,
                       "Let small groups borrow from the others where that is "
                       "nearer to the truth; such figures are marked.");
  command
      .add_flag("--simultaneous", options->simultaneous,
                "Widen the intervals so that all that are shown hold at once: "
                "for rankings.")
      ->excludes(modelled);
  command.add_flag("--force", options->force, kForceHelp);
  command.add_option("--csv", options->csv,
                     "Also write the figures to this file, as comma-separated "
                     "values.");
}

}  // namespace

void AddStatisticsCommands(command::CommandLine& program) {
  AddStats(program);

  const auto compare_options = std::make_shared<StatisticsOptions>();
  CLI::App& compare = AddOne(
      program, "compare", "Show the gap between a group and another, its base.",
      RunCompare, compare_options);
  compare.add_option("--round", compare_options->round, "SURVEY.ROUND")
      ->required();
  compare
      .add_option("--a", compare_options->a,
                  "The group: DIMENSION=VALUE,DIMENSION=VALUE")
      ->required();
  compare.add_option("--base,--b", compare_options->base,
                     "The group that it is compared with; what is not named is "
                     "as in --a. Else the plan's usual base.");
  compare.add_option("--quantile", compare_options->quantile,
                     "Which quantile to compare (default 0.5, the median).");

  const auto trend_options = std::make_shared<StatisticsOptions>();
  CLI::App& trend =
      AddOne(program, "trend", "Follow one group over the rounds of a survey.",
             RunTrend, trend_options);
  trend.add_option("--survey", trend_options->survey, "The survey.")
      ->required();
  AddWhere(trend, *trend_options);
  trend.add_option("--quantile", trend_options->quantile,
                   "Which quantile to follow (default 0.5, the median).");
}

}  // namespace commonwage::client::cli
