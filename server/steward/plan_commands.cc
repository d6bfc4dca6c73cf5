// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "base/file/input_file.h"
#include "base/status_macros.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"
#include "command/times.h"
#include "privacy/forecast/budget.h"
#include "privacy/forecast/preview.h"
#include "server/steward/commands.h"
#include "server/steward/plan_check.h"
#include "server/steward/plan_preview.h"
#include "server/steward/plan_template.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_json.h"

namespace commonwage::server::steward {
namespace {

using privacy::forecast::ExpectedSizes;
using privacy::forecast::Yield;

constexpr int64_t kLargestExpected = 1'000'000;

struct PlanNewOptions {
  std::string name;
  std::string survey;
  std::string round;
  std::string low;
  std::string high;
  std::string currency;
  size_t bins = 0;
  std::vector<std::string> anchors;
  std::string steps;
  std::string expect;
  std::vector<std::string> values;
  std::string opens_at;
  std::string closes_at;
};

struct PlanFileOptions {
  std::string path;
  bool json = false;
};

// Splits "NAME=REST".
absl::StatusOr<std::pair<std::string, std::string>> SplitPair(
    const std::string& text, absl::string_view wrong_use) {
  const std::vector<std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
    return command::WrongUse(wrong_use);
  }
  return std::make_pair(parts[0], parts[1]);
}

// Reads "10..500".
absl::StatusOr<std::optional<ExpectedSizes>> ExpectedOf(
    const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const std::vector<std::string> parts = absl::StrSplit(text, "..");
  ExpectedSizes sizes;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &sizes.least) ||
      !absl::SimpleAtoi(parts[1], &sizes.most) || sizes.least < 1 ||
      sizes.most < sizes.least || sizes.most > kLargestExpected) {
    return command::WrongUse(
        "--expect takes the least and the most people that a group of interest "
        "is likely to have, at most a million, such as 10..500.");
  }
  return sizes;
}

absl::StatusOr<PlanChoices> ChoicesOf(const PlanNewOptions& options) {
  PlanChoices choices;
  choices.survey = options.survey;
  choices.round = options.round;
  choices.low = options.low;
  choices.high = options.high;
  choices.currency = options.currency;
  if (options.bins != 0) {
    choices.bins = options.bins;
  }
  if (!options.steps.empty()) {
    choices.steps = absl::StrSplit(options.steps, ',');
  }
  COMMONWAGE_ASSIGN_OR_RETURN(choices.expected, ExpectedOf(options.expect));
  for (const std::string& text : options.anchors) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        auto anchor, SplitPair(text,
                               "--anchor takes a name and an amount, such as "
                               "minimum-wage=13.90."));
    choices.anchors.push_back({anchor.first, anchor.second});
  }
  for (const std::string& text : options.values) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        auto values, SplitPair(text,
                               "--values takes a dimension and its values, "
                               "such as region=north,south,undisclosed."));
    choices.dimensions.push_back(
        {values.first, absl::StrSplit(values.second, ',')});
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      choices.opens_at, command::ParseTimeOption("opens-at", options.opens_at));
  COMMONWAGE_ASSIGN_OR_RETURN(
      choices.closes_at,
      command::ParseTimeOption("closes-at", options.closes_at));
  return choices;
}

// Says what the table that costs most is measured by, and what that yields.
absl::Status TellBudget(const Plan& plan, const ExpectedSizes& sizes) {
  const Marginal& table = *std::max_element(
      plan.marginals.begin(), plan.marginals.end(),
      [](const Marginal& a, const Marginal& b) {
        return a.micro_loss_per_level.front() < b.micro_loss_per_level.front();
      });
  COMMONWAGE_ASSIGN_OR_RETURN(
      const Yield yield, privacy::forecast::ForecastYield(plan, table, sizes));
  std::cerr << absl::StrFormat(
      "For groups of %d to %d people: %d bins, fanouts %s, %s. Of 100 such "
      "groups in table %s %.0f would be shown, %.0f with a median "
      "within 20 %%.\n",
      sizes.least, sizes.most, BinCount(plan.measures.front()),
      absl::StrJoin(table.fanouts, ", "),
      table.mechanism == Mechanism::kDiscreteGaussian ? "Gaussian noise"
                                                      : "Laplace noise",
      table.id, 100 * yield.shown, 100 * yield.useful);
  return absl::OkStatus();
}

