# commonwage-release-sim as a person runs it: options, output, exit codes.

set(plan "${SCRATCH}/plan.json")
set(records "${SCRATCH}/records.csv")
file(WRITE "${plan}" [=[{
 "survey": "s", "round": "r",
 "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-02-01T00:00:00Z",
 "dimensions": [{"id": "region", "values": ["north", "south"]}],
 "measures": [{"id": "pay", "currency": "EUR", "period": "HOUR",
   "minor_unit_exponent": 2, "inner_edges": [1, 2, 3, 4, 5, 6, 7]}],
 "k": 10, "threshold_delta": "1e-7", "survey_cap_micro_rho": 100000,
 "marginals": [{"id": "region", "measure": "pay", "by": ["region"],
   "mechanism": "DISCRETE_GAUSSIAN", "fanouts": [8],
   "micro_rho_per_level": [50000, 50000]}]
}
]=])
file(WRITE "${records}" "region,pay\nnorth,3\n")

# Runs the program with ARGN and checks exit code and what is printed where.
function(expect code output_pattern error_pattern)
  execute_process(COMMAND "${PROGRAM}" ${ARGN}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE error)
  if(NOT result STREQUAL code)
    message(FATAL_ERROR "${ARGN}: exit ${result}, not ${code}\n${output}${error}")
  endif()
  if(NOT output MATCHES "${output_pattern}")
    message(FATAL_ERROR "${ARGN}: printed\n${output}")
  endif()
  if(NOT error MATCHES "${error_pattern}")
    message(FATAL_ERROR "${ARGN}: said\n${error}")
  endif()
endfunction()

set(usual --plan "${plan}" --records "${records}")
set(two_cells "{\"key\":{\"region\":\"north\"},\"released\":false},{\"key\":{\"region\":\"south\"},\"released\":false}")
expect(0 "^{\"run\":0,\"marginals\":.{\"id\":\"region\",\"cells\":.${two_cells}.}.}\n{\"run\":1,[^\n]*\n$" "^$"
  ${usual} --runs 2)
expect(0 "--records" "^$" --help)
expect(0 "^$" "^$" ${usual} --runs 0)
expect(2 "^$" "missing" ${usual})
expect(2 "^$" "option" ${usual} --runs -1)
expect(2 "^$" "option" ${usual} --runs many)
# Nothing changes the noise.
foreach(flag --seed --epsilon --no-noise --sigma)
  expect(2 "^$" "does not know" ${usual} --runs 1 ${flag} 1)
endforeach()
expect(1 "^$" "plan file" --plan "${SCRATCH}/absent" --records "${records}" --runs 1)
expect(1 "^$" "records file" --plan "${plan}" --records "${SCRATCH}/absent" --runs 1)

file(WRITE "${records}" "region,pay\nnorth,3\nsecret-place,3\n")
expect(1 "^$" "Line 3 [^\n]*region" ${usual} --runs 1)
execute_process(COMMAND "${PROGRAM}" ${usual} --runs 1 ERROR_VARIABLE error)
if(error MATCHES "secret-place")
  message(FATAL_ERROR "a value was repeated: ${error}")
endif()
file(WRITE "${records}" "region\nnorth\n")
expect(1 "^$" "no column \"pay\"" ${usual} --runs 1)

file(READ "${plan}" json)
string(REPLACE "100000" "99999" json "${json}")
file(WRITE "${plan}" "${json}")
expect(2 "^$" "survey_cap_micro_rho: [^\n]*100000[^\n]*99999" ${usual} --runs 1)
