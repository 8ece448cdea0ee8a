#!/bin/sh
# Simulates the error rates of the verdict and of the diagnosis of sticky connections and compares them with what the documentation promises: ./statistics.sh [RUNS]
# The last line is the verdict; the exit code is 1 when a promise is broken. Seeds are fixed.
set -e
cd "$(dirname "$0")/Statistics"
dotnet build -c Release -v q --nologo -clp:NoSummary >&2
exec dotnet run -c Release --no-build -- "${1:-20000}"