absl::Status PlanNew(const PlanNewOptions& options) {
  const std::vector<PlanTemplate> templates = PlanTemplates();
  const auto chosen = std::find_if(
      templates.begin(), templates.end(),
      [&](const PlanTemplate& known) { return known.name == options.name; });
  if (chosen == templates.end()) {
    return command::WrongUse(
        absl::StrCat("--template takes one of: ",
                     absl::StrJoin(templates, ", ",
                                   [](std::string* out, const auto& known) {
                                     absl::StrAppend(out, known.name);
                                   }),
                     "."));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const PlanChoices choices, ChoicesOf(options));
  if (WeighsAnew(choices)) {
    std::cerr << "Weighing grids, trees and noise for the groups expected; "
                 "this takes a few seconds.\n";
  }
  SystemClock clock;
  const absl::StatusOr<Plan> plan =
      PlanFromTemplate(*chosen, choices, clock.Now());
  // What is wrong with a plan made from options is wrong with the options.
  if (!plan.ok()) {
    return FaultsOf(plan.status()).empty()
               ? command::WrongUse(plan.status().message())
               : plan.status();
  }
  const size_t bins = BinCount(plan->measures.front());
  if (options.bins != 0 && bins != options.bins) {
    std::cerr << "Note: " << options.bins
              << " bins do not split into a tree and would be noisier; the "
                 "plan has "
              << bins << ".\n";
  }
  COMMONWAGE_RETURN_IF_ERROR(
      TellBudget(*plan, choices.expected.value_or(chosen->expected)));
  std::cout << WritePlan(*plan) << "\n";
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadPlanFile(const PlanFileOptions& options) {
  return ReadFile({options.path, "plan file"}, kMaxPlanBytes);
}

absl::Status PlanCheck(const PlanFileOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string json, ReadPlanFile(options));
  const absl::Status status = ReadCheckedPlan(json).status();
  if (options.json) {
    std::cout << command::JsonText(PlanCheckReportOf(status));
  } else if (status.ok()) {
    std::cout << "The plan has no faults.\n";
  }
  return status;
}

absl::Status PlanPreview(const PlanFileOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string json, ReadPlanFile(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const Plan plan, ReadCheckedPlan(json));
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::forecast::PlanPreview preview,
                              privacy::forecast::Preview(plan));
  std::cout << (options.json ? command::JsonText(MessageOf(preview))
                             : TextOf(preview));
  return absl::OkStatus();
}

std::string TemplateHelp() {
  std::string help = "Templates:\n";
  for (const PlanTemplate& known : PlanTemplates()) {
    absl::StrAppend(&help, "  ", known.name, ": ", known.for_whom, ". ",
                    known.pay_label, "\n");
  }
  return help;
}

void AddPlanNew(command::CommandLine& line, CLI::App* plan) {
  auto options = std::make_shared<PlanNewOptions>();
  CLI::App* command =
      plan->add_subcommand("new", "Print a plan made from a template");
  command
      ->add_option("--template", options->name,
                   "couriers, small-union or annual-pay")
      ->required();
  command->add_option("--survey", options->survey, "The survey's name");
  command->add_option("--round", options->round,
                      "The round's name, else year and quarter");
  command->add_option("--low", options->low,
                      "Lowest edge of the pay grid, such as 12.50");
  command->add_option("--high", options->high, "Highest edge");
  command->add_option("--bins", options->bins,
                      "Number of bins, 8 to 256, else as groups of the size "
                      "expected need; moved to the nearest number that splits "
                      "into a tree");
  command->add_option("--currency", options->currency,
                      "Currency of pay, such as EUR; another than the "
                      "template's needs --low and --high, or --steps");
  command->add_option(
      "--anchor", options->anchors,
      "NAME=AMOUNT: a rate that becomes an edge, besides the template's own; "
      "with --low, --high or --steps those are left out; repeatable");
  command->add_option(
      "--steps", options->steps,
      "AMOUNT,AMOUNT,...: the steps of a public pay scale; each gets a bin of "
      "its own, and other amounts lie in the bins between");
  command->add_option(
      "--expect", options->expect,
      "LEAST..MOST: how many people groups of interest are likely to have, "
      "such as 10..500; number of bins, tree, noise and division of the loss "
      "are chosen for them");
  command->add_option("--values", options->values,
                      "DIMENSION=A,B,C: the values of a dimension; repeatable");
  command->add_option("--opens-at", options->opens_at,
                      "Opening time, such as 2026-01-01T00:00:00Z");
  command->add_option("--closes-at", options->closes_at, "Closing time");
  command->footer(absl::StrCat(TemplateHelp(), "\n", command->get_footer()));
  line.OnCommand(command, [options] { return PlanNew(*options); });
}

}  // namespace

void AddPlanCommands(command::CommandLine& line) {
  CLI::App* plan =
      line.app().add_subcommand("plan", "Make, check and forecast plans");
  plan->require_subcommand(1);
  AddPlanNew(line, plan);

  auto check_options = std::make_shared<PlanFileOptions>();
  CLI::App* check = plan->add_subcommand("check", "List the faults of a plan");
  check->add_option("plan", check_options->path, "The plan file")->required();
  check->add_flag("--json", check_options->json, "Print a report as JSON");
  line.OnCommand(check, [check_options] { return PlanCheck(*check_options); });

  auto preview_options = std::make_shared<PlanFileOptions>();
  CLI::App* preview = plan->add_subcommand(
      "preview", "Show what a plan would cost and give, without any data");
  preview->add_option("plan", preview_options->path, "The plan file")
      ->required();
  preview->add_flag("--json", preview_options->json,
                    "Print the forecast as JSON");
  line.OnCommand(preview,
                 [preview_options] { return PlanPreview(*preview_options); });
}

}  // namespace commonwage::server::steward
