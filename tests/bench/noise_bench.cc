// SPDX-License-Identifier: Apache-2.0
// What a draw of noise costs beside the random bytes it takes, and what a
// release and a tally cost. Run: build/<preset>/tests/noise_bench
//
// draw: a draw with libsodium's bytes; the aim is at most 450 ns.
// csprng: only fetching as many bytes as that draw took.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <benchmark/benchmark.h>

#include "base/check.h"
#include "crypto/sodium_random.h"
#include "privacy/noise/node_noise.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "survey/plan/plan_json.h"

namespace commonwage {
namespace {

using privacy::NoiseLaw;
using privacy::noise::NodeNoise;
using privacy::noise::RandomBuffer;
using privacy::noise::Tally;

// libsodium's bytes, counted.
class CountedRandom final : public RandomSource {
 public:
  void Fill(absl::Span<uint8_t> out) override {
    source_.Fill(out);
    bytes_ += out.size();
  }
  [[nodiscard]] size_t bytes() const { return bytes_; }

 private:
  crypto::SodiumRandom source_;
  size_t bytes_ = 0;
};

// Reports the processor time of one of `count` things done per step.
benchmark::Counter TimeOfOne(double count) {
  return {count, benchmark::Counter::kIsIterationInvariantRate |
                     benchmark::Counter::kInvert};
}

void Draw(benchmark::State& state, const NoiseLaw& law) {
  const auto noise = NodeNoise::Create(law);
  COMMONWAGE_CHECK(noise.ok());
  CountedRandom source;
  RandomBuffer random(source);
  for ([[maybe_unused]] const auto step : state) {
    benchmark::DoNotOptimize(noise->Draw(random));
  }
  state.counters["draw"] = TimeOfOne(1);
  state.counters["bytes_per_draw"] = static_cast<double>(source.bytes()) /
                                     static_cast<double>(state.iterations());
}

// Fetches, 4 KiB at a time, the bytes of as many draws as there are steps.
void Csprng(benchmark::State& state, const NoiseLaw& law) {
  const auto noise = NodeNoise::Create(law);
  COMMONWAGE_CHECK(noise.ok());
  constexpr int kSampled = 200000;
  CountedRandom source;
  RandomBuffer random(source);
  for (int i = 0; i < kSampled; ++i) {
    benchmark::DoNotOptimize(noise->Draw(random));
  }
  const double bytes_per_draw = static_cast<double>(source.bytes()) / kSampled;
  std::array<uint8_t, 4096> chunk{};
  for ([[maybe_unused]] const auto step : state) {
    source.Fill(absl::MakeSpan(chunk));
    benchmark::DoNotOptimize(chunk);
  }
  state.counters["csprng"] = TimeOfOne(chunk.size() / bytes_per_draw);
}

// Ten cells of 85 nodes.
Manifest TenCells() {
  std::string values;
  std::string edges;
  for (int i = 0; i < 10; ++i) {
    absl::StrAppend(&values, i > 0 ? "," : "", "\"r", i, "\"");
  }
  for (int i = 1; i < 64; ++i) {
    absl::StrAppend(&edges, i > 1 ? "," : "", 1000 * i);
  }
  auto plan = ParsePlan(absl::StrCat(
      R"json({"survey": "bench", "round": "1",
        "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-02-01T00:00:00Z",
        "dimensions": [{"id": "region", "values": [)json",
      values,
      R"json(]}], "measures": [{"id": "pay", "currency": "EUR",
        "period": "YEAR", "minor_unit_exponent": 0, "inner_edges": [)json",
      edges,
      R"json(]}], "k": 10, "threshold_delta": "1e-7",
        "survey_cap_micro_rho": 1000000,
        "marginals": [{"id": "region", "measure": "pay", "by": ["region"],
          "mechanism": "DISCRETE_GAUSSIAN", "fanouts": [4, 4, 4],
          "micro_rho_per_level": [20000, 20000, 20000, 20000]}]})json"));
  COMMONWAGE_CHECK(plan.ok());
  Manifest manifest;
  manifest.plan = *plan;
  manifest.taus = {privacy::LossOf(manifest.plan)->marginals[0].tau};
  return manifest;
}

void DrawTenCells(benchmark::State& state) {
  const Manifest manifest = TenCells();
  const Tally tally(manifest.plan);
  crypto::SodiumRandom random;
  for ([[maybe_unused]] const auto step : state) {
    benchmark::DoNotOptimize(privacy::noise::DrawRelease(
        manifest, ManifestHash(), tally, false, "bench", random));
  }
  state.SetItemsProcessed(state.iterations());
}

void CountAnswers(benchmark::State& state) {
  const Manifest manifest = TenCells();
  Tally tally(manifest.plan);
  Answer answer{{0}, {0}};
  for ([[maybe_unused]] const auto step : state) {
    answer.value_indexes[0] =
        static_cast<uint16_t>((answer.value_indexes[0] + 3) % 10);
    answer.minor_units[0] = (answer.minor_units[0] + 7919) % 70000;
    COMMONWAGE_CHECK(tally.Add(answer).ok());
  }
  state.SetItemsProcessed(state.iterations());
}

void RegisterAll() {
  for (const int64_t sigma_squared : {25, 100, 333, 1000}) {
    const NoiseLaw law{Mechanism::kDiscreteGaussian, {sigma_squared, 1}};
    benchmark::RegisterBenchmark(
        absl::StrCat("DiscreteGaussian/", sigma_squared).c_str(), Draw, law);
    benchmark::RegisterBenchmark(
        absl::StrCat("CsprngOfGaussian/", sigma_squared).c_str(), Csprng, law);
  }
  // A sigma^2 just above 25 that does not reduce.
  const NoiseLaw odd{Mechanism::kDiscreteGaussian, {500000, 19997}};
  benchmark::RegisterBenchmark("DiscreteGaussian/500000/19997", Draw, odd);
  benchmark::RegisterBenchmark("CsprngOfGaussian/500000/19997", Csprng, odd);
  const NoiseLaw laplace{Mechanism::kDiscreteLaplace, {10, 1}};
  benchmark::RegisterBenchmark("DiscreteLaplace/10", Draw, laplace);
  benchmark::RegisterBenchmark("CsprngOfLaplace/10", Csprng, laplace);
  benchmark::RegisterBenchmark("DrawRelease/ten_cells_of_85_nodes",
                               DrawTenCells);
  benchmark::RegisterBenchmark("Tally/one_marginal", CountAnswers);
}

}  // namespace
}  // namespace commonwage

int main(int argc, char** argv) {
  COMMONWAGE_CHECK(commonwage::crypto::InitCrypto().ok());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  commonwage::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
