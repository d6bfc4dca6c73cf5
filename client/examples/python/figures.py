# SPDX-License-Identifier: Apache-2.0
"""Prints a quantile of groups' pay, such as 0.5, each with how sure it is.

    figures.py SERVER ROUND DIMENSION QUANTILE

Needs Debian's python3-grpcio, and the modules that protoc makes of
proto/commonwage/v1 and proto/google (the build puts them beside its other
output, in client/examples/python) on PYTHONPATH.
"""

import sys

import grpc

from commonwage.v1 import statistics_pb2 as figures
from commonwage.v1 import statistics_service_pb2 as statistics
from commonwage.v1 import statistics_service_pb2_grpc as services
from google.rpc import error_details_pb2, status_pb2


def in_words(wage: figures.Estimate) -> str:
    """How sure it is comes with a figure, always. Off the public grid its value
    is a bound and no estimate, and an open interval has one end only."""
    bound = {figures.POSITION_BELOW: "less than ", figures.POSITION_ABOVE: "more than "}
    low = "..." if wage.interval.open_low else int(wage.interval.low)
    high = "..." if wage.interval.open_high else int(wage.interval.high)
    return f"{bound.get(wage.position, '')}{int(wage.value)} ({low} to {high})"


def faults(error: grpc.RpcError) -> list[tuple[str, str]]:
    """The request's fields at fault, each with a sentence."""
    details = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
    found = []
    for detail in status_pb2.Status.FromString(details).details:
        bad_request = error_details_pb2.BadRequest()
        if detail.Unpack(bad_request):
            found += [(one.field, one.description) for one in bad_request.field_violations]
    return found


def main(server: str, round_id: str, dimension: str, quantile: str) -> int:
    # Across a network: grpc.secure_channel(server, grpc.ssl_channel_credentials()).
    with grpc.insecure_channel(server, options=[("grpc.enable_http_proxy", 0)]) as channel:
        stub = services.StatisticsServiceStub(channel)
        request = statistics.SummarizeRequest(name=f"releases/{round_id}", by=[dimension])
        request.statistics.quantiles.append(float(quantile))
        try:
            summary = stub.Summarize(request, timeout=20)
        except grpc.RpcError as error:
            # The message is a sentence for people; it never repeats what was sent.
            print(error.details(), file=sys.stderr)
            for field, sentence in faults(error):
                print(f"  {field}: {sentence}", file=sys.stderr)
            return 1

    print(f"In minor units of {summary.release.currency}:")
    for cell in summary.cells:
        name = " + ".join(cell.key[0].values)
        if cell.WhichOneof("outcome") == "withheld":
            print(name, "withheld")
            continue
        print(name, in_words(cell.figures.quantiles[0].wage))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
